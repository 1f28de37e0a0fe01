-- The days that a service has counted, and what it lacks of the days that others have counted.
-- Oldest code that may run on it: any.

-- migrate:up

-- One row for each count of a service: facts whose ids begin between the two instants.
create table closed_day (
  district text   not null,
  day      date   not null,
  since_ms bigint not null,
  until_ms bigint not null,
  constraint closed_day_pkey primary key (district, day)
);

-- One row for each count that was received: the facts that the other service has, and those that were received of them.
create table received_day (
  source     text    not null,
  district   text    not null,
  street     text    not null,
  day        date    not null,
  since_ms   bigint  not null,
  until_ms   bigint  not null,
  facts      bigint  not null,
  received   bigint,
  checked_at timestamptz,
  constraint received_day_pkey primary key (source, district, street, day)
);

-- migrate:down

drop table received_day, closed_day;
