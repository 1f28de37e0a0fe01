-- Every publication of holidays as it was received, so that a stored day is proven by the calendar that gave it.
-- Releases up to 0.2 leave no row here for a further publication of a year.
-- Oldest code that may run on it: any.

-- migrate:up

create table calendar_edition (
  district         text        not null,
  calendar_version text        not null,
  year             integer     not null,
  number           text        not null,
  days_off         date[]      not null,
  makeup_days      date[]      not null,
  recorded_at      timestamptz not null,
  received         bigint      generated always as identity,
  constraint calendar_edition_pkey primary key (district, calendar_version)
);
insert into calendar_edition (district, calendar_version, year, number, days_off, makeup_days, recorded_at)
select district, calendar_version, year, number, days_off, makeup_days, recorded_at from calendar_notice
order by recorded_at, year
on conflict do nothing;

-- migrate:down

drop table calendar_edition;
