-- approval's database as release 0.1.0 left it after a few matters (pg_dump --no-owner).

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
    AS $_$begin
  if p_projections @? '$[*]."case_file"' then
    insert into case_file (district, street, case_id, application_id, revision, leg, number, attempt, linked_case_id, received_on, accepted_on, window_code, item_code, item_name, item_version, line, stage, step, step_name, step_post, claimed_by, waits, promised_due_on, legal_due_on, warn_on, yellow_on, red_on, next_card_on, provisional, calendar_version, closed_on, outcome, on_time, early, district_number)
    select r.district, r.street, r.case_id, r.application_id, r.revision, r.leg, r.number, r.attempt, r.linked_case_id, r.received_on, r.accepted_on, r.window_code, r.item_code, r.item_name, r.item_version, r.line, r.stage, r.step, r.step_name, r.step_post, r.claimed_by, r.waits, r.promised_due_on, r.legal_due_on, r.warn_on, r.yellow_on, r.red_on, r.next_card_on, r.provisional, r.calendar_version, r.closed_on, r.outcome, r.on_time, r.early, r.district_number
    from jsonb_array_elements(p_projections) f,
         jsonb_array_elements(case jsonb_typeof(f -> 'case_file') when 'object' then jsonb_build_array(f -> 'case_file')
                                   when 'array' then f -> 'case_file' else '[]' end) written,
         jsonb_populate_record(null::case_file, written) r
    on conflict (district, street, case_id) do update set district = excluded.district, street = excluded.street, case_id = excluded.case_id, application_id = excluded.application_id, revision = excluded.revision, leg = excluded.leg, number = excluded.number, attempt = excluded.attempt, linked_case_id = excluded.linked_case_id, received_on = excluded.received_on, accepted_on = excluded.accepted_on, window_code = excluded.window_code, item_code = excluded.item_code, item_name = excluded.item_name, item_version = excluded.item_version, line = excluded.line, stage = excluded.stage, step = excluded.step, step_name = excluded.step_name, step_post = excluded.step_post, claimed_by = excluded.claimed_by, waits = excluded.waits, promised_due_on = excluded.promised_due_on, legal_due_on = excluded.legal_due_on, warn_on = excluded.warn_on, yellow_on = excluded.yellow_on, red_on = excluded.red_on, next_card_on = excluded.next_card_on, provisional = excluded.provisional, calendar_version = excluded.calendar_version, closed_on = excluded.closed_on, outcome = excluded.outcome, on_time = excluded.on_time, early = excluded.early, district_number = excluded.district_number;
  end if;
end$_$;

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

CREATE FUNCTION public.retry_handoff(p_case_id uuid) RETURNS integer
    LANGUAGE sql
    AS $$
  with again as (
    update handoff set state = 'waiting', next_at = null, real_next_at = null
    where case_id = p_case_id and state = 'blocked' returning 1)
  select count(*)::integer from again
$$;

CREATE FUNCTION public.role_of(p_kind text) RETURNS name
    LANGUAGE sql STABLE
    AS $_$
  select (regexp_replace(pg_get_userbyid(datdba), '_owner$', '') || '_' || p_kind)::name
  from pg_database where datname = current_database()
$_$;

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
    AS $$
  select case when exists (
    select from handoff h
    left join breaker b on b.district = h.district and b.destination = h.destination and b.next_at > n.at
    where h.state in ('waiting', 'sending') and coalesce(h.next_at, n.at) <= n.at and b.destination is null
  ) then array['handoff'] else array[]::text[] end
  from (select coalesce(nullif(current_setting('app.now', true), '')::timestamptz, '-infinity') as at) n
$$;

CREATE TABLE public.breaker (
    district text NOT NULL,
    destination text NOT NULL,
    failures integer DEFAULT 0 NOT NULL,
    next_at timestamp with time zone,
    real_next_at timestamp with time zone
);

ALTER TABLE ONLY public.breaker FORCE ROW LEVEL SECURITY;

CREATE TABLE public.calendar_notice (
    district text NOT NULL,
    year integer NOT NULL,
    number text NOT NULL,
    days_off date[] NOT NULL,
    makeup_days date[] NOT NULL,
    calendar_version text NOT NULL,
    recorded_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.calendar_notice FORCE ROW LEVEL SECURITY;

CREATE TABLE public.case_file (
    district text NOT NULL,
    street text NOT NULL,
    case_id uuid NOT NULL,
    application_id uuid NOT NULL,
    revision integer NOT NULL,
    leg integer NOT NULL,
    number text NOT NULL,
    attempt integer NOT NULL,
    linked_case_id uuid,
    received_on date NOT NULL,
    accepted_on date NOT NULL,
    window_code text NOT NULL,
    item_code text NOT NULL,
    item_name text NOT NULL,
    item_version integer NOT NULL,
    line integer NOT NULL,
    stage text NOT NULL,
    step text,
    step_name text,
    step_post integer,
    claimed_by text NOT NULL,
    waits boolean NOT NULL,
    promised_due_on date NOT NULL,
    legal_due_on date NOT NULL,
    warn_on date NOT NULL,
    yellow_on date NOT NULL,
    red_on date NOT NULL,
    next_card_on date,
    provisional boolean NOT NULL,
    calendar_version text NOT NULL,
    closed_on date,
    outcome text,
    on_time boolean,
    early boolean,
    district_number text NOT NULL
)
WITH (fillfactor='80');

ALTER TABLE ONLY public.case_file FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN public.case_file.waits IS 'A step is open and the clock runs: the case is on a worklist.';

COMMENT ON COLUMN public.case_file.next_card_on IS 'The day the next card falls due; null while paused and once closed.';

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

ALTER TABLE public.fact ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.fact_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE VIEW public.figures WITH (security_invoker='true') AS
 SELECT number,
    item_name AS item,
    received_on,
    accepted_on,
    promised_due_on AS due_on,
    closed_on,
    outcome,
    on_time,
    early,
    district,
    street,
    case_id,
    application_id,
    line,
    legal_due_on,
    stage,
    window_code
   FROM public.case_file
  WHERE ((leg = 1) AND (street !~~ '%999'::text));

CREATE TABLE public.handoff (
    district text NOT NULL,
    street text NOT NULL,
    case_id uuid NOT NULL,
    kind text NOT NULL,
    destination text NOT NULL,
    street_case_id uuid NOT NULL,
    application_id uuid NOT NULL,
    due_on date NOT NULL,
    state text DEFAULT 'waiting'::text NOT NULL,
    told_on date NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    uncertain boolean DEFAULT false NOT NULL,
    next_at timestamp with time zone,
    real_next_at timestamp with time zone,
    waiting_since date NOT NULL,
    last_error text DEFAULT ''::text NOT NULL,
    district_number text DEFAULT ''::text NOT NULL,
    CONSTRAINT handoff_kind_check CHECK ((kind = ANY (ARRAY['receive'::text, 'withdraw'::text]))),
    CONSTRAINT handoff_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'sending'::text, 'done'::text, 'blocked'::text, 'withdrawn'::text])))
)
WITH (autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='1000');

ALTER TABLE ONLY public.handoff FORCE ROW LEVEL SECURITY;

COMMENT ON COLUMN public.handoff.case_id IS 'The district''s leg.';

COMMENT ON COLUMN public.handoff.told_on IS 'The day of the referral, or of the withdrawal.';

COMMENT ON COLUMN public.handoff.uncertain IS 'The last attempt may have arrived: ask before sending again.';

COMMENT ON COLUMN public.handoff.next_at IS 'By the office clock; a stack whose clock stands still retries at real_next_at, by the machine''s.';

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

CREATE TABLE public.pull_cursor (
    district text NOT NULL,
    cursor text NOT NULL
);

ALTER TABLE ONLY public.pull_cursor FORCE ROW LEVEL SECURITY;

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

CREATE TABLE public.withdrawn (
    district text NOT NULL,
    street text NOT NULL,
    application_id uuid NOT NULL,
    withdrawn_on date NOT NULL
);

ALTER TABLE ONLY public.withdrawn FORCE ROW LEVEL SECURITY;

COPY public.breaker (district, destination, failures, next_at, real_next_at) FROM stdin;
\.

COPY public.calendar_notice (district, year, number, days_off, makeup_days, calendar_version, recorded_at) FROM stdin;
\.

COPY public.case_file (district, street, case_id, application_id, revision, leg, number, attempt, linked_case_id, received_on, accepted_on, window_code, item_code, item_name, item_version, line, stage, step, step_name, step_post, claimed_by, waits, promised_due_on, legal_due_on, warn_on, yellow_on, red_on, next_card_on, provisional, calendar_version, closed_on, outcome, on_time, early, district_number) FROM stdin;
440105	440105008	64dd746f-0c4d-5b30-8fb4-2987904fe6ef	01a22bdd-4925-77cf-ac7c-5ae570d387ea	4	1	11440105K3160578855442095012001201603010001	0	\N	2016-03-01	2016-03-01	W1	11440105K3160578855442095012001	生育登记信息协查核实	1	5	CLOSED	\N	\N	\N		f	2016-03-08	2016-03-15	2016-03-07	2016-03-09	2016-03-16	\N	f	state-council-2026	2016-03-01	granted	t	t	
440105	440105008	77040dcf-24da-5959-b543-8c174384d809	01a22bdd-5adc-741e-90a9-0196e7a24741	3	1	11440105K3160578855442095012001201603010002	0	\N	2016-03-01	2016-03-01	W1	11440105K3160578855442095012001	生育登记信息协查核实	1	5	REVIEW	S1	婚育情况核实	1	reviewer	t	2016-03-22	2016-03-29	2016-03-17	2016-03-23	2016-03-30	2016-03-17	f	state-council-2026	\N	\N	\N	\N	
440105	440105000	6d4e0bce-807a-5e21-b302-7296de6acbfc	01a22bdd-5f58-708e-8f5d-b350a453a335	3	2	11440105K3160578855441092015001201603010005	1	099b395f-e84b-5a64-8199-a3083a39083b	2016-03-01	2016-03-01		11440105K3160578855441092015001	广东省居住证核发	1	2	CLOSED	\N	\N	\N		f	2016-03-15	2016-03-16	2016-03-11	2016-03-16	2016-03-17	\N	f	state-council-2026	2016-03-08	granted	t	t	Q2016000001
440105	440105008	099b395f-e84b-5a64-8199-a3083a39083b	01a22bdd-5f58-708e-8f5d-b350a453a335	5	1	11440105K3160578855441092015001201603010005	1	6d4e0bce-807a-5e21-b302-7296de6acbfc	2016-03-01	2016-03-01	W1	11440105K3160578855441092015001	广东省居住证核发	1	2	CLOSED	\N	\N	\N		f	2016-03-15	2016-03-16	2016-03-11	2016-03-16	2016-03-17	\N	f	state-council-2026	2016-03-08	granted	t	t	
\.

COPY public.cause (caller, request_id, district, street, file_id, revision, fingerprint, answer, recorded_at) FROM stdin;
heard:intake	01a22bdd-4949-73a6-bcb7-2d6f4c4f448a	440105	440105008	64dd746f-0c4d-5b30-8fb4-2987904fe6ef	1	\\x	\\x	2016-03-01 09:00:00+08
reviewer	f8199ec709574caaaae861d6bb5e9517	440105	440105008	64dd746f-0c4d-5b30-8fb4-2987904fe6ef	2	\\x13c7e6a4aa1333ee40e40b7ca1ca502be5d19b8be5ded6dc63bec18544c9e72d	\\x1a02533122e30265794a30655841694f694a4b563151694c434a68624763694f694a46557a49314e694a392e65794a686348427361574e6864476c76626c39705a434936496a417859544979596d526b4c5451354d6a55744e7a646a5a693168597a646a4c5456685a5455334d47517a4f44646c59534973496d4e6863325666615751694f6949324e47526b4e7a51325a693077597a526b4c5456694d7a41744f475a694e4330794f5467334f5441305a6d55325a5759694c434a735a5763694f694a5456464a46525651694c434a695a5746795a5849694f694a795a585a705a58646c63694973496d316864475679615746736379493657313073496d5634634349364d5463354e6a417a4e4441314e58302e6b626863552d466c74594b5a694a463675723855694a6145787a6f52386c4f57354c446163426c636651593947506e54675f4c544676427a324a3143334349302d787a30386b346f633552594f73727632384b4458772a2430316132326264642d343932352d373763662d616337632d356165353730643338376561	2016-03-01 09:00:00+08
reviewer	9e0e76a1b4a443bcb30ea9718ad285c5	440105	440105008	64dd746f-0c4d-5b30-8fb4-2987904fe6ef	3	\\xad6951da7cb31cb5ef5e290ea8c1534b0da9b4b7af320a399f52aec5bad74099	\\x	2016-03-01 09:00:00+08
head	aba538b1e1f8484fa8a77036cd542341	440105	440105008	64dd746f-0c4d-5b30-8fb4-2987904fe6ef	4	\\x3e585b1d29c5f76baffcec6120dcd2d308f3f0e026572a08718e55f548f85d05	\\x	2016-03-01 09:00:00+08
heard:intake	01a22bdd-5b09-7282-9451-1a633675a056	440105	440105008	77040dcf-24da-5959-b543-8c174384d809	1	\\x	\\x	2016-03-01 09:00:00+08
reviewer	2379d97ff4084b99a87582be9a13376e	440105	440105008	77040dcf-24da-5959-b543-8c174384d809	2	\\x021e4f0564539d41ebafef972d992f017bb2bf8bea947d7c1d98732a7acf3bd0	\\x1a02533122e30265794a30655841694f694a4b563151694c434a68624763694f694a46557a49314e694a392e65794a686348427361574e6864476c76626c39705a434936496a417859544979596d526b4c5456685a474d744e7a51785a5330354d4745354c5441784f545a6c4e3245794e4463304d534973496d4e6863325666615751694f6949334e7a41304d47526a5a6930794e4752684c5455354e546b74596a55304d793034597a45334e444d344e4751344d446b694c434a735a5763694f694a5456464a46525651694c434a695a5746795a5849694f694a795a585a705a58646c63694973496d316864475679615746736379493657313073496d5634634349364d5463354e6a417a4e4441314e6e302e785968434b632d41554a6f306e5a44724a3756334952735f70715048425751323536746e4a376e5171383269524e766a355745373641395a4f3868565250464538564f763630776c6639526b6b6245536f3344595a412a2430316132326264642d356164632d373431652d393061392d303139366537613234373431	2016-03-01 09:00:00+08
head	592e729b29e545d09997e4a95cf0c2d6	440105	440105008	77040dcf-24da-5959-b543-8c174384d809	3	\\xbebbe0966c440e663318bcfb16955872aa4a90e58c8632b7ca224ca05d17ff01	\\x	2016-03-01 09:00:00+08
heard:intake	01a22bdd-5f70-75bd-afe1-5b71f1934eba	440105	440105008	099b395f-e84b-5a64-8199-a3083a39083b	1	\\x	\\x	2016-03-01 09:00:00+08
reviewer	061ef6abb00147de82ecfaba5470f659	440105	440105008	099b395f-e84b-5a64-8199-a3083a39083b	2	\\x3a092b7a291a2f88bdd16af6e1d830df211b540dc253a42950dde50b3224b332	\\x1a02533122e30265794a30655841694f694a4b563151694c434a68624763694f694a46557a49314e694a392e65794a686348427361574e6864476c76626c39705a434936496a417859544979596d526b4c54566d4e5467744e7a41345a5330345a6a566b4c57497a4e5442684e44557a59544d7a4e534973496d4e6863325666615751694f6949774f546c694d7a6b315a69316c4f4452694c5456684e6a51744f4445354f5331684d7a41344d32457a4f5441344d3249694c434a735a5763694f694a5456464a46525651694c434a695a5746795a5849694f694a795a585a705a58646c63694973496d316864475679615746736379493657313073496d5634634349364d5463354e6a417a4e4441314e33302e6b6d526b6c577047383277506364474836726e326c37483352717066706434554e6b685572716e734c59315146466944494d6a556f7544585f4a614633576f6d5333614a68514763645178524244526a4d6a335231772a2430316132326264642d356635382d373038652d386635642d623335306134353361333335	2016-03-01 09:00:00+08
reviewer	c1cfa08e4c6c461d9328714cf0f47421	440105	440105008	099b395f-e84b-5a64-8199-a3083a39083b	3	\\x88f51922dd0b5487572a671bd1be5fe5b46fe7b4db62b5f53cf4452fa7873a92	\\x	2016-03-01 09:00:00+08
reviewer	de508481d43f4cc7992f925bc2b04ad7	440105	440105008	099b395f-e84b-5a64-8199-a3083a39083b	4	\\x2391469fed6ce7e3930f24a0b7eb853c5611f4a510e63645a6a384f71a5c6f76	\\x	2016-03-01 09:00:00+08
heard:approval	01a22bdd-601c-76be-8965-e617426c45f7	440105	440105000	6d4e0bce-807a-5e21-b302-7296de6acbfc	1	\\x	\\x	2016-03-01 09:00:00+08
district	received:6d4e0bce-807a-5e21-b302-7296de6acbfc	440105	440105000	6d4e0bce-807a-5e21-b302-7296de6acbfc	2	\\xe7d9b003507a09503d0473af28f7c606ac0089547ab2a29542546aa6555f9b66	\\x	2016-03-01 09:00:00+08
district	decided:6d4e0bce-807a-5e21-b302-7296de6acbfc	440105	440105000	6d4e0bce-807a-5e21-b302-7296de6acbfc	3	\\xffbf1395b39529c24b99e96c203cc5c8cefa73e8251e4d69f428bf136a83a00e	\\x	2016-03-08 09:00:00+08
heard:approval	01a22bdd-6527-77d5-bd42-f778aabf0642	440105	440105008	099b395f-e84b-5a64-8199-a3083a39083b	5	\\x	\\x	2016-03-08 09:00:00+08
\.

COPY public.dead_letter (id, source, district, street, file_id, revision, event_id, kind, body, error, at, redriven_at, asked_at) FROM stdin;
\.

COPY public.fact (district, street, file_id, revision, event_id, kind, occurred_on, recorded_at, actor, body, digest, seq) FROM stdin;
440105	440105008	64dd746f-0c4d-5b30-8fb4-2987904fe6ef	1	01a22bdd-49cc-73d7-b033-e506439f5a67	case_opened	2016-03-01	2016-03-01 09:00:00+08	office	\\x0a2430316132326264642d343963632d373364372d623033332d653530363433396635613637122436346464373436662d306334642d356233302d386662342d323938373930346665366566180122130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a080a066f6666696365422430316132326264642d343932352d373763662d616337632d35616535373064333837656152bf030801122b31313434303130354b333136303537383835353434323039353031323030313230313630333031303030311ade010a1f31313434303130354b33313630353738383535343432303935303132303031121ee7949fe882b2e799bbe8aeb0e4bfa1e681afe58d8fe69fa5e6a0b8e5ae9e18012005280230013a06080a100120014224080510011a1ee5b9bfe5b79ee4b880e5ada9e7949fe882b2e799bbe8aeb0e68c87e58d974a200a0253311212e5a99ae882b2e68385e586b5e6a0b8e5ae9e18012001280130034a230a0253321215e7a791e5aea4e8b49fe8b4a3e4babae7adbee58f911802200228013001500158016a067374726565747a12e58d8fe69fa5e6a0b8e5ae9ee7bb93e69e9c228a010a0a323031362d30332d30311206080a100120011a24080510011a1ee5b9bfe5b79ee4b880e5ada9e7949fe882b2e799bbe8aeb0e68c87e58d97220a323031362d30332d30382a0a323031362d30332d3135320a323031362d30332d30373a0a323031362d30332d3039420a323031362d30332d3136521273746174652d636f756e63696c2d32303236420257315a0a323031362d30332d303162070a034d3031100162070a034d30321001	\\x9832515fb5358ec8cd764a1174b74cebd734cd97ada5aa428e6c8ec777974520	1
440105	440105008	64dd746f-0c4d-5b30-8fb4-2987904fe6ef	2	01a22bdd-55df-772e-a00a-8232fa37f407	step_claimed	2016-03-01	2016-03-01 09:00:00+08	reviewer	\\x0a2430316132326264642d353564662d373732652d613030612d383233326661333766343037122436346464373436662d306334642d356233302d386662342d323938373930346665366566180222130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a0a0a087265766965776572422430316132326264642d343932352d373763662d616337632d3561653537306433383765615a0e0a02533112087265766965776572	\\x93016295486bfcb61bbb43cdcbf97845f1b166c08d72f24bb1239ab31e99c1ed	2
440105	440105008	64dd746f-0c4d-5b30-8fb4-2987904fe6ef	3	01a22bdd-5695-709a-ac43-d5679b7cd933	step_completed	2016-03-01	2016-03-01 09:00:00+08	reviewer	\\x0a2430316132326264642d353639352d373039612d616334332d643536373962376364393333122436346464373436662d306334642d356233302d386662342d323938373930346665366566180322130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a0a0a087265766965776572422430316132326264642d343932352d373763662d616337632d3561653537306433383765616a610a025331120872657669657765721801224d0a09737465702e53312e311240653631623635656335346237343537316666643031313137323164653633393261363338363731633036303337323733356536656434333639353530313863632801	\\xe45e296c877fb0200e78e509262e2f0e249596462adea9feaa298f3340d3bcde	3
440105	440105008	64dd746f-0c4d-5b30-8fb4-2987904fe6ef	4	01a22bdd-5731-76e3-bd56-3fc6eab64065	case_decided	2016-03-01	2016-03-01 09:00:00+08	head	\\x0a2430316132326264642d353733312d373665332d626435362d336663366561623634303635122436346464373436662d306334642d356233302d386662342d323938373930346665366566180422130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a060a0468656164422430316132326264642d343932352d373763662d616337632d356165353730643338376561b201240801180120012a1a343430313035303038e3809432303136e38095e586b331e58fb73001	\\x93f0884c165c273eb748389f6ee893460cd24dfbd02fce8668a558987428cf72	4
440105	440105008	77040dcf-24da-5959-b543-8c174384d809	1	01a22bdd-5b58-7233-8b4e-37f6268a4cbb	case_opened	2016-03-01	2016-03-01 09:00:00+08	office	\\x0a2430316132326264642d356235382d373233332d386234652d333766363236386134636262122437373034306463662d323464612d353935392d623534332d386331373433383464383039180122130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a080a066f6666696365422430316132326264642d356164632d373431652d393061392d30313936653761323437343152bf030801122b31313434303130354b333136303537383835353434323039353031323030313230313630333031303030321ade010a1f31313434303130354b33313630353738383535343432303935303132303031121ee7949fe882b2e799bbe8aeb0e4bfa1e681afe58d8fe69fa5e6a0b8e5ae9e18012005280230013a06080a100120014224080510011a1ee5b9bfe5b79ee4b880e5ada9e7949fe882b2e799bbe8aeb0e68c87e58d974a200a0253311212e5a99ae882b2e68385e586b5e6a0b8e5ae9e18012001280130034a230a0253321215e7a791e5aea4e8b49fe8b4a3e4babae7adbee58f911802200228013001500158016a067374726565747a12e58d8fe69fa5e6a0b8e5ae9ee7bb93e69e9c228a010a0a323031362d30332d30311206080a100120011a24080510011a1ee5b9bfe5b79ee4b880e5ada9e7949fe882b2e799bbe8aeb0e68c87e58d97220a323031362d30332d30382a0a323031362d30332d3135320a323031362d30332d30373a0a323031362d30332d3039420a323031362d30332d3136521273746174652d636f756e63696c2d32303236420257315a0a323031362d30332d303162070a034d3031100162070a034d30321001	\\xd40ce3d45b68aada63204c4b133ddef1466fe55fb9092069e197730cad9ae14c	5
440105	440105008	77040dcf-24da-5959-b543-8c174384d809	2	01a22bdd-5b8f-7397-9ea2-a4aa84e170d4	step_claimed	2016-03-01	2016-03-01 09:00:00+08	reviewer	\\x0a2430316132326264642d356238662d373339372d396561322d613461613834653137306434122437373034306463662d323464612d353935392d623534332d386331373433383464383039180222130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a0a0a087265766965776572422430316132326264642d356164632d373431652d393061392d3031393665376132343734315a0e0a02533112087265766965776572	\\xb39b851740c99b1ce18b92b67ee963b70b89a787b114a1ff7313a07399d4caa1	6
440105	440105008	77040dcf-24da-5959-b543-8c174384d809	3	01a22bdd-5ba3-74f1-9a68-77371ab362b7	term_extended	2016-03-01	2016-03-01 09:00:00+08	head	\\x0a2430316132326264642d356261332d373466312d396136382d373733373161623336326237122437373034306463662d323464612d353935392d623534332d386331373433383464383039180322130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a060a0468656164422430316132326264642d356164632d373431652d393061392d3031393665376132343734319a01e501080a12540a10657874656e73696f6e2e726561736f6e1240363332353862356461646161323831633762643832316561323836326534323034333332636439653535616237343165613039306538613134366531666434321a8a010a0a323031362d30332d30311206080a100120011a24080510011a1ee5b9bfe5b79ee4b880e5ada9e7949fe882b2e799bbe8aeb0e68c87e58d97220a323031362d30332d32322a0a323031362d30332d3239320a323031362d30332d31373a0a323031362d30332d3233420a323031362d30332d3330521273746174652d636f756e63696c2d32303236	\\x6fa326aa5838ec7a8d0e6cfece25c9941809c9cd9fbb669877f2a12b5ec51f17	7
440105	440105008	099b395f-e84b-5a64-8199-a3083a39083b	1	01a22bdd-5fb7-77e1-8929-656d84d8edd4	case_opened	2016-03-01	2016-03-01 09:00:00+08	office	\\x0a2430316132326264642d356662372d373765312d383932392d363536643834643865646434122430393962333935662d653834622d356136342d383139392d613330383361333930383362180122130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a080a066f6666696365422430316132326264642d356635382d373038652d386635642d623335306134353361333335529e040801122b31313434303130354b333136303537383835353434313039323031353030313230313630333031303030351a90020a1f31313434303130354b333136303537383835353434313039323031353030311218e5b9bfe4b89ce79c81e5b185e4bd8fe8af81e6a0b8e58f9118012002280330033a24080f10021a1ee5b185e4bd8fe8af81e69a82e8a18ce69da1e4be8be7acace4b99de69da14221080a10011a1be5b9bfe5b79ee5b185e4bd8fe8af81e58a9ee4ba8be68c87e58d974a200a0253311212e8b584e69699e6a0b8e5afb9e5bd95e585a518012001280130014a260a0253321218e8bdace68aa5e585ace5ae89e5aea1e6a0b8e588b6e8af811803200128013001500158016a0fe58cbae585ace5ae89e58886e5b180720f7075626c69635f73656375726974797a12e5b9bfe4b89ce79c81e5b185e4bd8fe8af8122a5010a0a323031362d30332d30311224080f10021a1ee5b185e4bd8fe8af81e69a82e8a18ce69da1e4be8be7acace4b99de69da11a21080a10011a1be5b9bfe5b79ee5b185e4bd8fe8af81e58a9ee4ba8be68c87e58d97220a323031362d30332d31352a0a323031362d30332d3136320a323031362d30332d31313a0a323031362d30332d3136420a323031362d30332d3137521273746174652d636f756e63696c2d32303236420257315a0a323031362d30332d303162070a034d3031100162070a034d3032100162070a034d3033100162070a034d30341001	\\x225b4974179447ce6f0c21ab74a3d795d023b240fa73311a9e66d1e6ede9f91a	8
440105	440105008	099b395f-e84b-5a64-8199-a3083a39083b	2	01a22bdd-5fc1-7753-82e9-eeba823d7e9a	step_claimed	2016-03-01	2016-03-01 09:00:00+08	reviewer	\\x0a2430316132326264642d356663312d373735332d383265392d656562613832336437653961122430393962333935662d653834622d356136342d383139392d613330383361333930383362180222130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a0a0a087265766965776572422430316132326264642d356635382d373038652d386635642d6233353061343533613333355a0e0a02533112087265766965776572	\\x8cfebb20db53dbcf8a15271cf272b3b3aeba1ef3c0c42be898afb1fa8e2b1cff	9
440105	440105008	099b395f-e84b-5a64-8199-a3083a39083b	3	01a22bdd-6007-74fa-8e80-bdfcab2d1959	step_completed	2016-03-01	2016-03-01 09:00:00+08	reviewer	\\x0a2430316132326264642d363030372d373466612d386538302d626466636162326431393539122430393962333935662d653834622d356136342d383139392d613330383361333930383362180322130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a0a0a087265766965776572422430316132326264642d356635382d373038652d386635642d6233353061343533613333356a610a025331120872657669657765721801224d0a09737465702e53312e311240653631623635656335346237343537316666643031313137323164653633393261363338363731633036303337323733356536656434333639353530313863632801	\\xb3a98c117713c25d07bf4da9759bde0b5538a1a452e136f9de7607767ed5da69	10
440105	440105008	099b395f-e84b-5a64-8199-a3083a39083b	4	01a22bdd-601c-76be-8965-e617426c45f7	case_referred	2016-03-01	2016-03-01 09:00:00+08	reviewer	\\x0a2430316132326264642d363031632d373662652d383936352d653631373432366334356637122430393962333935662d653834622d356136342d383139392d613330383361333930383362180422130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a0a0a087265766965776572422430316132326264642d356635382d373038652d386635642d6233353061343533613333357280060a2436643465306263652d383037612d356532312d623330322d37323936646536616362666312130a0634343031303512093434303130353030301a0f7075626c69635f736563757269747922560a12726566657272616c2e312e6f70696e696f6e12403439363962363933393738636431383262656165343838316661626638643737336366623830313032616366626336666361636138393361346139646264643030013a4064323138333235653265623263353531636332656164393333643637306363386239666231383132343835353632326530363839316438386437386234656638422b31313434303130354b333136303537383835353434313039323031353030313230313630333031303030354a90020a1f31313434303130354b333136303537383835353434313039323031353030311218e5b9bfe4b89ce79c81e5b185e4bd8fe8af81e6a0b8e58f9118012002280330033a24080f10021a1ee5b185e4bd8fe8af81e69a82e8a18ce69da1e4be8be7acace4b99de69da14221080a10011a1be5b9bfe5b79ee5b185e4bd8fe8af81e58a9ee4ba8be68c87e58d974a200a0253311212e8b584e69699e6a0b8e5afb9e5bd95e585a518012001280130014a260a0253321218e8bdace68aa5e585ace5ae89e5aea1e6a0b8e588b6e8af811803200128013001500158016a0fe58cbae585ace5ae89e58886e5b180720f7075626c69635f73656375726974797a12e5b9bfe4b89ce79c81e5b185e4bd8fe8af8162a5010a0a323031362d30332d30311224080f10021a1ee5b185e4bd8fe8af81e69a82e8a18ce69da1e4be8be7acace4b99de69da11a21080a10011a1be5b9bfe5b79ee5b185e4bd8fe8af81e58a9ee4ba8be68c87e58d97220a323031362d30332d31352a0a323031362d30332d3136320a323031362d30332d31313a0a323031362d30332d3136420a323031362d30332d3137521273746174652d636f756e63696c2d323032366a0a323031362d30332d303172070a034d3031100172070a034d3032100172070a034d3033100172070a034d30341001	\\x21c559840912227f686e3d6babf83625448ee79beaad31a69e35b0894e6e47e8	11
440105	440105000	6d4e0bce-807a-5e21-b302-7296de6acbfc	1	01a22bdd-60c8-7525-a433-a34c3064956c	case_opened	2016-03-01	2016-03-01 09:00:00+08	office	\\x0a2430316132326264642d363063382d373532352d613433332d613334633330363439353663122436643465306263652d383037612d356532312d623330322d373239366465366163626663180122130a0634343031303512093434303130353030302a0a323031362d30332d303132060890d3d3b6053a080a066f6666696365422430316132326264642d356635382d373038652d386635642d62333530613435336133333552aa050802122b31313434303130354b333136303537383835353434313039323031353030313230313630333031303030351a90020a1f31313434303130354b333136303537383835353434313039323031353030311218e5b9bfe4b89ce79c81e5b185e4bd8fe8af81e6a0b8e58f9118012002280330033a24080f10021a1ee5b185e4bd8fe8af81e69a82e8a18ce69da1e4be8be7acace4b99de69da14221080a10011a1be5b9bfe5b79ee5b185e4bd8fe8af81e58a9ee4ba8be68c87e58d974a200a0253311212e8b584e69699e6a0b8e5afb9e5bd95e585a518012001280130014a260a0253321218e8bdace68aa5e585ace5ae89e5aea1e6a0b8e588b6e8af811803200128013001500158016a0fe58cbae585ace5ae89e58886e5b180720f7075626c69635f73656375726974797a12e5b9bfe4b89ce79c81e5b185e4bd8fe8af8122a5010a0a323031362d30332d30311224080f10021a1ee5b185e4bd8fe8af81e69a82e8a18ce69da1e4be8be7acace4b99de69da11a21080a10011a1be5b9bfe5b79ee5b185e4bd8fe8af81e58a9ee4ba8be68c87e58d97220a323031362d30332d31352a0a323031362d30332d3136320a323031362d30332d31313a0a323031362d30332d3136420a323031362d30332d3137521273746174652d636f756e63696c2d323032362a2430393962333935662d653834622d356136342d383139392d61333038336133393038336232130a0634343031303512093434303130353030383a0f7075626c69635f736563757269747948015240643231383332356532656232633535316363326561643933336436373063633862396662313831323438353536323265303638393164383864373862346566385a0a323031362d30332d303162070a034d3031100162070a034d3032100162070a034d3033100162070a034d30341001	\\x5a7dd8473b7c892e1046d93a17efc89205d65bf60635827a238f620a2bcbe600	12
440105	440105000	6d4e0bce-807a-5e21-b302-7296de6acbfc	2	01a22bdd-617b-714e-95f7-c4b7f372cbe2	handoff_acknowledged	2016-03-01	2016-03-01 09:00:00+08	office	\\x0a2430316132326264642d363137622d373134652d393566372d633462376633373263626532122436643465306263652d383037612d356532312d623330322d373239366465366163626663180222130a0634343031303512093434303130353030302a0a323031362d30332d303132060890d3d3b6053a080a066f6666696365422430316132326264642d356635382d373038652d386635642d6233353061343533613333357ac1010a0b5132303136303030303031120a323031362d30332d30311aa5010a0a323031362d30332d30311224080f10021a1ee5b185e4bd8fe8af81e69a82e8a18ce69da1e4be8be7acace4b99de69da11a21080a10011a1be5b9bfe5b79ee5b185e4bd8fe8af81e58a9ee4ba8be68c87e58d97220a323031362d30332d31352a0a323031362d30332d3136320a323031362d30332d31313a0a323031362d30332d3136420a323031362d30332d3137521273746174652d636f756e63696c2d32303236	\\xe122a622f74916d7f8e88a91592776e0f62fe47de947fa31d75b3491695e01b7	13
440105	440105000	6d4e0bce-807a-5e21-b302-7296de6acbfc	3	01a22bdd-6527-77d5-bd42-f778aabf0642	district_decided	2016-03-08	2016-03-08 09:00:00+08	district-system	\\x0a2430316132326264642d363532372d373764352d626434322d663737386161626630363432122436643465306263652d383037612d356532312d623330322d373239366465366163626663180322130a0634343031303512093434303130353030302a0a323031362d30332d303832060890c8f8b6053a110a0f64697374726963742d73797374656d422430316132326264642d356635382d373038652d386635642d6233353061343533613333358a01440a2c646563696465643a36643465306263652d383037612d356532312d623330322d37323936646536616362666310011a0a323031362d30332d30382801300138014002	\\xda4b2ad5f799b75f0e38e9c3e2954241f7cd7483f8219d252725103fe7d6400f	14
440105	440105008	099b395f-e84b-5a64-8199-a3083a39083b	5	01a22bdd-656e-764f-bd3f-0c09de060a88	district_decided	2016-03-08	2016-03-08 09:00:00+08	office	\\x0a2430316132326264642d363536652d373634662d626433662d306330396465303630613838122430393962333935662d653834622d356136342d383139392d613330383361333930383362180522130a0634343031303512093434303130353030382a0a323031362d30332d303832060890c8f8b6053a080a066f6666696365422430316132326264642d356635382d373038652d386635642d6233353061343533613333358a01440a2c646563696465643a36643465306263652d383037612d356532312d623330322d37323936646536616362666310011a0a323031362d30332d30382801300138014001	\\xc7414a81b670172d71ab5c987fb831896809892211206d53b40685444b8df212	15
\.

COPY public.handoff (district, street, case_id, kind, destination, street_case_id, application_id, due_on, state, told_on, attempts, uncertain, next_at, real_next_at, waiting_since, last_error, district_number) FROM stdin;
440105	440105008	6d4e0bce-807a-5e21-b302-7296de6acbfc	receive	public_security	099b395f-e84b-5a64-8199-a3083a39083b	01a22bdd-5f58-708e-8f5d-b350a453a335	2016-03-15	done	2016-03-01	1	f	\N	\N	2016-03-01		Q2016000001
\.

COPY public.heard (source, district, street, file_id, revision, event_id, kind, body, heard_at) FROM stdin;
intake	440105	440105000	d1fe7e08-3e8d-5c2f-a333-b41ac0697a9d	1	01a22bdd-47ca-7227-a8a7-bd2a64124b75	window_published	\\x0a2430316132326264642d343763612d373232372d613861372d626432613634313234623735122464316665376530382d336538642d356332662d613333332d623431616330363937613964180122130a0634343031303512093434303130353030302a0a323031362d30332d303132060890d3d3b6053a190a0c636f6e666967757261746f721209343430313035303030d202350a330a025731120de7bbbce5908831e58fb7e7aa971a0934343031303530303820012a050102030405320a323031352d31302d3038	2026-11-30 17:50:51.988984+08
intake	440105	440105000	5dccfe61-b91c-5bcb-9be2-93991537a0a9	1	01a22bdd-4849-7536-bc80-4b00d0d27345	window_published	\\x0a2430316132326264642d343834392d373533362d626338302d346230306430643237333435122435646363666536312d623931632d356263622d396265322d393339393135333761306139180122130a0634343031303512093434303130353030302a0a323031362d30332d303132060890d3d3b6053a190a0c636f6e666967757261746f721209343430313035303030d202350a330a025732120de7bbbce5908832e58fb7e7aa971a0934343031303530303820012a050102030405320a323031352d31302d3038	2026-11-30 17:50:52.050534+08
intake	440105	440105000	5ea3a374-a96a-5ba1-bbc9-9aab1d07459b	1	01a22bdd-4883-72f9-bbbf-cacee71910c1	item_published	\\x0a2430316132326264642d343838332d373266392d626262662d636163656537313931306331122435656133613337342d613936612d356261312d626263392d396161623164303734353962180122130a0634343031303512093434303130353030302a0a323031362d30332d303132060890d3d3b6053a190a0c636f6e666967757261746f721209343430313035303030c202b1020aae020a1f31313434303130354b33313630353738383535343432303931303038303031121ee7a4bee4bc9ae69591e58aa9e4b880e997a8e58f97e79086e799bbe8aeb0180120012801320ce585ace585b1e69c8de58aa13a0673747265657440014a1010011a0ce5bd93e59cbae58a9ee7bb93521010011a0ce5bd93e59cbae58a9ee7bb935a180a034d3031120fe6b182e58aa9e799bbe8aeb0e8a1a818015a180a034d3032120fe5b185e6b091e8baabe4bbbde8af8118015a190a034d30331212e59bb0e99abee68385e586b5e8afb4e6988e5a280a034d30341221e4bba3e58a9ee4babae8baabe4bbbde8af81e4bbb6e58f8ae5a794e68998e4b9a662030102037a0a323031352d31302d3038880101a00101aa0118e6b182e58aa9e799bbe8aeb0e58f8ae8bdace4bb8be58d95	2026-11-30 17:50:52.130936+08
intake	440105	440105000	082afe30-3010-5e6b-ab70-2d5ac4ad48d1	1	01a22bdd-48dd-734f-8bc6-acd901338c1b	item_published	\\x0a2430316132326264642d343864642d373334662d386263362d616364393031333338633162122430383261666533302d333031302d356536622d616237302d326435616334616434386431180122130a0634343031303512093434303130353030302a0a323031362d30332d303132060890d3d3b6053a190a0c636f6e666967757261746f721209343430313035303030c202ef020aec020a1f31313434303130354b33313630353738383535343432303935303132303031121ee7949fe882b2e799bbe8aeb0e4bfa1e681afe58d8fe69fa5e6a0b8e5ae9e180120052802320ce585ace585b1e69c8de58aa13a0673747265657440014a06080a100120015224080510011a1ee5b9bfe5b79ee4b880e5ada9e7949fe882b2e799bbe8aeb0e68c87e58d975a180a034d3031120fe58d8fe69fa5e8afb7e6b182e8a1a818015a2a0a034d30321221e799bbe8aeb0e5afb9e8b1a1e8baabe4bbbde8af81e4bbb6e5a48de58db0e4bbb618015a220a034d3033121be5a99ae5a7bbe78ab6e586b5e8af81e6988ee5a48de58db0e4bbb6620201036a200a0253311212e5a99ae882b2e68385e586b5e6a0b8e5ae9e18012001280130036a230a0253321215e7a791e5aea4e8b49fe8b4a3e4babae7adbee58f9118022002280130017a0a323031352d31302d3038880101900101980101aa0112e58d8fe69fa5e6a0b8e5ae9ee7bb93e69e9c	2026-11-30 17:50:52.157613+08
intake	440105	440105000	dce81314-17a5-57ca-9bec-1fd7551e91a2	1	01a22bdd-48ed-76ac-a3e2-92ca0b309673	item_published	\\x0a2430316132326264642d343865642d373661632d613365322d393263613062333039363733122464636538313331342d313761352d353763612d396265632d316664373535316539316132180122130a0634343031303512093434303130353030302a0a323031362d30332d303132060890d3d3b6053a190a0c636f6e666967757261746f721209343430313035303030c202a6040aa3040a1f31313434303130354b333136303537383835353434313039323031353030311218e5b9bfe4b89ce79c81e5b185e4bd8fe8af81e6a0b8e58f911801200228033212e585b6e4bb96e8a18ce694bfe69d83e58a9b3a0fe58cbae585ace5ae89e58886e5b18040034a24080f10021a1ee5b185e4bd8fe8af81e69a82e8a18ce69da1e4be8be7acace4b99de69da15221080a10011a1be5b9bfe5b79ee5b185e4bd8fe8af81e58a9ee4ba8be68c87e58d975a2a0a034d30311221e5b9bfe4b89ce79c81e5b185e4bd8fe8af81e4b89ae58aa1e794b3e58a9ee8a1a818015a180a034d3032120fe5b185e6b091e8baabe4bbbde8af8118015a360a034d3033122de5b185e4bd8fe8af81e79bb8e78987e59b9ee689a7e68896e8baabe4bbbde8af81e88aafe78987e79bb8e7898718015a2d0a034d30341224e4bd8fe59d80e38081e5b0b1e4b89ae68896e5b0b1e8afbbe8af81e6988ee4b98be4b88018015a370a034d30351230e79b91e68aa4e4babae68896e8bf91e4bab2e5b19ee4bba3e58a9ee79a84e58f8ce696b9e8baabe4bbbde8af81e4bbb66204010203046a200a0253311212e8b584e69699e6a0b8e5afb9e5bd95e585a518012001280130016a260a0253321218e8bdace68aa5e585ace5ae89e5aea1e6a0b8e588b6e8af8118032001280130017a0a323031352d31302d3038880101900101980101aa0112e5b9bfe4b89ce79c81e5b185e4bd8fe8af81b2010f7075626c69635f7365637572697479	2026-11-30 17:50:52.268901+08
intake	440105	440105008	01a22bdd-48fc-73a3-b36d-372755d50c21	1	01a22bdd-48fe-7594-85bd-34ce11097b53	ticket_taken	\\x0a2430316132326264642d343866652d373539342d383562642d333463653131303937623533122430316132326264642d343866632d373361332d623336642d333732373535643530633231180122130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a120a05636c65726b1209343430313035303038f201080a04453030311005	2026-11-30 17:50:52.268938+08
intake	440105	440105008	01a22bdd-48fc-73a3-b36d-372755d50c21	2	01a22bdd-4911-74ea-a45f-63681d1dbb59	ticket_called	\\x0a2430316132326264642d343931312d373465612d613435662d363336383164316462623539122430316132326264642d343866632d373361332d623336642d333732373535643530633231180222130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a120a05636c65726b1209343430313035303038fa01040a025731	2026-11-30 17:50:52.268946+08
intake	440105	440105008	01a22bdd-4925-77cf-ac7c-5ae570d387ea	1	01a22bdd-4929-771f-a678-b8c028f193b0	application_submitted	\\x0a2430316132326264642d343932392d373731662d613637382d623863303238663139336230122430316132326264642d343932352d373763662d616337632d356165353730643338376561180122130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a120a05636c65726b120934343031303530303852df020a1d3434303130353030383030303530313230303131363033303130303031121f31313434303130354b333136303537383835353434323039353031323030311801221ee7949fe882b2e799bbe8aeb0e4bfa1e681afe58d8fe69fa5e6a0b8e5ae9e28053002380140014a025731522430316132326264642d343866632d373361332d623336642d33373237353564353063323158016240376261343436653535343165623733666633663635393731353564633233383363623333356634396232346236313863626532323034363961393530383030326a090a034d3031100118016a090a034d3032100118017a0a323031362d30332d30388a01406131366532653135663662306630393434353964613131623632636539363362393533353864366433373263306531313531376132326264336436396437383292011273746174652d636f756e63696c2d323032369a010a323031362d30332d3031	2026-11-30 17:50:52.268952+08
intake	440105	440105008	01a22bdd-4925-77cf-ac7c-5ae570d387ea	2	01a22bdd-4949-73a6-bcb7-2d6f4c4f448a	application_accepted	\\x0a2430316132326264642d343934392d373361362d626362372d326436663463346634343861122430316132326264642d343932352d373763662d616337632d356165353730643338376561180222130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a120a05636c65726b1209343430313035303038820193040a2b31313434303130354b33313630353738383535343432303935303132303031323031363033303130303031121d3434303130353030383030303530313230303131363033303130303031180122de010a1f31313434303130354b33313630353738383535343432303935303132303031121ee7949fe882b2e799bbe8aeb0e4bfa1e681afe58d8fe69fa5e6a0b8e5ae9e18012005280230013a06080a100120014224080510011a1ee5b9bfe5b79ee4b880e5ada9e7949fe882b2e799bbe8aeb0e68c87e58d974a200a0253311212e5a99ae882b2e68385e586b5e6a0b8e5ae9e18012001280130034a230a0253321215e7a791e5aea4e8b49fe8b4a3e4babae7adbee58f911802200228013001500158016a067374726565747a12e58d8fe69fa5e6a0b8e5ae9ee7bb93e69e9c2a0a323031362d30332d3031320a323031362d30332d30313a0a323031362d30332d3038420a323031362d30332d3135521273746174652d636f756e63696c2d323032365a02573160016a090a034d3031100118016a090a034d3032100118017240613136653265313566366230663039343435396461313162363263653936336239353335386436643337326330653131353137613232626433643639643738327a4037626134343665353534316562373366663366363539373135356463323338336362333335663439623234623631386362653232303436396139353038303032	2026-11-30 17:50:52.29505+08
approval	440105	440105008	64dd746f-0c4d-5b30-8fb4-2987904fe6ef	1	01a22bdd-49cc-73d7-b033-e506439f5a67	case_opened	\\x0a2430316132326264642d343963632d373364372d623033332d653530363433396635613637122436346464373436662d306334642d356233302d386662342d323938373930346665366566180122130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a080a066f6666696365422430316132326264642d343932352d373763662d616337632d35616535373064333837656152bf030801122b31313434303130354b333136303537383835353434323039353031323030313230313630333031303030311ade010a1f31313434303130354b33313630353738383535343432303935303132303031121ee7949fe882b2e799bbe8aeb0e4bfa1e681afe58d8fe69fa5e6a0b8e5ae9e18012005280230013a06080a100120014224080510011a1ee5b9bfe5b79ee4b880e5ada9e7949fe882b2e799bbe8aeb0e68c87e58d974a200a0253311212e5a99ae882b2e68385e586b5e6a0b8e5ae9e18012001280130034a230a0253321215e7a791e5aea4e8b49fe8b4a3e4babae7adbee58f911802200228013001500158016a067374726565747a12e58d8fe69fa5e6a0b8e5ae9ee7bb93e69e9c228a010a0a323031362d30332d30311206080a100120011a24080510011a1ee5b9bfe5b79ee4b880e5ada9e7949fe882b2e799bbe8aeb0e68c87e58d97220a323031362d30332d30382a0a323031362d30332d3135320a323031362d30332d30373a0a323031362d30332d3039420a323031362d30332d3136521273746174652d636f756e63696c2d32303236420257315a0a323031362d30332d303162070a034d3031100162070a034d30321001	2026-11-30 17:50:52.566174+08
approval	440105	440105008	64dd746f-0c4d-5b30-8fb4-2987904fe6ef	2	01a22bdd-55df-772e-a00a-8232fa37f407	step_claimed	\\x0a2430316132326264642d353564662d373732652d613030612d383233326661333766343037122436346464373436662d306334642d356233302d386662342d323938373930346665366566180222130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a0a0a087265766965776572422430316132326264642d343932352d373763662d616337632d3561653537306433383765615a0e0a02533112087265766965776572	2026-11-30 17:50:55.636115+08
approval	440105	440105008	64dd746f-0c4d-5b30-8fb4-2987904fe6ef	3	01a22bdd-5695-709a-ac43-d5679b7cd933	step_completed	\\x0a2430316132326264642d353639352d373039612d616334332d643536373962376364393333122436346464373436662d306334642d356233302d386662342d323938373930346665366566180322130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a0a0a087265766965776572422430316132326264642d343932352d373763662d616337632d3561653537306433383765616a610a025331120872657669657765721801224d0a09737465702e53312e311240653631623635656335346237343537316666643031313137323164653633393261363338363731633036303337323733356536656434333639353530313863632801	2026-11-30 17:50:55.717285+08
intake	440105	440105008	01a22bdd-4925-77cf-ac7c-5ae570d387ea	3	01a22bdd-5677-7086-84e1-67fa2ebf5f89	applicant_read	\\x0a2430316132326264642d353637372d373038362d383465312d363766613265626635663839122430316132326264642d343932352d373763662d616337632d356165353730643338376561180322130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a150a0872657669657765721209343430313035303038aa01300a087265766965776572122436346464373436662d306334642d356233302d386662342d323938373930346665366566	2026-11-30 17:50:55.742005+08
approval	440105	440105008	64dd746f-0c4d-5b30-8fb4-2987904fe6ef	4	01a22bdd-5731-76e3-bd56-3fc6eab64065	case_decided	\\x0a2430316132326264642d353733312d373665332d626435362d336663366561623634303635122436346464373436662d306334642d356233302d386662342d323938373930346665366566180422130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a060a0468656164422430316132326264642d343932352d373763662d616337632d356165353730643338376561b201240801180120012a1a343430313035303038e3809432303136e38095e586b331e58fb73001	2026-11-30 17:50:55.832174+08
intake	440105	440105008	01a22bdd-4925-77cf-ac7c-5ae570d387ea	4	01a22bdd-59ea-762b-9789-c95c992843a9	service_rated	\\x0a2430316132326264642d353965612d373632622d393738392d633935633939323834336139122430316132326264642d343932352d373763662d616337632d356165353730643338376561180422130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a120a05636c65726b1209343430313035303038a20106080112025731	2026-11-30 17:50:56.54302+08
intake	440105	440105008	01a22bdd-5adc-741e-90a9-0196e7a24741	1	01a22bdd-5ae1-73f6-8877-66eaf2b107cd	application_submitted	\\x0a2430316132326264642d356165312d373366362d383837372d363665616632623130376364122430316132326264642d356164632d373431652d393061392d303139366537613234373431180122130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a120a05636c65726b120934343031303530303852b9020a1d3434303130353030383030303530313230303131363033303130303032121f31313434303130354b333136303537383835353434323039353031323030311801221ee7949fe882b2e799bbe8aeb0e4bfa1e681afe58d8fe69fa5e6a0b8e5ae9e28053002380140014a02573158016240623531663531623736356662623461376464363237383230366361643731333063653035616439353363383562646462393261623430326130393636373764666a090a034d3031100118016a090a034d3032100118017a0a323031362d30332d30388a01406332396661313134656631363131313632343536313439653433346433333133383335386466313762356334313739643062323162643733326139643331333492011273746174652d636f756e63696c2d323032369a010a323031362d30332d3031	2026-11-30 17:50:56.78561+08
approval	440105	440105000	6d4e0bce-807a-5e21-b302-7296de6acbfc	3	01a22bdd-6527-77d5-bd42-f778aabf0642	district_decided	\\x0a2430316132326264642d363532372d373764352d626434322d663737386161626630363432122436643465306263652d383037612d356532312d623330322d373239366465366163626663180322130a0634343031303512093434303130353030302a0a323031362d30332d303832060890c8f8b6053a110a0f64697374726963742d73797374656d422430316132326264642d356635382d373038652d386635642d6233353061343533613333358a01440a2c646563696465643a36643465306263652d383037612d356532312d623330322d37323936646536616362666310011a0a323031362d30332d30382801300138014002	2026-11-30 17:50:59.433111+08
intake	440105	440105008	01a22bdd-5adc-741e-90a9-0196e7a24741	2	01a22bdd-5b09-7282-9451-1a633675a056	application_accepted	\\x0a2430316132326264642d356230392d373238322d393435312d316136333336373561303536122430316132326264642d356164632d373431652d393061392d303139366537613234373431180222130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a120a05636c65726b1209343430313035303038820193040a2b31313434303130354b33313630353738383535343432303935303132303031323031363033303130303032121d3434303130353030383030303530313230303131363033303130303032180122de010a1f31313434303130354b33313630353738383535343432303935303132303031121ee7949fe882b2e799bbe8aeb0e4bfa1e681afe58d8fe69fa5e6a0b8e5ae9e18012005280230013a06080a100120014224080510011a1ee5b9bfe5b79ee4b880e5ada9e7949fe882b2e799bbe8aeb0e68c87e58d974a200a0253311212e5a99ae882b2e68385e586b5e6a0b8e5ae9e18012001280130034a230a0253321215e7a791e5aea4e8b49fe8b4a3e4babae7adbee58f911802200228013001500158016a067374726565747a12e58d8fe69fa5e6a0b8e5ae9ee7bb93e69e9c2a0a323031362d30332d3031320a323031362d30332d30313a0a323031362d30332d3038420a323031362d30332d3135521273746174652d636f756e63696c2d323032365a02573160016a090a034d3031100118016a090a034d3032100118017240633239666131313465663136313131363234353631343965343334643333313338333538646631376235633431373964306232316264373332613964333133347a4062353166353162373635666262346137646436323738323036636164373133306365303561643935336338356264646239326162343032613039363637376466	2026-11-30 17:50:56.846275+08
approval	440105	440105008	77040dcf-24da-5959-b543-8c174384d809	2	01a22bdd-5b8f-7397-9ea2-a4aa84e170d4	step_claimed	\\x0a2430316132326264642d356238662d373339372d396561322d613461613834653137306434122437373034306463662d323464612d353935392d623534332d386331373433383464383039180222130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a0a0a087265766965776572422430316132326264642d356164632d373431652d393061392d3031393665376132343734315a0e0a02533112087265766965776572	2026-11-30 17:50:56.954306+08
intake	440105	440105008	01a22bdd-5edb-7793-bf75-69ab2b2a8b3f	1	01a22bdd-5ee0-7296-879d-2c12940ed776	application_submitted	\\x0a2430316132326264642d356565302d373239362d383739642d326331323934306564373736122430316132326264642d356564622d373739332d626637352d363961623262326138623366180122130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a120a05636c65726b120934343031303530303852b9020a1d3434303130353030383030303130303830303131363033303130303031121f31313434303130354b333136303537383835353434323039313030383030311801221ee7a4bee4bc9ae69591e58aa9e4b880e997a8e58f97e79086e799bbe8aeb028013001380140014a02573158016240623664396438373431316166656233633365303931343433333264336636653663653736346238336431393631646665383061306232653735333531613665306a090a034d3031100118016a090a034d3032100118017a0a323031362d30332d30388a01403761663539633137386161383063363230306236386436386365353930623962353631333737616631303264633135316464353731643665356336323066383192011273746174652d636f756e63696c2d323032369a010a323031362d30332d3031	2026-11-30 17:50:57.802445+08
intake	440105	440105008	01a22bdd-5edb-7793-bf75-69ab2b2a8b3f	2	01a22bdd-5ee0-7296-879d-2c1333d8a612	application_accepted	\\x0a2430316132326264642d356565302d373239362d383739642d326331333333643861363132122430316132326264642d356564622d373739332d626637352d363961623262326138623366180222130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a120a05636c65726b12093434303130353030388201c6030a2b31313434303130354b33313630353738383535343432303931303038303031323031363033303130303033121d343430313035303038303030313030383030313136303330313030303118012291010a1f31313434303130354b33313630353738383535343432303931303038303031121ee7a4bee4bc9ae69591e58aa9e4b880e997a8e58f97e79086e799bbe8aeb018012001280130013a1010011a0ce5bd93e59cbae58a9ee7bb93421010011a0ce5bd93e59cbae58a9ee7bb9360016a067374726565747a18e6b182e58aa9e799bbe8aeb0e58f8ae8bdace4bb8be58d952a0a323031362d30332d3031320a323031362d30332d30313a0a323031362d30332d3031420a323031362d30332d3031521273746174652d636f756e63696c2d323032365a02573160016a090a034d3031100118016a090a034d3032100118017240376166353963313738616138306336323030623638643638636535393062396235363133373761663130326463313531646435373164366535633632306638317a4062366439643837343131616665623363336530393134343333326433663665366365373634623833643139363164666538306130623265373533353161366530	2026-11-30 17:50:57.802492+08
intake	440105	440105008	01a22bdd-5edb-7793-bf75-69ab2b2a8b3f	3	01a22bdd-5ee0-7296-879d-2c14e9bd8681	completed_on_the_spot	\\x0a2430316132326264642d356565302d373239362d383739642d326331346539626438363831122430316132326264642d356564622d373739332d626637352d363961623262326138623366180322130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a120a05636c65726b120934343031303530303892011e0a18e6b182e58aa9e799bbe8aeb0e58f8ae8bdace4bb8be58d9512025731	2026-11-30 17:50:57.802504+08
intake	440105	440105008	01a22bdd-5f1e-749e-84f9-faba648f7ed1	1	01a22bdd-5f21-77ae-bb0a-7247f4416a4a	application_submitted	\\x0a2430316132326264642d356632312d373761652d626230612d373234376634343136613461122430316132326264642d356631652d373439652d383466392d666162613634386637656431180122130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a120a05636c65726b120934343031303530303852b9020a1d3434303130353030383030303130303830303131363033303130303032121f31313434303130354b333136303537383835353434323039313030383030311801221ee7a4bee4bc9ae69591e58aa9e4b880e997a8e58f97e79086e799bbe8aeb028013001380140014a02573158016240613831306436313564306363356532353062656262336163393635613538373738613839346335343063326333623864653761643663646266666438336563616a090a034d3031100118016a090a034d3032100118017a0a323031362d30332d30388a01403834323231386535373130306630303933643239363436383434356263643966336139623636343463363866396234353863326630323063613132366364646292011273746174652d636f756e63696c2d323032369a010a323031362d30332d3031	2026-11-30 17:50:57.864291+08
intake	440105	440105008	01a22bdd-5f58-708e-8f5d-b350a453a335	1	01a22bdd-5f5a-7594-a72b-098b2eca6822	application_submitted	\\x0a2430316132326264642d356635612d373539342d613732622d303938623265636136383232122430316132326264642d356635382d373038652d386635642d623335306134353361333335180122130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a120a05636c65726b120934343031303530303852c9020a1d3434303130353030383030303230313530303131363033303130303031121f31313434303130354b3331363035373838353534343130393230313530303118012218e5b9bfe4b89ce79c81e5b185e4bd8fe8af81e6a0b8e58f9128023003380140014a02573158016240613430653932643161646435653464636563633862623731396239303636333237323435346565303333633936613666333466303666383434636431376336356a090a034d3031100118016a090a034d3032100118016a090a034d3033100118016a090a034d3034100118017a0a323031362d30332d30388a01403138386138393937656663383837383965333334653131316666316437313535616166343932363366633835306663396538343462386532616437353034313392011273746174652d636f756e63696c2d323032369a010a323031362d30332d3031	2026-11-30 17:50:57.951306+08
intake	440105	440105008	01a22bdd-5f58-708e-8f5d-b350a453a335	2	01a22bdd-5f70-75bd-afe1-5b71f1934eba	application_accepted	\\x0a2430316132326264642d356637302d373562642d616665312d356237316631393334656261122430316132326264642d356635382d373038652d386635642d623335306134353361333335180222130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a120a05636c65726b12093434303130353030388201db040a2b31313434303130354b33313630353738383535343431303932303135303031323031363033303130303035121d343430313035303038303030323031353030313136303330313030303118012290020a1f31313434303130354b333136303537383835353434313039323031353030311218e5b9bfe4b89ce79c81e5b185e4bd8fe8af81e6a0b8e58f9118012002280330033a24080f10021a1ee5b185e4bd8fe8af81e69a82e8a18ce69da1e4be8be7acace4b99de69da14221080a10011a1be5b9bfe5b79ee5b185e4bd8fe8af81e58a9ee4ba8be68c87e58d974a200a0253311212e8b584e69699e6a0b8e5afb9e5bd95e585a518012001280130014a260a0253321218e8bdace68aa5e585ace5ae89e5aea1e6a0b8e588b6e8af811803200128013001500158016a0fe58cbae585ace5ae89e58886e5b180720f7075626c69635f73656375726974797a12e5b9bfe4b89ce79c81e5b185e4bd8fe8af812a0a323031362d30332d3031320a323031362d30332d30313a0a323031362d30332d3135420a323031362d30332d3136521273746174652d636f756e63696c2d323032365a02573160016a090a034d3031100118016a090a034d3032100118016a090a034d3033100118016a090a034d3034100118017240313838613839393765666338383738396533333465313131666631643731353561616634393236336663383530666339653834346238653261643735303431337a4061343065393264316164643565346463656363386262373139623930363633323732343534656530333363393661366633346630366638343463643137633635	2026-11-30 17:50:57.973392+08
approval	440105	440105000	6d4e0bce-807a-5e21-b302-7296de6acbfc	2	01a22bdd-617b-714e-95f7-c4b7f372cbe2	handoff_acknowledged	\\x0a2430316132326264642d363137622d373134652d393566372d633462376633373263626532122436643465306263652d383037612d356532312d623330322d373239366465366163626663180222130a0634343031303512093434303130353030302a0a323031362d30332d303132060890d3d3b6053a080a066f6666696365422430316132326264642d356635382d373038652d386635642d6233353061343533613333357ac1010a0b5132303136303030303031120a323031362d30332d30311aa5010a0a323031362d30332d30311224080f10021a1ee5b185e4bd8fe8af81e69a82e8a18ce69da1e4be8be7acace4b99de69da11a21080a10011a1be5b9bfe5b79ee5b185e4bd8fe8af81e58a9ee4ba8be68c87e58d97220a323031362d30332d31352a0a323031362d30332d3136320a323031362d30332d31313a0a323031362d30332d3136420a323031362d30332d3137521273746174652d636f756e63696c2d32303236	2026-11-30 17:50:58.481458+08
approval	440105	440105008	77040dcf-24da-5959-b543-8c174384d809	1	01a22bdd-5b58-7233-8b4e-37f6268a4cbb	case_opened	\\x0a2430316132326264642d356235382d373233332d386234652d333766363236386134636262122437373034306463662d323464612d353935392d623534332d386331373433383464383039180122130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a080a066f6666696365422430316132326264642d356164632d373431652d393061392d30313936653761323437343152bf030801122b31313434303130354b333136303537383835353434323039353031323030313230313630333031303030321ade010a1f31313434303130354b33313630353738383535343432303935303132303031121ee7949fe882b2e799bbe8aeb0e4bfa1e681afe58d8fe69fa5e6a0b8e5ae9e18012005280230013a06080a100120014224080510011a1ee5b9bfe5b79ee4b880e5ada9e7949fe882b2e799bbe8aeb0e68c87e58d974a200a0253311212e5a99ae882b2e68385e586b5e6a0b8e5ae9e18012001280130034a230a0253321215e7a791e5aea4e8b49fe8b4a3e4babae7adbee58f911802200228013001500158016a067374726565747a12e58d8fe69fa5e6a0b8e5ae9ee7bb93e69e9c228a010a0a323031362d30332d30311206080a100120011a24080510011a1ee5b9bfe5b79ee4b880e5ada9e7949fe882b2e799bbe8aeb0e68c87e58d97220a323031362d30332d30382a0a323031362d30332d3135320a323031362d30332d30373a0a323031362d30332d3039420a323031362d30332d3136521273746174652d636f756e63696c2d32303236420257315a0a323031362d30332d303162070a034d3031100162070a034d30321001	2026-11-30 17:50:56.926202+08
approval	440105	440105008	77040dcf-24da-5959-b543-8c174384d809	3	01a22bdd-5ba3-74f1-9a68-77371ab362b7	term_extended	\\x0a2430316132326264642d356261332d373466312d396136382d373733373161623336326237122437373034306463662d323464612d353935392d623534332d386331373433383464383039180322130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a060a0468656164422430316132326264642d356164632d373431652d393061392d3031393665376132343734319a01e501080a12540a10657874656e73696f6e2e726561736f6e1240363332353862356461646161323831633762643832316561323836326534323034333332636439653535616237343165613039306538613134366531666434321a8a010a0a323031362d30332d30311206080a100120011a24080510011a1ee5b9bfe5b79ee4b880e5ada9e7949fe882b2e799bbe8aeb0e68c87e58d97220a323031362d30332d32322a0a323031362d30332d3239320a323031362d30332d31373a0a323031362d30332d3233420a323031362d30332d3330521273746174652d636f756e63696c2d32303236	2026-11-30 17:50:57.051203+08
intake	440105	440105008	01a22bdd-5f1e-749e-84f9-faba648f7ed1	2	01a22bdd-5f33-7603-9055-4b19f9a5c4f6	application_accepted	\\x0a2430316132326264642d356633332d373630332d393035352d346231396639613563346636122430316132326264642d356631652d373439652d383466392d666162613634386637656431180222130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a120a05636c65726b12093434303130353030388201c6030a2b31313434303130354b33313630353738383535343432303931303038303031323031363033303130303034121d343430313035303038303030313030383030313136303330313030303218012291010a1f31313434303130354b33313630353738383535343432303931303038303031121ee7a4bee4bc9ae69591e58aa9e4b880e997a8e58f97e79086e799bbe8aeb018012001280130013a1010011a0ce5bd93e59cbae58a9ee7bb93421010011a0ce5bd93e59cbae58a9ee7bb9360016a067374726565747a18e6b182e58aa9e799bbe8aeb0e58f8ae8bdace4bb8be58d952a0a323031362d30332d3031320a323031362d30332d30313a0a323031362d30332d3031420a323031362d30332d3031521273746174652d636f756e63696c2d323032365a02573160016a090a034d3031100118016a090a034d3032100118017240383432323138653537313030663030393364323936343638343435626364396633613962363634346336386639623435386332663032306361313236636464627a4061383130643631356430636335653235306265626233616339363561353837373861383934633534306332633362386465376164366364626666643833656361	2026-11-30 17:50:57.887809+08
intake	440105	440105008	01a22bdd-5f1e-749e-84f9-faba648f7ed1	3	01a22bdd-5f33-7603-9055-4b1a21efe9ef	completed_on_the_spot	\\x0a2430316132326264642d356633332d373630332d393035352d346231613231656665396566122430316132326264642d356631652d373439652d383466392d666162613634386637656431180322130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a120a05636c65726b120934343031303530303892011e0a18e6b182e58aa9e799bbe8aeb0e58f8ae8bdace4bb8be58d9512025731	2026-11-30 17:50:57.887858+08
approval	440105	440105008	099b395f-e84b-5a64-8199-a3083a39083b	1	01a22bdd-5fb7-77e1-8929-656d84d8edd4	case_opened	\\x0a2430316132326264642d356662372d373765312d383932392d363536643834643865646434122430393962333935662d653834622d356136342d383139392d613330383361333930383362180122130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a080a066f6666696365422430316132326264642d356635382d373038652d386635642d623335306134353361333335529e040801122b31313434303130354b333136303537383835353434313039323031353030313230313630333031303030351a90020a1f31313434303130354b333136303537383835353434313039323031353030311218e5b9bfe4b89ce79c81e5b185e4bd8fe8af81e6a0b8e58f9118012002280330033a24080f10021a1ee5b185e4bd8fe8af81e69a82e8a18ce69da1e4be8be7acace4b99de69da14221080a10011a1be5b9bfe5b79ee5b185e4bd8fe8af81e58a9ee4ba8be68c87e58d974a200a0253311212e8b584e69699e6a0b8e5afb9e5bd95e585a518012001280130014a260a0253321218e8bdace68aa5e585ace5ae89e5aea1e6a0b8e588b6e8af811803200128013001500158016a0fe58cbae585ace5ae89e58886e5b180720f7075626c69635f73656375726974797a12e5b9bfe4b89ce79c81e5b185e4bd8fe8af8122a5010a0a323031362d30332d30311224080f10021a1ee5b185e4bd8fe8af81e69a82e8a18ce69da1e4be8be7acace4b99de69da11a21080a10011a1be5b9bfe5b79ee5b185e4bd8fe8af81e58a9ee4ba8be68c87e58d97220a323031362d30332d31352a0a323031362d30332d3136320a323031362d30332d31313a0a323031362d30332d3136420a323031362d30332d3137521273746174652d636f756e63696c2d32303236420257315a0a323031362d30332d303162070a034d3031100162070a034d3032100162070a034d3033100162070a034d30341001	2026-11-30 17:50:58.040099+08
approval	440105	440105008	099b395f-e84b-5a64-8199-a3083a39083b	2	01a22bdd-5fc1-7753-82e9-eeba823d7e9a	step_claimed	\\x0a2430316132326264642d356663312d373735332d383265392d656562613832336437653961122430393962333935662d653834622d356136342d383139392d613330383361333930383362180222130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a0a0a087265766965776572422430316132326264642d356635382d373038652d386635642d6233353061343533613333355a0e0a02533112087265766965776572	2026-11-30 17:50:58.137416+08
approval	440105	440105008	099b395f-e84b-5a64-8199-a3083a39083b	3	01a22bdd-6007-74fa-8e80-bdfcab2d1959	step_completed	\\x0a2430316132326264642d363030372d373466612d386538302d626466636162326431393539122430393962333935662d653834622d356136342d383139392d613330383361333930383362180322130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a0a0a087265766965776572422430316132326264642d356635382d373038652d386635642d6233353061343533613333356a610a025331120872657669657765721801224d0a09737465702e53312e311240653631623635656335346237343537316666643031313137323164653633393261363338363731633036303337323733356536656434333639353530313863632801	2026-11-30 17:50:58.137454+08
approval	440105	440105008	099b395f-e84b-5a64-8199-a3083a39083b	4	01a22bdd-601c-76be-8965-e617426c45f7	case_referred	\\x0a2430316132326264642d363031632d373662652d383936352d653631373432366334356637122430393962333935662d653834622d356136342d383139392d613330383361333930383362180422130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a0a0a087265766965776572422430316132326264642d356635382d373038652d386635642d6233353061343533613333357280060a2436643465306263652d383037612d356532312d623330322d37323936646536616362666312130a0634343031303512093434303130353030301a0f7075626c69635f736563757269747922560a12726566657272616c2e312e6f70696e696f6e12403439363962363933393738636431383262656165343838316661626638643737336366623830313032616366626336666361636138393361346139646264643030013a4064323138333235653265623263353531636332656164393333643637306363386239666231383132343835353632326530363839316438386437386234656638422b31313434303130354b333136303537383835353434313039323031353030313230313630333031303030354a90020a1f31313434303130354b333136303537383835353434313039323031353030311218e5b9bfe4b89ce79c81e5b185e4bd8fe8af81e6a0b8e58f9118012002280330033a24080f10021a1ee5b185e4bd8fe8af81e69a82e8a18ce69da1e4be8be7acace4b99de69da14221080a10011a1be5b9bfe5b79ee5b185e4bd8fe8af81e58a9ee4ba8be68c87e58d974a200a0253311212e8b584e69699e6a0b8e5afb9e5bd95e585a518012001280130014a260a0253321218e8bdace68aa5e585ace5ae89e5aea1e6a0b8e588b6e8af811803200128013001500158016a0fe58cbae585ace5ae89e58886e5b180720f7075626c69635f73656375726974797a12e5b9bfe4b89ce79c81e5b185e4bd8fe8af8162a5010a0a323031362d30332d30311224080f10021a1ee5b185e4bd8fe8af81e69a82e8a18ce69da1e4be8be7acace4b99de69da11a21080a10011a1be5b9bfe5b79ee5b185e4bd8fe8af81e58a9ee4ba8be68c87e58d97220a323031362d30332d31352a0a323031362d30332d3136320a323031362d30332d31313a0a323031362d30332d3136420a323031362d30332d3137521273746174652d636f756e63696c2d323032366a0a323031362d30332d303172070a034d3031100172070a034d3032100172070a034d3033100172070a034d30341001	2026-11-30 17:50:58.137465+08
approval	440105	440105000	6d4e0bce-807a-5e21-b302-7296de6acbfc	1	01a22bdd-60c8-7525-a433-a34c3064956c	case_opened	\\x0a2430316132326264642d363063382d373532352d613433332d613334633330363439353663122436643465306263652d383037612d356532312d623330322d373239366465366163626663180122130a0634343031303512093434303130353030302a0a323031362d30332d303132060890d3d3b6053a080a066f6666696365422430316132326264642d356635382d373038652d386635642d62333530613435336133333552aa050802122b31313434303130354b333136303537383835353434313039323031353030313230313630333031303030351a90020a1f31313434303130354b333136303537383835353434313039323031353030311218e5b9bfe4b89ce79c81e5b185e4bd8fe8af81e6a0b8e58f9118012002280330033a24080f10021a1ee5b185e4bd8fe8af81e69a82e8a18ce69da1e4be8be7acace4b99de69da14221080a10011a1be5b9bfe5b79ee5b185e4bd8fe8af81e58a9ee4ba8be68c87e58d974a200a0253311212e8b584e69699e6a0b8e5afb9e5bd95e585a518012001280130014a260a0253321218e8bdace68aa5e585ace5ae89e5aea1e6a0b8e588b6e8af811803200128013001500158016a0fe58cbae585ace5ae89e58886e5b180720f7075626c69635f73656375726974797a12e5b9bfe4b89ce79c81e5b185e4bd8fe8af8122a5010a0a323031362d30332d30311224080f10021a1ee5b185e4bd8fe8af81e69a82e8a18ce69da1e4be8be7acace4b99de69da11a21080a10011a1be5b9bfe5b79ee5b185e4bd8fe8af81e58a9ee4ba8be68c87e58d97220a323031362d30332d31352a0a323031362d30332d3136320a323031362d30332d31313a0a323031362d30332d3136420a323031362d30332d3137521273746174652d636f756e63696c2d323032362a2430393962333935662d653834622d356136342d383139392d61333038336133393038336232130a0634343031303512093434303130353030383a0f7075626c69635f736563757269747948015240643231383332356532656232633535316363326561643933336436373063633862396662313831323438353536323265303638393164383864373862346566385a0a323031362d30332d303162070a034d3031100162070a034d3032100162070a034d3033100162070a034d30341001	2026-11-30 17:50:58.41812+08
approval	440105	440105008	099b395f-e84b-5a64-8199-a3083a39083b	5	01a22bdd-656e-764f-bd3f-0c09de060a88	district_decided	\\x0a2430316132326264642d363536652d373634662d626433662d306330396465303630613838122430393962333935662d653834622d356136342d383139392d613330383361333930383362180522130a0634343031303512093434303130353030382a0a323031362d30332d303832060890c8f8b6053a080a066f6666696365422430316132326264642d356635382d373038652d386635642d6233353061343533613333358a01440a2c646563696465643a36643465306263652d383037612d356532312d623330322d37323936646536616362666310011a0a323031362d30332d30382801300138014001	2026-11-30 17:50:59.472765+08
\.

COPY public.hearing_mark (source, district, street, file_id, revision, state) FROM stdin;
intake	440105	440105000	d1fe7e08-3e8d-5c2f-a333-b41ac0697a9d	1	open
intake	440105	440105000	5dccfe61-b91c-5bcb-9be2-93991537a0a9	1	open
intake	440105	440105000	5ea3a374-a96a-5ba1-bbc9-9aab1d07459b	1	open
intake	440105	440105000	082afe30-3010-5e6b-ab70-2d5ac4ad48d1	1	open
intake	440105	440105000	dce81314-17a5-57ca-9bec-1fd7551e91a2	1	open
intake	440105	440105008	01a22bdd-48fc-73a3-b36d-372755d50c21	2	open
approval	440105	440105008	64dd746f-0c4d-5b30-8fb4-2987904fe6ef	4	open
intake	440105	440105008	01a22bdd-4925-77cf-ac7c-5ae570d387ea	4	open
intake	440105	440105008	01a22bdd-5adc-741e-90a9-0196e7a24741	2	open
approval	440105	440105008	77040dcf-24da-5959-b543-8c174384d809	3	open
intake	440105	440105008	01a22bdd-5edb-7793-bf75-69ab2b2a8b3f	3	open
intake	440105	440105008	01a22bdd-5f1e-749e-84f9-faba648f7ed1	3	open
intake	440105	440105008	01a22bdd-5f58-708e-8f5d-b350a453a335	2	open
approval	440105	440105000	6d4e0bce-807a-5e21-b302-7296de6acbfc	3	open
approval	440105	440105008	099b395f-e84b-5a64-8199-a3083a39083b	5	open
\.

COPY public.outbox (seq, district, since, trace) FROM stdin;
\.

COPY public.parked (source, district, street, file_id, revision, event_id, kind, body, reason, parked_at) FROM stdin;
\.

COPY public.pull_cursor (district, cursor) FROM stdin;
440105	2
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
440105	decision/440105008/2016	1
\.

COPY public.sweep_name (name) FROM stdin;
cards
\.

COPY public.swept (district, sweep, day, finished_at) FROM stdin;
440105	cards	2016-02-29	2026-11-30 17:50:47.756011+08
440105	cards	2016-03-01	2026-11-30 17:50:47.852405+08
440105	cards	2016-03-02	2026-11-30 17:50:58.697184+08
440105	cards	2016-03-03	2026-11-30 17:50:58.839525+08
440105	cards	2016-03-04	2026-11-30 17:50:58.940133+08
440105	cards	2016-03-05	2026-11-30 17:50:58.997342+08
440105	cards	2016-03-06	2026-11-30 17:50:59.202711+08
440105	cards	2016-03-07	2026-11-30 17:50:59.268043+08
440105	cards	2016-03-08	2026-11-30 17:50:59.411079+08
440105	cards	2016-03-09	2026-11-30 17:50:59.706013+08
440105	cards	2016-03-10	2026-11-30 17:50:59.772251+08
440105	cards	2016-03-11	2026-11-30 17:50:59.813805+08
\.

COPY public.vault_key (district, street, file_id, wrapped) FROM stdin;
440105	440105008	64dd746f-0c4d-5b30-8fb4-2987904fe6ef	\\x010001a72983bd8574c760e8b05c2e532bf26fe54cf285a1356ff1e3aab0c6ecaa5ebe9b19801e315ef793b0779c1127640e8df73c75d2bd9d252512fdbf6f
440105	440105008	77040dcf-24da-5959-b543-8c174384d809	\\x010001c431f438058e1cc4e4ce0c17e0ebdce76edc283d62ddab91e4ffacce003c981557a6a8b19c0c3404b1295d0affd32a5d91b33459a8dbf8c6bb3b4603
440105	440105008	099b395f-e84b-5a64-8199-a3083a39083b	\\x01000161be12f2dc6cbe9c5a9d8c1c0de82eb3b9a5ecea2bc150f31f1589e48ebfaa483c6ed42088f67a2e84a397d3d2648947be8269368cdda4fb63f49352
\.

COPY public.vault_text (district, street, file_id, name, ciphertext) FROM stdin;
440105	440105008	64dd746f-0c4d-5b30-8fb4-2987904fe6ef	step.S1.1	\\x010759a313c750e0a9462f1782c64ff27331f88cce2f3681b6c776c9c82ed06bc71710
440105	440105008	77040dcf-24da-5959-b543-8c174384d809	extension.reason	\\x019c1b77ad1bb2d8d2111776d6b42aae03a4a29297bb2f16a6c76fd666e33eb5a3147f9e5404e358310edf3abffdc2f0554d0c43671ab8dafdc7a9
440105	440105008	099b395f-e84b-5a64-8199-a3083a39083b	step.S1.1	\\x014ddfae3c9cec6d0402a19707ef0776acb9211420a4a4905aef630238ee02b0c6ac67
440105	440105008	099b395f-e84b-5a64-8199-a3083a39083b	referral.1.opinion	\\x0131620faa0b430a8e47f6f3bd38f8b05c9f4fd3538b70ddcc8e12b515ef7792eca89efb04eef70f1dcb662b7eedbc5646cc907f5c18cbc541e711
\.

COPY public.withdrawn (district, street, application_id, withdrawn_on) FROM stdin;
\.

SELECT pg_catalog.setval('public.dead_letter_id_seq', 1, false);

SELECT pg_catalog.setval('public.fact_seq_seq', 15, true);

SELECT pg_catalog.setval('public.sealed_outbox_seq_seq', 1, false);

ALTER TABLE ONLY public.breaker
    ADD CONSTRAINT breaker_pkey PRIMARY KEY (district, destination);

ALTER TABLE ONLY public.calendar_notice
    ADD CONSTRAINT calendar_notice_pkey PRIMARY KEY (district, year);

ALTER TABLE ONLY public.case_file
    ADD CONSTRAINT case_file_pkey PRIMARY KEY (district, street, case_id);

ALTER TABLE ONLY public.cause
    ADD CONSTRAINT cause_pkey PRIMARY KEY (caller, request_id);

ALTER TABLE ONLY public.dead_letter
    ADD CONSTRAINT dead_letter_once UNIQUE (source, district, street, file_id, revision, event_id);

ALTER TABLE ONLY public.dead_letter
    ADD CONSTRAINT dead_letter_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.fact
    ADD CONSTRAINT fact_pkey PRIMARY KEY (district, street, file_id, revision);

ALTER TABLE ONLY public.fact
    ADD CONSTRAINT fact_seq UNIQUE (seq);

ALTER TABLE ONLY public.handoff
    ADD CONSTRAINT handoff_pkey PRIMARY KEY (district, case_id, kind);

ALTER TABLE ONLY public.heard
    ADD CONSTRAINT heard_pkey PRIMARY KEY (source, district, street, file_id, revision);

ALTER TABLE ONLY public.hearing_mark
    ADD CONSTRAINT hearing_mark_pkey PRIMARY KEY (source, district, street, file_id);

ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (seq);

ALTER TABLE ONLY public.parked
    ADD CONSTRAINT parked_pkey PRIMARY KEY (source, district, street, file_id, revision);

ALTER TABLE ONLY public.pull_cursor
    ADD CONSTRAINT pull_cursor_pkey PRIMARY KEY (district);

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

ALTER TABLE ONLY public.vault_key
    ADD CONSTRAINT vault_key_pkey PRIMARY KEY (district, street, file_id);

ALTER TABLE ONLY public.vault_text
    ADD CONSTRAINT vault_text_pkey PRIMARY KEY (district, street, file_id, name);

ALTER TABLE ONLY public.withdrawn
    ADD CONSTRAINT withdrawn_pkey PRIMARY KEY (district, street, application_id);

CREATE INDEX case_file_cards ON public.case_file USING btree (district, next_card_on, street, case_id) WHERE (next_card_on IS NOT NULL);

CREATE INDEX case_file_id ON public.case_file USING btree (case_id);

CREATE INDEX case_file_matter ON public.case_file USING btree (application_id);

CREATE INDEX case_file_number ON public.case_file USING btree (district, number);

CREATE INDEX case_file_worklist ON public.case_file USING btree (district, street, promised_due_on, case_id) INCLUDE (step_post, line, claimed_by) WHERE waits;

CREATE INDEX handoff_blocked ON public.handoff USING btree (district, waiting_since) WHERE (state = 'blocked'::text);

CREATE INDEX handoff_due ON public.handoff USING btree (district, due_on, case_id, kind) WHERE (state = ANY (ARRAY['waiting'::text, 'sending'::text]));

CREATE INDEX sealed_sent_file ON public.sealed_sent USING btree (district, street, file_id);

CREATE INDEX sealed_sent_since ON public.sealed_sent USING btree (since);

CREATE TRIGGER kept BEFORE DELETE OR UPDATE ON public.fact FOR EACH ROW EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER kept BEFORE DELETE OR UPDATE ON public.heard FOR EACH ROW EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER kept_whole BEFORE TRUNCATE ON public.fact FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER kept_whole BEFORE TRUNCATE ON public.heard FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

ALTER TABLE public.breaker ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.calendar_notice ENABLE ROW LEVEL SECURITY;

CREATE POLICY call ON public.breaker TO approval_rpc USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY call ON public.calendar_notice TO approval_rpc USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY call ON public.case_file TO approval_rpc USING (((district = current_setting('app.district'::text, true)) AND ((street = current_setting('app.street'::text, true)) OR (current_setting('app.street'::text, true) = '*'::text))));

CREATE POLICY call ON public.cause TO approval_rpc USING (((district = current_setting('app.district'::text, true)) AND ((street = current_setting('app.street'::text, true)) OR (current_setting('app.street'::text, true) = '*'::text))));

CREATE POLICY call ON public.dead_letter TO approval_rpc USING (((district = current_setting('app.district'::text, true)) AND ((street = current_setting('app.street'::text, true)) OR (current_setting('app.street'::text, true) = '*'::text))));

CREATE POLICY call ON public.fact TO approval_rpc USING (((district = current_setting('app.district'::text, true)) AND ((street = current_setting('app.street'::text, true)) OR (current_setting('app.street'::text, true) = '*'::text))));

CREATE POLICY call ON public.handoff TO approval_rpc USING (((district = current_setting('app.district'::text, true)) AND ((street = current_setting('app.street'::text, true)) OR (current_setting('app.street'::text, true) = '*'::text))));

CREATE POLICY call ON public.heard TO approval_rpc USING (((district = current_setting('app.district'::text, true)) AND ((street = current_setting('app.street'::text, true)) OR (current_setting('app.street'::text, true) = '*'::text))));

CREATE POLICY call ON public.hearing_mark TO approval_rpc USING (((district = current_setting('app.district'::text, true)) AND ((street = current_setting('app.street'::text, true)) OR (current_setting('app.street'::text, true) = '*'::text))));

CREATE POLICY call ON public.outbox TO approval_rpc USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY call ON public.parked TO approval_rpc USING (((district = current_setting('app.district'::text, true)) AND ((street = current_setting('app.street'::text, true)) OR (current_setting('app.street'::text, true) = '*'::text))));

CREATE POLICY call ON public.pull_cursor TO approval_rpc USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY call ON public.sealed_outbox TO approval_rpc USING (((district = current_setting('app.district'::text, true)) AND ((street = current_setting('app.street'::text, true)) OR (current_setting('app.street'::text, true) = '*'::text))));

CREATE POLICY call ON public.sealed_sent TO approval_rpc USING (((district = current_setting('app.district'::text, true)) AND ((street = current_setting('app.street'::text, true)) OR (current_setting('app.street'::text, true) = '*'::text))));

CREATE POLICY call ON public.serial TO approval_rpc USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY call ON public.swept TO approval_rpc USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY call ON public.vault_key TO approval_rpc USING (((district = current_setting('app.district'::text, true)) AND ((street = current_setting('app.street'::text, true)) OR (current_setting('app.street'::text, true) = '*'::text))));

CREATE POLICY call ON public.vault_text TO approval_rpc USING (((district = current_setting('app.district'::text, true)) AND ((street = current_setting('app.street'::text, true)) OR (current_setting('app.street'::text, true) = '*'::text))));

CREATE POLICY call ON public.withdrawn TO approval_rpc USING (((district = current_setting('app.district'::text, true)) AND ((street = current_setting('app.street'::text, true)) OR (current_setting('app.street'::text, true) = '*'::text))));

ALTER TABLE public.case_file ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.cause ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.dead_letter ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.fact ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.handoff ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.heard ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.hearing_mark ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.outbox ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.parked ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.pull_cursor ENABLE ROW LEVEL SECURITY;

CREATE POLICY reading ON public.breaker FOR SELECT TO approval_rpc USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY reading ON public.calendar_notice FOR SELECT TO approval_rpc USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY reading ON public.handoff FOR SELECT TO approval_rpc USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY reading ON public.pull_cursor FOR SELECT TO approval_rpc USING ((district = current_setting('app.district'::text, true)));

ALTER TABLE public.sealed_outbox ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.sealed_sent ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.serial ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.swept ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.vault_key ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.vault_text ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.withdrawn ENABLE ROW LEVEL SECURITY;

CREATE POLICY worker ON public.breaker TO approval_worker USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY worker ON public.calendar_notice TO approval_worker USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY worker ON public.case_file TO approval_worker USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY worker ON public.cause TO approval_worker USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY worker ON public.dead_letter TO approval_worker USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY worker ON public.fact TO approval_worker USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY worker ON public.handoff TO approval_worker USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY worker ON public.heard TO approval_worker USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY worker ON public.hearing_mark TO approval_worker USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY worker ON public.outbox TO approval_worker USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY worker ON public.parked TO approval_worker USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY worker ON public.pull_cursor TO approval_worker USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY worker ON public.sealed_outbox TO approval_worker USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY worker ON public.sealed_sent TO approval_worker USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY worker ON public.serial TO approval_worker USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY worker ON public.swept TO approval_worker USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY worker ON public.vault_key TO approval_worker USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY worker ON public.vault_text TO approval_worker USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY worker ON public.withdrawn TO approval_worker USING ((district = current_setting('app.district'::text, true)));

GRANT ALL ON SCHEMA rebuilding TO approval_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.breaker TO approval_rpc;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.breaker TO approval_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.calendar_notice TO approval_rpc;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.calendar_notice TO approval_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.case_file TO approval_rpc;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.case_file TO approval_worker;

GRANT SELECT,INSERT ON TABLE public.cause TO approval_rpc;
GRANT SELECT,INSERT ON TABLE public.cause TO approval_worker;

GRANT SELECT,INSERT,UPDATE ON TABLE public.dead_letter TO approval_worker;

GRANT SELECT,INSERT ON TABLE public.fact TO approval_rpc;
GRANT SELECT,INSERT ON TABLE public.fact TO approval_worker;

GRANT SELECT ON TABLE public.figures TO approval_rpc;
GRANT SELECT ON TABLE public.figures TO approval_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.handoff TO approval_rpc;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.handoff TO approval_worker;

GRANT SELECT,INSERT ON TABLE public.heard TO approval_worker;

GRANT SELECT,INSERT,UPDATE ON TABLE public.hearing_mark TO approval_worker;
GRANT SELECT ON TABLE public.hearing_mark TO approval_rpc;

GRANT INSERT ON TABLE public.outbox TO approval_rpc;
GRANT SELECT,INSERT,DELETE ON TABLE public.outbox TO approval_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.parked TO approval_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.pull_cursor TO approval_rpc;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.pull_cursor TO approval_worker;

GRANT SELECT ON TABLE public.schema_migrations TO approval_rpc;
GRANT SELECT ON TABLE public.schema_migrations TO approval_worker;

GRANT SELECT ON TABLE public.schema_rule TO approval_rpc;
GRANT SELECT ON TABLE public.schema_rule TO approval_worker;

GRANT INSERT ON TABLE public.sealed_outbox TO approval_rpc;
GRANT SELECT,INSERT,DELETE ON TABLE public.sealed_outbox TO approval_worker;

GRANT SELECT,DELETE ON TABLE public.sealed_sent TO approval_rpc;
GRANT SELECT,INSERT,DELETE ON TABLE public.sealed_sent TO approval_worker;

GRANT SELECT,INSERT,UPDATE ON TABLE public.serial TO approval_rpc;
GRANT SELECT,INSERT,UPDATE ON TABLE public.serial TO approval_worker;

GRANT SELECT ON TABLE public.sweep_name TO approval_worker;

GRANT SELECT,INSERT ON TABLE public.swept TO approval_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.vault_key TO approval_rpc;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.vault_key TO approval_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.vault_text TO approval_rpc;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.vault_text TO approval_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.withdrawn TO approval_rpc;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.withdrawn TO approval_worker;
