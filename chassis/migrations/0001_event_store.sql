-- Tables of the event store, in the same shape in every service. Applied before the service's own migrations.
-- The roles <service>_owner (owns the database and migrates), <service>_rpc and <service>_worker exist beforehand.
-- Oldest code that may run on it: any.

-- migrate:up

-- One row is storage, audit trail and published event. digest = sha256(digest of the fact before it || body).
create table fact (
  district    text        not null,
  street      text        not null,
  file_id     uuid        not null,
  revision    integer     not null check (revision > 0),
  event_id    uuid        not null,
  kind        text        not null,
  occurred_on date        not null,
  recorded_at timestamptz not null,
  actor       text        not null,
  body        bytea       not null,
  digest      bytea       not null,
  seq         bigint      generated always as identity,
  constraint fact_pkey primary key (district, street, file_id, revision),
  constraint fact_seq unique (seq)
);

-- Facts that are not yet published. Narrow, and deleted when published: an update of a mark on fact would never be HOT,
-- and its index would bloat. `since` is the machine's instant, independent of the office clock. `trace` is the W3C
-- traceparent of the call or batch that wrote the fact, and is published with it.
create table outbox (
  seq      bigint      not null constraint outbox_pkey primary key,
  district text        not null,
  since    timestamptz not null default now(),
  trace    text
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0,
        autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 20000);

-- Envelopes for one reader, encrypted to its key; published to a stream of their own.
create table sealed_outbox (
  seq      bigint      generated always as identity constraint sealed_outbox_pkey primary key,
  district text        not null,
  street   text        not null,
  file_id  uuid        not null,
  revision integer     not null,
  event_id uuid        not null default gen_random_uuid(),
  body     bytea       not null,
  since    timestamptz not null default now()
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

-- Envelopes that were published, stored for as long as a stream reaches back, so that a lost stream can be filled again.
create table sealed_sent (
  event_id uuid        not null constraint sealed_sent_pkey primary key,
  district text        not null,
  street   text        not null,
  file_id  uuid        not null,
  revision integer     not null,
  body     bytea       not null,
  since    timestamptz not null
);
create index sealed_sent_since on sealed_sent (since);
create index sealed_sent_file on sealed_sent (district, street, file_id);

-- The idempotency key of each change: a repeat gets the first answer, the same id with other content is refused.
create table cause (
  caller      text        not null,
  request_id  text        not null,
  district    text        not null,
  street      text        not null,
  file_id     uuid        not null,
  revision    integer     not null,
  fingerprint bytea       not null,
  answer      bytea       not null,
  recorded_at timestamptz not null,
  constraint cause_pkey primary key (caller, request_id)
);

-- Counters of the district: the last number drawn under each name.
create table serial (
  district text   not null,
  name     text   not null,
  last     bigint not null,
  constraint serial_pkey primary key (district, name)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- The data key of a file, wrapped by the vault. Without it every text of the file is gone.
create table vault_key (
  district text  not null,
  street   text  not null,
  file_id  uuid  not null,
  wrapped  bytea not null,
  constraint vault_key_pkey primary key (district, street, file_id)
);

-- Typed texts and personal details, encrypted with the file's data key.
create table vault_text (
  district   text  not null,
  street     text  not null,
  file_id    uuid  not null,
  name       text  not null,
  ciphertext bytea not null,
  constraint vault_text_pkey primary key (district, street, file_id, name)
);

-- migrate:down

drop table vault_text, vault_key, serial, cause, sealed_sent, sealed_outbox, outbox, fact cascade;
