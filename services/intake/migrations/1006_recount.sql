-- The recount of open files after a publication of holidays.
-- Oldest code that may run on it: any.

-- migrate:up

-- How far the recount by each calendar is, and the open files that it looked at and left alone, at their revision.
create table recount (
  district         text             not null,
  calendar_version text             not null,
  looked_at        bigint           not null default 0,
  changed          bigint           not null default 0,
  seconds          double precision not null default 0,
  first_seq        bigint           not null, -- its facts lie behind this one, up to last_seq
  last_seq         bigint           not null,
  constraint recount_pkey primary key (district, calendar_version)
);
create table recount_mark (
  district         text    not null,
  street           text    not null,
  file_id          uuid    not null,
  revision         integer not null,
  calendar_version text    not null,
  constraint recount_mark_pkey primary key (district, street, file_id)
);

-- The calendar by which the open days of the row stand; null in rows that releases up to 0.2 wrote.
alter table application add column calendar_version text;

-- migrate:down

alter table application drop column calendar_version cascade;
drop table recount_mark, recount cascade;
