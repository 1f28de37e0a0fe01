-- Cases by row: worklists, figures and sweeps; every column follows from the facts of the file.
-- Oldest code that may run on it: any.

-- migrate:up

create table case_file (
  district         text    not null,
  street           text    not null,
  case_id          uuid    not null,
  application_id   uuid    not null,
  revision         integer not null,
  leg              integer not null,
  number           text    not null,
  attempt          integer not null,
  linked_case_id   uuid,
  received_on      date    not null,
  accepted_on      date    not null,
  window_code      text    not null,
  item_code        text    not null,
  item_name        text    not null,
  item_version     integer not null,
  line             integer not null,
  stage            text    not null,
  step             text,
  step_name        text,
  step_post        integer,
  claimed_by       text    not null,
  waits            boolean not null,
  promised_due_on  date    not null,
  legal_due_on     date    not null,
  warn_on          date    not null,
  yellow_on        date    not null,
  red_on           date    not null,
  next_card_on     date,
  provisional      boolean not null,
  calendar_version text    not null,
  closed_on        date,
  outcome          text,
  on_time          boolean,
  early            boolean,
  district_number  text    not null,
  constraint case_file_pkey primary key (district, street, case_id)
) with (fillfactor = 80);

comment on column case_file.waits is 'A step is open and the clock runs: the case is on a worklist.';
comment on column case_file.next_card_on is 'The day the next card falls due; null while paused and once closed.';

-- The worklist of a desk: open steps at its place, nearest due day first, for its post and its lines.
create index case_file_worklist on case_file (district, street, promised_due_on, case_id)
  include (step_post, line, claimed_by) where waits;
-- One morning's cards are one indexed query.
create index case_file_cards on case_file (district, next_card_on, street, case_id) where next_card_on is not null;
create index case_file_number on case_file (district, number);
create index case_file_id on case_file (case_id);
create index case_file_matter on case_file (application_id);

insert into sweep_name (name) values ('cards');

-- Matters that the applicant stopped, whichever leg they stop: a leg opened later finds them here.
create table withdrawn (
  district       text not null,
  street         text not null,
  application_id uuid not null,
  withdrawn_on   date not null,
  constraint withdrawn_pkey primary key (district, street, application_id)
);

-- Holiday notices as received from intake, the newest of each year; terms that begin, grow or resume are computed with them.
create table calendar_notice (
  district         text        not null,
  year             integer     not null,
  number           text        not null,
  days_off         date[]      not null,
  makeup_days      date[]      not null,
  calendar_version text        not null,
  recorded_at      timestamptz not null,
  constraint calendar_notice_pkey primary key (district, year)
);

-- migrate:down

delete from sweep_name where name = 'cards';
drop table calendar_notice, withdrawn, case_file cascade;
