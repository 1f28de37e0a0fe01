-- Tables of the inbox, by which every event has its effect once and in order per file (names of release 0.1; 0005
-- renames two of them).
-- Oldest code that may run on it: any.

-- migrate:up

create table heard (
  source   text        not null,
  district text        not null,
  street   text        not null,
  file_id  uuid        not null,
  revision integer     not null,
  event_id uuid        not null,
  kind     text        not null,
  body     bytea       not null,
  heard_at timestamptz not null default clock_timestamp(),
  constraint heard_pkey primary key (source, district, street, file_id, revision)
);

-- The last revision of each file of each source that was received without a gap. 'parked': a dead letter is in the way.
create table hearing_mark (
  source   text    not null,
  district text    not null,
  street   text    not null,
  file_id  uuid    not null,
  revision integer not null,
  state    text    not null default 'open' check (state in ('open', 'parked')),
  constraint hearing_mark_pkey primary key (source, district, street, file_id)
) with (fillfactor = 70);

-- Events that came too early: before the revisions that precede them, before their kind was known, or behind a dead
-- letter.
create table parked (
  source    text        not null,
  district  text        not null,
  street    text        not null,
  file_id   uuid        not null,
  revision  integer     not null,
  event_id  uuid        not null,
  kind      text        not null,
  body      bytea       not null,
  reason    text        not null check (reason in ('gap', 'unknown_kind', 'behind_dead_letter')),
  parked_at timestamptz not null default clock_timestamp(),
  constraint parked_pkey primary key (source, district, street, file_id, revision)
);

-- Events that could not be applied, with the reason, until an operator redrives them. An unreadable message has no file.
create table dead_letter (
  id         bigint      generated always as identity constraint dead_letter_pkey primary key,
  source     text        not null,
  district   text        not null,
  street     text        not null,
  file_id    uuid        not null,
  revision   integer     not null,
  event_id   uuid        not null,
  kind       text        not null,
  body       bytea       not null,
  error      text        not null,
  at         timestamptz not null default clock_timestamp(),
  redriven_at timestamptz,
  constraint dead_letter_once unique (source, district, street, file_id, revision, event_id)
);

-- The sweeps of this service, and the days each has finished.
create table sweep_name (
  name text not null constraint sweep_name_pkey primary key
);
create table swept (
  district    text        not null,
  sweep       text        not null,
  day         date        not null,
  finished_at timestamptz not null default clock_timestamp(),
  constraint swept_pkey primary key (district, sweep, day)
);

-- The schema in which a worker folds projections again while the others serve; see chassis/inbox/rebuild.py.
create schema rebuilding;

-- migrate:down

drop schema rebuilding cascade;
drop table swept, sweep_name, dead_letter, parked, hearing_mark, heard cascade;
