-- Applications, tickets and the catalogue as lists, figures and sweeps find them. Each row equals a fold of its facts.
-- Oldest code that may run on it: any.

-- migrate:up

-- One row an application. Columns own_… come from its own facts, case_… and delivered_on from events of approval and
-- notify; those without a prefix join both, so that every interleaving of the two gives the same row.
create table application (
  district        text     not null,
  street          text     not null,
  application_id  uuid     not null,
  revision        integer  not null,
  own_stage       smallint not null, -- ApplicationStage of the contract
  serial_number   text     not null,
  number          text,
  item_code       text     not null,
  item_name       text     not null,
  item_version    integer  not null,
  line            smallint not null,
  channel         smallint not null,
  window_code     text     not null,
  received_on     date     not null,
  answer_due_on   date,
  supply_by       date,
  ground          smallint,
  accepted_on     date,
  promised_due_on date,
  legal_due_on    date,
  provisional     boolean  not null,
  own_closed_on   date,
  own_outcome     text,
  own_on_time     boolean,
  own_early       boolean,
  materials       jsonb    not null, -- [[code, form, copies, sha256], …]
  missing         text[]   not null,
  grade           smallint not null,
  case_closed_on  date,
  case_outcome    text,
  case_on_time    boolean,
  case_early      boolean,
  case_promised_due_on date, -- the days of both limits once an extension or a special procedure has moved them
  case_legal_due_on    date,
  case_provisional     boolean,
  delivered_on    date,
  stage           smallint not null generated always as (
                    case when case_outcome is null then own_stage when case_outcome = 'withdrawn' then 5 else 7 end) stored,
  closed_on       date     generated always as (
                    case when case_outcome is null then own_closed_on else case_closed_on end) stored,
  outcome         text     generated always as (coalesce(case_outcome, own_outcome)) stored,
  on_time         boolean  generated always as (
                    case when case_outcome is null then own_on_time else case_on_time end) stored,
  early           boolean  generated always as (
                    case when case_outcome is null then own_early else case_early end) stored,
  constraint application_pkey primary key (district, street, application_id)
) with (fillfactor = 80);

-- The id begins with its instant (UUID version 7), so its order is that of receipt: newest first needs no column more.
create index application_by_stage on application (district, street, stage, application_id);
create index application_by_item on application (district, street, item_code, application_id);
create unique index application_by_id on application (application_id);
create unique index application_by_serial_number on application (serial_number);
create unique index application_by_number on application (number) where number is not null;
create index application_to_answer on application (district, answer_due_on) where answer_due_on is not null;
create index application_to_supply on application (district, supply_by) where own_stage = 2;

-- A place in the queue of one hall, one day.
create table ticket (
  district    text     not null,
  street      text     not null,
  ticket_id   uuid     not null,
  revision    integer  not null,
  number      text     not null,
  line        smallint not null,
  taken_on    date     not null,
  window_code text     not null, -- empty until it is called
  constraint ticket_pkey primary key (district, street, ticket_id)
);
create index ticket_by_day on ticket (district, street, taken_on, line);

-- The entries of the catalogue and how often each was published: every process refreshes its cache by them.
create table catalogue_entry (
  district text    not null,
  street   text    not null,
  entry_id uuid    not null,
  revision integer not null,
  kind     text    not null check (kind in ('item', 'calendar', 'window')),
  code     text    not null,
  constraint catalogue_entry_pkey primary key (district, street, entry_id)
);

insert into sweep_name (name) values ('deemed'), ('lapsed');

-- migrate:down

drop table application, ticket, catalogue_entry cascade;
delete from sweep_name where name in ('deemed', 'lapsed');
