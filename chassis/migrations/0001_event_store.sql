-- The file is its facts: what every service stores, in the same shape. Runs before the service's own migrations.
-- The roles <service>_owner (owns the database and migrates), <service>_rpc and <service>_worker exist beforehand.
-- Oldest code that may run on it: any.

-- migrate:up

-- The role that answers calls ('rpc') or relays, hears and sweeps ('worker') beside the owner of this database.
create function role_of(p_kind text) returns name language sql stable as $$
  select (regexp_replace(pg_get_userbyid(datdba), '_owner$', '') || '_' || p_kind)::name
  from pg_database where datname = current_database()
$$;

-- Puts a table under forced row level security: a worker sees its district, a call sees its place.
-- p_reach 'district' lets every street of the district read the rows (catalogue, calendars); writing stays at the place.
create function guard_rows(p_table regclass, p_reach text default 'place') returns void language plpgsql as $$
declare
  v_district constant text := $q$district = current_setting('app.district', true)$q$;
  v_place text := v_district
    || $q$ and (street = current_setting('app.street', true) or current_setting('app.street', true) = '*')$q$;
begin
  if p_reach not in ('place', 'district') then
    raise exception 'guard_rows: reach must be place or district, not %', p_reach;
  end if;
  if not exists (select from pg_attribute where attrelid = p_table and attname = 'street' and not attisdropped) then
    v_place := v_district;
  end if;
  execute format('alter table %s enable row level security', p_table);
  execute format('alter table %s force row level security', p_table);
  execute format('create policy worker on %s to %I using (%s)', p_table, role_of('worker'), v_district);
  execute format('create policy call on %s to %I using (%s)', p_table, role_of('rpc'), v_place);
  if p_reach = 'district' then
    execute format('create policy reading on %s for select to %I using (%s)', p_table, role_of('rpc'), v_district);
  end if;
end $$;

-- What a service calls for each table of its own: guarded rows, and both roles may read and write them.
create function guard_table(p_table regclass, p_reach text default 'place') returns void language plpgsql as $$
begin
  perform guard_rows(p_table, p_reach);
  execute format('grant select, insert, update, delete on %s to %I, %I', p_table, role_of('rpc'), role_of('worker'));
end $$;

-- Grants p_rights on p_table to the role of that kind.
create function let(p_kind text, p_rights text, p_table regclass) returns void language plpgsql as $$
begin
  execute format('grant %s on %s to %I', p_rights, p_table, role_of(p_kind));
end $$;

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is insert-only: % refused', tg_table_name, lower(tg_op) using errcode = 'restrict_violation';
end $$;

-- Forbids update, delete and truncate to everyone, the owner included.
create function keep_for_ever(p_table regclass) returns void language plpgsql as $$
begin
  execute format('create trigger kept before update or delete on %s for each row execute function refuse_change()',
                 p_table);
  execute format('create trigger kept_whole before truncate on %s execute function refuse_change()', p_table);
end $$;

-- One row is storage, audit trail, and what is published. digest = sha256(digest of the fact before it || body).
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

-- What is not yet published. Narrow, and deleted when published: an update of a mark on fact would never be HOT,
-- and its index would bloat. `since` is the machine's instant, whatever the office clock shows. `trace` is the W3C
-- traceparent of the call or batch that wrote the fact: it goes on with the message, so a trace does not end here.
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

-- Envelopes that their stream has: as long as a stream reaches back they can be published again, for one that was lost.
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

-- Why a change was made, once: a repeat gets the first answer, the same id with other content is refused.
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

-- What people typed and who they are, encrypted with the file's data key.
create table vault_text (
  district   text  not null,
  street     text  not null,
  file_id    uuid  not null,
  name       text  not null,
  ciphertext bytea not null,
  constraint vault_text_pkey primary key (district, street, file_id, name)
);

select keep_for_ever('fact');
select guard_rows(t::regclass)
from unnest(array['fact', 'outbox', 'sealed_outbox', 'sealed_sent', 'cause', 'serial', 'vault_key', 'vault_text']) t;
select let(kind, 'select, insert', t::regclass)
from unnest(array['fact', 'cause']) t, unnest(array['rpc', 'worker']) kind;
select let(kind, 'select, insert, update, delete', t::regclass)
from unnest(array['vault_key', 'vault_text']) t, unnest(array['rpc', 'worker']) kind;
select let(kind, 'select, insert, update', 'serial') from unnest(array['rpc', 'worker']) kind;
select let('rpc', 'insert', t::regclass), let('worker', 'select, insert, delete', t::regclass)
from unnest(array['outbox', 'sealed_outbox']) t;
select let('rpc', 'select, delete', 'sealed_sent'), let('worker', 'select, insert, delete', 'sealed_sent');

-- Writes the projections of changed files: a JSON array of {"table": {row}} or {"table": [{row}, …]}.
-- A service redefines it, most simply by `select project_into('application', 'ticket')`.
create function project(p_projections jsonb) returns void language plpgsql as $$
begin
end $$;

-- Defines `project` for these tables: one static upsert by primary key for each. Every column is written; one that
-- a row does not name becomes null. Call it again when a column is added. Tables stay unqualified, so that a rebuild
-- can write to its shadow schema.
create function project_into(variadic p_tables text[]) returns void language plpgsql as $$
declare
  v_table text;
  v_columns text;
  v_values text;
  v_updates text;
  v_key text;
  v_body text := '';
begin
  foreach v_table in array p_tables loop
    select string_agg(quote_ident(attname), ', ' order by attnum), string_agg('r.' || quote_ident(attname), ', ' order by attnum),
           string_agg(format('%1$I = excluded.%1$I', attname), ', ' order by attnum)
      into v_columns, v_values, v_updates
      from pg_attribute
     where attrelid = v_table::regclass and attnum > 0 and not attisdropped and attgenerated = '' and attidentity = '';
    select string_agg(quote_ident(a.attname), ', ') into v_key
      from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
     where i.indrelid = v_table::regclass and i.indisprimary;
    v_body := v_body || format($q$
  if p_projections @? %7$L then
    insert into %2$I (%3$s)
    select %4$s
    from jsonb_array_elements(p_projections) f,
         jsonb_array_elements(case jsonb_typeof(f -> %1$L) when 'object' then jsonb_build_array(f -> %1$L)
                                   when 'array' then f -> %1$L else '[]' end) written,
         jsonb_populate_record(null::%2$I, written) r
    on conflict (%5$s) do update set %6$s;
  end if;$q$, v_table, v_table, v_columns, v_values, v_key, v_updates,
                               format('$[*].%s', to_json(v_table)));
  end loop;
  execute format('create or replace function project(p_projections jsonb) returns void language plpgsql as %L',
                 format(E'begin%s\nend', v_body));
end $$;

-- One round trip: the file's facts, any earlier answer to the cause (then the file it changed is the one returned),
-- the file's wrapped key, and a number from each counter named in p_serials.
create function load_file(
  p_scope_district text, p_scope_street text, p_district text, p_street text, p_file_id uuid,
  p_caller text, p_request_id text, p_serials text[],
  out revision integer, out head bytea, out bodies bytea[], out file_key bytea, out serials bigint[],
  out answer bytea, out fingerprint bytea, out answered_district text, out answered_street text,
  out answered_file uuid, out answered_revision integer
) language plpgsql as $$
#variable_conflict use_column
declare
  v_number bigint;
  v_name text;
begin
  perform set_config('app.district', p_scope_district, true), set_config('app.street', p_scope_street, true);
  loop
    select coalesce(max(f.revision), 0), array_agg(f.body order by f.revision),
           (array_agg(f.digest order by f.revision))[max(f.revision)]
      into revision, bodies, head
      from fact f where f.district = p_district and f.street = p_street and f.file_id = p_file_id;
    select k.wrapped into file_key
      from vault_key k where k.district = p_district and k.street = p_street and k.file_id = p_file_id;
    exit when p_caller is null or answered_file is not null;
    -- Looked for after the facts: each statement sees what is committed by then, and who saw what the first of two
    -- equal requests did, but not its answer, would refuse the second.
    select c.answer, c.fingerprint, c.district, c.street, c.file_id, c.revision
      into answer, fingerprint, answered_district, answered_street, answered_file, answered_revision
      from cause c where c.caller = p_caller and c.request_id = p_request_id;
    exit when not found;
    p_district := answered_district;
    p_street := answered_street;
    p_file_id := answered_file;
  end loop;
  if p_serials is not null and answered_file is null then
    -- WAL is written in order: the durable commit of the fact that carries a number flushes the drawing before it.
    -- Without that fact nobody has seen the number, and drawing it again is no reuse.
    perform set_config('synchronous_commit', 'off', true);
    foreach v_name in array p_serials loop
      insert into serial as s (district, name, last) values (p_district, v_name, 1)
      on conflict (district, name) do update set last = s.last + 1
      returning last into v_number;
      serials := serials || v_number;
    end loop;
  end if;
end $$;

-- One round trip, one durable commit: facts, outbox, cause, projection, texts and envelope of one file, or nothing.
-- A unique violation on fact_pkey or cause_pkey says that another was faster. p_head is the digest of the fact at
-- p_expected: who decided upon what was remembered is held to the very history that was decided upon.
create function change_file(
  p_scope_district text, p_scope_street text, p_district text, p_street text, p_file_id uuid, p_expected integer,
  p_head bytea, p_event_ids uuid[], p_kinds text[], p_occurred_on date[], p_actors text[], p_bodies bytea[], p_digests bytea[],
  p_recorded_at timestamptz, p_caller text, p_request_id text, p_fingerprint bytea, p_answer bytea,
  p_projections jsonb, p_text_names text[], p_texts bytea[], p_file_key bytea, p_sealed bytea, p_erase boolean,
  p_trace text
) returns void language plpgsql as $$
begin
  perform set_config('app.district', p_scope_district, true), set_config('app.street', p_scope_street, true);
  if p_expected > 0 and not exists (
    select from fact f where f.district = p_district and f.street = p_street and f.file_id = p_file_id
                         and f.revision = p_expected and f.digest = p_head) then
    raise exception 'revision % of file % is not the one decided upon', p_expected, p_file_id
      using errcode = 'unique_violation', constraint = 'fact_pkey';
  end if;
  with written as (
    insert into fact (district, street, file_id, revision, event_id, kind, occurred_on, recorded_at, actor, body, digest)
    select p_district, p_street, p_file_id, p_expected + n, event_id, kind, occurred_on, p_recorded_at, actor, body, digest
    from unnest(p_event_ids, p_kinds, p_occurred_on, p_actors, p_bodies, p_digests) with ordinality
      as r (event_id, kind, occurred_on, actor, body, digest, n)
    order by n
    returning seq)
  insert into outbox (seq, district, trace) select seq, p_district, p_trace from written;
  if p_caller is not null then
    insert into cause (caller, request_id, district, street, file_id, revision, fingerprint, answer, recorded_at)
    values (p_caller, p_request_id, p_district, p_street, p_file_id, p_expected + cardinality(p_event_ids),
            p_fingerprint, p_answer, p_recorded_at);
  end if;
  if p_projections is not null then
    perform project(p_projections);
  end if;
  if p_erase then
    delete from vault_text t where t.district = p_district and t.street = p_street and t.file_id = p_file_id;
    delete from vault_key k where k.district = p_district and k.street = p_street and k.file_id = p_file_id;
    delete from sealed_sent s where s.district = p_district and s.street = p_street and s.file_id = p_file_id;
  end if;
  if p_file_key is not null then
    insert into vault_key (district, street, file_id, wrapped) values (p_district, p_street, p_file_id, p_file_key);
  end if;
  if p_text_names is not null then
    insert into vault_text (district, street, file_id, name, ciphertext)
    select p_district, p_street, p_file_id, name, ciphertext from unnest(p_text_names, p_texts) as t (name, ciphertext)
    on conflict (district, street, file_id, name) do update set ciphertext = excluded.ciphertext;
  end if;
  if p_sealed is not null then
    insert into sealed_outbox (district, street, file_id, revision, body)
    values (p_district, p_street, p_file_id, p_expected + cardinality(p_event_ids), p_sealed);
  end if;
end $$;

-- The wrapped key and every ciphertext of one file.
create function read_texts(
  p_scope_district text, p_scope_street text, p_district text, p_street text, p_file_id uuid,
  out file_key bytea, out names text[], out ciphertexts bytea[]
) language plpgsql as $$
begin
  perform set_config('app.district', p_scope_district, true), set_config('app.street', p_scope_street, true);
  select k.wrapped into file_key
    from vault_key k where k.district = p_district and k.street = p_street and k.file_id = p_file_id;
  select array_agg(t.name order by t.name), array_agg(t.ciphertext order by t.name) into names, ciphertexts
    from vault_text t where t.district = p_district and t.street = p_street and t.file_id = p_file_id;
end $$;

-- migrate:down

drop function read_texts, change_file, load_file, project_into, project;
drop table vault_text, vault_key, serial, cause, sealed_sent, sealed_outbox, outbox, fact;
drop function keep_for_ever, refuse_change, let, guard_table, guard_rows, role_of;
