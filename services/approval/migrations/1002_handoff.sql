-- The queue of the hand-off to the district's own system, in order of due date, and the state of its answers.
-- Oldest code that may run on it: any.

-- migrate:up

-- One obligation: a package or a withdrawal to hand over. It stays until the district has answered.
-- A row lives at the street that owes it, and every desk of the district may see that it waits.
create table handoff (
  district        text        not null,
  street          text        not null,
  case_id         uuid        not null,
  kind            text        not null check (kind in ('receive', 'withdraw')),
  destination     text        not null,
  street_case_id  uuid        not null,
  application_id  uuid        not null,
  due_on          date        not null,
  state           text        not null default 'waiting' check (state in ('waiting', 'sending', 'done', 'blocked', 'withdrawn')),
  told_on         date        not null,
  attempts        integer     not null default 0,
  uncertain       boolean     not null default false,
  next_at         timestamptz,
  real_next_at    timestamptz,
  waiting_since   date        not null,
  last_error      text        not null default '',
  district_number text        not null default '',
  constraint handoff_pkey primary key (district, case_id, kind)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

comment on column handoff.case_id is 'The district''s leg.';
comment on column handoff.told_on is 'The day of the referral, or of the withdrawal.';
comment on column handoff.uncertain is 'The last attempt may have arrived: ask before sending again.';
comment on column handoff.next_at is 'By the office clock; a stack whose clock stands still retries at real_next_at, by the machine''s.';

create index handoff_due on handoff (district, due_on, case_id, kind) where state in ('waiting', 'sending');
create index handoff_blocked on handoff (district, waiting_since) where state = 'blocked';

-- Shared by all replicas: a destination that does not answer is left alone, and probed once a minute.
create table breaker (
  district     text        not null,
  destination  text        not null,
  failures     integer     not null default 0,
  next_at      timestamptz,
  real_next_at timestamptz,
  constraint breaker_pkey primary key (district, destination)
);

-- The position up to which the list of the district's changes was read.
create table pull_cursor (
  district text not null constraint pull_cursor_pkey primary key,
  cursor   text not null
);

-- migrate:down

drop table pull_cursor, breaker, handoff cascade;
