-- Matters, tickets and cards, from received events: the rows that every figure, list and stage is read from.
-- Each column follows from one file alone, so that it does not matter in which order the streams arrive.
-- Oldest code that may run on it: any.

-- migrate:up

create table matter (
  district       text not null,
  street         text not null,
  application_id uuid not null,

  -- From intake, in the application's own file.
  serial_number            text,
  number                   text,
  item_code                text,
  item_name                text,
  line                     integer,
  item_kind                integer,
  channel                  integer,
  window_code              text,
  staff_no                 text,
  query_code_digest        text,
  submitted_on             date,
  submitted_received_on    date,
  answer_due_on            date,
  correction_on            date,
  supplied_on              date,
  accepted_on              date,
  accepted_received_on     date,
  ground                   integer,
  accepted_promised_due_on date,
  accepted_legal_due_on    date,
  accepted_provisional     boolean,
  window_closed_on         date,
  window_outcome           text,
  grade                    integer,
  rated_on                 date,

  -- From approval, in the file of the street's leg.
  case_id              uuid,
  term_promised_due_on date,
  term_legal_due_on    date,
  term_provisional     boolean,
  warn_on              date,
  yellow_on            date,
  red_on               date,
  extended_on          date,
  paused               boolean,
  paused_on            date,
  resumed_on           date,
  referred_on          date,
  returned_on          date,
  district_decided_on  date,
  district_outcome     text,
  desk_stage           text,
  desk_closed_on       date,
  desk_outcome         text,
  desk_on_time         boolean,
  desk_early           boolean,

  -- From notify, in the dossier.
  delivery_opened_on date,
  deliver_by         date,
  delivered_on       date,
  delivered_on_time  boolean,

  -- What follows from the columns above. The desks have the last word on how an accepted matter ended.
  received_on     date    generated always as (least(submitted_received_on, accepted_received_on)) stored,
  promised_due_on date    generated always as (coalesce(term_promised_due_on, accepted_promised_due_on)) stored,
  legal_due_on    date    generated always as (coalesce(term_legal_due_on, accepted_legal_due_on)) stored,
  provisional     boolean generated always as (coalesce(term_provisional, accepted_provisional, false)) stored,
  shown_number    text collate "C" generated always as (coalesce(number, serial_number)) stored,
  closed_on       date    generated always as (coalesce(desk_closed_on, window_closed_on)) stored,
  outcome         text    generated always as (coalesce(desk_outcome, window_outcome)) stored,
  instant         boolean generated always as (desk_outcome is null and window_outcome is not distinct from 'completed')
                          stored,
  on_time         boolean generated always as (case when desk_outcome is not null then desk_on_time
                                                    when window_outcome = 'completed' then true end) stored,
  early           boolean generated always as (case when desk_outcome is not null then desk_early
                                                    when window_outcome = 'completed' then true end) stored,
  constraint matter_pkey primary key (district, street, application_id)
) with (fillfactor = 70);

comment on column matter.staff_no is 'Who accepted it: a staff number, "office" when the law accepted it.';
comment on column matter.received_on is 'The first receipt; an office that answers before that day has received it by then.';
comment on column matter.desk_stage is 'open, closed or reopened (退回): whenever it is told, the four columns after it are.';
comment on column matter.on_time is 'Set for what closed normally: granted, refused, referred, completed; null otherwise.';

create index matter_received on matter (district, received_on);
create index matter_accepted on matter (district, accepted_on);
create index matter_closed on matter (district, closed_on);
create index matter_rated on matter (district, rated_on) where rated_on is not null;
create index matter_delivered on matter (district, delivered_on) where delivered_on is not null;
create index matter_open on matter (district, street)
  include (submitted_on, warn_on, yellow_on, red_on, paused, paused_on, promised_due_on, legal_due_on)
  where closed_on is null and accepted_on is not null;
create index matter_number on matter (district, number);
create index matter_serial on matter (district, serial_number);

create table ticket (
  district    text        not null,
  street      text        not null,
  ticket_id   uuid        not null,
  number      text,
  line        integer,
  taken_on    date,
  taken_at    timestamptz,
  called_on   date,
  called_at   timestamptz,
  window_code text,
  waiting_seconds integer generated always as (extract(epoch from called_at - taken_at)::integer) stored,
  constraint ticket_pkey primary key (district, street, ticket_id)
) with (fillfactor = 70);

create index ticket_taken on ticket (district, taken_on);

-- Once for each case and level; of district legs too, at the district's own place.
create table card (
  district       text    not null,
  street         text    not null,
  case_id        uuid    not null,
  level          integer not null,
  application_id uuid    not null,
  issued_on      date    not null,
  due_on         date,
  constraint card_pkey primary key (district, street, case_id, level)
);

create index card_issued on card (district, issued_on);

-- The newest published version of each item, for its name.
create table item (
  district text    not null,
  code     text    not null,
  version  integer not null,
  name     text    not null,
  line     integer not null,
  kind     integer not null,
  constraint item_pkey primary key (district, code)
);

-- The windows of the halls: the closed set of window labels.
create table hall_window (
  district text    not null,
  street   text    not null,
  code     text    not null,
  revision integer not null,
  name     text    not null,
  constraint hall_window_pkey primary key (district, street, code)
);

-- The number of received facts of each kind, so that no query counts millions of rows for one number.
create table fact_count (
  district text   not null,
  street   text   not null,
  source   text   not null,
  kind     text   not null,
  facts    bigint not null,
  constraint fact_count_pkey primary key (district, street, source, kind)
) with (fillfactor = 50);

-- migrate:down

drop table fact_count, hall_window, item, card, ticket, matter cascade;
