-- Applications, tickets and the catalogue as lists, figures and sweeps find them. Each row equals a fold of its facts.
-- Oldest code that may run on it: any.

-- migrate:up

-- One row an application. Columns own_… come from its own facts, case_… and delivered_on from what approval and notify
-- told; those without a prefix join both, so that every interleaving of the two gives the same row.
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

-- Which entries the catalogue has and how often each was published: what every process looks at to keep its cache.
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

select guard_table('application'), guard_table('ticket'), guard_table('catalogue_entry', 'district');

-- Writes the rows of changed files. What was heard of a case stays as it is.
create or replace function project(p_projections jsonb) returns void language plpgsql as $$
begin
  if p_projections @? '$[*].application' then
    insert into application as a (
      district, street, application_id, revision, own_stage, serial_number, number, item_code, item_name, item_version,
      line, channel, window_code, received_on, answer_due_on, supply_by, ground, accepted_on, promised_due_on,
      legal_due_on, provisional, own_closed_on, own_outcome, own_on_time, own_early, materials, missing, grade)
    select
      r.district, r.street, r.application_id, r.revision, r.own_stage, r.serial_number, r.number, r.item_code, r.item_name,
      r.item_version, r.line, r.channel, r.window_code, r.received_on, r.answer_due_on, r.supply_by, r.ground,
      r.accepted_on, r.promised_due_on, r.legal_due_on, r.provisional, r.own_closed_on, r.own_outcome, r.own_on_time,
      r.own_early, r.materials, r.missing, r.grade
    from jsonb_array_elements(p_projections) f, jsonb_populate_record(null::application, f -> 'application') r
    where f ? 'application'
    on conflict (district, street, application_id) do update set
      revision = excluded.revision, own_stage = excluded.own_stage, number = excluded.number,
      received_on = excluded.received_on, answer_due_on = excluded.answer_due_on, supply_by = excluded.supply_by,
      ground = excluded.ground, accepted_on = excluded.accepted_on, promised_due_on = excluded.promised_due_on,
      legal_due_on = excluded.legal_due_on, provisional = excluded.provisional, own_closed_on = excluded.own_closed_on,
      own_outcome = excluded.own_outcome, own_on_time = excluded.own_on_time, own_early = excluded.own_early,
      materials = excluded.materials, missing = excluded.missing, grade = excluded.grade;
  end if;
  if p_projections @? '$[*].ticket' then
    insert into ticket
    select r.* from jsonb_array_elements(p_projections) f, jsonb_populate_record(null::ticket, f -> 'ticket') r
    where f ? 'ticket'
    on conflict (district, street, ticket_id) do update set
      revision = excluded.revision, window_code = excluded.window_code;
  end if;
  if p_projections @? '$[*].catalogue_entry' then
    insert into catalogue_entry
    select r.*
    from jsonb_array_elements(p_projections) f, jsonb_populate_record(null::catalogue_entry, f -> 'catalogue_entry') r
    where f ? 'catalogue_entry'
    on conflict (district, street, entry_id) do update set revision = excluded.revision;
  end if;
end $$;

-- An application with what its applicant's name is kept in: read by calls, opened by the service alone.
create view application_card with (security_invoker = true) as
select a.*, v.ciphertext as applicant, k.wrapped as file_key
from application a
left join vault_text v
  on v.district = a.district and v.street = a.street and v.file_id = a.application_id and v.name = 'applicant'
left join vault_key k on k.district = a.district and k.street = a.street and k.file_id = a.application_id;
select let('rpc', 'select', 'application_card');

-- One round trip: an application that the scope reaches, by id or by either of its numbers.
create function read_application(p_scope_district text, p_scope_street text, p_application_id uuid, p_number text)
returns setof application_card language plpgsql as $$
begin
  perform set_config('app.district', p_scope_district, true), set_config('app.street', p_scope_street, true);
  if p_application_id is not null then
    return query select * from application_card where application_id = p_application_id;
  else
    return query select * from application_card where number = p_number or serial_number = p_number limit 1;
  end if;
end $$;

-- One row an application, all channels and endings; what is promised and forwarded closes when approval says so.
create view figures with (security_invoker = true) as
select coalesce(number, serial_number) as number, item_name as item, received_on, accepted_on,
       coalesce(case_promised_due_on, promised_due_on) as due_on, closed_on, outcome, on_time, early,
       district, street, application_id, serial_number, item_code, line, channel, window_code, ground, grade, delivered_on
from application
where street not like '%999'; -- matters of the reserved place are made up
select let(kind, 'select', 'figures') from unnest(array['rpc', 'worker']) kind;

-- What a batch of others' facts tells of applications: {"closings": [row, …], "terms": [row, …], "deliveries": [row, …]},
-- each with at most one row for an application, the last word. A closing without a day says that the matter goes on
-- after a return.
create function tell(p_batch jsonb) returns void language plpgsql as $$
begin
  if p_batch ? 'closings' then
    update application a
    set case_closed_on = h.closed_on, case_outcome = h.outcome, case_on_time = h.on_time, case_early = h.early
    from jsonb_to_recordset(p_batch -> 'closings') as h
      (district text, street text, application_id uuid, closed_on date, outcome text, on_time boolean, early boolean)
    where (a.district, a.street, a.application_id) = (h.district, h.street, h.application_id);
  end if;
  if p_batch ? 'terms' then
    update application a
    set case_promised_due_on = h.promised_due_on, case_legal_due_on = h.legal_due_on, case_provisional = h.provisional
    from jsonb_to_recordset(p_batch -> 'terms') as h
      (district text, street text, application_id uuid, promised_due_on date, legal_due_on date, provisional boolean)
    where (a.district, a.street, a.application_id) = (h.district, h.street, h.application_id);
  end if;
  if p_batch ? 'deliveries' then
    update application a
    set delivered_on = h.delivered_on
    from jsonb_to_recordset(p_batch -> 'deliveries') as h
      (district text, street text, application_id uuid, delivered_on date)
    where (a.district, a.street, a.application_id) = (h.district, h.street, h.application_id);
  end if;
end $$;

-- migrate:down

drop function tell;
drop view figures;
drop function read_application;
drop view application_card;
drop table application, ticket, catalogue_entry;
delete from sweep_name where name in ('deemed', 'lapsed');
create or replace function project(p_projections jsonb) returns void language plpgsql as $$
begin
end $$;
