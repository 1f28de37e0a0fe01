-- Functions of the event store: files loaded and changed in one round trip each.

-- Writes the projections of changed files: a JSON array of {"table": {row}} or {"table": [{row}, …]}.
-- A service redefines it, most simply by `select project_into('application', 'ticket')`.
create or replace function project(p_projections jsonb) returns void language plpgsql as $$
begin
end $$;

-- Defines `project` for these tables: one static upsert by primary key for each. Every column is written; one that
-- a row does not name becomes null. Call it again when a column is added. Tables stay unqualified, so that a rebuild
-- can write to its shadow schema.
create or replace function project_into(variadic p_tables text[]) returns void language plpgsql as $$
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

-- Names under which the answers to a caller may be stored. A caller has a whole name, `staff/440105008/NH001`; releases
-- up to 0.2 stored the number alone, and still look for it while they run beside this one or after a rollback. Each is
-- found under both, within the places that the caller sees. Names of loops and of reports were never those of callers.
-- Those releases stored the reports of every system under `district`, so a system's may also be there: `is_answer_to`.
create or replace function caller_names(p_caller text, p_street text) returns text[] language sql immutable as $$
  select case
    when bare ~ '^(district$|sweep:|heard:)' then array[p_caller]
    when p_caller like 'machine/%' and bare <> p_caller then array[p_caller, bare, 'district']
    when bare <> p_caller then array[p_caller, bare]
    else array[p_caller, 'staff/' || p_street || '/' || p_caller, 'machine/*/' || p_caller,
               'machine/' || p_street || '/' || p_caller]
  end from (select regexp_replace(p_caller, '^(staff|machine)/[^/]*/', '') as bare) named
$$;

-- True for an answer that the caller got itself. What is stored under `district` is its own where the facts of that change
-- name it as their actor: the system that packages go to still stores its reports there, and so does what reads its list.
create or replace function is_answer_to(p_caller text, p_cause cause) returns boolean language sql stable as $$
  select p_cause.caller <> 'district' or p_caller = 'district' or exists (
    select from fact f
    where f.district = p_cause.district and f.street = p_cause.street and f.file_id = p_cause.file_id
      and f.revision = p_cause.revision and f.actor in (p_caller, regexp_replace(p_caller, '^machine/[^/]*/', '')))
$$;

-- One round trip: the file's facts, any earlier answer to the cause (then the file it changed is the one returned),
-- the file's wrapped key, and a number from each counter named in p_serials.
create or replace function load_file(
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
  v_callers text[] := caller_names(p_caller, p_street);
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
    -- The cause is read after the facts. Each statement sees what is committed when it begins: in the other order, a
    -- repeated request could see the facts of the first one without its answer, and would be refused.
    select c.answer, c.fingerprint, c.district, c.street, c.file_id, c.revision
      into answer, fingerprint, answered_district, answered_street, answered_file, answered_revision
      from cause c where c.caller = any (v_callers) and c.request_id = p_request_id and is_answer_to(p_caller, c) limit 1;
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
-- A unique violation on fact_pkey or cause_pkey says that another change was faster. p_head is the digest of the fact
-- at p_expected: a decision made on a cached state is written only while the file still has that history.
create or replace function change_file(
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
    if exists (select from cause c where c.caller = any (caller_names(p_caller, p_street)) and c.caller <> p_caller
                                     and c.request_id = p_request_id and is_answer_to(p_caller, c)) then
      raise exception 'request % was answered under another name of its caller', p_request_id
        using errcode = 'unique_violation', constraint = 'cause_pkey';
    end if;
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
    -- No text replaces another: vault_text_pkey is violated. Release 0.2 stores a correction again that says the same;
    -- its name follows from what it says. (drop the exception in the next release)
    insert into vault_text (district, street, file_id, name, ciphertext)
    select p_district, p_street, p_file_id, name, ciphertext from unnest(p_text_names, p_texts) as t (name, ciphertext)
    where name not like 'change.____________' or not exists (
      select from vault_text v where v.district = p_district and v.street = p_street and v.file_id = p_file_id
                                 and v.name = t.name);
  end if;
  if p_sealed is not null then
    insert into sealed_outbox (district, street, file_id, revision, body)
    values (p_district, p_street, p_file_id, p_expected + cardinality(p_event_ids), p_sealed);
  end if;
end $$;

-- The wrapped key and every ciphertext of one file.
create or replace function read_texts(
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
