-- metrics's database as release 0.1.0 left it after a few matters (pg_dump --no-owner).

SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET row_security = off;

CREATE SCHEMA rebuilding;

CREATE FUNCTION public.admit(p_source text, p_known text[], p_ordered boolean, p_alone boolean, p_districts text[], p_streets text[], p_file_ids uuid[], p_revisions integer[], p_event_ids uuid[], p_kinds text[], p_bodies bytea[]) RETURNS TABLE(n integer, district text, street text, file_id uuid, revision integer, event_id uuid, kind text, body bytea)
    LANGUAGE plpgsql
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
#variable_conflict use_column
declare
  v_kept uuid[];
begin
  if in_line(p_source, p_known, p_ordered, p_districts, p_streets, p_file_ids, p_revisions, p_kinds) then
    v_kept := keep_heard(p_source, p_districts, p_streets, p_file_ids, p_revisions, p_event_ids, p_kinds, p_bodies);
    if cardinality(v_kept) = cardinality(p_event_ids) then
      return query select 0, null::text, null::text, null::uuid, null::integer, null::uuid, null::text, null::bytea;
      return;
    end if;
    return query
    select e.n::integer, p_districts[e.n], p_streets[e.n], p_file_ids[e.n], p_revisions[e.n], e.event_id, p_kinds[e.n],
           null::bytea
    from unnest(p_event_ids) with ordinality as e (event_id, n)
    where e.event_id = any (v_kept)
    order by e.n;
    return;
  end if;

  -- Lateral subqueries with a lock or a limit are never turned into other joins: whatever the statistics say, a batch
  -- costs one look by key for each event. `turn` is the first place of a file in the batch, and stands for the file.
  return query
  with incoming as (
    select e.*, coalesce(m.revision, 0) as reached, coalesce(m.state = 'parked', false) as held, null::tid as tid,
           min(e.n) over (partition by e.file_id, e.street, e.district) as turn
    from unnest(p_districts, p_streets, p_file_ids, p_revisions, p_event_ids, p_kinds, p_bodies) with ordinality
      as e (district, street, file_id, revision, event_id, kind, body, n)
    left join lateral (
      select m.revision, m.state from hearing_mark m
      where m.source = p_source and m.district = e.district and m.street = e.street and m.file_id = e.file_id
      for update) m on true),
  waiting as (
    select f.district, f.street, f.file_id, p.revision, p.event_id, p.kind, p.body, null::bigint as n,
           f.reached, f.held, p.tid, f.turn
    from incoming f
    cross join lateral (
      select p.revision, p.event_id, p.kind, p.body, p.ctid as tid from parked p
      where p.source = p_source and p.district = f.district and p.street = f.street and p.file_id = f.file_id
      offset 0) p
    where case when p_alone then p.revision = f.revision else f.n = f.turn end),
  every as (
    select distinct on (turn, revision) district, street, file_id, revision, event_id, kind, body, n, reached, held, turn,
           max(tid) over (partition by turn, revision) as tid
    from (select * from incoming union all select * from waiting) a
    order by turn, revision, n nulls last),
  line as (
    select *, not p_ordered or row_number() over file_line = revision - reached as next,
           bool_and(kind = any (p_known)) over file_line as known
    from every where not p_ordered or revision > reached
    window file_line as (partition by turn order by revision)),
  due as (select * from line where next and known and not held),
  taken as (
    insert into heard (source, district, street, file_id, revision, event_id, kind, body)
    select p_source, district, street, file_id, revision, event_id, kind, body from due order by turn, revision
    on conflict do nothing
    returning event_id),
  marked as (
    insert into hearing_mark as m (source, district, street, file_id, revision)
    select distinct on (turn) p_source, district, street, file_id, revision from due order by turn, revision desc
    on conflict (source, district, street, file_id) do update set revision = greatest(m.revision, excluded.revision)),
  released as (
    delete from parked where ctid = any (array(select tid from due where tid is not null))),
  kept as (
    insert into parked as p (source, district, street, file_id, revision, event_id, kind, body, reason)
    select p_source, district, street, file_id, revision, event_id, kind, body,
           case when held then 'behind_dead_letter' when not next then 'gap' else 'unknown_kind' end
    from line where not (next and known and not held)
    on conflict (source, district, street, file_id, revision) do update set reason = excluded.reason
    where p.reason <> excluded.reason)
  select d.n::integer, d.district, d.street, d.file_id, d.revision, d.event_id, d.kind,
         case when d.n is null then d.body end
  from due d where d.event_id in (select event_id from taken)
  order by d.turn, d.revision;
end $$;

CREATE FUNCTION public.change_file(p_scope_district text, p_scope_street text, p_district text, p_street text, p_file_id uuid, p_expected integer, p_head bytea, p_event_ids uuid[], p_kinds text[], p_occurred_on date[], p_actors text[], p_bodies bytea[], p_digests bytea[], p_recorded_at timestamp with time zone, p_caller text, p_request_id text, p_fingerprint bytea, p_answer bytea, p_projections jsonb, p_text_names text[], p_texts bytea[], p_file_key bytea, p_sealed bytea, p_erase boolean, p_trace text) RETURNS void
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION public.change_files(p_districts text[], p_streets text[], p_file_ids uuid[], p_expected integer[], p_counts integer[], p_callers text[], p_request_ids text[], p_fingerprints bytea[], p_answers bytea[], p_projections jsonb[], p_file_keys bytea[], p_sealed bytea[], p_erase boolean[], p_fact_of integer[], p_revisions integer[], p_event_ids uuid[], p_kinds text[], p_occurred_on date[], p_actors text[], p_bodies bytea[], p_digests bytea[], p_text_of integer[], p_text_names text[], p_texts bytea[], p_recorded_at timestamp with time zone, p_trace text) RETURNS integer[]
    LANGUAGE plpgsql
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
declare
  v_outcomes integer[];
begin
  select array_agg(case when k.caller is not null then 2 when coalesce(f.revision, 0) = c.expected then 1 else 0 end
                   order by c.n) into v_outcomes
    from unnest(p_districts, p_streets, p_file_ids, p_expected, p_callers, p_request_ids) with ordinality
      as c (district, street, file_id, expected, caller, request_id, n)
    left join lateral (
      select k.caller from cause k where k.caller = c.caller and k.request_id = c.request_id limit 1) k on true
    left join lateral (
      select max(r.revision) as revision from fact r
      where r.district = c.district and r.street = c.street and r.file_id = c.file_id) f on true;
  if not 1 = any (v_outcomes) then
    return v_outcomes;
  end if;

  with written as (
    insert into fact (district, street, file_id, revision, event_id, kind, occurred_on, recorded_at, actor, body, digest)
    select p_districts[of], p_streets[of], p_file_ids[of], revision, event_id, kind, occurred_on, p_recorded_at, actor, body,
           digest
    from unnest(p_fact_of, p_revisions, p_event_ids, p_kinds, p_occurred_on, p_actors, p_bodies, p_digests)
           as r (of, revision, event_id, kind, occurred_on, actor, body, digest)
    where v_outcomes[of] = 1
    order by of, revision
    returning seq, district)
  insert into outbox (seq, district, trace) select seq, district, p_trace from written;

  if array_remove(p_callers, null) <> '{}' then
    insert into cause (caller, request_id, district, street, file_id, revision, fingerprint, answer, recorded_at)
    select p_callers[n], p_request_ids[n], p_districts[n], p_streets[n], p_file_ids[n], p_expected[n] + p_counts[n],
           p_fingerprints[n], p_answers[n], p_recorded_at
    from generate_subscripts(v_outcomes, 1) n where v_outcomes[n] = 1 and p_callers[n] is not null;
  end if;

  perform project(p) from (
    select jsonb_agg(p_projections[n]) as p
    from generate_subscripts(v_outcomes, 1) n where v_outcomes[n] = 1 and p_projections[n] is not null) all_of_them
  where p is not null;

  if true = any (p_erase) then
    delete from vault_text t using generate_subscripts(v_outcomes, 1) n
    where v_outcomes[n] = 1 and p_erase[n]
      and (t.district, t.street, t.file_id) = (p_districts[n], p_streets[n], p_file_ids[n]);
    delete from vault_key k using generate_subscripts(v_outcomes, 1) n
    where v_outcomes[n] = 1 and p_erase[n]
      and (k.district, k.street, k.file_id) = (p_districts[n], p_streets[n], p_file_ids[n]);
    delete from sealed_sent s using generate_subscripts(v_outcomes, 1) n
    where v_outcomes[n] = 1 and p_erase[n]
      and (s.district, s.street, s.file_id) = (p_districts[n], p_streets[n], p_file_ids[n]);
  end if;

  if array_remove(p_file_keys, null) <> '{}' then
    insert into vault_key (district, street, file_id, wrapped)
    select p_districts[n], p_streets[n], p_file_ids[n], p_file_keys[n]
    from generate_subscripts(v_outcomes, 1) n where v_outcomes[n] = 1 and p_file_keys[n] is not null;
  end if;

  if p_text_of <> '{}' then
    insert into vault_text (district, street, file_id, name, ciphertext)
    select p_districts[of], p_streets[of], p_file_ids[of], name, ciphertext
    from unnest(p_text_of, p_text_names, p_texts) as t (of, name, ciphertext)
    where v_outcomes[of] = 1
    on conflict (district, street, file_id, name) do update set ciphertext = excluded.ciphertext;
  end if;

  if array_remove(p_sealed, null) <> '{}' then
    insert into sealed_outbox (district, street, file_id, revision, body)
    select p_districts[n], p_streets[n], p_file_ids[n], p_expected[n] + p_counts[n], p_sealed[n]
    from generate_subscripts(v_outcomes, 1) n where v_outcomes[n] = 1 and p_sealed[n] is not null;
  end if;
  return v_outcomes;
end $$;

CREATE FUNCTION public.clock_on(p_today date, p_paused boolean, p_paused_on date) RETURNS date
    LANGUAGE sql IMMUTABLE
    AS $$
  select case when p_paused then least(p_today, p_paused_on - 1) else p_today end
$$;

CREATE FUNCTION public.draw(p_district text, p_names text[], p_counts bigint[]) RETURNS TABLE(name text, first bigint)
    LANGUAGE plpgsql
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
#variable_conflict use_column
begin
  return query
  insert into serial as s (district, name, last)
  select p_district, d.name, d.count from unnest(p_names, p_counts) as d (name, count) order by d.name
  on conflict (district, name) do update set last = s.last + excluded.last
  returning s.name, s.last + 1 - (select d.count from unnest(p_names, p_counts) as d (name, count) where d.name = s.name);
end $$;

CREATE FUNCTION public.guard_rows(p_table regclass, p_reach text DEFAULT 'place'::text) RETURNS void
    LANGUAGE plpgsql
    AS $_$
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
end $_$;

CREATE FUNCTION public.guard_table(p_table regclass, p_reach text DEFAULT 'place'::text) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
  perform guard_rows(p_table, p_reach);
  execute format('grant select, insert, update, delete on %s to %I, %I', p_table, role_of('rpc'), role_of('worker'));
end $$;

CREATE FUNCTION public.has_heard(p_source text, p_district text, p_street text, p_file_id uuid, p_revision integer) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
begin
  perform set_config('app.district', p_district, true), set_config('app.street', p_street, true);
  return exists (select from hearing_mark m
                 where m.source = p_source and m.district = p_district and m.street = p_street
                   and m.file_id = p_file_id and m.revision >= p_revision);
end $$;

CREATE FUNCTION public.hear(p_source text, p_known text[], p_ordered boolean, p_told jsonb, p_districts text[], p_streets text[], p_file_ids uuid[], p_revisions integer[], p_event_ids uuid[], p_kinds text[], p_bodies bytea[]) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
begin
  if not in_line(p_source, p_known, p_ordered, p_districts, p_streets, p_file_ids, p_revisions, p_kinds) then
    return false;
  end if;
  if cardinality(keep_heard(p_source, p_districts, p_streets, p_file_ids, p_revisions, p_event_ids, p_kinds, p_bodies))
     < cardinality(p_event_ids) then
    raise exception 'hear: an event was heard at the same time' using errcode = 'unique_violation';
  end if;
  if p_told is not null then
    perform tell(p_told);
  end if;
  return true;
end $$;

CREATE FUNCTION public.in_line(p_source text, p_known text[], p_ordered boolean, p_districts text[], p_streets text[], p_file_ids uuid[], p_revisions integer[], p_kinds text[]) RETURNS boolean
    LANGUAGE plpgsql
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
declare
  v_in_line boolean;
begin
  select bool_and(
           i.kind = any (p_known) and not i.held
           and case when p_ordered then i.revision = coalesce(i.before, i.reached) + 1
                    else i.revision > coalesce(i.before, 0) end)
    into v_in_line
    from (
      select e.kind, e.revision, coalesce(m.revision, 0) as reached, coalesce(m.state = 'parked', false) as held,
             lag(e.revision) over (partition by e.file_id, e.street, e.district order by e.n) as before
      from unnest(p_districts, p_streets, p_file_ids, p_revisions, p_kinds) with ordinality
        as e (district, street, file_id, revision, kind, n)
      left join lateral (
        select m.revision, m.state from hearing_mark m
        where m.source = p_source and m.district = e.district and m.street = e.street and m.file_id = e.file_id
        for update) m on true) i;
  return v_in_line and not exists (select from parked p where p.source = p_source);
end $$;

CREATE FUNCTION public.keep_for_ever(p_table regclass) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
  execute format('create trigger kept before update or delete on %s for each row execute function refuse_change()',
                 p_table);
  execute format('create trigger kept_whole before truncate on %s execute function refuse_change()', p_table);
end $$;

CREATE FUNCTION public.keep_heard(p_source text, p_districts text[], p_streets text[], p_file_ids uuid[], p_revisions integer[], p_event_ids uuid[], p_kinds text[], p_bodies bytea[]) RETURNS uuid[]
    LANGUAGE plpgsql
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
declare
  v_kept uuid[];
begin
  with kept as (
    insert into heard (source, district, street, file_id, revision, event_id, kind, body)
    select p_source, e.* from unnest(p_districts, p_streets, p_file_ids, p_revisions, p_event_ids, p_kinds, p_bodies) e
    on conflict do nothing
    returning event_id)
  select coalesce(array_agg(event_id), '{}') into v_kept from kept;
  insert into hearing_mark as m (source, district, street, file_id, revision)
  select p_source, e.district, e.street, e.file_id, max(e.revision)
  from unnest(p_districts, p_streets, p_file_ids, p_revisions) with ordinality
    as e (district, street, file_id, revision, n)
  group by e.district, e.street, e.file_id order by min(e.n)
  on conflict (source, district, street, file_id) do update set revision = greatest(m.revision, excluded.revision);
  return v_kept;
end $$;

CREATE FUNCTION public.lamp_on(p_day date, p_warn_on date, p_yellow_on date, p_red_on date) RETURNS integer
    LANGUAGE sql IMMUTABLE
    AS $$
  select case when p_day >= p_red_on then 3 when p_day >= p_yellow_on then 2 when p_day >= p_warn_on then 1 else 0 end
$$;

CREATE FUNCTION public.let(p_kind text, p_rights text, p_table regclass) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
  execute format('grant %s on %s to %I', p_rights, p_table, role_of(p_kind));
end $$;

CREATE FUNCTION public.load_file(p_scope_district text, p_scope_street text, p_district text, p_street text, p_file_id uuid, p_caller text, p_request_id text, p_serials text[], OUT revision integer, OUT head bytea, OUT bodies bytea[], OUT file_key bytea, OUT serials bigint[], OUT answer bytea, OUT fingerprint bytea, OUT answered_district text, OUT answered_street text, OUT answered_file uuid, OUT answered_revision integer) RETURNS record
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION public.load_files(p_districts text[], p_streets text[], p_file_ids uuid[]) RETURNS TABLE(revision integer, head bytea, bodies bytea[], file_key bytea)
    LANGUAGE plpgsql STABLE
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
#variable_conflict use_column
begin
  return query
  select coalesce(f.revision, 0), f.head, f.bodies, v.wrapped
  from unnest(p_districts, p_streets, p_file_ids) with ordinality as k (district, street, file_id, n)
  left join lateral (
    select max(r.revision) as revision, array_agg(r.body order by r.revision) as bodies,
           (array_agg(r.digest order by r.revision))[max(r.revision)] as head
    from fact r where r.district = k.district and r.street = k.street and r.file_id = k.file_id) f on true
  left join lateral (
    select v.wrapped from vault_key v
    where v.district = k.district and v.street = k.street and v.file_id = k.file_id limit 1) v on true
  order by k.n;
end $$;

CREATE FUNCTION public.project(p_projections jsonb) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
end $$;

CREATE FUNCTION public.project_into(VARIADIC p_tables text[]) RETURNS void
    LANGUAGE plpgsql
    AS $_$
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
end $_$;

CREATE FUNCTION public.read_texts(p_scope_district text, p_scope_street text, p_district text, p_street text, p_file_id uuid, OUT file_key bytea, OUT names text[], OUT ciphertexts bytea[]) RETURNS record
    LANGUAGE plpgsql
    AS $$
begin
  perform set_config('app.district', p_scope_district, true), set_config('app.street', p_scope_street, true);
  select k.wrapped into file_key
    from vault_key k where k.district = p_district and k.street = p_street and k.file_id = p_file_id;
  select array_agg(t.name order by t.name), array_agg(t.ciphertext order by t.name) into names, ciphertexts
    from vault_text t where t.district = p_district and t.street = p_street and t.file_id = p_file_id;
end $$;

CREATE FUNCTION public.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  raise exception '% is insert-only: % refused', tg_table_name, lower(tg_op) using errcode = 'restrict_violation';
end $$;

CREATE FUNCTION public.role_of(p_kind text) RETURNS name
    LANGUAGE sql STABLE
    AS $_$
  select (regexp_replace(pg_get_userbyid(datdba), '_owner$', '') || '_' || p_kind)::name
  from pg_database where datname = current_database()
$_$;

CREATE FUNCTION public.tell(p_batch jsonb) RETURNS void
    LANGUAGE plpgsql
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
begin
  if p_batch ? 'matter' then
    perform tell_matter(p_batch -> 'matter');
  end if;
  if p_batch ? 'ticket' then
    perform tell_ticket(p_batch -> 'ticket');
  end if;
  if p_batch ? 'card' then
    insert into card select r.* from jsonb_populate_recordset(null::card, p_batch -> 'card') r
    on conflict (district, street, case_id, level) do nothing;
  end if;
  if p_batch ? 'item' then
    insert into item as i select r.* from jsonb_populate_recordset(null::item, p_batch -> 'item') r
    on conflict (district, code) do update
      set version = excluded.version, name = excluded.name, line = excluded.line, kind = excluded.kind
      where i.version < excluded.version;
  end if;
  if p_batch ? 'hall_window' then
    insert into hall_window as w select r.* from jsonb_populate_recordset(null::hall_window, p_batch -> 'hall_window') r
    on conflict (district, street, code) do update set revision = excluded.revision, name = excluded.name
      where w.revision < excluded.revision;
  end if;
  if p_batch ? 'fact_count' then
    insert into fact_count as c select r.* from jsonb_populate_recordset(null::fact_count, p_batch -> 'fact_count') r
    on conflict (district, street, source, kind) do update set facts = c.facts + excluded.facts;
  end if;
end $$;

CREATE FUNCTION public.tell_matter(p_rows jsonb) RETURNS void
    LANGUAGE sql
    AS $$
      insert into matter (district, street, application_id, serial_number, number, item_code, item_name, line, item_kind, channel, window_code, staff_no, query_code_digest, submitted_on, submitted_received_on, answer_due_on, correction_on, supplied_on, accepted_on, accepted_received_on, ground, accepted_promised_due_on, accepted_legal_due_on, accepted_provisional, window_closed_on, window_outcome, grade, rated_on, case_id, term_promised_due_on, term_legal_due_on, term_provisional, warn_on, yellow_on, red_on, extended_on, paused, paused_on, resumed_on, referred_on, returned_on, district_decided_on, district_outcome, desk_stage, desk_closed_on, desk_outcome, desk_on_time, desk_early, delivery_opened_on, deliver_by, delivered_on, delivered_on_time)
      select r.district, r.street, r.application_id, r.serial_number, r.number, r.item_code, r.item_name, r.line, r.item_kind, r.channel, r.window_code, r.staff_no, r.query_code_digest, r.submitted_on, r.submitted_received_on, r.answer_due_on, r.correction_on, r.supplied_on, r.accepted_on, r.accepted_received_on, r.ground, r.accepted_promised_due_on, r.accepted_legal_due_on, r.accepted_provisional, r.window_closed_on, r.window_outcome, r.grade, r.rated_on, r.case_id, r.term_promised_due_on, r.term_legal_due_on, r.term_provisional, r.warn_on, r.yellow_on, r.red_on, r.extended_on, r.paused, r.paused_on, r.resumed_on, r.referred_on, r.returned_on, r.district_decided_on, r.district_outcome, r.desk_stage, r.desk_closed_on, r.desk_outcome, r.desk_on_time, r.desk_early, r.delivery_opened_on, r.deliver_by, r.delivered_on, r.delivered_on_time from jsonb_populate_recordset(null::matter, p_rows) r order by district, street, application_id
      on conflict (district, street, application_id) do update set district = coalesce(excluded.district, matter.district), street = coalesce(excluded.street, matter.street), application_id = coalesce(excluded.application_id, matter.application_id), serial_number = coalesce(excluded.serial_number, matter.serial_number), number = coalesce(excluded.number, matter.number), item_code = coalesce(excluded.item_code, matter.item_code), item_name = coalesce(excluded.item_name, matter.item_name), line = coalesce(excluded.line, matter.line), item_kind = coalesce(excluded.item_kind, matter.item_kind), channel = coalesce(excluded.channel, matter.channel), window_code = coalesce(excluded.window_code, matter.window_code), staff_no = coalesce(excluded.staff_no, matter.staff_no), query_code_digest = coalesce(excluded.query_code_digest, matter.query_code_digest), submitted_on = coalesce(excluded.submitted_on, matter.submitted_on), submitted_received_on = coalesce(excluded.submitted_received_on, matter.submitted_received_on), answer_due_on = coalesce(excluded.answer_due_on, matter.answer_due_on), correction_on = coalesce(excluded.correction_on, matter.correction_on), supplied_on = coalesce(excluded.supplied_on, matter.supplied_on), accepted_on = coalesce(excluded.accepted_on, matter.accepted_on), accepted_received_on = coalesce(excluded.accepted_received_on, matter.accepted_received_on), ground = coalesce(excluded.ground, matter.ground), accepted_promised_due_on = coalesce(excluded.accepted_promised_due_on, matter.accepted_promised_due_on), accepted_legal_due_on = coalesce(excluded.accepted_legal_due_on, matter.accepted_legal_due_on), accepted_provisional = coalesce(excluded.accepted_provisional, matter.accepted_provisional), window_closed_on = coalesce(excluded.window_closed_on, matter.window_closed_on), window_outcome = coalesce(excluded.window_outcome, matter.window_outcome), grade = coalesce(excluded.grade, matter.grade), rated_on = coalesce(excluded.rated_on, matter.rated_on), case_id = coalesce(excluded.case_id, matter.case_id), term_promised_due_on = coalesce(excluded.term_promised_due_on, matter.term_promised_due_on), term_legal_due_on = coalesce(excluded.term_legal_due_on, matter.term_legal_due_on), term_provisional = coalesce(excluded.term_provisional, matter.term_provisional), warn_on = coalesce(excluded.warn_on, matter.warn_on), yellow_on = coalesce(excluded.yellow_on, matter.yellow_on), red_on = coalesce(excluded.red_on, matter.red_on), extended_on = coalesce(excluded.extended_on, matter.extended_on), paused = coalesce(excluded.paused, matter.paused), paused_on = coalesce(excluded.paused_on, matter.paused_on), resumed_on = coalesce(excluded.resumed_on, matter.resumed_on), referred_on = coalesce(excluded.referred_on, matter.referred_on), returned_on = coalesce(excluded.returned_on, matter.returned_on), district_decided_on = coalesce(excluded.district_decided_on, matter.district_decided_on), district_outcome = coalesce(excluded.district_outcome, matter.district_outcome), desk_stage = case when excluded.desk_stage is null then matter.desk_stage else excluded.desk_stage end, desk_closed_on = case when excluded.desk_stage is null then matter.desk_closed_on else excluded.desk_closed_on end, desk_outcome = case when excluded.desk_stage is null then matter.desk_outcome else excluded.desk_outcome end, desk_on_time = case when excluded.desk_stage is null then matter.desk_on_time else excluded.desk_on_time end, desk_early = case when excluded.desk_stage is null then matter.desk_early else excluded.desk_early end, delivery_opened_on = coalesce(excluded.delivery_opened_on, matter.delivery_opened_on), deliver_by = coalesce(excluded.deliver_by, matter.deliver_by), delivered_on = coalesce(excluded.delivered_on, matter.delivered_on), delivered_on_time = coalesce(excluded.delivered_on_time, matter.delivered_on_time)
    $$;

CREATE FUNCTION public.tell_ticket(p_rows jsonb) RETURNS void
    LANGUAGE sql
    AS $$
      insert into ticket (district, street, ticket_id, number, line, taken_on, taken_at, called_on, called_at, window_code)
      select r.district, r.street, r.ticket_id, r.number, r.line, r.taken_on, r.taken_at, r.called_on, r.called_at, r.window_code from jsonb_populate_recordset(null::ticket, p_rows) r order by district, street, ticket_id
      on conflict (district, street, ticket_id) do update set district = coalesce(excluded.district, ticket.district), street = coalesce(excluded.street, ticket.street), ticket_id = coalesce(excluded.ticket_id, ticket.ticket_id), number = case when excluded.number is null then ticket.number else excluded.number end, line = coalesce(excluded.line, ticket.line), taken_on = coalesce(excluded.taken_on, ticket.taken_on), taken_at = coalesce(excluded.taken_at, ticket.taken_at), called_on = coalesce(excluded.called_on, ticket.called_on), called_at = coalesce(excluded.called_at, ticket.called_at), window_code = coalesce(excluded.window_code, ticket.window_code)
    $$;

CREATE FUNCTION public.told_by_column(p_table text, VARIADIC p_together text[]) RETURNS void
    LANGUAGE plpgsql
    AS $_$
declare
  v_columns text;
  v_values text;
  v_updates text;
  v_key text;
begin
  select string_agg(quote_ident(a.attname), ', ' order by array_position(i.indkey::smallint[], a.attnum)) into v_key
    from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
   where i.indrelid = p_table::regclass and i.indisprimary;
  select string_agg(quote_ident(attname), ', ' order by attnum), string_agg('r.' || quote_ident(attname), ', ' order by attnum),
         string_agg(case when attname = any (p_together)
                         then format('%1$I = case when excluded.%3$I is null then %2$I.%1$I else excluded.%1$I end',
                                     attname, p_table, p_together[1])
                         else format('%1$I = coalesce(excluded.%1$I, %2$I.%1$I)', attname, p_table) end,
                    ', ' order by attnum)
    into v_columns, v_values, v_updates
    from pg_attribute
   where attrelid = p_table::regclass and attnum > 0 and not attisdropped and attgenerated = '';
  execute format($q$
    create or replace function %1$I(p_rows jsonb) returns void language sql as $body$
      insert into %2$I (%3$s)
      select %4$s from jsonb_populate_recordset(null::%2$I, p_rows) r order by %5$s
      on conflict (%5$s) do update set %6$s
    $body$ $q$, 'tell_' || p_table, p_table, v_columns, v_values, v_key, v_updates);
end $_$;

CREATE FUNCTION public.unsettled(p_day date) RETURNS text[]
    LANGUAGE sql STABLE
    AS $$
  select array(
    select 'outbox' where exists (select from outbox)
    union all
    select 'sealed_outbox' where exists (select from sealed_outbox)
    union all
    select 'sweep:' || s.name from sweep_name s
    where not exists (select from swept w where w.sweep = s.name and w.day >= p_day)
  ) || unsettled_more(p_day)
$$;

CREATE FUNCTION public.unsettled_more(p_day date) RETURNS text[]
    LANGUAGE sql STABLE
    AS $$ select '{}'::text[] $$;

CREATE TABLE public.card (
    district text NOT NULL,
    street text NOT NULL,
    case_id uuid NOT NULL,
    level integer NOT NULL,
    application_id uuid NOT NULL,
    issued_on date NOT NULL,
    due_on date
);

ALTER TABLE ONLY public.card FORCE ROW LEVEL SECURITY;

CREATE VIEW public.card_figures WITH (security_invoker='true') AS
 SELECT district,
    street,
    case_id,
    level,
    application_id,
    issued_on,
    due_on
   FROM public.card
  WHERE (street !~~ '%999'::text);

CREATE TABLE public.cause (
    caller text NOT NULL,
    request_id text NOT NULL,
    district text NOT NULL,
    street text NOT NULL,
    file_id uuid NOT NULL,
    revision integer NOT NULL,
    fingerprint bytea NOT NULL,
    answer bytea NOT NULL,
    recorded_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.cause FORCE ROW LEVEL SECURITY;

CREATE TABLE public.dead_letter (
    id bigint NOT NULL,
    source text NOT NULL,
    district text NOT NULL,
    street text NOT NULL,
    file_id uuid NOT NULL,
    revision integer NOT NULL,
    event_id uuid NOT NULL,
    kind text NOT NULL,
    body bytea NOT NULL,
    error text NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    redriven_at timestamp with time zone,
    asked_at timestamp with time zone
);

ALTER TABLE ONLY public.dead_letter FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN public.dead_letter.asked_at IS 'Since when somebody wants it applied again; null when that was tried';

ALTER TABLE public.dead_letter ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.dead_letter_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.fact (
    district text NOT NULL,
    street text NOT NULL,
    file_id uuid NOT NULL,
    revision integer NOT NULL,
    event_id uuid NOT NULL,
    kind text NOT NULL,
    occurred_on date NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    actor text NOT NULL,
    body bytea NOT NULL,
    digest bytea NOT NULL,
    seq bigint NOT NULL,
    CONSTRAINT fact_revision_check CHECK ((revision > 0))
);

ALTER TABLE ONLY public.fact FORCE ROW LEVEL SECURITY;

CREATE TABLE public.fact_count (
    district text NOT NULL,
    street text NOT NULL,
    source text NOT NULL,
    kind text NOT NULL,
    facts bigint NOT NULL
)
WITH (fillfactor='50');

ALTER TABLE ONLY public.fact_count FORCE ROW LEVEL SECURITY;

CREATE VIEW public.fact_figures WITH (security_invoker='true') AS
 SELECT district,
    street,
    source,
    kind,
    facts
   FROM public.fact_count
  WHERE (street !~~ '%999'::text);

ALTER TABLE public.fact ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.fact_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.hall_window (
    district text NOT NULL,
    street text NOT NULL,
    code text NOT NULL,
    revision integer NOT NULL,
    name text NOT NULL
);

ALTER TABLE ONLY public.hall_window FORCE ROW LEVEL SECURITY;

CREATE TABLE public.heard (
    source text NOT NULL,
    district text NOT NULL,
    street text NOT NULL,
    file_id uuid NOT NULL,
    revision integer NOT NULL,
    event_id uuid NOT NULL,
    kind text NOT NULL,
    body bytea NOT NULL,
    heard_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

ALTER TABLE ONLY public.heard FORCE ROW LEVEL SECURITY;

CREATE TABLE public.hearing_mark (
    source text NOT NULL,
    district text NOT NULL,
    street text NOT NULL,
    file_id uuid NOT NULL,
    revision integer NOT NULL,
    state text DEFAULT 'open'::text NOT NULL,
    CONSTRAINT hearing_mark_state_check CHECK ((state = ANY (ARRAY['open'::text, 'parked'::text])))
)
WITH (fillfactor='70');

ALTER TABLE ONLY public.hearing_mark FORCE ROW LEVEL SECURITY;

CREATE TABLE public.item (
    district text NOT NULL,
    code text NOT NULL,
    version integer NOT NULL,
    name text NOT NULL,
    line integer NOT NULL,
    kind integer NOT NULL
);

ALTER TABLE ONLY public.item FORCE ROW LEVEL SECURITY;

CREATE TABLE public.matter (
    district text NOT NULL,
    street text NOT NULL,
    application_id uuid NOT NULL,
    serial_number text,
    number text,
    item_code text,
    item_name text,
    line integer,
    item_kind integer,
    channel integer,
    window_code text,
    staff_no text,
    query_code_digest text,
    submitted_on date,
    submitted_received_on date,
    answer_due_on date,
    correction_on date,
    supplied_on date,
    accepted_on date,
    accepted_received_on date,
    ground integer,
    accepted_promised_due_on date,
    accepted_legal_due_on date,
    accepted_provisional boolean,
    window_closed_on date,
    window_outcome text,
    grade integer,
    rated_on date,
    case_id uuid,
    term_promised_due_on date,
    term_legal_due_on date,
    term_provisional boolean,
    warn_on date,
    yellow_on date,
    red_on date,
    extended_on date,
    paused boolean,
    paused_on date,
    resumed_on date,
    referred_on date,
    returned_on date,
    district_decided_on date,
    district_outcome text,
    desk_stage text,
    desk_closed_on date,
    desk_outcome text,
    desk_on_time boolean,
    desk_early boolean,
    delivery_opened_on date,
    deliver_by date,
    delivered_on date,
    delivered_on_time boolean,
    received_on date GENERATED ALWAYS AS (LEAST(submitted_received_on, accepted_received_on)) STORED,
    promised_due_on date GENERATED ALWAYS AS (COALESCE(term_promised_due_on, accepted_promised_due_on)) STORED,
    legal_due_on date GENERATED ALWAYS AS (COALESCE(term_legal_due_on, accepted_legal_due_on)) STORED,
    provisional boolean GENERATED ALWAYS AS (COALESCE(term_provisional, accepted_provisional, false)) STORED,
    shown_number text GENERATED ALWAYS AS (COALESCE(number, serial_number)) STORED COLLATE pg_catalog."C",
    closed_on date GENERATED ALWAYS AS (COALESCE(desk_closed_on, window_closed_on)) STORED,
    outcome text GENERATED ALWAYS AS (COALESCE(desk_outcome, window_outcome)) STORED,
    instant boolean GENERATED ALWAYS AS (((desk_outcome IS NULL) AND (NOT (window_outcome IS DISTINCT FROM 'completed'::text)))) STORED,
    on_time boolean GENERATED ALWAYS AS (
CASE
    WHEN (desk_outcome IS NOT NULL) THEN desk_on_time
    WHEN (window_outcome = 'completed'::text) THEN true
    ELSE NULL::boolean
END) STORED,
    early boolean GENERATED ALWAYS AS (
CASE
    WHEN (desk_outcome IS NOT NULL) THEN desk_early
    WHEN (window_outcome = 'completed'::text) THEN true
    ELSE NULL::boolean
END) STORED
)
WITH (fillfactor='70');

ALTER TABLE ONLY public.matter FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN public.matter.staff_no IS 'Who accepted it: a staff number, "office" when the law accepted it.';

COMMENT ON COLUMN public.matter.desk_stage IS 'open, closed or reopened (退回): whenever it is told, the four columns after it are.';

COMMENT ON COLUMN public.matter.received_on IS 'The first receipt; an office that answers before that day has received it by then.';

COMMENT ON COLUMN public.matter.on_time IS 'Set for what closed normally: granted, refused, referred, completed; null otherwise.';

CREATE VIEW public.matter_figures WITH (security_invoker='true') AS
 SELECT district,
    street,
    application_id,
    serial_number,
    number,
    item_code,
    item_name,
    line,
    item_kind,
    channel,
    window_code,
    staff_no,
    query_code_digest,
    submitted_on,
    submitted_received_on,
    answer_due_on,
    correction_on,
    supplied_on,
    accepted_on,
    accepted_received_on,
    ground,
    accepted_promised_due_on,
    accepted_legal_due_on,
    accepted_provisional,
    window_closed_on,
    window_outcome,
    grade,
    rated_on,
    case_id,
    term_promised_due_on,
    term_legal_due_on,
    term_provisional,
    warn_on,
    yellow_on,
    red_on,
    extended_on,
    paused,
    paused_on,
    resumed_on,
    referred_on,
    returned_on,
    district_decided_on,
    district_outcome,
    desk_stage,
    desk_closed_on,
    desk_outcome,
    desk_on_time,
    desk_early,
    delivery_opened_on,
    deliver_by,
    delivered_on,
    delivered_on_time,
    received_on,
    promised_due_on,
    legal_due_on,
    provisional,
    shown_number,
    closed_on,
    outcome,
    instant,
    on_time,
    early
   FROM public.matter
  WHERE ((submitted_on IS NOT NULL) AND (street !~~ '%999'::text));

CREATE TABLE public.outbox (
    seq bigint NOT NULL,
    district text NOT NULL,
    since timestamp with time zone DEFAULT now() NOT NULL,
    trace text
)
WITH (autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='2000', autovacuum_vacuum_cost_delay='0', autovacuum_analyze_scale_factor='0', autovacuum_analyze_threshold='20000');

ALTER TABLE ONLY public.outbox FORCE ROW LEVEL SECURITY;

CREATE TABLE public.parked (
    source text NOT NULL,
    district text NOT NULL,
    street text NOT NULL,
    file_id uuid NOT NULL,
    revision integer NOT NULL,
    event_id uuid NOT NULL,
    kind text NOT NULL,
    body bytea NOT NULL,
    reason text NOT NULL,
    parked_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT parked_reason_check CHECK ((reason = ANY (ARRAY['gap'::text, 'unknown_kind'::text, 'behind_dead_letter'::text])))
);

ALTER TABLE ONLY public.parked FORCE ROW LEVEL SECURITY;

CREATE TABLE public.schema_migrations (
    version character varying NOT NULL
);

CREATE TABLE public.schema_rule (
    version text NOT NULL,
    oldest_code text NOT NULL
);

COMMENT ON TABLE public.schema_rule IS 'The oldest code that may run on each migration';

CREATE TABLE public.sealed_outbox (
    seq bigint NOT NULL,
    district text NOT NULL,
    street text NOT NULL,
    file_id uuid NOT NULL,
    revision integer NOT NULL,
    event_id uuid DEFAULT gen_random_uuid() NOT NULL,
    body bytea NOT NULL,
    since timestamp with time zone DEFAULT now() NOT NULL
)
WITH (autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='2000');

ALTER TABLE ONLY public.sealed_outbox FORCE ROW LEVEL SECURITY;

ALTER TABLE public.sealed_outbox ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.sealed_outbox_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.sealed_sent (
    event_id uuid NOT NULL,
    district text NOT NULL,
    street text NOT NULL,
    file_id uuid NOT NULL,
    revision integer NOT NULL,
    body bytea NOT NULL,
    since timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.sealed_sent FORCE ROW LEVEL SECURITY;

CREATE TABLE public.serial (
    district text NOT NULL,
    name text NOT NULL,
    last bigint NOT NULL
)
WITH (fillfactor='50', autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='1000');

ALTER TABLE ONLY public.serial FORCE ROW LEVEL SECURITY;

CREATE TABLE public.sweep_name (
    name text NOT NULL
);

CREATE TABLE public.swept (
    district text NOT NULL,
    sweep text NOT NULL,
    day date NOT NULL,
    finished_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

ALTER TABLE ONLY public.swept FORCE ROW LEVEL SECURITY;

CREATE TABLE public.ticket (
    district text NOT NULL,
    street text NOT NULL,
    ticket_id uuid NOT NULL,
    number text,
    line integer,
    taken_on date,
    taken_at timestamp with time zone,
    called_on date,
    called_at timestamp with time zone,
    window_code text,
    waiting_seconds integer GENERATED ALWAYS AS ((EXTRACT(epoch FROM (called_at - taken_at)))::integer) STORED
)
WITH (fillfactor='70');

ALTER TABLE ONLY public.ticket FORCE ROW LEVEL SECURITY;

CREATE VIEW public.ticket_figures WITH (security_invoker='true') AS
 SELECT district,
    street,
    ticket_id,
    number,
    line,
    taken_on,
    taken_at,
    called_on,
    called_at,
    window_code,
    waiting_seconds
   FROM public.ticket
  WHERE ((taken_on IS NOT NULL) AND (street !~~ '%999'::text));

CREATE TABLE public.vault_key (
    district text NOT NULL,
    street text NOT NULL,
    file_id uuid NOT NULL,
    wrapped bytea NOT NULL
);

ALTER TABLE ONLY public.vault_key FORCE ROW LEVEL SECURITY;

CREATE TABLE public.vault_text (
    district text NOT NULL,
    street text NOT NULL,
    file_id uuid NOT NULL,
    name text NOT NULL,
    ciphertext bytea NOT NULL
);

ALTER TABLE ONLY public.vault_text FORCE ROW LEVEL SECURITY;

COPY public.card (district, street, case_id, level, application_id, issued_on, due_on) FROM stdin;
\.

COPY public.cause (caller, request_id, district, street, file_id, revision, fingerprint, answer, recorded_at) FROM stdin;
\.

COPY public.dead_letter (id, source, district, street, file_id, revision, event_id, kind, body, error, at, redriven_at, asked_at) FROM stdin;
\.

COPY public.fact (district, street, file_id, revision, event_id, kind, occurred_on, recorded_at, actor, body, digest, seq) FROM stdin;
\.

COPY public.fact_count (district, street, source, kind, facts) FROM stdin;
440105	440105000	intake	window_published	2
440105	440105000	intake	item_published	3
440105	440105008	intake	ticket_taken	1
440105	440105008	intake	ticket_called	1
440105	440105008	intake	applicant_read	1
440105	440105008	approval	case_decided	1
440105	440105008	notify	result_delivered	1
440105	440105008	intake	service_rated	1
440105	440105008	approval	term_extended	1
440105	440105008	intake	completed_on_the_spot	2
440105	440105008	intake	application_submitted	5
440105	440105008	intake	application_accepted	5
440105	440105008	approval	case_opened	3
440105	440105008	approval	step_claimed	3
440105	440105008	approval	step_completed	2
440105	440105008	approval	case_referred	1
440105	440105008	notify	document_issued	3
440105	440105000	approval	case_opened	1
440105	440105000	approval	handoff_acknowledged	1
440105	440105000	approval	district_decided	1
440105	440105008	approval	district_decided	1
440105	440105008	notify	delivery_opened	2
440105	440105008	notify	notice_sent	7
\.

COPY public.hall_window (district, street, code, revision, name) FROM stdin;
440105	440105008	W1	1	综合1号窗
440105	440105008	W2	1	综合2号窗
\.

COPY public.heard (source, district, street, file_id, revision, event_id, kind, body, heard_at) FROM stdin;
intake	440105	440105000	d1fe7e08-3e8d-5c2f-a333-b41ac0697a9d	1	01a22bdd-47ca-7227-a8a7-bd2a64124b75	window_published	\\x0a2430316132326264642d343763612d373232372d613861372d626432613634313234623735122464316665376530382d336538642d356332662d613333332d623431616330363937613964180122130a0634343031303512093434303130353030302a0a323031362d30332d303132060890d3d3b6053a190a0c636f6e666967757261746f721209343430313035303030d202350a330a025731120de7bbbce5908831e58fb7e7aa971a0934343031303530303820012a050102030405320a323031352d31302d3038	2026-11-30 17:50:51.996671+08
intake	440105	440105000	5dccfe61-b91c-5bcb-9be2-93991537a0a9	1	01a22bdd-4849-7536-bc80-4b00d0d27345	window_published	\\x0a2430316132326264642d343834392d373533362d626338302d346230306430643237333435122435646363666536312d623931632d356263622d396265322d393339393135333761306139180122130a0634343031303512093434303130353030302a0a323031362d30332d303132060890d3d3b6053a190a0c636f6e666967757261746f721209343430313035303030d202350a330a025732120de7bbbce5908832e58fb7e7aa971a0934343031303530303820012a050102030405320a323031352d31302d3038	2026-11-30 17:50:52.051112+08
intake	440105	440105000	5ea3a374-a96a-5ba1-bbc9-9aab1d07459b	1	01a22bdd-4883-72f9-bbbf-cacee71910c1	item_published	\\x0a2430316132326264642d343838332d373266392d626262662d636163656537313931306331122435656133613337342d613936612d356261312d626263392d396161623164303734353962180122130a0634343031303512093434303130353030302a0a323031362d30332d303132060890d3d3b6053a190a0c636f6e666967757261746f721209343430313035303030c202b1020aae020a1f31313434303130354b33313630353738383535343432303931303038303031121ee7a4bee4bc9ae69591e58aa9e4b880e997a8e58f97e79086e799bbe8aeb0180120012801320ce585ace585b1e69c8de58aa13a0673747265657440014a1010011a0ce5bd93e59cbae58a9ee7bb93521010011a0ce5bd93e59cbae58a9ee7bb935a180a034d3031120fe6b182e58aa9e799bbe8aeb0e8a1a818015a180a034d3032120fe5b185e6b091e8baabe4bbbde8af8118015a190a034d30331212e59bb0e99abee68385e586b5e8afb4e6988e5a280a034d30341221e4bba3e58a9ee4babae8baabe4bbbde8af81e4bbb6e58f8ae5a794e68998e4b9a662030102037a0a323031352d31302d3038880101a00101aa0118e6b182e58aa9e799bbe8aeb0e58f8ae8bdace4bb8be58d95	2026-11-30 17:50:52.129063+08
intake	440105	440105000	082afe30-3010-5e6b-ab70-2d5ac4ad48d1	1	01a22bdd-48dd-734f-8bc6-acd901338c1b	item_published	\\x0a2430316132326264642d343864642d373334662d386263362d616364393031333338633162122430383261666533302d333031302d356536622d616237302d326435616334616434386431180122130a0634343031303512093434303130353030302a0a323031362d30332d303132060890d3d3b6053a190a0c636f6e666967757261746f721209343430313035303030c202ef020aec020a1f31313434303130354b33313630353738383535343432303935303132303031121ee7949fe882b2e799bbe8aeb0e4bfa1e681afe58d8fe69fa5e6a0b8e5ae9e180120052802320ce585ace585b1e69c8de58aa13a0673747265657440014a06080a100120015224080510011a1ee5b9bfe5b79ee4b880e5ada9e7949fe882b2e799bbe8aeb0e68c87e58d975a180a034d3031120fe58d8fe69fa5e8afb7e6b182e8a1a818015a2a0a034d30321221e799bbe8aeb0e5afb9e8b1a1e8baabe4bbbde8af81e4bbb6e5a48de58db0e4bbb618015a220a034d3033121be5a99ae5a7bbe78ab6e586b5e8af81e6988ee5a48de58db0e4bbb6620201036a200a0253311212e5a99ae882b2e68385e586b5e6a0b8e5ae9e18012001280130036a230a0253321215e7a791e5aea4e8b49fe8b4a3e4babae7adbee58f9118022002280130017a0a323031352d31302d3038880101900101980101aa0112e58d8fe69fa5e6a0b8e5ae9ee7bb93e69e9c	2026-11-30 17:50:52.158454+08
intake	440105	440105000	dce81314-17a5-57ca-9bec-1fd7551e91a2	1	01a22bdd-48ed-76ac-a3e2-92ca0b309673	item_published	\\x0a2430316132326264642d343865642d373661632d613365322d393263613062333039363733122464636538313331342d313761352d353763612d396265632d316664373535316539316132180122130a0634343031303512093434303130353030302a0a323031362d30332d303132060890d3d3b6053a190a0c636f6e666967757261746f721209343430313035303030c202a6040aa3040a1f31313434303130354b333136303537383835353434313039323031353030311218e5b9bfe4b89ce79c81e5b185e4bd8fe8af81e6a0b8e58f911801200228033212e585b6e4bb96e8a18ce694bfe69d83e58a9b3a0fe58cbae585ace5ae89e58886e5b18040034a24080f10021a1ee5b185e4bd8fe8af81e69a82e8a18ce69da1e4be8be7acace4b99de69da15221080a10011a1be5b9bfe5b79ee5b185e4bd8fe8af81e58a9ee4ba8be68c87e58d975a2a0a034d30311221e5b9bfe4b89ce79c81e5b185e4bd8fe8af81e4b89ae58aa1e794b3e58a9ee8a1a818015a180a034d3032120fe5b185e6b091e8baabe4bbbde8af8118015a360a034d3033122de5b185e4bd8fe8af81e79bb8e78987e59b9ee689a7e68896e8baabe4bbbde8af81e88aafe78987e79bb8e7898718015a2d0a034d30341224e4bd8fe59d80e38081e5b0b1e4b89ae68896e5b0b1e8afbbe8af81e6988ee4b98be4b88018015a370a034d30351230e79b91e68aa4e4babae68896e8bf91e4bab2e5b19ee4bba3e58a9ee79a84e58f8ce696b9e8baabe4bbbde8af81e4bbb66204010203046a200a0253311212e8b584e69699e6a0b8e5afb9e5bd95e585a518012001280130016a260a0253321218e8bdace68aa5e585ace5ae89e5aea1e6a0b8e588b6e8af8118032001280130017a0a323031352d31302d3038880101900101980101aa0112e5b9bfe4b89ce79c81e5b185e4bd8fe8af81b2010f7075626c69635f7365637572697479	2026-11-30 17:50:52.266886+08
intake	440105	440105008	01a22bdd-48fc-73a3-b36d-372755d50c21	1	01a22bdd-48fe-7594-85bd-34ce11097b53	ticket_taken	\\x0a2430316132326264642d343866652d373539342d383562642d333463653131303937623533122430316132326264642d343866632d373361332d623336642d333732373535643530633231180122130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a120a05636c65726b1209343430313035303038f201080a04453030311005	2026-11-30 17:50:52.266926+08
intake	440105	440105008	01a22bdd-48fc-73a3-b36d-372755d50c21	2	01a22bdd-4911-74ea-a45f-63681d1dbb59	ticket_called	\\x0a2430316132326264642d343931312d373465612d613435662d363336383164316462623539122430316132326264642d343866632d373361332d623336642d333732373535643530633231180222130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a120a05636c65726b1209343430313035303038fa01040a025731	2026-11-30 17:50:52.266934+08
intake	440105	440105008	01a22bdd-4925-77cf-ac7c-5ae570d387ea	1	01a22bdd-4929-771f-a678-b8c028f193b0	application_submitted	\\x0a2430316132326264642d343932392d373731662d613637382d623863303238663139336230122430316132326264642d343932352d373763662d616337632d356165353730643338376561180122130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a120a05636c65726b120934343031303530303852df020a1d3434303130353030383030303530313230303131363033303130303031121f31313434303130354b333136303537383835353434323039353031323030311801221ee7949fe882b2e799bbe8aeb0e4bfa1e681afe58d8fe69fa5e6a0b8e5ae9e28053002380140014a025731522430316132326264642d343866632d373361332d623336642d33373237353564353063323158016240376261343436653535343165623733666633663635393731353564633233383363623333356634396232346236313863626532323034363961393530383030326a090a034d3031100118016a090a034d3032100118017a0a323031362d30332d30388a01406131366532653135663662306630393434353964613131623632636539363362393533353864366433373263306531313531376132326264336436396437383292011273746174652d636f756e63696c2d323032369a010a323031362d30332d3031	2026-11-30 17:50:52.266939+08
intake	440105	440105008	01a22bdd-4925-77cf-ac7c-5ae570d387ea	2	01a22bdd-4949-73a6-bcb7-2d6f4c4f448a	application_accepted	\\x0a2430316132326264642d343934392d373361362d626362372d326436663463346634343861122430316132326264642d343932352d373763662d616337632d356165353730643338376561180222130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a120a05636c65726b1209343430313035303038820193040a2b31313434303130354b33313630353738383535343432303935303132303031323031363033303130303031121d3434303130353030383030303530313230303131363033303130303031180122de010a1f31313434303130354b33313630353738383535343432303935303132303031121ee7949fe882b2e799bbe8aeb0e4bfa1e681afe58d8fe69fa5e6a0b8e5ae9e18012005280230013a06080a100120014224080510011a1ee5b9bfe5b79ee4b880e5ada9e7949fe882b2e799bbe8aeb0e68c87e58d974a200a0253311212e5a99ae882b2e68385e586b5e6a0b8e5ae9e18012001280130034a230a0253321215e7a791e5aea4e8b49fe8b4a3e4babae7adbee58f911802200228013001500158016a067374726565747a12e58d8fe69fa5e6a0b8e5ae9ee7bb93e69e9c2a0a323031362d30332d3031320a323031362d30332d30313a0a323031362d30332d3038420a323031362d30332d3135521273746174652d636f756e63696c2d323032365a02573160016a090a034d3031100118016a090a034d3032100118017240613136653265313566366230663039343435396461313162363263653936336239353335386436643337326330653131353137613232626433643639643738327a4037626134343665353534316562373366663366363539373135356463323338336362333335663439623234623631386362653232303436396139353038303032	2026-11-30 17:50:52.302839+08
approval	440105	440105008	64dd746f-0c4d-5b30-8fb4-2987904fe6ef	1	01a22bdd-49cc-73d7-b033-e506439f5a67	case_opened	\\x0a2430316132326264642d343963632d373364372d623033332d653530363433396635613637122436346464373436662d306334642d356233302d386662342d323938373930346665366566180122130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a080a066f6666696365422430316132326264642d343932352d373763662d616337632d35616535373064333837656152bf030801122b31313434303130354b333136303537383835353434323039353031323030313230313630333031303030311ade010a1f31313434303130354b33313630353738383535343432303935303132303031121ee7949fe882b2e799bbe8aeb0e4bfa1e681afe58d8fe69fa5e6a0b8e5ae9e18012005280230013a06080a100120014224080510011a1ee5b9bfe5b79ee4b880e5ada9e7949fe882b2e799bbe8aeb0e68c87e58d974a200a0253311212e5a99ae882b2e68385e586b5e6a0b8e5ae9e18012001280130034a230a0253321215e7a791e5aea4e8b49fe8b4a3e4babae7adbee58f911802200228013001500158016a067374726565747a12e58d8fe69fa5e6a0b8e5ae9ee7bb93e69e9c228a010a0a323031362d30332d30311206080a100120011a24080510011a1ee5b9bfe5b79ee4b880e5ada9e7949fe882b2e799bbe8aeb0e68c87e58d97220a323031362d30332d30382a0a323031362d30332d3135320a323031362d30332d30373a0a323031362d30332d3039420a323031362d30332d3136521273746174652d636f756e63696c2d32303236420257315a0a323031362d30332d303162070a034d3031100162070a034d30321001	2026-11-30 17:50:52.50125+08
notify	440105	440105008	01a22bdd-4925-77cf-ac7c-5ae570d387ea	1	01a22bdd-4a9e-74f3-9e74-6075ff1b5f26	notice_sent	\\x0a2430316132326264642d346139652d373466332d396537342d363037356666316235663236122430316132326264642d343932352d373763662d616337632d356165353730643338376561180122130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a080a066f66666963655a7e0a2430306335373535632d336164372d356337392d626435382d62383737616566373730633712034e30311a01312240346236343265356636333232323639396133653131303230346135646637393430383230643031336465636634323132316531306466616533623961343061352a0a473030303030303030313001	2026-11-30 17:50:52.716944+08
notify	440105	440105008	01a22bdd-4925-77cf-ac7c-5ae570d387ea	2	01a22bdd-5441-725a-afa7-12d3fdc01837	document_issued	\\x0a2430316132326264642d353434312d373235612d616661372d313264336664633031383337122430316132326264642d343932352d373763662d616337632d356165353730643338376561180222130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a080a066f6666696365527208011225343430313035303038e3809432303136e38095e58f97e5ad97e7acac303030303031e58fb71a403837626161313230326161666631656631613964326264323864643233313337303265363739623935616237613466323261626132366435333165343838343620c98c042a0132	2026-11-30 17:50:55.240345+08
approval	440105	440105008	64dd746f-0c4d-5b30-8fb4-2987904fe6ef	2	01a22bdd-55df-772e-a00a-8232fa37f407	step_claimed	\\x0a2430316132326264642d353564662d373732652d613030612d383233326661333766343037122436346464373436662d306334642d356233302d386662342d323938373930346665366566180222130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a0a0a087265766965776572422430316132326264642d343932352d373763662d616337632d3561653537306433383765615a0e0a02533112087265766965776572	2026-11-30 17:50:55.620379+08
intake	440105	440105008	01a22bdd-4925-77cf-ac7c-5ae570d387ea	3	01a22bdd-5677-7086-84e1-67fa2ebf5f89	applicant_read	\\x0a2430316132326264642d353637372d373038362d383465312d363766613265626635663839122430316132326264642d343932352d373763662d616337632d356165353730643338376561180322130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a150a0872657669657765721209343430313035303038aa01300a087265766965776572122436346464373436662d306334642d356233302d386662342d323938373930346665366566	2026-11-30 17:50:55.664304+08
approval	440105	440105008	64dd746f-0c4d-5b30-8fb4-2987904fe6ef	3	01a22bdd-5695-709a-ac43-d5679b7cd933	step_completed	\\x0a2430316132326264642d353639352d373039612d616334332d643536373962376364393333122436346464373436662d306334642d356233302d386662342d323938373930346665366566180322130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a0a0a087265766965776572422430316132326264642d343932352d373763662d616337632d3561653537306433383765616a610a025331120872657669657765721801224d0a09737465702e53312e311240653631623635656335346237343537316666643031313137323164653633393261363338363731633036303337323733356536656434333639353530313863632801	2026-11-30 17:50:55.722128+08
approval	440105	440105008	64dd746f-0c4d-5b30-8fb4-2987904fe6ef	4	01a22bdd-5731-76e3-bd56-3fc6eab64065	case_decided	\\x0a2430316132326264642d353733312d373665332d626435362d336663366561623634303635122436346464373436662d306334642d356233302d386662342d323938373930346665366566180422130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a060a0468656164422430316132326264642d343932352d373763662d616337632d356165353730643338376561b201240801180120012a1a343430313035303038e3809432303136e38095e586b331e58fb73001	2026-11-30 17:50:55.82629+08
notify	440105	440105008	01a22bdd-4925-77cf-ac7c-5ae570d387ea	3	01a22bdd-5783-71e8-84d2-bdee7aaa11a4	delivery_opened	\\x0a2430316132326264642d353738332d373165382d383464322d626465653761616131316134122430316132326264642d343932352d373763662d616337632d356165353730643338376561180322130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a080a066f66666963656a420a2b31313434303130354b3331363035373838353534343230393530313230303132303136303330313030303112076772616e7465641a0a323031362d30332d3135	2026-11-30 17:50:55.95329+08
notify	440105	440105008	01a22bdd-4925-77cf-ac7c-5ae570d387ea	4	01a22bdd-57f9-75b2-b795-4cab417c9c1b	notice_sent	\\x0a2430316132326264642d353766392d373562322d623739352d346361623431376339633162122430316132326264642d343932352d373763662d616337632d356165353730643338376561180422130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a080a066f66666963655a7e0a2433323161396662662d343530362d353639302d626530382d61343861636230666239376612034e30371a01312240663363653964303530343532363633353661643736653134326263383165303131643532333034333661656230356365306234326434376433316139663435642a0a473030303030303030323001	2026-11-30 17:50:56.067381+08
notify	440105	440105008	01a22bdd-4925-77cf-ac7c-5ae570d387ea	5	01a22bdd-5987-76e5-9bfd-9c6a5d8505fb	result_delivered	\\x0a2430316132326264642d353938372d373665352d396266642d396336613564383530356662122430316132326264642d343932352d373763662d616337632d356165353730643338376561180522130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a070a05636c65726b724c080110011a4037626134343665353534316562373366663366363539373135356463323338336362333335663439623234623631386362653232303436396139353038303032220257312801	2026-11-30 17:50:56.496841+08
intake	440105	440105008	01a22bdd-4925-77cf-ac7c-5ae570d387ea	4	01a22bdd-59ea-762b-9789-c95c992843a9	service_rated	\\x0a2430316132326264642d353965612d373632622d393738392d633935633939323834336139122430316132326264642d343932352d373763662d616337632d356165353730643338376561180422130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a120a05636c65726b1209343430313035303038a20106080112025731	2026-11-30 17:50:56.539297+08
intake	440105	440105008	01a22bdd-5adc-741e-90a9-0196e7a24741	1	01a22bdd-5ae1-73f6-8877-66eaf2b107cd	application_submitted	\\x0a2430316132326264642d356165312d373366362d383837372d363665616632623130376364122430316132326264642d356164632d373431652d393061392d303139366537613234373431180122130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a120a05636c65726b120934343031303530303852b9020a1d3434303130353030383030303530313230303131363033303130303032121f31313434303130354b333136303537383835353434323039353031323030311801221ee7949fe882b2e799bbe8aeb0e4bfa1e681afe58d8fe69fa5e6a0b8e5ae9e28053002380140014a02573158016240623531663531623736356662623461376464363237383230366361643731333063653035616439353363383562646462393261623430326130393636373764666a090a034d3031100118016a090a034d3032100118017a0a323031362d30332d30388a01406332396661313134656631363131313632343536313439653433346433333133383335386466313762356334313739643062323162643733326139643331333492011273746174652d636f756e63696c2d323032369a010a323031362d30332d3031	2026-11-30 17:50:56.784653+08
intake	440105	440105008	01a22bdd-5adc-741e-90a9-0196e7a24741	2	01a22bdd-5b09-7282-9451-1a633675a056	application_accepted	\\x0a2430316132326264642d356230392d373238322d393435312d316136333336373561303536122430316132326264642d356164632d373431652d393061392d303139366537613234373431180222130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a120a05636c65726b1209343430313035303038820193040a2b31313434303130354b33313630353738383535343432303935303132303031323031363033303130303032121d3434303130353030383030303530313230303131363033303130303032180122de010a1f31313434303130354b33313630353738383535343432303935303132303031121ee7949fe882b2e799bbe8aeb0e4bfa1e681afe58d8fe69fa5e6a0b8e5ae9e18012005280230013a06080a100120014224080510011a1ee5b9bfe5b79ee4b880e5ada9e7949fe882b2e799bbe8aeb0e68c87e58d974a200a0253311212e5a99ae882b2e68385e586b5e6a0b8e5ae9e18012001280130034a230a0253321215e7a791e5aea4e8b49fe8b4a3e4babae7adbee58f911802200228013001500158016a067374726565747a12e58d8fe69fa5e6a0b8e5ae9ee7bb93e69e9c2a0a323031362d30332d3031320a323031362d30332d30313a0a323031362d30332d3038420a323031362d30332d3135521273746174652d636f756e63696c2d323032365a02573160016a090a034d3031100118016a090a034d3032100118017240633239666131313465663136313131363234353631343965343334643333313338333538646631376235633431373964306232316264373332613964333133347a4062353166353162373635666262346137646436323738323036636164373133306365303561643935336338356264646239326162343032613039363637376466	2026-11-30 17:50:56.844661+08
approval	440105	440105008	77040dcf-24da-5959-b543-8c174384d809	1	01a22bdd-5b58-7233-8b4e-37f6268a4cbb	case_opened	\\x0a2430316132326264642d356235382d373233332d386234652d333766363236386134636262122437373034306463662d323464612d353935392d623534332d386331373433383464383039180122130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a080a066f6666696365422430316132326264642d356164632d373431652d393061392d30313936653761323437343152bf030801122b31313434303130354b333136303537383835353434323039353031323030313230313630333031303030321ade010a1f31313434303130354b33313630353738383535343432303935303132303031121ee7949fe882b2e799bbe8aeb0e4bfa1e681afe58d8fe69fa5e6a0b8e5ae9e18012005280230013a06080a100120014224080510011a1ee5b9bfe5b79ee4b880e5ada9e7949fe882b2e799bbe8aeb0e68c87e58d974a200a0253311212e5a99ae882b2e68385e586b5e6a0b8e5ae9e18012001280130034a230a0253321215e7a791e5aea4e8b49fe8b4a3e4babae7adbee58f911802200228013001500158016a067374726565747a12e58d8fe69fa5e6a0b8e5ae9ee7bb93e69e9c228a010a0a323031362d30332d30311206080a100120011a24080510011a1ee5b9bfe5b79ee4b880e5ada9e7949fe882b2e799bbe8aeb0e68c87e58d97220a323031362d30332d30382a0a323031362d30332d3135320a323031362d30332d30373a0a323031362d30332d3039420a323031362d30332d3136521273746174652d636f756e63696c2d32303236420257315a0a323031362d30332d303162070a034d3031100162070a034d30321001	2026-11-30 17:50:56.928659+08
approval	440105	440105008	77040dcf-24da-5959-b543-8c174384d809	2	01a22bdd-5b8f-7397-9ea2-a4aa84e170d4	step_claimed	\\x0a2430316132326264642d356238662d373339372d396561322d613461613834653137306434122437373034306463662d323464612d353935392d623534332d386331373433383464383039180222130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a0a0a087265766965776572422430316132326264642d356164632d373431652d393061392d3031393665376132343734315a0e0a02533112087265766965776572	2026-11-30 17:50:56.995365+08
approval	440105	440105008	77040dcf-24da-5959-b543-8c174384d809	3	01a22bdd-5ba3-74f1-9a68-77371ab362b7	term_extended	\\x0a2430316132326264642d356261332d373466312d396136382d373733373161623336326237122437373034306463662d323464612d353935392d623534332d386331373433383464383039180322130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a060a0468656164422430316132326264642d356164632d373431652d393061392d3031393665376132343734319a01e501080a12540a10657874656e73696f6e2e726561736f6e1240363332353862356461646161323831633762643832316561323836326534323034333332636439653535616237343165613039306538613134366531666434321a8a010a0a323031362d30332d30311206080a100120011a24080510011a1ee5b9bfe5b79ee4b880e5ada9e7949fe882b2e799bbe8aeb0e68c87e58d97220a323031362d30332d32322a0a323031362d30332d3239320a323031362d30332d31373a0a323031362d30332d3233420a323031362d30332d3330521273746174652d636f756e63696c2d32303236	2026-11-30 17:50:57.086737+08
notify	440105	440105008	01a22bdd-5adc-741e-90a9-0196e7a24741	1	01a22bdd-5bbf-772c-8bb6-d21da2d3a41c	notice_sent	\\x0a2430316132326264642d356262662d373732632d386262362d643231646132643361343163122430316132326264642d356164632d373431652d393061392d303139366537613234373431180122130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a080a066f66666963655a7e0a2433393530383933622d633665322d353835652d613235612d38326137633533373262303212034e30311a01312240393764666634656233346537376663323536356530333434393032653232306662623633363630663163663536366566373734643031303532346162313436302a0a473030303030303030333001	2026-11-30 17:50:57.142918+08
notify	440105	440105008	01a22bdd-5adc-741e-90a9-0196e7a24741	2	01a22bdd-5d18-75bc-916f-bd91d4e630d7	document_issued	\\x0a2430316132326264642d356431382d373562632d393136662d626439316434653633306437122430316132326264642d356164632d373431652d393061392d303139366537613234373431180222130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a080a066f6666696365527208011225343430313035303038e3809432303136e38095e58f97e5ad97e7acac303030303032e58fb71a403365363838313139393130343966333535333730633562356231383631363137343039353962653931393662383334616337633962366431663265623463663220ae8b042a0132	2026-11-30 17:50:57.444352+08
notify	440105	440105008	01a22bdd-5adc-741e-90a9-0196e7a24741	3	01a22bdd-5d8c-70b0-b5df-3086c60c3730	notice_sent	\\x0a2430316132326264642d356438632d373062302d623564662d333038366336306333373330122430316132326264642d356164632d373431652d393061392d303139366537613234373431180322130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a080a066f66666963655a7e0a2437323433356664332d366631632d356135332d623163302d37346131633761313434356112034e30361a01312240373333363934636365383762323039313530326535323461633132366638366631373037303334323266313663633761646662623136616539633164636538342a0a473030303030303030343001	2026-11-30 17:50:57.509707+08
intake	440105	440105008	01a22bdd-5edb-7793-bf75-69ab2b2a8b3f	1	01a22bdd-5ee0-7296-879d-2c12940ed776	application_submitted	\\x0a2430316132326264642d356565302d373239362d383739642d326331323934306564373736122430316132326264642d356564622d373739332d626637352d363961623262326138623366180122130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a120a05636c65726b120934343031303530303852b9020a1d3434303130353030383030303130303830303131363033303130303031121f31313434303130354b333136303537383835353434323039313030383030311801221ee7a4bee4bc9ae69591e58aa9e4b880e997a8e58f97e79086e799bbe8aeb028013001380140014a02573158016240623664396438373431316166656233633365303931343433333264336636653663653736346238336431393631646665383061306232653735333531613665306a090a034d3031100118016a090a034d3032100118017a0a323031362d30332d30388a01403761663539633137386161383063363230306236386436386365353930623962353631333737616631303264633135316464353731643665356336323066383192011273746174652d636f756e63696c2d323032369a010a323031362d30332d3031	2026-11-30 17:50:57.799341+08
intake	440105	440105008	01a22bdd-5edb-7793-bf75-69ab2b2a8b3f	2	01a22bdd-5ee0-7296-879d-2c1333d8a612	application_accepted	\\x0a2430316132326264642d356565302d373239362d383739642d326331333333643861363132122430316132326264642d356564622d373739332d626637352d363961623262326138623366180222130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a120a05636c65726b12093434303130353030388201c6030a2b31313434303130354b33313630353738383535343432303931303038303031323031363033303130303033121d343430313035303038303030313030383030313136303330313030303118012291010a1f31313434303130354b33313630353738383535343432303931303038303031121ee7a4bee4bc9ae69591e58aa9e4b880e997a8e58f97e79086e799bbe8aeb018012001280130013a1010011a0ce5bd93e59cbae58a9ee7bb93421010011a0ce5bd93e59cbae58a9ee7bb9360016a067374726565747a18e6b182e58aa9e799bbe8aeb0e58f8ae8bdace4bb8be58d952a0a323031362d30332d3031320a323031362d30332d30313a0a323031362d30332d3031420a323031362d30332d3031521273746174652d636f756e63696c2d323032365a02573160016a090a034d3031100118016a090a034d3032100118017240376166353963313738616138306336323030623638643638636535393062396235363133373761663130326463313531646435373164366535633632306638317a4062366439643837343131616665623363336530393134343333326433663665366365373634623833643139363164666538306130623265373533353161366530	2026-11-30 17:50:57.799399+08
intake	440105	440105008	01a22bdd-5edb-7793-bf75-69ab2b2a8b3f	3	01a22bdd-5ee0-7296-879d-2c14e9bd8681	completed_on_the_spot	\\x0a2430316132326264642d356565302d373239362d383739642d326331346539626438363831122430316132326264642d356564622d373739332d626637352d363961623262326138623366180322130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a120a05636c65726b120934343031303530303892011e0a18e6b182e58aa9e799bbe8aeb0e58f8ae8bdace4bb8be58d9512025731	2026-11-30 17:50:57.799414+08
intake	440105	440105008	01a22bdd-5f1e-749e-84f9-faba648f7ed1	1	01a22bdd-5f21-77ae-bb0a-7247f4416a4a	application_submitted	\\x0a2430316132326264642d356632312d373761652d626230612d373234376634343136613461122430316132326264642d356631652d373439652d383466392d666162613634386637656431180122130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a120a05636c65726b120934343031303530303852b9020a1d3434303130353030383030303130303830303131363033303130303032121f31313434303130354b333136303537383835353434323039313030383030311801221ee7a4bee4bc9ae69591e58aa9e4b880e997a8e58f97e79086e799bbe8aeb028013001380140014a02573158016240613831306436313564306363356532353062656262336163393635613538373738613839346335343063326333623864653761643663646266666438336563616a090a034d3031100118016a090a034d3032100118017a0a323031362d30332d30388a01403834323231386535373130306630303933643239363436383434356263643966336139623636343463363866396234353863326630323063613132366364646292011273746174652d636f756e63696c2d323032369a010a323031362d30332d3031	2026-11-30 17:50:57.86537+08
intake	440105	440105008	01a22bdd-5f1e-749e-84f9-faba648f7ed1	2	01a22bdd-5f33-7603-9055-4b19f9a5c4f6	application_accepted	\\x0a2430316132326264642d356633332d373630332d393035352d346231396639613563346636122430316132326264642d356631652d373439652d383466392d666162613634386637656431180222130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a120a05636c65726b12093434303130353030388201c6030a2b31313434303130354b33313630353738383535343432303931303038303031323031363033303130303034121d343430313035303038303030313030383030313136303330313030303218012291010a1f31313434303130354b33313630353738383535343432303931303038303031121ee7a4bee4bc9ae69591e58aa9e4b880e997a8e58f97e79086e799bbe8aeb018012001280130013a1010011a0ce5bd93e59cbae58a9ee7bb93421010011a0ce5bd93e59cbae58a9ee7bb9360016a067374726565747a18e6b182e58aa9e799bbe8aeb0e58f8ae8bdace4bb8be58d952a0a323031362d30332d3031320a323031362d30332d30313a0a323031362d30332d3031420a323031362d30332d3031521273746174652d636f756e63696c2d323032365a02573160016a090a034d3031100118016a090a034d3032100118017240383432323138653537313030663030393364323936343638343435626364396633613962363634346336386639623435386332663032306361313236636464627a4061383130643631356430636335653235306265626233616339363561353837373861383934633534306332633362386465376164366364626666643833656361	2026-11-30 17:50:57.889099+08
intake	440105	440105008	01a22bdd-5f1e-749e-84f9-faba648f7ed1	3	01a22bdd-5f33-7603-9055-4b1a21efe9ef	completed_on_the_spot	\\x0a2430316132326264642d356633332d373630332d393035352d346231613231656665396566122430316132326264642d356631652d373439652d383466392d666162613634386637656431180322130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a120a05636c65726b120934343031303530303892011e0a18e6b182e58aa9e799bbe8aeb0e58f8ae8bdace4bb8be58d9512025731	2026-11-30 17:50:57.889134+08
intake	440105	440105008	01a22bdd-5f58-708e-8f5d-b350a453a335	1	01a22bdd-5f5a-7594-a72b-098b2eca6822	application_submitted	\\x0a2430316132326264642d356635612d373539342d613732622d303938623265636136383232122430316132326264642d356635382d373038652d386635642d623335306134353361333335180122130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a120a05636c65726b120934343031303530303852c9020a1d3434303130353030383030303230313530303131363033303130303031121f31313434303130354b3331363035373838353534343130393230313530303118012218e5b9bfe4b89ce79c81e5b185e4bd8fe8af81e6a0b8e58f9128023003380140014a02573158016240613430653932643161646435653464636563633862623731396239303636333237323435346565303333633936613666333466303666383434636431376336356a090a034d3031100118016a090a034d3032100118016a090a034d3033100118016a090a034d3034100118017a0a323031362d30332d30388a01403138386138393937656663383837383965333334653131316666316437313535616166343932363366633835306663396538343462386532616437353034313392011273746174652d636f756e63696c2d323032369a010a323031362d30332d3031	2026-11-30 17:50:57.923609+08
intake	440105	440105008	01a22bdd-5f58-708e-8f5d-b350a453a335	2	01a22bdd-5f70-75bd-afe1-5b71f1934eba	application_accepted	\\x0a2430316132326264642d356637302d373562642d616665312d356237316631393334656261122430316132326264642d356635382d373038652d386635642d623335306134353361333335180222130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a120a05636c65726b12093434303130353030388201db040a2b31313434303130354b33313630353738383535343431303932303135303031323031363033303130303035121d343430313035303038303030323031353030313136303330313030303118012290020a1f31313434303130354b333136303537383835353434313039323031353030311218e5b9bfe4b89ce79c81e5b185e4bd8fe8af81e6a0b8e58f9118012002280330033a24080f10021a1ee5b185e4bd8fe8af81e69a82e8a18ce69da1e4be8be7acace4b99de69da14221080a10011a1be5b9bfe5b79ee5b185e4bd8fe8af81e58a9ee4ba8be68c87e58d974a200a0253311212e8b584e69699e6a0b8e5afb9e5bd95e585a518012001280130014a260a0253321218e8bdace68aa5e585ace5ae89e5aea1e6a0b8e588b6e8af811803200128013001500158016a0fe58cbae585ace5ae89e58886e5b180720f7075626c69635f73656375726974797a12e5b9bfe4b89ce79c81e5b185e4bd8fe8af812a0a323031362d30332d3031320a323031362d30332d30313a0a323031362d30332d3135420a323031362d30332d3136521273746174652d636f756e63696c2d323032365a02573160016a090a034d3031100118016a090a034d3032100118016a090a034d3033100118016a090a034d3034100118017240313838613839393765666338383738396533333465313131666631643731353561616634393236336663383530666339653834346238653261643735303431337a4061343065393264316164643565346463656363386262373139623930363633323732343534656530333363393661366633346630366638343463643137633635	2026-11-30 17:50:57.965878+08
approval	440105	440105008	099b395f-e84b-5a64-8199-a3083a39083b	1	01a22bdd-5fb7-77e1-8929-656d84d8edd4	case_opened	\\x0a2430316132326264642d356662372d373765312d383932392d363536643834643865646434122430393962333935662d653834622d356136342d383139392d613330383361333930383362180122130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a080a066f6666696365422430316132326264642d356635382d373038652d386635642d623335306134353361333335529e040801122b31313434303130354b333136303537383835353434313039323031353030313230313630333031303030351a90020a1f31313434303130354b333136303537383835353434313039323031353030311218e5b9bfe4b89ce79c81e5b185e4bd8fe8af81e6a0b8e58f9118012002280330033a24080f10021a1ee5b185e4bd8fe8af81e69a82e8a18ce69da1e4be8be7acace4b99de69da14221080a10011a1be5b9bfe5b79ee5b185e4bd8fe8af81e58a9ee4ba8be68c87e58d974a200a0253311212e8b584e69699e6a0b8e5afb9e5bd95e585a518012001280130014a260a0253321218e8bdace68aa5e585ace5ae89e5aea1e6a0b8e588b6e8af811803200128013001500158016a0fe58cbae585ace5ae89e58886e5b180720f7075626c69635f73656375726974797a12e5b9bfe4b89ce79c81e5b185e4bd8fe8af8122a5010a0a323031362d30332d30311224080f10021a1ee5b185e4bd8fe8af81e69a82e8a18ce69da1e4be8be7acace4b99de69da11a21080a10011a1be5b9bfe5b79ee5b185e4bd8fe8af81e58a9ee4ba8be68c87e58d97220a323031362d30332d31352a0a323031362d30332d3136320a323031362d30332d31313a0a323031362d30332d3136420a323031362d30332d3137521273746174652d636f756e63696c2d32303236420257315a0a323031362d30332d303162070a034d3031100162070a034d3032100162070a034d3033100162070a034d30341001	2026-11-30 17:50:58.043329+08
approval	440105	440105008	099b395f-e84b-5a64-8199-a3083a39083b	2	01a22bdd-5fc1-7753-82e9-eeba823d7e9a	step_claimed	\\x0a2430316132326264642d356663312d373735332d383265392d656562613832336437653961122430393962333935662d653834622d356136342d383139392d613330383361333930383362180222130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a0a0a087265766965776572422430316132326264642d356635382d373038652d386635642d6233353061343533613333355a0e0a02533112087265766965776572	2026-11-30 17:50:58.133391+08
approval	440105	440105008	099b395f-e84b-5a64-8199-a3083a39083b	3	01a22bdd-6007-74fa-8e80-bdfcab2d1959	step_completed	\\x0a2430316132326264642d363030372d373466612d386538302d626466636162326431393539122430393962333935662d653834622d356136342d383139392d613330383361333930383362180322130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a0a0a087265766965776572422430316132326264642d356635382d373038652d386635642d6233353061343533613333356a610a025331120872657669657765721801224d0a09737465702e53312e311240653631623635656335346237343537316666643031313137323164653633393261363338363731633036303337323733356536656434333639353530313863632801	2026-11-30 17:50:58.133458+08
approval	440105	440105008	099b395f-e84b-5a64-8199-a3083a39083b	4	01a22bdd-601c-76be-8965-e617426c45f7	case_referred	\\x0a2430316132326264642d363031632d373662652d383936352d653631373432366334356637122430393962333935662d653834622d356136342d383139392d613330383361333930383362180422130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a0a0a087265766965776572422430316132326264642d356635382d373038652d386635642d6233353061343533613333357280060a2436643465306263652d383037612d356532312d623330322d37323936646536616362666312130a0634343031303512093434303130353030301a0f7075626c69635f736563757269747922560a12726566657272616c2e312e6f70696e696f6e12403439363962363933393738636431383262656165343838316661626638643737336366623830313032616366626336666361636138393361346139646264643030013a4064323138333235653265623263353531636332656164393333643637306363386239666231383132343835353632326530363839316438386437386234656638422b31313434303130354b333136303537383835353434313039323031353030313230313630333031303030354a90020a1f31313434303130354b333136303537383835353434313039323031353030311218e5b9bfe4b89ce79c81e5b185e4bd8fe8af81e6a0b8e58f9118012002280330033a24080f10021a1ee5b185e4bd8fe8af81e69a82e8a18ce69da1e4be8be7acace4b99de69da14221080a10011a1be5b9bfe5b79ee5b185e4bd8fe8af81e58a9ee4ba8be68c87e58d974a200a0253311212e8b584e69699e6a0b8e5afb9e5bd95e585a518012001280130014a260a0253321218e8bdace68aa5e585ace5ae89e5aea1e6a0b8e588b6e8af811803200128013001500158016a0fe58cbae585ace5ae89e58886e5b180720f7075626c69635f73656375726974797a12e5b9bfe4b89ce79c81e5b185e4bd8fe8af8162a5010a0a323031362d30332d30311224080f10021a1ee5b185e4bd8fe8af81e69a82e8a18ce69da1e4be8be7acace4b99de69da11a21080a10011a1be5b9bfe5b79ee5b185e4bd8fe8af81e58a9ee4ba8be68c87e58d97220a323031362d30332d31352a0a323031362d30332d3136320a323031362d30332d31313a0a323031362d30332d3136420a323031362d30332d3137521273746174652d636f756e63696c2d323032366a0a323031362d30332d303172070a034d3031100172070a034d3032100172070a034d3033100172070a034d30341001	2026-11-30 17:50:58.133471+08
notify	440105	440105008	01a22bdd-5f58-708e-8f5d-b350a453a335	1	01a22bdd-607f-7292-b068-6d451dcdf673	notice_sent	\\x0a2430316132326264642d363037662d373239322d623036382d366434353164636466363733122430316132326264642d356635382d373038652d386635642d623335306134353361333335180122130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a080a066f66666963655a7e0a2432326434666463312d616363642d356466632d383435372d31346635663139353764653712034e30311a01312240376532396463646265623431333130623237313232323234653936653663343466333661636261626464343930643130666632326432386132663830333361622a0a473030303030303030353001	2026-11-30 17:50:58.270488+08
notify	440105	440105008	01a22bdd-5f58-708e-8f5d-b350a453a335	2	01a22bdd-60c2-75b7-95bf-c559b9e82875	document_issued	\\x0a2430316132326264642d363063322d373562372d393562662d633535396239653832383735122430316132326264642d356635382d373038652d386635642d623335306134353361333335180222130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a080a066f6666696365527208011225343430313035303038e3809432303136e38095e58f97e5ad97e7acac303030303033e58fb71a403539663934646333343337346164616531616537643632306237383732386432303661353463396233393961646337356537326265396437633536333864666620939a042a0132	2026-11-30 17:50:58.318136+08
notify	440105	440105008	01a22bdd-5f58-708e-8f5d-b350a453a335	3	01a22bdd-60d2-75d9-8070-b40f6c55df23	notice_sent	\\x0a2430316132326264642d363064322d373564392d383037302d623430663663353564663233122430316132326264642d356635382d373038652d386635642d623335306134353361333335180322130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a080a066f66666963655a7e0a2462363732333562662d353330652d353764372d623235642d35376263313937303939383012034e30341a01312240646664303033323738633139333836616130393064646432653863316464303034656135386132313234646666326230303862336531653531363761303230302a0a473030303030303030363001	2026-11-30 17:50:58.318177+08
approval	440105	440105000	6d4e0bce-807a-5e21-b302-7296de6acbfc	1	01a22bdd-60c8-7525-a433-a34c3064956c	case_opened	\\x0a2430316132326264642d363063382d373532352d613433332d613334633330363439353663122436643465306263652d383037612d356532312d623330322d373239366465366163626663180122130a0634343031303512093434303130353030302a0a323031362d30332d303132060890d3d3b6053a080a066f6666696365422430316132326264642d356635382d373038652d386635642d62333530613435336133333552aa050802122b31313434303130354b333136303537383835353434313039323031353030313230313630333031303030351a90020a1f31313434303130354b333136303537383835353434313039323031353030311218e5b9bfe4b89ce79c81e5b185e4bd8fe8af81e6a0b8e58f9118012002280330033a24080f10021a1ee5b185e4bd8fe8af81e69a82e8a18ce69da1e4be8be7acace4b99de69da14221080a10011a1be5b9bfe5b79ee5b185e4bd8fe8af81e58a9ee4ba8be68c87e58d974a200a0253311212e8b584e69699e6a0b8e5afb9e5bd95e585a518012001280130014a260a0253321218e8bdace68aa5e585ace5ae89e5aea1e6a0b8e588b6e8af811803200128013001500158016a0fe58cbae585ace5ae89e58886e5b180720f7075626c69635f73656375726974797a12e5b9bfe4b89ce79c81e5b185e4bd8fe8af8122a5010a0a323031362d30332d30311224080f10021a1ee5b185e4bd8fe8af81e69a82e8a18ce69da1e4be8be7acace4b99de69da11a21080a10011a1be5b9bfe5b79ee5b185e4bd8fe8af81e58a9ee4ba8be68c87e58d97220a323031362d30332d31352a0a323031362d30332d3136320a323031362d30332d31313a0a323031362d30332d3136420a323031362d30332d3137521273746174652d636f756e63696c2d323032362a2430393962333935662d653834622d356136342d383139392d61333038336133393038336232130a0634343031303512093434303130353030383a0f7075626c69635f736563757269747948015240643231383332356532656232633535316363326561643933336436373063633862396662313831323438353536323265303638393164383864373862346566385a0a323031362d30332d303162070a034d3031100162070a034d3032100162070a034d3033100162070a034d30341001	2026-11-30 17:50:58.416601+08
approval	440105	440105000	6d4e0bce-807a-5e21-b302-7296de6acbfc	2	01a22bdd-617b-714e-95f7-c4b7f372cbe2	handoff_acknowledged	\\x0a2430316132326264642d363137622d373134652d393566372d633462376633373263626532122436643465306263652d383037612d356532312d623330322d373239366465366163626663180222130a0634343031303512093434303130353030302a0a323031362d30332d303132060890d3d3b6053a080a066f6666696365422430316132326264642d356635382d373038652d386635642d6233353061343533613333357ac1010a0b5132303136303030303031120a323031362d30332d30311aa5010a0a323031362d30332d30311224080f10021a1ee5b185e4bd8fe8af81e69a82e8a18ce69da1e4be8be7acace4b99de69da11a21080a10011a1be5b9bfe5b79ee5b185e4bd8fe8af81e58a9ee4ba8be68c87e58d97220a323031362d30332d31352a0a323031362d30332d3136320a323031362d30332d31313a0a323031362d30332d3136420a323031362d30332d3137521273746174652d636f756e63696c2d32303236	2026-11-30 17:50:58.481863+08
approval	440105	440105000	6d4e0bce-807a-5e21-b302-7296de6acbfc	3	01a22bdd-6527-77d5-bd42-f778aabf0642	district_decided	\\x0a2430316132326264642d363532372d373764352d626434322d663737386161626630363432122436643465306263652d383037612d356532312d623330322d373239366465366163626663180322130a0634343031303512093434303130353030302a0a323031362d30332d303832060890c8f8b6053a110a0f64697374726963742d73797374656d422430316132326264642d356635382d373038652d386635642d6233353061343533613333358a01440a2c646563696465643a36643465306263652d383037612d356532312d623330322d37323936646536616362666310011a0a323031362d30332d30382801300138014002	2026-11-30 17:50:59.430453+08
approval	440105	440105008	099b395f-e84b-5a64-8199-a3083a39083b	5	01a22bdd-656e-764f-bd3f-0c09de060a88	district_decided	\\x0a2430316132326264642d363536652d373634662d626433662d306330396465303630613838122430393962333935662d653834622d356136342d383139392d613330383361333930383362180522130a0634343031303512093434303130353030382a0a323031362d30332d303832060890c8f8b6053a080a066f6666696365422430316132326264642d356635382d373038652d386635642d6233353061343533613333358a01440a2c646563696465643a36643465306263652d383037612d356532312d623330322d37323936646536616362666310011a0a323031362d30332d30382801300138014001	2026-11-30 17:50:59.469013+08
notify	440105	440105008	01a22bdd-5f58-708e-8f5d-b350a453a335	4	01a22bdd-65a9-76ce-be5a-91e98a3f31f4	delivery_opened	\\x0a2430316132326264642d363561392d373663652d626535612d393165393861336633316634122430316132326264642d356635382d373038652d386635642d623335306134353361333335180422130a0634343031303512093434303130353030382a0a323031362d30332d303832060890c8f8b6053a080a066f66666963656a420a2b31313434303130354b3331363035373838353534343130393230313530303132303136303330313030303512076772616e7465641a0a323031362d30332d3232	2026-11-30 17:50:59.6137+08
notify	440105	440105008	01a22bdd-5f58-708e-8f5d-b350a453a335	5	01a22bdd-6609-726e-9166-ed5b38b05e30	notice_sent	\\x0a2430316132326264642d363630392d373236652d393136362d656435623338623035653330122430316132326264642d356635382d373038652d386635642d623335306134353361333335180522130a0634343031303512093434303130353030382a0a323031362d30332d303832060890c8f8b6053a080a066f66666963655a7e0a2432373238353138322d363065322d353161662d626637362d37323431343238326661373212034e30371a01312240373635343735313634303636343665643465323130646230326132623139393737633831653462643834346337306131366263396661663763343132646432372a0a473030303030303030373001	2026-11-30 17:50:59.650298+08
\.

COPY public.hearing_mark (source, district, street, file_id, revision, state) FROM stdin;
intake	440105	440105000	d1fe7e08-3e8d-5c2f-a333-b41ac0697a9d	1	open
intake	440105	440105000	5dccfe61-b91c-5bcb-9be2-93991537a0a9	1	open
intake	440105	440105000	5ea3a374-a96a-5ba1-bbc9-9aab1d07459b	1	open
intake	440105	440105000	082afe30-3010-5e6b-ab70-2d5ac4ad48d1	1	open
intake	440105	440105000	dce81314-17a5-57ca-9bec-1fd7551e91a2	1	open
intake	440105	440105008	01a22bdd-48fc-73a3-b36d-372755d50c21	2	open
approval	440105	440105008	64dd746f-0c4d-5b30-8fb4-2987904fe6ef	4	open
notify	440105	440105008	01a22bdd-4925-77cf-ac7c-5ae570d387ea	5	open
intake	440105	440105008	01a22bdd-4925-77cf-ac7c-5ae570d387ea	4	open
intake	440105	440105008	01a22bdd-5adc-741e-90a9-0196e7a24741	2	open
approval	440105	440105008	77040dcf-24da-5959-b543-8c174384d809	3	open
notify	440105	440105008	01a22bdd-5adc-741e-90a9-0196e7a24741	3	open
intake	440105	440105008	01a22bdd-5edb-7793-bf75-69ab2b2a8b3f	3	open
intake	440105	440105008	01a22bdd-5f1e-749e-84f9-faba648f7ed1	3	open
intake	440105	440105008	01a22bdd-5f58-708e-8f5d-b350a453a335	2	open
approval	440105	440105000	6d4e0bce-807a-5e21-b302-7296de6acbfc	3	open
approval	440105	440105008	099b395f-e84b-5a64-8199-a3083a39083b	5	open
notify	440105	440105008	01a22bdd-5f58-708e-8f5d-b350a453a335	5	open
\.

COPY public.item (district, code, version, name, line, kind) FROM stdin;
440105	11440105K3160578855442091008001	1	社会救助一门受理登记	1	1
440105	11440105K3160578855442095012001	1	生育登记信息协查核实	5	2
440105	11440105K3160578855441092015001	1	广东省居住证核发	2	3
\.

COPY public.matter (district, street, application_id, serial_number, number, item_code, item_name, line, item_kind, channel, window_code, staff_no, query_code_digest, submitted_on, submitted_received_on, answer_due_on, correction_on, supplied_on, accepted_on, accepted_received_on, ground, accepted_promised_due_on, accepted_legal_due_on, accepted_provisional, window_closed_on, window_outcome, grade, rated_on, case_id, term_promised_due_on, term_legal_due_on, term_provisional, warn_on, yellow_on, red_on, extended_on, paused, paused_on, resumed_on, referred_on, returned_on, district_decided_on, district_outcome, desk_stage, desk_closed_on, desk_outcome, desk_on_time, desk_early, delivery_opened_on, deliver_by, delivered_on, delivered_on_time) FROM stdin;
440105	440105008	01a22bdd-4925-77cf-ac7c-5ae570d387ea	44010500800050120011603010001	11440105K3160578855442095012001201603010001	11440105K3160578855442095012001	生育登记信息协查核实	5	2	1	W1	clerk	a16e2e15f6b0f094459da11b62ce963b95358d6d372c0e11517a22bd3d69d782	2016-03-01	2016-03-01	2016-03-08	\N	\N	2016-03-01	2016-03-01	1	2016-03-08	2016-03-15	f	\N	\N	1	2016-03-01	64dd746f-0c4d-5b30-8fb4-2987904fe6ef	2016-03-08	2016-03-15	f	2016-03-07	2016-03-09	2016-03-16	\N	\N	\N	\N	\N	\N	\N	\N	closed	2016-03-01	granted	t	t	2016-03-01	2016-03-15	2016-03-01	t
440105	440105008	01a22bdd-5adc-741e-90a9-0196e7a24741	44010500800050120011603010002	11440105K3160578855442095012001201603010002	11440105K3160578855442095012001	生育登记信息协查核实	5	2	1	W1	clerk	c29fa114ef1611162456149e434d33138358df17b5c4179d0b21bd732a9d3134	2016-03-01	2016-03-01	2016-03-08	\N	\N	2016-03-01	2016-03-01	1	2016-03-08	2016-03-15	f	\N	\N	\N	\N	77040dcf-24da-5959-b543-8c174384d809	2016-03-22	2016-03-29	f	2016-03-17	2016-03-23	2016-03-30	2016-03-01	\N	\N	\N	\N	\N	\N	\N	open	\N	\N	\N	\N	\N	\N	\N	\N
440105	440105008	01a22bdd-5edb-7793-bf75-69ab2b2a8b3f	44010500800010080011603010001	11440105K3160578855442091008001201603010003	11440105K3160578855442091008001	社会救助一门受理登记	1	1	1	W1	clerk	7af59c178aa80c6200b68d68ce590b9b561377af102dc151dd571d6e5c620f81	2016-03-01	2016-03-01	2016-03-08	\N	\N	2016-03-01	2016-03-01	1	2016-03-01	2016-03-01	f	2016-03-01	completed	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N
440105	440105008	01a22bdd-5f1e-749e-84f9-faba648f7ed1	44010500800010080011603010002	11440105K3160578855442091008001201603010004	11440105K3160578855442091008001	社会救助一门受理登记	1	1	1	W1	clerk	842218e57100f0093d296468445bcd9f3a9b6644c68f9b458c2f020ca126cddb	2016-03-01	2016-03-01	2016-03-08	\N	\N	2016-03-01	2016-03-01	1	2016-03-01	2016-03-01	f	2016-03-01	completed	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N	\N
440105	440105008	01a22bdd-5f58-708e-8f5d-b350a453a335	44010500800020150011603010001	11440105K3160578855441092015001201603010005	11440105K3160578855441092015001	广东省居住证核发	2	3	1	W1	clerk	188a8997efc88789e334e111ff1d7155aaf49263fc850fc9e844b8e2ad750413	2016-03-01	2016-03-01	2016-03-08	\N	\N	2016-03-01	2016-03-01	1	2016-03-15	2016-03-16	f	\N	\N	\N	\N	099b395f-e84b-5a64-8199-a3083a39083b	2016-03-15	2016-03-16	f	2016-03-11	2016-03-16	2016-03-17	\N	\N	\N	\N	2016-03-01	\N	2016-03-08	granted	closed	2016-03-08	granted	t	t	2016-03-08	2016-03-22	\N	\N
\.

COPY public.outbox (seq, district, since, trace) FROM stdin;
\.

COPY public.parked (source, district, street, file_id, revision, event_id, kind, body, reason, parked_at) FROM stdin;
\.

COPY public.schema_migrations (version) FROM stdin;
0001
0002
0003
0004
1001
1002
\.

COPY public.schema_rule (version, oldest_code) FROM stdin;
0001	any
0002	any
0003	any
0004	any
1001	any
1002	any
\.

COPY public.sealed_outbox (seq, district, street, file_id, revision, event_id, body, since) FROM stdin;
\.

COPY public.sealed_sent (event_id, district, street, file_id, revision, body, since) FROM stdin;
\.

COPY public.serial (district, name, last) FROM stdin;
\.

COPY public.sweep_name (name) FROM stdin;
\.

COPY public.swept (district, sweep, day, finished_at) FROM stdin;
\.

COPY public.ticket (district, street, ticket_id, number, line, taken_on, taken_at, called_on, called_at, window_code) FROM stdin;
440105	440105008	01a22bdd-48fc-73a3-b36d-372755d50c21	E001	5	2016-03-01	2016-03-01 09:00:00+08	2016-03-01	2016-03-01 09:00:00+08	W1
\.

COPY public.vault_key (district, street, file_id, wrapped) FROM stdin;
\.

COPY public.vault_text (district, street, file_id, name, ciphertext) FROM stdin;
\.

SELECT pg_catalog.setval('public.dead_letter_id_seq', 1, false);

SELECT pg_catalog.setval('public.fact_seq_seq', 1, false);

SELECT pg_catalog.setval('public.sealed_outbox_seq_seq', 1, false);

ALTER TABLE ONLY public.card
    ADD CONSTRAINT card_pkey PRIMARY KEY (district, street, case_id, level);

ALTER TABLE ONLY public.cause
    ADD CONSTRAINT cause_pkey PRIMARY KEY (caller, request_id);

ALTER TABLE ONLY public.dead_letter
    ADD CONSTRAINT dead_letter_once UNIQUE (source, district, street, file_id, revision, event_id);

ALTER TABLE ONLY public.dead_letter
    ADD CONSTRAINT dead_letter_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.fact_count
    ADD CONSTRAINT fact_count_pkey PRIMARY KEY (district, street, source, kind);

ALTER TABLE ONLY public.fact
    ADD CONSTRAINT fact_pkey PRIMARY KEY (district, street, file_id, revision);

ALTER TABLE ONLY public.fact
    ADD CONSTRAINT fact_seq UNIQUE (seq);

ALTER TABLE ONLY public.hall_window
    ADD CONSTRAINT hall_window_pkey PRIMARY KEY (district, street, code);

ALTER TABLE ONLY public.heard
    ADD CONSTRAINT heard_pkey PRIMARY KEY (source, district, street, file_id, revision);

ALTER TABLE ONLY public.hearing_mark
    ADD CONSTRAINT hearing_mark_pkey PRIMARY KEY (source, district, street, file_id);

ALTER TABLE ONLY public.item
    ADD CONSTRAINT item_pkey PRIMARY KEY (district, code);

ALTER TABLE ONLY public.matter
    ADD CONSTRAINT matter_pkey PRIMARY KEY (district, street, application_id);

ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (seq);

ALTER TABLE ONLY public.parked
    ADD CONSTRAINT parked_pkey PRIMARY KEY (source, district, street, file_id, revision);

ALTER TABLE ONLY public.schema_migrations
    ADD CONSTRAINT schema_migrations_pkey PRIMARY KEY (version);

ALTER TABLE ONLY public.schema_rule
    ADD CONSTRAINT schema_rule_pkey PRIMARY KEY (version);

ALTER TABLE ONLY public.sealed_outbox
    ADD CONSTRAINT sealed_outbox_pkey PRIMARY KEY (seq);

ALTER TABLE ONLY public.sealed_sent
    ADD CONSTRAINT sealed_sent_pkey PRIMARY KEY (event_id);

ALTER TABLE ONLY public.serial
    ADD CONSTRAINT serial_pkey PRIMARY KEY (district, name);

ALTER TABLE ONLY public.sweep_name
    ADD CONSTRAINT sweep_name_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.swept
    ADD CONSTRAINT swept_pkey PRIMARY KEY (district, sweep, day);

ALTER TABLE ONLY public.ticket
    ADD CONSTRAINT ticket_pkey PRIMARY KEY (district, street, ticket_id);

ALTER TABLE ONLY public.vault_key
    ADD CONSTRAINT vault_key_pkey PRIMARY KEY (district, street, file_id);

ALTER TABLE ONLY public.vault_text
    ADD CONSTRAINT vault_text_pkey PRIMARY KEY (district, street, file_id, name);

CREATE INDEX card_issued ON public.card USING btree (district, issued_on);

CREATE INDEX matter_accepted ON public.matter USING btree (district, accepted_on);

CREATE INDEX matter_closed ON public.matter USING btree (district, closed_on);

CREATE INDEX matter_delivered ON public.matter USING btree (district, delivered_on) WHERE (delivered_on IS NOT NULL);

CREATE INDEX matter_number ON public.matter USING btree (district, number);

CREATE INDEX matter_open ON public.matter USING btree (district, street) INCLUDE (submitted_on, warn_on, yellow_on, red_on, paused, paused_on, promised_due_on, legal_due_on) WHERE ((closed_on IS NULL) AND (accepted_on IS NOT NULL));

CREATE INDEX matter_rated ON public.matter USING btree (district, rated_on) WHERE (rated_on IS NOT NULL);

CREATE INDEX matter_received ON public.matter USING btree (district, received_on);

CREATE INDEX matter_serial ON public.matter USING btree (district, serial_number);

CREATE INDEX sealed_sent_file ON public.sealed_sent USING btree (district, street, file_id);

CREATE INDEX sealed_sent_since ON public.sealed_sent USING btree (since);

CREATE INDEX ticket_taken ON public.ticket USING btree (district, taken_on);

CREATE TRIGGER kept BEFORE DELETE OR UPDATE ON public.fact FOR EACH ROW EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER kept BEFORE DELETE OR UPDATE ON public.heard FOR EACH ROW EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER kept_whole BEFORE TRUNCATE ON public.fact FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER kept_whole BEFORE TRUNCATE ON public.heard FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

CREATE POLICY call ON public.card TO metrics_rpc USING (((district = current_setting('app.district'::text, true)) AND ((street = current_setting('app.street'::text, true)) OR (current_setting('app.street'::text, true) = '*'::text))));

CREATE POLICY call ON public.cause TO metrics_rpc USING (((district = current_setting('app.district'::text, true)) AND ((street = current_setting('app.street'::text, true)) OR (current_setting('app.street'::text, true) = '*'::text))));

CREATE POLICY call ON public.dead_letter TO metrics_rpc USING (((district = current_setting('app.district'::text, true)) AND ((street = current_setting('app.street'::text, true)) OR (current_setting('app.street'::text, true) = '*'::text))));

CREATE POLICY call ON public.fact TO metrics_rpc USING (((district = current_setting('app.district'::text, true)) AND ((street = current_setting('app.street'::text, true)) OR (current_setting('app.street'::text, true) = '*'::text))));

CREATE POLICY call ON public.fact_count TO metrics_rpc USING (((district = current_setting('app.district'::text, true)) AND ((street = current_setting('app.street'::text, true)) OR (current_setting('app.street'::text, true) = '*'::text))));

CREATE POLICY call ON public.hall_window TO metrics_rpc USING (((district = current_setting('app.district'::text, true)) AND ((street = current_setting('app.street'::text, true)) OR (current_setting('app.street'::text, true) = '*'::text))));

CREATE POLICY call ON public.heard TO metrics_rpc USING (((district = current_setting('app.district'::text, true)) AND ((street = current_setting('app.street'::text, true)) OR (current_setting('app.street'::text, true) = '*'::text))));

CREATE POLICY call ON public.hearing_mark TO metrics_rpc USING (((district = current_setting('app.district'::text, true)) AND ((street = current_setting('app.street'::text, true)) OR (current_setting('app.street'::text, true) = '*'::text))));

CREATE POLICY call ON public.item TO metrics_rpc USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY call ON public.matter TO metrics_rpc USING (((district = current_setting('app.district'::text, true)) AND ((street = current_setting('app.street'::text, true)) OR (current_setting('app.street'::text, true) = '*'::text))));

CREATE POLICY call ON public.outbox TO metrics_rpc USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY call ON public.parked TO metrics_rpc USING (((district = current_setting('app.district'::text, true)) AND ((street = current_setting('app.street'::text, true)) OR (current_setting('app.street'::text, true) = '*'::text))));

CREATE POLICY call ON public.sealed_outbox TO metrics_rpc USING (((district = current_setting('app.district'::text, true)) AND ((street = current_setting('app.street'::text, true)) OR (current_setting('app.street'::text, true) = '*'::text))));

CREATE POLICY call ON public.sealed_sent TO metrics_rpc USING (((district = current_setting('app.district'::text, true)) AND ((street = current_setting('app.street'::text, true)) OR (current_setting('app.street'::text, true) = '*'::text))));

CREATE POLICY call ON public.serial TO metrics_rpc USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY call ON public.swept TO metrics_rpc USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY call ON public.ticket TO metrics_rpc USING (((district = current_setting('app.district'::text, true)) AND ((street = current_setting('app.street'::text, true)) OR (current_setting('app.street'::text, true) = '*'::text))));

CREATE POLICY call ON public.vault_key TO metrics_rpc USING (((district = current_setting('app.district'::text, true)) AND ((street = current_setting('app.street'::text, true)) OR (current_setting('app.street'::text, true) = '*'::text))));

CREATE POLICY call ON public.vault_text TO metrics_rpc USING (((district = current_setting('app.district'::text, true)) AND ((street = current_setting('app.street'::text, true)) OR (current_setting('app.street'::text, true) = '*'::text))));

ALTER TABLE public.card ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.cause ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.dead_letter ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.fact ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.fact_count ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.hall_window ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.heard ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.hearing_mark ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.item ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.matter ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.outbox ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.parked ENABLE ROW LEVEL SECURITY;

CREATE POLICY reading ON public.hall_window FOR SELECT TO metrics_rpc USING ((district = current_setting('app.district'::text, true)));

ALTER TABLE public.sealed_outbox ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.sealed_sent ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.serial ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.swept ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.ticket ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.vault_key ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.vault_text ENABLE ROW LEVEL SECURITY;

CREATE POLICY worker ON public.card TO metrics_worker USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY worker ON public.cause TO metrics_worker USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY worker ON public.dead_letter TO metrics_worker USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY worker ON public.fact TO metrics_worker USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY worker ON public.fact_count TO metrics_worker USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY worker ON public.hall_window TO metrics_worker USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY worker ON public.heard TO metrics_worker USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY worker ON public.hearing_mark TO metrics_worker USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY worker ON public.item TO metrics_worker USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY worker ON public.matter TO metrics_worker USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY worker ON public.outbox TO metrics_worker USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY worker ON public.parked TO metrics_worker USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY worker ON public.sealed_outbox TO metrics_worker USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY worker ON public.sealed_sent TO metrics_worker USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY worker ON public.serial TO metrics_worker USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY worker ON public.swept TO metrics_worker USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY worker ON public.ticket TO metrics_worker USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY worker ON public.vault_key TO metrics_worker USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY worker ON public.vault_text TO metrics_worker USING ((district = current_setting('app.district'::text, true)));

GRANT ALL ON SCHEMA rebuilding TO metrics_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.card TO metrics_rpc;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.card TO metrics_worker;

GRANT SELECT ON TABLE public.card_figures TO metrics_rpc;
GRANT SELECT ON TABLE public.card_figures TO metrics_worker;

GRANT SELECT,INSERT ON TABLE public.cause TO metrics_rpc;
GRANT SELECT,INSERT ON TABLE public.cause TO metrics_worker;

GRANT SELECT,INSERT,UPDATE ON TABLE public.dead_letter TO metrics_worker;
GRANT SELECT ON TABLE public.dead_letter TO metrics_rpc;

GRANT SELECT,INSERT ON TABLE public.fact TO metrics_rpc;
GRANT SELECT,INSERT ON TABLE public.fact TO metrics_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.fact_count TO metrics_rpc;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.fact_count TO metrics_worker;

GRANT SELECT ON TABLE public.fact_figures TO metrics_rpc;
GRANT SELECT ON TABLE public.fact_figures TO metrics_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.hall_window TO metrics_rpc;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.hall_window TO metrics_worker;

GRANT SELECT,INSERT ON TABLE public.heard TO metrics_worker;

GRANT SELECT,INSERT,UPDATE ON TABLE public.hearing_mark TO metrics_worker;
GRANT SELECT ON TABLE public.hearing_mark TO metrics_rpc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.item TO metrics_rpc;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.item TO metrics_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.matter TO metrics_rpc;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.matter TO metrics_worker;

GRANT SELECT ON TABLE public.matter_figures TO metrics_rpc;
GRANT SELECT ON TABLE public.matter_figures TO metrics_worker;

GRANT INSERT ON TABLE public.outbox TO metrics_rpc;
GRANT SELECT,INSERT,DELETE ON TABLE public.outbox TO metrics_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.parked TO metrics_worker;
GRANT SELECT ON TABLE public.parked TO metrics_rpc;

GRANT SELECT ON TABLE public.schema_migrations TO metrics_rpc;
GRANT SELECT ON TABLE public.schema_migrations TO metrics_worker;

GRANT SELECT ON TABLE public.schema_rule TO metrics_rpc;
GRANT SELECT ON TABLE public.schema_rule TO metrics_worker;

GRANT INSERT ON TABLE public.sealed_outbox TO metrics_rpc;
GRANT SELECT,INSERT,DELETE ON TABLE public.sealed_outbox TO metrics_worker;

GRANT SELECT,DELETE ON TABLE public.sealed_sent TO metrics_rpc;
GRANT SELECT,INSERT,DELETE ON TABLE public.sealed_sent TO metrics_worker;

GRANT SELECT,INSERT,UPDATE ON TABLE public.serial TO metrics_rpc;
GRANT SELECT,INSERT,UPDATE ON TABLE public.serial TO metrics_worker;

GRANT SELECT ON TABLE public.sweep_name TO metrics_worker;

GRANT SELECT,INSERT ON TABLE public.swept TO metrics_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.ticket TO metrics_rpc;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.ticket TO metrics_worker;

GRANT SELECT ON TABLE public.ticket_figures TO metrics_rpc;
GRANT SELECT ON TABLE public.ticket_figures TO metrics_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.vault_key TO metrics_rpc;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.vault_key TO metrics_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.vault_text TO metrics_rpc;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.vault_text TO metrics_worker;
