-- notify's database as release 0.1.0 left it after a few matters (pg_dump --no-owner).

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

CREATE FUNCTION public.find_matter(p_scope_district text, p_scope_street text, p_application_id uuid) RETURNS TABLE(district text, street text, application_id uuid, applicant_index text, decided boolean)
    LANGUAGE plpgsql
    AS $$
#variable_conflict use_column
begin
  perform set_config('app.district', p_scope_district, true), set_config('app.street', p_scope_street, true);
  return query
  select m.district, m.street, m.application_id, coalesce(m.applicant_index, ''), m.decided_on is not null
  from matter m where m.application_id = p_application_id;
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

CREATE FUNCTION public.has_envelope(p_district text, p_street text, p_application_id uuid) RETURNS boolean
    LANGUAGE sql STABLE
    AS $$
  select exists (select from vault_text t where t.district = p_district and t.street = p_street
                                            and t.file_id = p_application_id and t.name = 'applicant')
$$;

CREATE FUNCTION public.has_heard(p_source text, p_district text, p_street text, p_file_id uuid, p_revision integer) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
begin
  perform set_config('app.district', p_district, true), set_config('app.street', p_street, true);
  return exists (select from hearing_mark m
                 where m.source = p_source and m.district = p_district and m.street = p_street
                   and m.file_id = p_file_id and m.revision >= p_revision);
end $$;

CREATE FUNCTION public.has_later(p_district text, p_street text, p_application_id uuid, p_phase smallint, p_stage_revision integer) RETURNS boolean
    LANGUAGE sql STABLE
    AS $$
  select exists (select from notice l
                 where (l.district, l.street, l.application_id) = (p_district, p_street, p_application_id)
                   and (l.phase, l.stage_revision) > (p_phase, p_stage_revision))
$$;

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

CREATE FUNCTION public.keep_told(p_items jsonb, p_matters jsonb, p_notices jsonb, p_tasks jsonb, p_districts text[], p_streets text[], p_ids uuid[]) RETURNS TABLE(district text, street text, application_id uuid, number text, outcome text, decided_on date)
    LANGUAGE plpgsql
    AS $$
#variable_conflict use_column
declare
  v_districts text[];
  v_streets text[];
  v_ids uuid[];
begin
  if p_items is not null then
    insert into item_version select * from jsonb_populate_recordset(null::item_version, p_items) on conflict do nothing;
  end if;

  if p_matters is not null then
    insert into matter as m
    select district, street, application_id, item_code, item_version, item_name, sensitive, sms, number,
           applicant_index, outcome, decided_on, coalesce(withdrawn, false)
    from jsonb_populate_recordset(null::matter, p_matters)
    on conflict (district, street, application_id) do update
    set item_code = coalesce(excluded.item_code, m.item_code),
        item_version = coalesce(excluded.item_version, m.item_version),
        item_name = coalesce(excluded.item_name, m.item_name), sensitive = coalesce(excluded.sensitive, m.sensitive),
        sms = coalesce(excluded.sms, m.sms), number = coalesce(excluded.number, m.number),
        applicant_index = coalesce(excluded.applicant_index, m.applicant_index),
        outcome = coalesce(m.outcome, excluded.outcome), decided_on = coalesce(m.decided_on, excluded.decided_on),
        withdrawn = m.withdrawn or excluded.withdrawn;
  end if;

  if p_notices is not null then
    insert into notice (district, street, application_id, notice_id, template, phase, stage_revision, stage_on,
                        particulars, next_at)
    select district, street, application_id, notice_id, template, phase, stage_revision, stage_on, particulars, next_at
    from jsonb_populate_recordset(null::notice, p_notices)
    on conflict do nothing;
  end if;

  if p_tasks is not null then
    insert into document_task
    select district, street, application_id, kind, revision, item_code, item_version, false
    from jsonb_populate_recordset(null::document_task, p_tasks)
    on conflict do nothing;
  end if;

  select array_agg(t.district), array_agg(t.street), array_agg(t.application_id)
    into v_districts, v_streets, v_ids
    from (select * from unnest(p_districts, p_streets, p_ids) as given (district, street, application_id)
          union
          select m.district, m.street, m.application_id from matter m
          where p_items is not null and m.district = current_setting('app.district') and m.sms is null
            and m.item_code in (select i.code from jsonb_populate_recordset(null::item_version, p_items) i)) t;

  update matter m set item_name = i.name, sensitive = i.sensitive, sms = i.sms
  from unnest(v_districts, v_streets, v_ids) as t (district, street, application_id), item_version i
  where m.district = t.district and m.street = t.street and m.application_id = t.application_id and m.sms is null
    and i.district = m.district and i.code = m.item_code and i.version = m.item_version;

  delete from notice n using matter m, unnest(v_districts, v_streets, v_ids) as t (district, street, application_id)
  where m.district = t.district and m.street = t.street and m.application_id = t.application_id and not m.sms
    and n.district = t.district and n.street = t.street and n.application_id = t.application_id;

  update notice n set state = 5
  from matter m, unnest(v_districts, v_streets, v_ids) as t (district, street, application_id)
  where m.district = t.district and m.street = t.street and m.application_id = t.application_id
    and n.district = t.district and n.street = t.street and n.application_id = t.application_id and n.state = 1
    and (m.withdrawn and n.template <> 'N07'
         or has_later(n.district, n.street, n.application_id, n.phase, n.stage_revision));

  return query
  select m.district, m.street, m.application_id, m.number, m.outcome, m.decided_on
  from unnest(v_districts, v_streets, v_ids) as t (district, street, application_id)
  join matter m on m.district = t.district and m.street = t.street and m.application_id = t.application_id
  left join dossier d on d.district = t.district and d.street = t.street and d.application_id = t.application_id
  where m.number is not null and m.decided_on is not null and d.deliver_by is null;
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
  if p_projections @? '$[*]."dossier"' then
    insert into dossier (district, street, application_id, revision, number, outcome, opened_on, deliver_by, provisional, delivered_on, way, on_time)
    select r.district, r.street, r.application_id, r.revision, r.number, r.outcome, r.opened_on, r.deliver_by, r.provisional, r.delivered_on, r.way, r.on_time
    from jsonb_array_elements(p_projections) f,
         jsonb_array_elements(case jsonb_typeof(f -> 'dossier') when 'object' then jsonb_build_array(f -> 'dossier')
                                   when 'array' then f -> 'dossier' else '[]' end) written,
         jsonb_populate_record(null::dossier, written) r
    on conflict (district, street, application_id) do update set district = excluded.district, street = excluded.street, application_id = excluded.application_id, revision = excluded.revision, number = excluded.number, outcome = excluded.outcome, opened_on = excluded.opened_on, deliver_by = excluded.deliver_by, provisional = excluded.provisional, delivered_on = excluded.delivered_on, way = excluded.way, on_time = excluded.on_time;
  end if;
  if p_projections @? '$[*]."document"' then
    insert into document (district, street, application_id, kind, document_number, issued_on, sha256, size, template_version)
    select r.district, r.street, r.application_id, r.kind, r.document_number, r.issued_on, r.sha256, r.size, r.template_version
    from jsonb_array_elements(p_projections) f,
         jsonb_array_elements(case jsonb_typeof(f -> 'document') when 'object' then jsonb_build_array(f -> 'document')
                                   when 'array' then f -> 'document' else '[]' end) written,
         jsonb_populate_record(null::document, written) r
    on conflict (district, street, application_id, kind) do update set district = excluded.district, street = excluded.street, application_id = excluded.application_id, kind = excluded.kind, document_number = excluded.document_number, issued_on = excluded.issued_on, sha256 = excluded.sha256, size = excluded.size, template_version = excluded.template_version;
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
  select array(
    select 'notice' where exists (
      select from notice n join matter m using (district, street, application_id)
      where n.state in (1, 2) and (n.state = 2 or n.tries = 0)
        and n.next_at <= coalesce(nullif(current_setting('app.now', true), '')::timestamptz, (p_day + 1)::timestamptz)
        and m.sms and has_envelope(n.district, n.street, n.application_id))
    union all
    select 'document' where exists (
      select from document_task t
      join item_version i on i.district = t.district and i.code = t.item_code and i.version = t.item_version
      where not t.set_aside and has_envelope(t.district, t.street, t.application_id)))
$$;

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

CREATE TABLE public.document (
    district text NOT NULL,
    street text NOT NULL,
    application_id uuid NOT NULL,
    kind smallint NOT NULL,
    document_number text NOT NULL,
    issued_on date NOT NULL,
    sha256 text NOT NULL,
    size bigint NOT NULL,
    template_version text NOT NULL
);

ALTER TABLE ONLY public.document FORCE ROW LEVEL SECURITY;

CREATE TABLE public.document_task (
    district text NOT NULL,
    street text NOT NULL,
    application_id uuid NOT NULL,
    kind smallint NOT NULL,
    revision integer NOT NULL,
    item_code text NOT NULL,
    item_version integer NOT NULL,
    set_aside boolean DEFAULT false NOT NULL
)
WITH (autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='1000');

ALTER TABLE ONLY public.document_task FORCE ROW LEVEL SECURITY;

CREATE TABLE public.dossier (
    district text NOT NULL,
    street text NOT NULL,
    application_id uuid NOT NULL,
    revision integer NOT NULL,
    number text,
    outcome text,
    opened_on date,
    deliver_by date,
    provisional boolean,
    delivered_on date,
    way smallint,
    on_time boolean
)
WITH (fillfactor='80');

ALTER TABLE ONLY public.dossier FORCE ROW LEVEL SECURITY;

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

CREATE TABLE public.item_version (
    district text NOT NULL,
    street text NOT NULL,
    code text NOT NULL,
    version integer NOT NULL,
    name text NOT NULL,
    sensitive boolean NOT NULL,
    sms boolean NOT NULL,
    materials jsonb NOT NULL
);

ALTER TABLE ONLY public.item_version FORCE ROW LEVEL SECURITY;

CREATE TABLE public.matter (
    district text NOT NULL,
    street text NOT NULL,
    application_id uuid NOT NULL,
    item_code text,
    item_version integer,
    item_name text,
    sensitive boolean,
    sms boolean,
    number text,
    applicant_index text,
    outcome text,
    decided_on date,
    withdrawn boolean DEFAULT false NOT NULL
)
WITH (fillfactor='80');

ALTER TABLE ONLY public.matter FORCE ROW LEVEL SECURITY;

CREATE TABLE public.notice (
    district text NOT NULL,
    street text NOT NULL,
    application_id uuid NOT NULL,
    notice_id uuid NOT NULL,
    template text NOT NULL,
    phase smallint NOT NULL,
    stage_revision integer NOT NULL,
    stage_on date NOT NULL,
    particulars jsonb NOT NULL,
    state smallint DEFAULT 1 NOT NULL,
    tries integer DEFAULT 0 NOT NULL,
    next_at timestamp with time zone NOT NULL,
    real_next_at timestamp with time zone,
    sent_on date,
    gateway_id text DEFAULT ''::text NOT NULL,
    template_version text DEFAULT ''::text NOT NULL
)
WITH (fillfactor='70', autovacuum_vacuum_scale_factor='0.02');

ALTER TABLE ONLY public.notice FORCE ROW LEVEL SECURITY;

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

COPY public.calendar_notice (district, year, number, days_off, makeup_days, calendar_version, recorded_at) FROM stdin;
\.

COPY public.cause (caller, request_id, district, street, file_id, revision, fingerprint, answer, recorded_at) FROM stdin;
heard:approval	01a22bdd-5731-76e3-bd56-3fc6eab64065	440105	440105008	01a22bdd-4925-77cf-ac7c-5ae570d387ea	3	\\x	\\x	2016-03-01 09:00:00+08
clerk	7536cf8816f447abbfe44275459365a5	440105	440105008	01a22bdd-4925-77cf-ac7c-5ae570d387ea	5	\\xbe969163c76ef30ac8172713bb30d1ad4e5ec6a0822ba1f20b141703917d0a1f	\\x1801	2016-03-01 09:00:00+08
heard:approval	01a22bdd-656e-764f-bd3f-0c09de060a88	440105	440105008	01a22bdd-5f58-708e-8f5d-b350a453a335	4	\\x	\\x	2016-03-08 09:00:00+08
\.

COPY public.dead_letter (id, source, district, street, file_id, revision, event_id, kind, body, error, at, redriven_at, asked_at) FROM stdin;
\.

COPY public.document (district, street, application_id, kind, document_number, issued_on, sha256, size, template_version) FROM stdin;
440105	440105008	01a22bdd-4925-77cf-ac7c-5ae570d387ea	1	440105008〔2016〕受字第000001号	2016-03-01	87baa1202aaff1ef1a9d2bd28dd2313702e679b95ab7a4f22aba26d531e48846	67145	2
440105	440105008	01a22bdd-5adc-741e-90a9-0196e7a24741	1	440105008〔2016〕受字第000002号	2016-03-01	3e68811991049f355370c5b5b186161740959be9196b834ac7c9b6d1f2eb4cf2	66990	2
440105	440105008	01a22bdd-5f58-708e-8f5d-b350a453a335	1	440105008〔2016〕受字第000003号	2016-03-01	59f94dc34374adae1ae7d620b78728d206a54c9b399adc75e72be9d7c5638dff	68883	2
\.

COPY public.document_task (district, street, application_id, kind, revision, item_code, item_version, set_aside) FROM stdin;
\.

COPY public.dossier (district, street, application_id, revision, number, outcome, opened_on, deliver_by, provisional, delivered_on, way, on_time) FROM stdin;
440105	440105008	01a22bdd-4925-77cf-ac7c-5ae570d387ea	5	11440105K3160578855442095012001201603010001	granted	2016-03-01	2016-03-15	f	2016-03-01	1	t
440105	440105008	01a22bdd-5adc-741e-90a9-0196e7a24741	3	\N	\N	\N	\N	\N	\N	\N	\N
440105	440105008	01a22bdd-5f58-708e-8f5d-b350a453a335	5	11440105K3160578855441092015001201603010005	granted	2016-03-08	2016-03-22	f	\N	\N	\N
\.

COPY public.fact (district, street, file_id, revision, event_id, kind, occurred_on, recorded_at, actor, body, digest, seq) FROM stdin;
440105	440105008	01a22bdd-4925-77cf-ac7c-5ae570d387ea	1	01a22bdd-4a9e-74f3-9e74-6075ff1b5f26	notice_sent	2016-03-01	2016-03-01 09:00:00+08	office	\\x0a2430316132326264642d346139652d373466332d396537342d363037356666316235663236122430316132326264642d343932352d373763662d616337632d356165353730643338376561180122130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a080a066f66666963655a7e0a2430306335373535632d336164372d356337392d626435382d62383737616566373730633712034e30311a01312240346236343265356636333232323639396133653131303230346135646637393430383230643031336465636634323132316531306466616533623961343061352a0a473030303030303030313001	\\xeb44138b792260442fa7c154a1908d850334bab8ab89d76997c6acd6c2f6e77d	1
440105	440105008	01a22bdd-4925-77cf-ac7c-5ae570d387ea	2	01a22bdd-5441-725a-afa7-12d3fdc01837	document_issued	2016-03-01	2016-03-01 09:00:00+08	office	\\x0a2430316132326264642d353434312d373235612d616661372d313264336664633031383337122430316132326264642d343932352d373763662d616337632d356165353730643338376561180222130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a080a066f6666696365527208011225343430313035303038e3809432303136e38095e58f97e5ad97e7acac303030303031e58fb71a403837626161313230326161666631656631613964326264323864643233313337303265363739623935616237613466323261626132366435333165343838343620c98c042a0132	\\x25ffda11d13b8ca00139b43078c989087571141f61a93d23a83935cc24987d0d	2
440105	440105008	01a22bdd-4925-77cf-ac7c-5ae570d387ea	3	01a22bdd-5783-71e8-84d2-bdee7aaa11a4	delivery_opened	2016-03-01	2016-03-01 09:00:00+08	office	\\x0a2430316132326264642d353738332d373165382d383464322d626465653761616131316134122430316132326264642d343932352d373763662d616337632d356165353730643338376561180322130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a080a066f66666963656a420a2b31313434303130354b3331363035373838353534343230393530313230303132303136303330313030303112076772616e7465641a0a323031362d30332d3135	\\x75a6425f9e4495f693aa39865d4445690aefaecb4b3be3b45176b3025d7e00b2	3
440105	440105008	01a22bdd-4925-77cf-ac7c-5ae570d387ea	4	01a22bdd-57f9-75b2-b795-4cab417c9c1b	notice_sent	2016-03-01	2016-03-01 09:00:00+08	office	\\x0a2430316132326264642d353766392d373562322d623739352d346361623431376339633162122430316132326264642d343932352d373763662d616337632d356165353730643338376561180422130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a080a066f66666963655a7e0a2433323161396662662d343530362d353639302d626530382d61343861636230666239376612034e30371a01312240663363653964303530343532363633353661643736653134326263383165303131643532333034333661656230356365306234326434376433316139663435642a0a473030303030303030323001	\\x092424d1b3aa39da13e48c3ea9f5302e3f04526571507c20a1a2380c708ddd6d	4
440105	440105008	01a22bdd-4925-77cf-ac7c-5ae570d387ea	5	01a22bdd-5987-76e5-9bfd-9c6a5d8505fb	result_delivered	2016-03-01	2016-03-01 09:00:00+08	clerk	\\x0a2430316132326264642d353938372d373665352d396266642d396336613564383530356662122430316132326264642d343932352d373763662d616337632d356165353730643338376561180522130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a070a05636c65726b724c080110011a4037626134343665353534316562373366663366363539373135356463323338336362333335663439623234623631386362653232303436396139353038303032220257312801	\\x7367197009be4c51b03efba873d6ac382b2321a70997e564eb842a4648df188f	5
440105	440105008	01a22bdd-5adc-741e-90a9-0196e7a24741	1	01a22bdd-5bbf-772c-8bb6-d21da2d3a41c	notice_sent	2016-03-01	2016-03-01 09:00:00+08	office	\\x0a2430316132326264642d356262662d373732632d386262362d643231646132643361343163122430316132326264642d356164632d373431652d393061392d303139366537613234373431180122130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a080a066f66666963655a7e0a2433393530383933622d633665322d353835652d613235612d38326137633533373262303212034e30311a01312240393764666634656233346537376663323536356530333434393032653232306662623633363630663163663536366566373734643031303532346162313436302a0a473030303030303030333001	\\x6c385049e6497817318f8ed9998a99c9ae6d7b77b94667bca6137df1861c6bc2	6
440105	440105008	01a22bdd-5adc-741e-90a9-0196e7a24741	2	01a22bdd-5d18-75bc-916f-bd91d4e630d7	document_issued	2016-03-01	2016-03-01 09:00:00+08	office	\\x0a2430316132326264642d356431382d373562632d393136662d626439316434653633306437122430316132326264642d356164632d373431652d393061392d303139366537613234373431180222130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a080a066f6666696365527208011225343430313035303038e3809432303136e38095e58f97e5ad97e7acac303030303032e58fb71a403365363838313139393130343966333535333730633562356231383631363137343039353962653931393662383334616337633962366431663265623463663220ae8b042a0132	\\x9fa6850c827090c25a061c93ff89cd87d61636fd7bc87de98d8558caf38cbe8e	7
440105	440105008	01a22bdd-5adc-741e-90a9-0196e7a24741	3	01a22bdd-5d8c-70b0-b5df-3086c60c3730	notice_sent	2016-03-01	2016-03-01 09:00:00+08	office	\\x0a2430316132326264642d356438632d373062302d623564662d333038366336306333373330122430316132326264642d356164632d373431652d393061392d303139366537613234373431180322130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a080a066f66666963655a7e0a2437323433356664332d366631632d356135332d623163302d37346131633761313434356112034e30361a01312240373333363934636365383762323039313530326535323461633132366638366631373037303334323266313663633761646662623136616539633164636538342a0a473030303030303030343001	\\xa9b510445f9e36610daa09d9fcc965a398dfc94cc3a6b30da8bfee161f390afd	9
440105	440105008	01a22bdd-5f58-708e-8f5d-b350a453a335	1	01a22bdd-607f-7292-b068-6d451dcdf673	notice_sent	2016-03-01	2016-03-01 09:00:00+08	office	\\x0a2430316132326264642d363037662d373239322d623036382d366434353164636466363733122430316132326264642d356635382d373038652d386635642d623335306134353361333335180122130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a080a066f66666963655a7e0a2432326434666463312d616363642d356466632d383435372d31346635663139353764653712034e30311a01312240376532396463646265623431333130623237313232323234653936653663343466333661636261626464343930643130666632326432386132663830333361622a0a473030303030303030353001	\\xfe3fc938f86540054382af01ec8c7aebe5bbec65701299319226f924bb0e64d6	10
440105	440105008	01a22bdd-5f58-708e-8f5d-b350a453a335	2	01a22bdd-60c2-75b7-95bf-c559b9e82875	document_issued	2016-03-01	2016-03-01 09:00:00+08	office	\\x0a2430316132326264642d363063322d373562372d393562662d633535396239653832383735122430316132326264642d356635382d373038652d386635642d623335306134353361333335180222130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a080a066f6666696365527208011225343430313035303038e3809432303136e38095e58f97e5ad97e7acac303030303033e58fb71a403539663934646333343337346164616531616537643632306237383732386432303661353463396233393961646337356537326265396437633536333864666620939a042a0132	\\xb395bf98cce0036a8ca491c00780285747abccf0c77d7751d2f7772d07128d64	11
440105	440105008	01a22bdd-5f58-708e-8f5d-b350a453a335	3	01a22bdd-60d2-75d9-8070-b40f6c55df23	notice_sent	2016-03-01	2016-03-01 09:00:00+08	office	\\x0a2430316132326264642d363064322d373564392d383037302d623430663663353564663233122430316132326264642d356635382d373038652d386635642d623335306134353361333335180322130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a080a066f66666963655a7e0a2462363732333562662d353330652d353764372d623235642d35376263313937303939383012034e30341a01312240646664303033323738633139333836616130393064646432653863316464303034656135386132313234646666326230303862336531653531363761303230302a0a473030303030303030363001	\\xdbc0b4aaf564185ce7e14d2fa94af9bcfb0fcb760c9602c6b6365dda894b3d12	12
440105	440105008	01a22bdd-5f58-708e-8f5d-b350a453a335	4	01a22bdd-65a9-76ce-be5a-91e98a3f31f4	delivery_opened	2016-03-08	2016-03-08 09:00:00+08	office	\\x0a2430316132326264642d363561392d373663652d626535612d393165393861336633316634122430316132326264642d356635382d373038652d386635642d623335306134353361333335180422130a0634343031303512093434303130353030382a0a323031362d30332d303832060890c8f8b6053a080a066f66666963656a420a2b31313434303130354b3331363035373838353534343130393230313530303132303136303330313030303512076772616e7465641a0a323031362d30332d3232	\\x2289791f5b4b1fec42bee0939b0a0cd63e9e466b7d4e8f28a0e48336b87d92e3	13
440105	440105008	01a22bdd-5f58-708e-8f5d-b350a453a335	5	01a22bdd-6609-726e-9166-ed5b38b05e30	notice_sent	2016-03-08	2016-03-08 09:00:00+08	office	\\x0a2430316132326264642d363630392d373236652d393136362d656435623338623035653330122430316132326264642d356635382d373038652d386635642d623335306134353361333335180522130a0634343031303512093434303130353030382a0a323031362d30332d303832060890c8f8b6053a080a066f66666963655a7e0a2432373238353138322d363065322d353161662d626637362d37323431343238326661373212034e30371a01312240373635343735313634303636343665643465323130646230326132623139393737633831653462643834346337306131366263396661663763343132646432372a0a473030303030303030373001	\\xaa26c4a587dc2f22c42c789ab290200ebd9b556c81831d0f2927091843eecbd0	14
\.

COPY public.heard (source, district, street, file_id, revision, event_id, kind, body, heard_at) FROM stdin;
intake	440105	440105000	d1fe7e08-3e8d-5c2f-a333-b41ac0697a9d	1	01a22bdd-47ca-7227-a8a7-bd2a64124b75	window_published	\\x0a2430316132326264642d343763612d373232372d613861372d626432613634313234623735122464316665376530382d336538642d356332662d613333332d623431616330363937613964180122130a0634343031303512093434303130353030302a0a323031362d30332d303132060890d3d3b6053a190a0c636f6e666967757261746f721209343430313035303030d202350a330a025731120de7bbbce5908831e58fb7e7aa971a0934343031303530303820012a050102030405320a323031352d31302d3038	2026-11-30 17:50:52.023645+08
intake	440105	440105000	5dccfe61-b91c-5bcb-9be2-93991537a0a9	1	01a22bdd-4849-7536-bc80-4b00d0d27345	window_published	\\x0a2430316132326264642d343834392d373533362d626338302d346230306430643237333435122435646363666536312d623931632d356263622d396265322d393339393135333761306139180122130a0634343031303512093434303130353030302a0a323031362d30332d303132060890d3d3b6053a190a0c636f6e666967757261746f721209343430313035303030d202350a330a025732120de7bbbce5908832e58fb7e7aa971a0934343031303530303820012a050102030405320a323031352d31302d3038	2026-11-30 17:50:52.053065+08
intake	440105	440105000	5ea3a374-a96a-5ba1-bbc9-9aab1d07459b	1	01a22bdd-4883-72f9-bbbf-cacee71910c1	item_published	\\x0a2430316132326264642d343838332d373266392d626262662d636163656537313931306331122435656133613337342d613936612d356261312d626263392d396161623164303734353962180122130a0634343031303512093434303130353030302a0a323031362d30332d303132060890d3d3b6053a190a0c636f6e666967757261746f721209343430313035303030c202b1020aae020a1f31313434303130354b33313630353738383535343432303931303038303031121ee7a4bee4bc9ae69591e58aa9e4b880e997a8e58f97e79086e799bbe8aeb0180120012801320ce585ace585b1e69c8de58aa13a0673747265657440014a1010011a0ce5bd93e59cbae58a9ee7bb93521010011a0ce5bd93e59cbae58a9ee7bb935a180a034d3031120fe6b182e58aa9e799bbe8aeb0e8a1a818015a180a034d3032120fe5b185e6b091e8baabe4bbbde8af8118015a190a034d30331212e59bb0e99abee68385e586b5e8afb4e6988e5a280a034d30341221e4bba3e58a9ee4babae8baabe4bbbde8af81e4bbb6e58f8ae5a794e68998e4b9a662030102037a0a323031352d31302d3038880101a00101aa0118e6b182e58aa9e799bbe8aeb0e58f8ae8bdace4bb8be58d95	2026-11-30 17:50:52.223711+08
sealed	440105	440105008	01a22bdd-4925-77cf-ac7c-5ae570d387ea	1	31d74289-f915-47e7-9651-74e814cb86c8	envelope	\\x0158bc8418272b55f045a5ede72e5467356b80aaf33f3c56bf33aa5835ad4ca4461298e1669f7bc2f6f8b32af897a62b08b50cd8ba64c5fb278ac12b63429fcd35424eae37b19ab300ec6926da760161b13731271c36da6184071e2fb30ed8dd0232dfc3690ceac27095bf691300b4f866c1952d2d21ec93d5b4e03702cd4a082277434c3240c01aaf228b93557eb892012102ec16341b7992480539660710314dcd1a0147418a221148680b1fa4283510783356cb532a22d2a982bc06f7c0f0f70568e21e4e72b16101f2ea50aee1a0a0360e21771dce9f940973bf5b157a51c8855b9cc5f4afc9e8f4d3a877faf302eb0f79b3bded957479ea47e01d3b7dd5f53e969540eafe74c9dd2b4a560a0c4fa632672fc8f4500ce33ad7adcd47986632a1f7411b3e5e5bd6bd3d41daef7f526ccaa387f30be2844699dcf6a444b35102d7e007bd5d922a7fa76afdd37a8b02bffb84eb32529b9706fc2966b5a474dbb5f8cf89af76826ca18c9211cbdec0e103b8fa6dc07e88e5368ccc9bf6a285e7302883d476083d189ea5a80e2d0ee9546de5	2026-11-30 17:50:52.271492+08
intake	440105	440105000	082afe30-3010-5e6b-ab70-2d5ac4ad48d1	1	01a22bdd-48dd-734f-8bc6-acd901338c1b	item_published	\\x0a2430316132326264642d343864642d373334662d386263362d616364393031333338633162122430383261666533302d333031302d356536622d616237302d326435616334616434386431180122130a0634343031303512093434303130353030302a0a323031362d30332d303132060890d3d3b6053a190a0c636f6e666967757261746f721209343430313035303030c202ef020aec020a1f31313434303130354b33313630353738383535343432303935303132303031121ee7949fe882b2e799bbe8aeb0e4bfa1e681afe58d8fe69fa5e6a0b8e5ae9e180120052802320ce585ace585b1e69c8de58aa13a0673747265657440014a06080a100120015224080510011a1ee5b9bfe5b79ee4b880e5ada9e7949fe882b2e799bbe8aeb0e68c87e58d975a180a034d3031120fe58d8fe69fa5e8afb7e6b182e8a1a818015a2a0a034d30321221e799bbe8aeb0e5afb9e8b1a1e8baabe4bbbde8af81e4bbb6e5a48de58db0e4bbb618015a220a034d3033121be5a99ae5a7bbe78ab6e586b5e8af81e6988ee5a48de58db0e4bbb6620201036a200a0253311212e5a99ae882b2e68385e586b5e6a0b8e5ae9e18012001280130036a230a0253321215e7a791e5aea4e8b49fe8b4a3e4babae7adbee58f9118022002280130017a0a323031352d31302d3038880101900101980101aa0112e58d8fe69fa5e6a0b8e5ae9ee7bb93e69e9c	2026-11-30 17:50:52.387615+08
intake	440105	440105000	dce81314-17a5-57ca-9bec-1fd7551e91a2	1	01a22bdd-48ed-76ac-a3e2-92ca0b309673	item_published	\\x0a2430316132326264642d343865642d373661632d613365322d393263613062333039363733122464636538313331342d313761352d353763612d396265632d316664373535316539316132180122130a0634343031303512093434303130353030302a0a323031362d30332d303132060890d3d3b6053a190a0c636f6e666967757261746f721209343430313035303030c202a6040aa3040a1f31313434303130354b333136303537383835353434313039323031353030311218e5b9bfe4b89ce79c81e5b185e4bd8fe8af81e6a0b8e58f911801200228033212e585b6e4bb96e8a18ce694bfe69d83e58a9b3a0fe58cbae585ace5ae89e58886e5b18040034a24080f10021a1ee5b185e4bd8fe8af81e69a82e8a18ce69da1e4be8be7acace4b99de69da15221080a10011a1be5b9bfe5b79ee5b185e4bd8fe8af81e58a9ee4ba8be68c87e58d975a2a0a034d30311221e5b9bfe4b89ce79c81e5b185e4bd8fe8af81e4b89ae58aa1e794b3e58a9ee8a1a818015a180a034d3032120fe5b185e6b091e8baabe4bbbde8af8118015a360a034d3033122de5b185e4bd8fe8af81e79bb8e78987e59b9ee689a7e68896e8baabe4bbbde8af81e88aafe78987e79bb8e7898718015a2d0a034d30341224e4bd8fe59d80e38081e5b0b1e4b89ae68896e5b0b1e8afbbe8af81e6988ee4b98be4b88018015a370a034d30351230e79b91e68aa4e4babae68896e8bf91e4bab2e5b19ee4bba3e58a9ee79a84e58f8ce696b9e8baabe4bbbde8af81e4bbb66204010203046a200a0253311212e8b584e69699e6a0b8e5afb9e5bd95e585a518012001280130016a260a0253321218e8bdace68aa5e585ace5ae89e5aea1e6a0b8e588b6e8af8118032001280130017a0a323031352d31302d3038880101900101980101aa0112e5b9bfe4b89ce79c81e5b185e4bd8fe8af81b2010f7075626c69635f7365637572697479	2026-11-30 17:50:52.390463+08
intake	440105	440105008	01a22bdd-48fc-73a3-b36d-372755d50c21	1	01a22bdd-48fe-7594-85bd-34ce11097b53	ticket_taken	\\x0a2430316132326264642d343866652d373539342d383562642d333463653131303937623533122430316132326264642d343866632d373361332d623336642d333732373535643530633231180122130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a120a05636c65726b1209343430313035303038f201080a04453030311005	2026-11-30 17:50:52.390491+08
intake	440105	440105008	01a22bdd-48fc-73a3-b36d-372755d50c21	2	01a22bdd-4911-74ea-a45f-63681d1dbb59	ticket_called	\\x0a2430316132326264642d343931312d373465612d613435662d363336383164316462623539122430316132326264642d343866632d373361332d623336642d333732373535643530633231180222130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a120a05636c65726b1209343430313035303038fa01040a025731	2026-11-30 17:50:52.390506+08
intake	440105	440105008	01a22bdd-4925-77cf-ac7c-5ae570d387ea	1	01a22bdd-4929-771f-a678-b8c028f193b0	application_submitted	\\x0a2430316132326264642d343932392d373731662d613637382d623863303238663139336230122430316132326264642d343932352d373763662d616337632d356165353730643338376561180122130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a120a05636c65726b120934343031303530303852df020a1d3434303130353030383030303530313230303131363033303130303031121f31313434303130354b333136303537383835353434323039353031323030311801221ee7949fe882b2e799bbe8aeb0e4bfa1e681afe58d8fe69fa5e6a0b8e5ae9e28053002380140014a025731522430316132326264642d343866632d373361332d623336642d33373237353564353063323158016240376261343436653535343165623733666633663635393731353564633233383363623333356634396232346236313863626532323034363961393530383030326a090a034d3031100118016a090a034d3032100118017a0a323031362d30332d30388a01406131366532653135663662306630393434353964613131623632636539363362393533353864366433373263306531313531376132326264336436396437383292011273746174652d636f756e63696c2d323032369a010a323031362d30332d3031	2026-11-30 17:50:52.390514+08
intake	440105	440105008	01a22bdd-4925-77cf-ac7c-5ae570d387ea	2	01a22bdd-4949-73a6-bcb7-2d6f4c4f448a	application_accepted	\\x0a2430316132326264642d343934392d373361362d626362372d326436663463346634343861122430316132326264642d343932352d373763662d616337632d356165353730643338376561180222130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a120a05636c65726b1209343430313035303038820193040a2b31313434303130354b33313630353738383535343432303935303132303031323031363033303130303031121d3434303130353030383030303530313230303131363033303130303031180122de010a1f31313434303130354b33313630353738383535343432303935303132303031121ee7949fe882b2e799bbe8aeb0e4bfa1e681afe58d8fe69fa5e6a0b8e5ae9e18012005280230013a06080a100120014224080510011a1ee5b9bfe5b79ee4b880e5ada9e7949fe882b2e799bbe8aeb0e68c87e58d974a200a0253311212e5a99ae882b2e68385e586b5e6a0b8e5ae9e18012001280130034a230a0253321215e7a791e5aea4e8b49fe8b4a3e4babae7adbee58f911802200228013001500158016a067374726565747a12e58d8fe69fa5e6a0b8e5ae9ee7bb93e69e9c2a0a323031362d30332d3031320a323031362d30332d30313a0a323031362d30332d3038420a323031362d30332d3135521273746174652d636f756e63696c2d323032365a02573160016a090a034d3031100118016a090a034d3032100118017240613136653265313566366230663039343435396461313162363263653936336239353335386436643337326330653131353137613232626433643639643738327a4037626134343665353534316562373366663366363539373135356463323338336362333335663439623234623631386362653232303436396139353038303032	2026-11-30 17:50:52.427805+08
approval	440105	440105008	64dd746f-0c4d-5b30-8fb4-2987904fe6ef	1	01a22bdd-49cc-73d7-b033-e506439f5a67	case_opened	\\x0a2430316132326264642d343963632d373364372d623033332d653530363433396635613637122436346464373436662d306334642d356233302d386662342d323938373930346665366566180122130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a080a066f6666696365422430316132326264642d343932352d373763662d616337632d35616535373064333837656152bf030801122b31313434303130354b333136303537383835353434323039353031323030313230313630333031303030311ade010a1f31313434303130354b33313630353738383535343432303935303132303031121ee7949fe882b2e799bbe8aeb0e4bfa1e681afe58d8fe69fa5e6a0b8e5ae9e18012005280230013a06080a100120014224080510011a1ee5b9bfe5b79ee4b880e5ada9e7949fe882b2e799bbe8aeb0e68c87e58d974a200a0253311212e5a99ae882b2e68385e586b5e6a0b8e5ae9e18012001280130034a230a0253321215e7a791e5aea4e8b49fe8b4a3e4babae7adbee58f911802200228013001500158016a067374726565747a12e58d8fe69fa5e6a0b8e5ae9ee7bb93e69e9c228a010a0a323031362d30332d30311206080a100120011a24080510011a1ee5b9bfe5b79ee4b880e5ada9e7949fe882b2e799bbe8aeb0e68c87e58d97220a323031362d30332d30382a0a323031362d30332d3135320a323031362d30332d30373a0a323031362d30332d3039420a323031362d30332d3136521273746174652d636f756e63696c2d32303236420257315a0a323031362d30332d303162070a034d3031100162070a034d30321001	2026-11-30 17:50:52.502206+08
approval	440105	440105008	64dd746f-0c4d-5b30-8fb4-2987904fe6ef	2	01a22bdd-55df-772e-a00a-8232fa37f407	step_claimed	\\x0a2430316132326264642d353564662d373732652d613030612d383233326661333766343037122436346464373436662d306334642d356233302d386662342d323938373930346665366566180222130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a0a0a087265766965776572422430316132326264642d343932352d373763662d616337632d3561653537306433383765615a0e0a02533112087265766965776572	2026-11-30 17:50:55.631524+08
intake	440105	440105008	01a22bdd-4925-77cf-ac7c-5ae570d387ea	3	01a22bdd-5677-7086-84e1-67fa2ebf5f89	applicant_read	\\x0a2430316132326264642d353637372d373038362d383465312d363766613265626635663839122430316132326264642d343932352d373763662d616337632d356165353730643338376561180322130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a150a0872657669657765721209343430313035303038aa01300a087265766965776572122436346464373436662d306334642d356233302d386662342d323938373930346665366566	2026-11-30 17:50:55.667323+08
approval	440105	440105008	64dd746f-0c4d-5b30-8fb4-2987904fe6ef	3	01a22bdd-5695-709a-ac43-d5679b7cd933	step_completed	\\x0a2430316132326264642d353639352d373039612d616334332d643536373962376364393333122436346464373436662d306334642d356233302d386662342d323938373930346665366566180322130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a0a0a087265766965776572422430316132326264642d343932352d373763662d616337632d3561653537306433383765616a610a025331120872657669657765721801224d0a09737465702e53312e311240653631623635656335346237343537316666643031313137323164653633393261363338363731633036303337323733356536656434333639353530313863632801	2026-11-30 17:50:55.721588+08
approval	440105	440105008	64dd746f-0c4d-5b30-8fb4-2987904fe6ef	4	01a22bdd-5731-76e3-bd56-3fc6eab64065	case_decided	\\x0a2430316132326264642d353733312d373665332d626435362d336663366561623634303635122436346464373436662d306334642d356233302d386662342d323938373930346665366566180422130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a060a0468656164422430316132326264642d343932352d373763662d616337632d356165353730643338376561b201240801180120012a1a343430313035303038e3809432303136e38095e586b331e58fb73001	2026-11-30 17:50:55.836248+08
intake	440105	440105008	01a22bdd-4925-77cf-ac7c-5ae570d387ea	4	01a22bdd-59ea-762b-9789-c95c992843a9	service_rated	\\x0a2430316132326264642d353965612d373632622d393738392d633935633939323834336139122430316132326264642d343932352d373763662d616337632d356165353730643338376561180422130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a120a05636c65726b1209343430313035303038a20106080112025731	2026-11-30 17:50:56.547635+08
intake	440105	440105008	01a22bdd-5adc-741e-90a9-0196e7a24741	1	01a22bdd-5ae1-73f6-8877-66eaf2b107cd	application_submitted	\\x0a2430316132326264642d356165312d373366362d383837372d363665616632623130376364122430316132326264642d356164632d373431652d393061392d303139366537613234373431180122130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a120a05636c65726b120934343031303530303852b9020a1d3434303130353030383030303530313230303131363033303130303032121f31313434303130354b333136303537383835353434323039353031323030311801221ee7949fe882b2e799bbe8aeb0e4bfa1e681afe58d8fe69fa5e6a0b8e5ae9e28053002380140014a02573158016240623531663531623736356662623461376464363237383230366361643731333063653035616439353363383562646462393261623430326130393636373764666a090a034d3031100118016a090a034d3032100118017a0a323031362d30332d30388a01406332396661313134656631363131313632343536313439653433346433333133383335386466313762356334313739643062323162643733326139643331333492011273746174652d636f756e63696c2d323032369a010a323031362d30332d3031	2026-11-30 17:50:56.787681+08
sealed	440105	440105008	01a22bdd-5adc-741e-90a9-0196e7a24741	1	ec7d065d-d84e-4618-9bbc-99e17223a795	envelope	\\x0158bc841841afa38dc53c8d9bf20650c5fc28621789c75920ce6c29a82f8b03126e0eb71c740c10a1298e9c81c88c4d8310bfce5463d4d3f5e53f06afc78ed8b57e98258bd73200011b30668145ec295ad68e36b979da6948d3609c1ffbddf51c048631eb0656083c7d735ddd7b2f94fd262603fd63f3f4511660649be914de01eb735174e8c84de1fa1b59fdf0fd91ab6e1ba392525b2a0979af517405b9e2e6ca3e526bf9a3e4dee373482fb3b041567540867c0b32a3b9b69e9de99c20dc86872f439988c1bf76d6f116f25939c1452b0ccffa9727626bd2f0fd2ba093ccd0059b39b31c993103a3f81f575b6aa49ec0b1870c953ada2ec7a3a64cc9992fe2739a05a8b56b60cd3acd739b19e514630d06c047d575f7e882c1f399bae16153e48478a4f4a60bf455a36e69e8044b9b5f76d27e9a3aab01fb42a7f31732cb6ddf295a0ed56fb3d36a9c023b8a942b8b3a11d91977b88bc6ce85297e8df8a61512cfcae45a51c01be34209e1ab4023e918e6ae5fc1c93bd506c8f443b3ac6f7afaf60947a46f69e7fc8cacf852e138b1d286d6a6	2026-11-30 17:50:56.795009+08
intake	440105	440105008	01a22bdd-5adc-741e-90a9-0196e7a24741	2	01a22bdd-5b09-7282-9451-1a633675a056	application_accepted	\\x0a2430316132326264642d356230392d373238322d393435312d316136333336373561303536122430316132326264642d356164632d373431652d393061392d303139366537613234373431180222130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a120a05636c65726b1209343430313035303038820193040a2b31313434303130354b33313630353738383535343432303935303132303031323031363033303130303032121d3434303130353030383030303530313230303131363033303130303032180122de010a1f31313434303130354b33313630353738383535343432303935303132303031121ee7949fe882b2e799bbe8aeb0e4bfa1e681afe58d8fe69fa5e6a0b8e5ae9e18012005280230013a06080a100120014224080510011a1ee5b9bfe5b79ee4b880e5ada9e7949fe882b2e799bbe8aeb0e68c87e58d974a200a0253311212e5a99ae882b2e68385e586b5e6a0b8e5ae9e18012001280130034a230a0253321215e7a791e5aea4e8b49fe8b4a3e4babae7adbee58f911802200228013001500158016a067374726565747a12e58d8fe69fa5e6a0b8e5ae9ee7bb93e69e9c2a0a323031362d30332d3031320a323031362d30332d30313a0a323031362d30332d3038420a323031362d30332d3135521273746174652d636f756e63696c2d323032365a02573160016a090a034d3031100118016a090a034d3032100118017240633239666131313465663136313131363234353631343965343334643333313338333538646631376235633431373964306232316264373332613964333133347a4062353166353162373635666262346137646436323738323036636164373133306365303561643935336338356264646239326162343032613039363637376466	2026-11-30 17:50:56.869239+08
approval	440105	440105008	77040dcf-24da-5959-b543-8c174384d809	1	01a22bdd-5b58-7233-8b4e-37f6268a4cbb	case_opened	\\x0a2430316132326264642d356235382d373233332d386234652d333766363236386134636262122437373034306463662d323464612d353935392d623534332d386331373433383464383039180122130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a080a066f6666696365422430316132326264642d356164632d373431652d393061392d30313936653761323437343152bf030801122b31313434303130354b333136303537383835353434323039353031323030313230313630333031303030321ade010a1f31313434303130354b33313630353738383535343432303935303132303031121ee7949fe882b2e799bbe8aeb0e4bfa1e681afe58d8fe69fa5e6a0b8e5ae9e18012005280230013a06080a100120014224080510011a1ee5b9bfe5b79ee4b880e5ada9e7949fe882b2e799bbe8aeb0e68c87e58d974a200a0253311212e5a99ae882b2e68385e586b5e6a0b8e5ae9e18012001280130034a230a0253321215e7a791e5aea4e8b49fe8b4a3e4babae7adbee58f911802200228013001500158016a067374726565747a12e58d8fe69fa5e6a0b8e5ae9ee7bb93e69e9c228a010a0a323031362d30332d30311206080a100120011a24080510011a1ee5b9bfe5b79ee4b880e5ada9e7949fe882b2e799bbe8aeb0e68c87e58d97220a323031362d30332d30382a0a323031362d30332d3135320a323031362d30332d30373a0a323031362d30332d3039420a323031362d30332d3136521273746174652d636f756e63696c2d32303236420257315a0a323031362d30332d303162070a034d3031100162070a034d30321001	2026-11-30 17:50:56.927075+08
approval	440105	440105008	77040dcf-24da-5959-b543-8c174384d809	2	01a22bdd-5b8f-7397-9ea2-a4aa84e170d4	step_claimed	\\x0a2430316132326264642d356238662d373339372d396561322d613461613834653137306434122437373034306463662d323464612d353935392d623534332d386331373433383464383039180222130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a0a0a087265766965776572422430316132326264642d356164632d373431652d393061392d3031393665376132343734315a0e0a02533112087265766965776572	2026-11-30 17:50:56.9559+08
approval	440105	440105008	77040dcf-24da-5959-b543-8c174384d809	3	01a22bdd-5ba3-74f1-9a68-77371ab362b7	term_extended	\\x0a2430316132326264642d356261332d373466312d396136382d373733373161623336326237122437373034306463662d323464612d353935392d623534332d386331373433383464383039180322130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a060a0468656164422430316132326264642d356164632d373431652d393061392d3031393665376132343734319a01e501080a12540a10657874656e73696f6e2e726561736f6e1240363332353862356461646161323831633762643832316561323836326534323034333332636439653535616237343165613039306538613134366531666434321a8a010a0a323031362d30332d30311206080a100120011a24080510011a1ee5b9bfe5b79ee4b880e5ada9e7949fe882b2e799bbe8aeb0e68c87e58d97220a323031362d30332d32322a0a323031362d30332d3239320a323031362d30332d31373a0a323031362d30332d3233420a323031362d30332d3330521273746174652d636f756e63696c2d32303236	2026-11-30 17:50:57.139153+08
intake	440105	440105008	01a22bdd-5edb-7793-bf75-69ab2b2a8b3f	1	01a22bdd-5ee0-7296-879d-2c12940ed776	application_submitted	\\x0a2430316132326264642d356565302d373239362d383739642d326331323934306564373736122430316132326264642d356564622d373739332d626637352d363961623262326138623366180122130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a120a05636c65726b120934343031303530303852b9020a1d3434303130353030383030303130303830303131363033303130303031121f31313434303130354b333136303537383835353434323039313030383030311801221ee7a4bee4bc9ae69591e58aa9e4b880e997a8e58f97e79086e799bbe8aeb028013001380140014a02573158016240623664396438373431316166656233633365303931343433333264336636653663653736346238336431393631646665383061306232653735333531613665306a090a034d3031100118016a090a034d3032100118017a0a323031362d30332d30388a01403761663539633137386161383063363230306236386436386365353930623962353631333737616631303264633135316464353731643665356336323066383192011273746174652d636f756e63696c2d323032369a010a323031362d30332d3031	2026-11-30 17:50:57.841714+08
intake	440105	440105008	01a22bdd-5edb-7793-bf75-69ab2b2a8b3f	2	01a22bdd-5ee0-7296-879d-2c1333d8a612	application_accepted	\\x0a2430316132326264642d356565302d373239362d383739642d326331333333643861363132122430316132326264642d356564622d373739332d626637352d363961623262326138623366180222130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a120a05636c65726b12093434303130353030388201c6030a2b31313434303130354b33313630353738383535343432303931303038303031323031363033303130303033121d343430313035303038303030313030383030313136303330313030303118012291010a1f31313434303130354b33313630353738383535343432303931303038303031121ee7a4bee4bc9ae69591e58aa9e4b880e997a8e58f97e79086e799bbe8aeb018012001280130013a1010011a0ce5bd93e59cbae58a9ee7bb93421010011a0ce5bd93e59cbae58a9ee7bb9360016a067374726565747a18e6b182e58aa9e799bbe8aeb0e58f8ae8bdace4bb8be58d952a0a323031362d30332d3031320a323031362d30332d30313a0a323031362d30332d3031420a323031362d30332d3031521273746174652d636f756e63696c2d323032365a02573160016a090a034d3031100118016a090a034d3032100118017240376166353963313738616138306336323030623638643638636535393062396235363133373761663130326463313531646435373164366535633632306638317a4062366439643837343131616665623363336530393134343333326433663665366365373634623833643139363164666538306130623265373533353161366530	2026-11-30 17:50:57.841829+08
intake	440105	440105008	01a22bdd-5edb-7793-bf75-69ab2b2a8b3f	3	01a22bdd-5ee0-7296-879d-2c14e9bd8681	completed_on_the_spot	\\x0a2430316132326264642d356565302d373239362d383739642d326331346539626438363831122430316132326264642d356564622d373739332d626637352d363961623262326138623366180322130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a120a05636c65726b120934343031303530303892011e0a18e6b182e58aa9e799bbe8aeb0e58f8ae8bdace4bb8be58d9512025731	2026-11-30 17:50:57.841852+08
sealed	440105	440105008	01a22bdd-5f58-708e-8f5d-b350a453a335	1	cf0539ef-2493-4c93-ac29-ca8b9852e9b4	envelope	\\x0158bc8418822a6fe9a2b1cfe882ef0401c88cd4a2552ba28abf24237beca2e2f2733a5446ed736bec849bb5b25847ab507747dcb55a68c00b8e6a094a44410a51d6e1336cdcaa87c2f5833c1a8acaf8990e133fadd9ad4d7057bc36b9ca77618f17bd6c9066a89603828f87c6b57935b0e26c6dfaa1ed5b7f2d83f985c07f73821cd90e1fc90f6c9ea463423ba0ce587ab896c2b5560fd38b68ef032456445d1b6253fa54fa32c48ba3151dc225423cdcddaf20d4a4495c5ba66090db3fc3ca3d863824643906455570f242b1fa6d0e509e6a28a2d55ee53bd051952e734a3b83f6180576416201ac30332c16e6677e6c660faa6970bbd8a421de6175cc4cd918352c66033b6a416d2db9d6dda3c46d73a9066c5141346e930ddf8ac4ef05e08a1543293fb738c2c71439be283f9bbfaccc9f5b84a686d7909bf0f5c6fb22b34b613f2a5b08fa3d036c6ae71f0f72e53b6598a5e357680c37c847f8723a0a163bb0eb43539e0003e8d288d500e122551a82cb1ddfaecafb54000733f70e6828e575ee2e754407d3728c9bae21c5de9b4699	2026-11-30 17:50:57.93191+08
intake	440105	440105008	01a22bdd-5f58-708e-8f5d-b350a453a335	1	01a22bdd-5f5a-7594-a72b-098b2eca6822	application_submitted	\\x0a2430316132326264642d356635612d373539342d613732622d303938623265636136383232122430316132326264642d356635382d373038652d386635642d623335306134353361333335180122130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a120a05636c65726b120934343031303530303852c9020a1d3434303130353030383030303230313530303131363033303130303031121f31313434303130354b3331363035373838353534343130393230313530303118012218e5b9bfe4b89ce79c81e5b185e4bd8fe8af81e6a0b8e58f9128023003380140014a02573158016240613430653932643161646435653464636563633862623731396239303636333237323435346565303333633936613666333466303666383434636431376336356a090a034d3031100118016a090a034d3032100118016a090a034d3033100118016a090a034d3034100118017a0a323031362d30332d30388a01403138386138393937656663383837383965333334653131316666316437313535616166343932363366633835306663396538343462386532616437353034313392011273746174652d636f756e63696c2d323032369a010a323031362d30332d3031	2026-11-30 17:50:57.957102+08
approval	440105	440105008	099b395f-e84b-5a64-8199-a3083a39083b	1	01a22bdd-5fb7-77e1-8929-656d84d8edd4	case_opened	\\x0a2430316132326264642d356662372d373765312d383932392d363536643834643865646434122430393962333935662d653834622d356136342d383139392d613330383361333930383362180122130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a080a066f6666696365422430316132326264642d356635382d373038652d386635642d623335306134353361333335529e040801122b31313434303130354b333136303537383835353434313039323031353030313230313630333031303030351a90020a1f31313434303130354b333136303537383835353434313039323031353030311218e5b9bfe4b89ce79c81e5b185e4bd8fe8af81e6a0b8e58f9118012002280330033a24080f10021a1ee5b185e4bd8fe8af81e69a82e8a18ce69da1e4be8be7acace4b99de69da14221080a10011a1be5b9bfe5b79ee5b185e4bd8fe8af81e58a9ee4ba8be68c87e58d974a200a0253311212e8b584e69699e6a0b8e5afb9e5bd95e585a518012001280130014a260a0253321218e8bdace68aa5e585ace5ae89e5aea1e6a0b8e588b6e8af811803200128013001500158016a0fe58cbae585ace5ae89e58886e5b180720f7075626c69635f73656375726974797a12e5b9bfe4b89ce79c81e5b185e4bd8fe8af8122a5010a0a323031362d30332d30311224080f10021a1ee5b185e4bd8fe8af81e69a82e8a18ce69da1e4be8be7acace4b99de69da11a21080a10011a1be5b9bfe5b79ee5b185e4bd8fe8af81e58a9ee4ba8be68c87e58d97220a323031362d30332d31352a0a323031362d30332d3136320a323031362d30332d31313a0a323031362d30332d3136420a323031362d30332d3137521273746174652d636f756e63696c2d32303236420257315a0a323031362d30332d303162070a034d3031100162070a034d3032100162070a034d3033100162070a034d30341001	2026-11-30 17:50:58.040713+08
intake	440105	440105008	01a22bdd-5f1e-749e-84f9-faba648f7ed1	1	01a22bdd-5f21-77ae-bb0a-7247f4416a4a	application_submitted	\\x0a2430316132326264642d356632312d373761652d626230612d373234376634343136613461122430316132326264642d356631652d373439652d383466392d666162613634386637656431180122130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a120a05636c65726b120934343031303530303852b9020a1d3434303130353030383030303130303830303131363033303130303032121f31313434303130354b333136303537383835353434323039313030383030311801221ee7a4bee4bc9ae69591e58aa9e4b880e997a8e58f97e79086e799bbe8aeb028013001380140014a02573158016240613831306436313564306363356532353062656262336163393635613538373738613839346335343063326333623864653761643663646266666438336563616a090a034d3031100118016a090a034d3032100118017a0a323031362d30332d30388a01403834323231386535373130306630303933643239363436383434356263643966336139623636343463363866396234353863326630323063613132366364646292011273746174652d636f756e63696c2d323032369a010a323031362d30332d3031	2026-11-30 17:50:57.9161+08
intake	440105	440105008	01a22bdd-5f1e-749e-84f9-faba648f7ed1	2	01a22bdd-5f33-7603-9055-4b19f9a5c4f6	application_accepted	\\x0a2430316132326264642d356633332d373630332d393035352d346231396639613563346636122430316132326264642d356631652d373439652d383466392d666162613634386637656431180222130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a120a05636c65726b12093434303130353030388201c6030a2b31313434303130354b33313630353738383535343432303931303038303031323031363033303130303034121d343430313035303038303030313030383030313136303330313030303218012291010a1f31313434303130354b33313630353738383535343432303931303038303031121ee7a4bee4bc9ae69591e58aa9e4b880e997a8e58f97e79086e799bbe8aeb018012001280130013a1010011a0ce5bd93e59cbae58a9ee7bb93421010011a0ce5bd93e59cbae58a9ee7bb9360016a067374726565747a18e6b182e58aa9e799bbe8aeb0e58f8ae8bdace4bb8be58d952a0a323031362d30332d3031320a323031362d30332d30313a0a323031362d30332d3031420a323031362d30332d3031521273746174652d636f756e63696c2d323032365a02573160016a090a034d3031100118016a090a034d3032100118017240383432323138653537313030663030393364323936343638343435626364396633613962363634346336386639623435386332663032306361313236636464627a4061383130643631356430636335653235306265626233616339363561353837373861383934633534306332633362386465376164366364626666643833656361	2026-11-30 17:50:57.916275+08
intake	440105	440105008	01a22bdd-5f1e-749e-84f9-faba648f7ed1	3	01a22bdd-5f33-7603-9055-4b1a21efe9ef	completed_on_the_spot	\\x0a2430316132326264642d356633332d373630332d393035352d346231613231656665396566122430316132326264642d356631652d373439652d383466392d666162613634386637656431180322130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a120a05636c65726b120934343031303530303892011e0a18e6b182e58aa9e799bbe8aeb0e58f8ae8bdace4bb8be58d9512025731	2026-11-30 17:50:57.916294+08
intake	440105	440105008	01a22bdd-5f58-708e-8f5d-b350a453a335	2	01a22bdd-5f70-75bd-afe1-5b71f1934eba	application_accepted	\\x0a2430316132326264642d356637302d373562642d616665312d356237316631393334656261122430316132326264642d356635382d373038652d386635642d623335306134353361333335180222130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a120a05636c65726b12093434303130353030388201db040a2b31313434303130354b33313630353738383535343431303932303135303031323031363033303130303035121d343430313035303038303030323031353030313136303330313030303118012290020a1f31313434303130354b333136303537383835353434313039323031353030311218e5b9bfe4b89ce79c81e5b185e4bd8fe8af81e6a0b8e58f9118012002280330033a24080f10021a1ee5b185e4bd8fe8af81e69a82e8a18ce69da1e4be8be7acace4b99de69da14221080a10011a1be5b9bfe5b79ee5b185e4bd8fe8af81e58a9ee4ba8be68c87e58d974a200a0253311212e8b584e69699e6a0b8e5afb9e5bd95e585a518012001280130014a260a0253321218e8bdace68aa5e585ace5ae89e5aea1e6a0b8e588b6e8af811803200128013001500158016a0fe58cbae585ace5ae89e58886e5b180720f7075626c69635f73656375726974797a12e5b9bfe4b89ce79c81e5b185e4bd8fe8af812a0a323031362d30332d3031320a323031362d30332d30313a0a323031362d30332d3135420a323031362d30332d3136521273746174652d636f756e63696c2d323032365a02573160016a090a034d3031100118016a090a034d3032100118016a090a034d3033100118016a090a034d3034100118017240313838613839393765666338383738396533333465313131666631643731353561616634393236336663383530666339653834346238653261643735303431337a4061343065393264316164643565346463656363386262373139623930363633323732343534656530333363393661366633346630366638343463643137633635	2026-11-30 17:50:57.991555+08
approval	440105	440105008	099b395f-e84b-5a64-8199-a3083a39083b	2	01a22bdd-5fc1-7753-82e9-eeba823d7e9a	step_claimed	\\x0a2430316132326264642d356663312d373735332d383265392d656562613832336437653961122430393962333935662d653834622d356136342d383139392d613330383361333930383362180222130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a0a0a087265766965776572422430316132326264642d356635382d373038652d386635642d6233353061343533613333355a0e0a02533112087265766965776572	2026-11-30 17:50:58.149341+08
approval	440105	440105008	099b395f-e84b-5a64-8199-a3083a39083b	3	01a22bdd-6007-74fa-8e80-bdfcab2d1959	step_completed	\\x0a2430316132326264642d363030372d373466612d386538302d626466636162326431393539122430393962333935662d653834622d356136342d383139392d613330383361333930383362180322130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a0a0a087265766965776572422430316132326264642d356635382d373038652d386635642d6233353061343533613333356a610a025331120872657669657765721801224d0a09737465702e53312e311240653631623635656335346237343537316666643031313137323164653633393261363338363731633036303337323733356536656434333639353530313863632801	2026-11-30 17:50:58.149387+08
approval	440105	440105008	099b395f-e84b-5a64-8199-a3083a39083b	4	01a22bdd-601c-76be-8965-e617426c45f7	case_referred	\\x0a2430316132326264642d363031632d373662652d383936352d653631373432366334356637122430393962333935662d653834622d356136342d383139392d613330383361333930383362180422130a0634343031303512093434303130353030382a0a323031362d30332d303132060890d3d3b6053a0a0a087265766965776572422430316132326264642d356635382d373038652d386635642d6233353061343533613333357280060a2436643465306263652d383037612d356532312d623330322d37323936646536616362666312130a0634343031303512093434303130353030301a0f7075626c69635f736563757269747922560a12726566657272616c2e312e6f70696e696f6e12403439363962363933393738636431383262656165343838316661626638643737336366623830313032616366626336666361636138393361346139646264643030013a4064323138333235653265623263353531636332656164393333643637306363386239666231383132343835353632326530363839316438386437386234656638422b31313434303130354b333136303537383835353434313039323031353030313230313630333031303030354a90020a1f31313434303130354b333136303537383835353434313039323031353030311218e5b9bfe4b89ce79c81e5b185e4bd8fe8af81e6a0b8e58f9118012002280330033a24080f10021a1ee5b185e4bd8fe8af81e69a82e8a18ce69da1e4be8be7acace4b99de69da14221080a10011a1be5b9bfe5b79ee5b185e4bd8fe8af81e58a9ee4ba8be68c87e58d974a200a0253311212e8b584e69699e6a0b8e5afb9e5bd95e585a518012001280130014a260a0253321218e8bdace68aa5e585ace5ae89e5aea1e6a0b8e588b6e8af811803200128013001500158016a0fe58cbae585ace5ae89e58886e5b180720f7075626c69635f73656375726974797a12e5b9bfe4b89ce79c81e5b185e4bd8fe8af8162a5010a0a323031362d30332d30311224080f10021a1ee5b185e4bd8fe8af81e69a82e8a18ce69da1e4be8be7acace4b99de69da11a21080a10011a1be5b9bfe5b79ee5b185e4bd8fe8af81e58a9ee4ba8be68c87e58d97220a323031362d30332d31352a0a323031362d30332d3136320a323031362d30332d31313a0a323031362d30332d3136420a323031362d30332d3137521273746174652d636f756e63696c2d323032366a0a323031362d30332d303172070a034d3031100172070a034d3032100172070a034d3033100172070a034d30341001	2026-11-30 17:50:58.1494+08
approval	440105	440105000	6d4e0bce-807a-5e21-b302-7296de6acbfc	1	01a22bdd-60c8-7525-a433-a34c3064956c	case_opened	\\x0a2430316132326264642d363063382d373532352d613433332d613334633330363439353663122436643465306263652d383037612d356532312d623330322d373239366465366163626663180122130a0634343031303512093434303130353030302a0a323031362d30332d303132060890d3d3b6053a080a066f6666696365422430316132326264642d356635382d373038652d386635642d62333530613435336133333552aa050802122b31313434303130354b333136303537383835353434313039323031353030313230313630333031303030351a90020a1f31313434303130354b333136303537383835353434313039323031353030311218e5b9bfe4b89ce79c81e5b185e4bd8fe8af81e6a0b8e58f9118012002280330033a24080f10021a1ee5b185e4bd8fe8af81e69a82e8a18ce69da1e4be8be7acace4b99de69da14221080a10011a1be5b9bfe5b79ee5b185e4bd8fe8af81e58a9ee4ba8be68c87e58d974a200a0253311212e8b584e69699e6a0b8e5afb9e5bd95e585a518012001280130014a260a0253321218e8bdace68aa5e585ace5ae89e5aea1e6a0b8e588b6e8af811803200128013001500158016a0fe58cbae585ace5ae89e58886e5b180720f7075626c69635f73656375726974797a12e5b9bfe4b89ce79c81e5b185e4bd8fe8af8122a5010a0a323031362d30332d30311224080f10021a1ee5b185e4bd8fe8af81e69a82e8a18ce69da1e4be8be7acace4b99de69da11a21080a10011a1be5b9bfe5b79ee5b185e4bd8fe8af81e58a9ee4ba8be68c87e58d97220a323031362d30332d31352a0a323031362d30332d3136320a323031362d30332d31313a0a323031362d30332d3136420a323031362d30332d3137521273746174652d636f756e63696c2d323032362a2430393962333935662d653834622d356136342d383139392d61333038336133393038336232130a0634343031303512093434303130353030383a0f7075626c69635f736563757269747948015240643231383332356532656232633535316363326561643933336436373063633862396662313831323438353536323265303638393164383864373862346566385a0a323031362d30332d303162070a034d3031100162070a034d3032100162070a034d3033100162070a034d30341001	2026-11-30 17:50:58.417544+08
approval	440105	440105000	6d4e0bce-807a-5e21-b302-7296de6acbfc	2	01a22bdd-617b-714e-95f7-c4b7f372cbe2	handoff_acknowledged	\\x0a2430316132326264642d363137622d373134652d393566372d633462376633373263626532122436643465306263652d383037612d356532312d623330322d373239366465366163626663180222130a0634343031303512093434303130353030302a0a323031362d30332d303132060890d3d3b6053a080a066f6666696365422430316132326264642d356635382d373038652d386635642d6233353061343533613333357ac1010a0b5132303136303030303031120a323031362d30332d30311aa5010a0a323031362d30332d30311224080f10021a1ee5b185e4bd8fe8af81e69a82e8a18ce69da1e4be8be7acace4b99de69da11a21080a10011a1be5b9bfe5b79ee5b185e4bd8fe8af81e58a9ee4ba8be68c87e58d97220a323031362d30332d31352a0a323031362d30332d3136320a323031362d30332d31313a0a323031362d30332d3136420a323031362d30332d3137521273746174652d636f756e63696c2d32303236	2026-11-30 17:50:58.482178+08
approval	440105	440105000	6d4e0bce-807a-5e21-b302-7296de6acbfc	3	01a22bdd-6527-77d5-bd42-f778aabf0642	district_decided	\\x0a2430316132326264642d363532372d373764352d626434322d663737386161626630363432122436643465306263652d383037612d356532312d623330322d373239366465366163626663180322130a0634343031303512093434303130353030302a0a323031362d30332d303832060890c8f8b6053a110a0f64697374726963742d73797374656d422430316132326264642d356635382d373038652d386635642d6233353061343533613333358a01440a2c646563696465643a36643465306263652d383037612d356532312d623330322d37323936646536616362666310011a0a323031362d30332d30382801300138014002	2026-11-30 17:50:59.429338+08
approval	440105	440105008	099b395f-e84b-5a64-8199-a3083a39083b	5	01a22bdd-656e-764f-bd3f-0c09de060a88	district_decided	\\x0a2430316132326264642d363536652d373634662d626433662d306330396465303630613838122430393962333935662d653834622d356136342d383139392d613330383361333930383362180522130a0634343031303512093434303130353030382a0a323031362d30332d303832060890c8f8b6053a080a066f6666696365422430316132326264642d356635382d373038652d386635642d6233353061343533613333358a01440a2c646563696465643a36643465306263652d383037612d356532312d623330322d37323936646536616362666310011a0a323031362d30332d30382801300138014001	2026-11-30 17:50:59.475073+08
\.

COPY public.hearing_mark (source, district, street, file_id, revision, state) FROM stdin;
intake	440105	440105000	d1fe7e08-3e8d-5c2f-a333-b41ac0697a9d	1	open
intake	440105	440105000	5dccfe61-b91c-5bcb-9be2-93991537a0a9	1	open
intake	440105	440105000	5ea3a374-a96a-5ba1-bbc9-9aab1d07459b	1	open
sealed	440105	440105008	01a22bdd-4925-77cf-ac7c-5ae570d387ea	1	open
intake	440105	440105000	082afe30-3010-5e6b-ab70-2d5ac4ad48d1	1	open
intake	440105	440105000	dce81314-17a5-57ca-9bec-1fd7551e91a2	1	open
intake	440105	440105008	01a22bdd-48fc-73a3-b36d-372755d50c21	2	open
approval	440105	440105008	64dd746f-0c4d-5b30-8fb4-2987904fe6ef	4	open
intake	440105	440105008	01a22bdd-4925-77cf-ac7c-5ae570d387ea	4	open
sealed	440105	440105008	01a22bdd-5adc-741e-90a9-0196e7a24741	1	open
intake	440105	440105008	01a22bdd-5adc-741e-90a9-0196e7a24741	2	open
approval	440105	440105008	77040dcf-24da-5959-b543-8c174384d809	3	open
intake	440105	440105008	01a22bdd-5edb-7793-bf75-69ab2b2a8b3f	3	open
intake	440105	440105008	01a22bdd-5f1e-749e-84f9-faba648f7ed1	3	open
sealed	440105	440105008	01a22bdd-5f58-708e-8f5d-b350a453a335	1	open
intake	440105	440105008	01a22bdd-5f58-708e-8f5d-b350a453a335	2	open
approval	440105	440105000	6d4e0bce-807a-5e21-b302-7296de6acbfc	3	open
approval	440105	440105008	099b395f-e84b-5a64-8199-a3083a39083b	5	open
\.

COPY public.item_version (district, street, code, version, name, sensitive, sms, materials) FROM stdin;
440105	440105000	11440105K3160578855442091008001	1	社会救助一门受理登记	t	f	{"M01": "求助登记表", "M02": "居民身份证", "M03": "困难情况说明", "M04": "代办人身份证件及委托书"}
440105	440105000	11440105K3160578855442095012001	1	生育登记信息协查核实	f	t	{"M01": "协查请求表", "M02": "登记对象身份证件复印件", "M03": "婚姻状况证明复印件"}
440105	440105000	11440105K3160578855441092015001	1	广东省居住证核发	f	t	{"M01": "广东省居住证业务申办表", "M02": "居民身份证", "M03": "居住证相片回执或身份证芯片相片", "M04": "住址、就业或就读证明之一", "M05": "监护人或近亲属代办的双方身份证件"}
\.

COPY public.matter (district, street, application_id, item_code, item_version, item_name, sensitive, sms, number, applicant_index, outcome, decided_on, withdrawn) FROM stdin;
440105	440105008	01a22bdd-4925-77cf-ac7c-5ae570d387ea	11440105K3160578855442095012001	1	生育登记信息协查核实	f	t	11440105K3160578855442095012001201603010001	7ba446e5541eb73ff3f6597155dc2383cb335f49b24b618cbe220469a9508002	granted	2016-03-01	f
440105	440105008	01a22bdd-5adc-741e-90a9-0196e7a24741	11440105K3160578855442095012001	1	生育登记信息协查核实	f	t	11440105K3160578855442095012001201603010002	b51f51b765fbb4a7dd6278206cad7130ce05ad953c85bddb92ab402a096677df	\N	\N	f
440105	440105008	01a22bdd-5edb-7793-bf75-69ab2b2a8b3f	11440105K3160578855442091008001	1	社会救助一门受理登记	t	f	11440105K3160578855442091008001201603010003	b6d9d87411afeb3c3e09144332d3f6e6ce764b83d1961dfe80a0b2e75351a6e0	\N	\N	f
440105	440105008	01a22bdd-5f1e-749e-84f9-faba648f7ed1	11440105K3160578855442091008001	1	社会救助一门受理登记	t	f	11440105K3160578855442091008001201603010004	a810d615d0cc5e250bebb3ac965a58778a894c540c2c3b8de7ad6cdbffd83eca	\N	\N	f
440105	440105008	01a22bdd-5f58-708e-8f5d-b350a453a335	11440105K3160578855441092015001	1	广东省居住证核发	f	t	11440105K3160578855441092015001201603010005	a40e92d1add5e4dcecc8bb719b90663272454ee033c96a6f34f06f844cd17c65	granted	2016-03-08	f
\.

COPY public.notice (district, street, application_id, notice_id, template, phase, stage_revision, stage_on, particulars, state, tries, next_at, real_next_at, sent_on, gateway_id, template_version) FROM stdin;
440105	440105008	01a22bdd-4925-77cf-ac7c-5ae570d387ea	00c5755c-3ad7-5c79-bd58-b877aef770c7	N01	0	2	2016-03-01	{"date": "2016年3月8日"}	3	1	2016-03-01 09:00:00+08	\N	2016-03-01	G000000001	1
440105	440105008	01a22bdd-4925-77cf-ac7c-5ae570d387ea	321a9fbf-4506-5690-be08-a48acb0fb97f	N07	1	4	2016-03-01	{}	3	1	2016-03-01 09:00:00+08	\N	2016-03-01	G000000002	1
440105	440105008	01a22bdd-5adc-741e-90a9-0196e7a24741	3950893b-c6e2-585e-a25a-82a7c5372b02	N01	0	2	2016-03-01	{"date": "2016年3月8日"}	3	1	2016-03-01 09:00:00+08	\N	2016-03-01	G000000003	1
440105	440105008	01a22bdd-5adc-741e-90a9-0196e7a24741	72435fd3-6f1c-5a53-b1c0-74a1c7a1445a	N06	1	3	2016-03-01	{"date": "2016年3月22日", "days": "10"}	3	1	2016-03-01 09:00:00+08	\N	2016-03-01	G000000004	1
440105	440105008	01a22bdd-5f58-708e-8f5d-b350a453a335	22d4fdc1-accd-5dfc-8457-14f5f1957de7	N01	0	2	2016-03-01	{"date": "2016年3月15日"}	3	1	2016-03-01 09:00:00+08	\N	2016-03-01	G000000005	1
440105	440105008	01a22bdd-5f58-708e-8f5d-b350a453a335	b67235bf-530e-57d7-b25d-57bc19709980	N04	1	4	2016-03-01	{"org": "区公安分局", "date": "2016年3月1日"}	3	1	2016-03-01 09:00:00+08	\N	2016-03-01	G000000006	1
440105	440105008	01a22bdd-5f58-708e-8f5d-b350a453a335	27285182-60e2-51af-bf76-72414282fa72	N07	1	5	2016-03-08	{}	3	1	2016-03-08 09:00:00+08	\N	2016-03-08	G000000007	1
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
\.

COPY public.schema_rule (version, oldest_code) FROM stdin;
0001	any
0002	any
0003	any
0004	any
1001	any
\.

COPY public.sealed_outbox (seq, district, street, file_id, revision, event_id, body, since) FROM stdin;
\.

COPY public.sealed_sent (event_id, district, street, file_id, revision, body, since) FROM stdin;
\.

COPY public.serial (district, name, last) FROM stdin;
440105	document/440105008/受/2016	3
\.

COPY public.sweep_name (name) FROM stdin;
\.

COPY public.swept (district, sweep, day, finished_at) FROM stdin;
\.

COPY public.vault_key (district, street, file_id, wrapped) FROM stdin;
440105	440105008	01a22bdd-4925-77cf-ac7c-5ae570d387ea	\\x010001a8d5ddeb067aa7a0a119c12636a4abda216a822c14b8d980af285fdd6f83e5eeee48d442c98bc3a87b652054e2eed6ea6c7047194778478f15be70be
440105	440105008	01a22bdd-5adc-741e-90a9-0196e7a24741	\\x010001d742944a73f737ddf39aa1754a2d026d6a88cb543f14f9be5117827445c1609566d41757bf2de14cfd10ecf7d8947b1a1343b4b9fb3e9d97f6124ed1
440105	440105008	01a22bdd-5f58-708e-8f5d-b350a453a335	\\x010001398939e376725cca833a54f6fc928956be9a545b4697e87549bf166a949056bd143100f84340c57c0c672331c84e60dd5346d0e80a9e9f870a20560d
\.

COPY public.vault_text (district, street, file_id, name, ciphertext) FROM stdin;
440105	440105008	01a22bdd-4925-77cf-ac7c-5ae570d387ea	applicant	\\x01ea02b3c1276fd3303a2816cb4a7876ac96ce5cd74645ae1fd9365aa372bf2c8a5b9e26ea6406442730aaf4f3c2851e46eca4cd50acc4abe432522d592d26742827770566d8eaf2fe36a5205d445191366bb1edd45241de6e25ab4829fec4a29d8c6d14d9b29a1cf798b7d9ba4e2378bfa9083bab28f601815dbdb0c5fa7358e664aa3e392706aa7f95a1f37f22fc2badb86b635b7c0d558e6d0c2acfe28b2fe944067177e21b7ae53e9d044d1c0d45b6286672a4dc6a78832cf275012c88f70928f9d328bec7795babe96cf6d53c69330b3535a713631792e4f69aee3a1441b7330562b69c2dfdb5307dfe086f8d4d3f7c87996b4293c06efbac23b2dfcd69f49997bcd5b687ecdd99ab99d8451c332cd61a5e01589d870aab522b8e89944d2b19b11c22e000448257e77cf7d44a856d2fe41206adedc7c8fdb79e3090a3ffe6cf0aece68cbb98aab3151d0d0a6fea5e57ef55eadf646dadae34769d7b1e099f162c5a7c9410f5440f8a715731
440105	440105008	01a22bdd-5adc-741e-90a9-0196e7a24741	applicant	\\x014b81acee6c9ee90ea514e1602f74511daf773ebb7f9bddc15713646ea0bec2933dbd7ad907dec2fbc9a976a3f0ec81f8d3f3246c7920ea870f8bdd26d4804688740e25848ab10ed37efd7b0be604845af53dad4c86ff534a9423113b7790e1a9696709dd9ced4dfa084800bdbc49827c9e31ff72e885d13abff099980e869c531597582863a760e55ac3c885ff1c8ece8d51bdfcb03d3dc99ae5230dff32061a46373def5e194c588ccb5bbafc8af65461fe85c19f4cac76008fe7216fccac85861007851d9990a7152cb1654a467092d0bd7053354fe14c789dda7dd3937536e4657279af382d7667451967183bc3853fb14a69589f1780d82c5d8681becd27b579a5c5627049848824e7516ee8ca482df63b361466dad055e31019b12b0d37f221227afa1ebbb0ee3344986c55edfdd8541ed8e7962254e4f4c55af325809e429f575527384bc8ecb0febe3d4ae3d89943b37e627bdae01fc4c971404129bf0a1bc5a8b2c77f224348d450e5058500
440105	440105008	01a22bdd-5f58-708e-8f5d-b350a453a335	applicant	\\x01f1a103f36ba2d4ec70eccd40e8f31d6d1ab977722fca54f2b4081eb013cf423603f0478948ec3954f3e25af4be0a42ce3eb007f530ebda22e9d2c2b9f878bd359a4fdc8f9600c262b007471140b320de25c918671f28fd4ead9a8b56eb1ea6775382d068ebc2d18aa8fd5be124aa77c84fe2f19c037bc04e03983dc57e8575dcb852ae1931579f930a9925a436893c07652b797e4eb3eb6441792156ab4043edc40a4df784d9457994c1c78481fc7d2386f69c1f5d5a20b4c188d26c79206a3ab130714e8010ae58b2309d800d06316c68464218180dddf442511a913d03680dbd5975a1cd3ab84f701db00ec546e5203381c2352937c81ea2c951a5cc1397f3c08dc42ca1cd7bcbd5d79721a8890ee325c18a17b2360ed2e063ca60543aad30c1537203fbf1d208a517cd29713574131c9413bbdd1142603e1352866c5c8cc3790da8c10ab728379f6938d3a8655ec2849e54706ebca6b447453fe48697dd3ef42f70e9ba745a311fa9d17a8f
\.

SELECT pg_catalog.setval('public.dead_letter_id_seq', 1, false);

SELECT pg_catalog.setval('public.fact_seq_seq', 14, true);

SELECT pg_catalog.setval('public.sealed_outbox_seq_seq', 1, false);

ALTER TABLE ONLY public.calendar_notice
    ADD CONSTRAINT calendar_notice_pkey PRIMARY KEY (district, year);

ALTER TABLE ONLY public.cause
    ADD CONSTRAINT cause_pkey PRIMARY KEY (caller, request_id);

ALTER TABLE ONLY public.dead_letter
    ADD CONSTRAINT dead_letter_once UNIQUE (source, district, street, file_id, revision, event_id);

ALTER TABLE ONLY public.dead_letter
    ADD CONSTRAINT dead_letter_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.document
    ADD CONSTRAINT document_pkey PRIMARY KEY (district, street, application_id, kind);

ALTER TABLE ONLY public.document_task
    ADD CONSTRAINT document_task_pkey PRIMARY KEY (district, street, application_id, kind);

ALTER TABLE ONLY public.dossier
    ADD CONSTRAINT dossier_pkey PRIMARY KEY (district, street, application_id);

ALTER TABLE ONLY public.fact
    ADD CONSTRAINT fact_pkey PRIMARY KEY (district, street, file_id, revision);

ALTER TABLE ONLY public.fact
    ADD CONSTRAINT fact_seq UNIQUE (seq);

ALTER TABLE ONLY public.heard
    ADD CONSTRAINT heard_pkey PRIMARY KEY (source, district, street, file_id, revision);

ALTER TABLE ONLY public.hearing_mark
    ADD CONSTRAINT hearing_mark_pkey PRIMARY KEY (source, district, street, file_id);

ALTER TABLE ONLY public.item_version
    ADD CONSTRAINT item_version_pkey PRIMARY KEY (district, code, version);

ALTER TABLE ONLY public.matter
    ADD CONSTRAINT matter_pkey PRIMARY KEY (district, street, application_id);

ALTER TABLE ONLY public.notice
    ADD CONSTRAINT notice_pkey PRIMARY KEY (district, street, application_id, notice_id);

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

ALTER TABLE ONLY public.vault_key
    ADD CONSTRAINT vault_key_pkey PRIMARY KEY (district, street, file_id);

ALTER TABLE ONLY public.vault_text
    ADD CONSTRAINT vault_text_pkey PRIMARY KEY (district, street, file_id, name);

CREATE INDEX dossier_to_deliver ON public.dossier USING btree (district, street, deliver_by) WHERE ((deliver_by IS NOT NULL) AND (delivered_on IS NULL));

CREATE INDEX matter_id ON public.matter USING btree (application_id);

CREATE INDEX matter_without_item ON public.matter USING btree (district, item_code) WHERE (sms IS NULL);

CREATE INDEX notice_open ON public.notice USING btree (district, next_at) WHERE (state = ANY (ARRAY[1, 2]));

CREATE INDEX sealed_sent_file ON public.sealed_sent USING btree (district, street, file_id);

CREATE INDEX sealed_sent_since ON public.sealed_sent USING btree (since);

CREATE TRIGGER kept BEFORE DELETE OR UPDATE ON public.fact FOR EACH ROW EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER kept BEFORE DELETE OR UPDATE ON public.heard FOR EACH ROW EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER kept_whole BEFORE TRUNCATE ON public.fact FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

CREATE TRIGGER kept_whole BEFORE TRUNCATE ON public.heard FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_change();

ALTER TABLE public.calendar_notice ENABLE ROW LEVEL SECURITY;

CREATE POLICY call ON public.calendar_notice TO notify_rpc USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY call ON public.cause TO notify_rpc USING (((district = current_setting('app.district'::text, true)) AND ((street = current_setting('app.street'::text, true)) OR (current_setting('app.street'::text, true) = '*'::text))));

CREATE POLICY call ON public.dead_letter TO notify_rpc USING (((district = current_setting('app.district'::text, true)) AND ((street = current_setting('app.street'::text, true)) OR (current_setting('app.street'::text, true) = '*'::text))));

CREATE POLICY call ON public.document TO notify_rpc USING (((district = current_setting('app.district'::text, true)) AND ((street = current_setting('app.street'::text, true)) OR (current_setting('app.street'::text, true) = '*'::text))));

CREATE POLICY call ON public.document_task TO notify_rpc USING (((district = current_setting('app.district'::text, true)) AND ((street = current_setting('app.street'::text, true)) OR (current_setting('app.street'::text, true) = '*'::text))));

CREATE POLICY call ON public.dossier TO notify_rpc USING (((district = current_setting('app.district'::text, true)) AND ((street = current_setting('app.street'::text, true)) OR (current_setting('app.street'::text, true) = '*'::text))));

CREATE POLICY call ON public.fact TO notify_rpc USING (((district = current_setting('app.district'::text, true)) AND ((street = current_setting('app.street'::text, true)) OR (current_setting('app.street'::text, true) = '*'::text))));

CREATE POLICY call ON public.heard TO notify_rpc USING (((district = current_setting('app.district'::text, true)) AND ((street = current_setting('app.street'::text, true)) OR (current_setting('app.street'::text, true) = '*'::text))));

CREATE POLICY call ON public.hearing_mark TO notify_rpc USING (((district = current_setting('app.district'::text, true)) AND ((street = current_setting('app.street'::text, true)) OR (current_setting('app.street'::text, true) = '*'::text))));

CREATE POLICY call ON public.item_version TO notify_rpc USING (((district = current_setting('app.district'::text, true)) AND ((street = current_setting('app.street'::text, true)) OR (current_setting('app.street'::text, true) = '*'::text))));

CREATE POLICY call ON public.matter TO notify_rpc USING (((district = current_setting('app.district'::text, true)) AND ((street = current_setting('app.street'::text, true)) OR (current_setting('app.street'::text, true) = '*'::text))));

CREATE POLICY call ON public.notice TO notify_rpc USING (((district = current_setting('app.district'::text, true)) AND ((street = current_setting('app.street'::text, true)) OR (current_setting('app.street'::text, true) = '*'::text))));

CREATE POLICY call ON public.outbox TO notify_rpc USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY call ON public.parked TO notify_rpc USING (((district = current_setting('app.district'::text, true)) AND ((street = current_setting('app.street'::text, true)) OR (current_setting('app.street'::text, true) = '*'::text))));

CREATE POLICY call ON public.sealed_outbox TO notify_rpc USING (((district = current_setting('app.district'::text, true)) AND ((street = current_setting('app.street'::text, true)) OR (current_setting('app.street'::text, true) = '*'::text))));

CREATE POLICY call ON public.sealed_sent TO notify_rpc USING (((district = current_setting('app.district'::text, true)) AND ((street = current_setting('app.street'::text, true)) OR (current_setting('app.street'::text, true) = '*'::text))));

CREATE POLICY call ON public.serial TO notify_rpc USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY call ON public.swept TO notify_rpc USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY call ON public.vault_key TO notify_rpc USING (((district = current_setting('app.district'::text, true)) AND ((street = current_setting('app.street'::text, true)) OR (current_setting('app.street'::text, true) = '*'::text))));

CREATE POLICY call ON public.vault_text TO notify_rpc USING (((district = current_setting('app.district'::text, true)) AND ((street = current_setting('app.street'::text, true)) OR (current_setting('app.street'::text, true) = '*'::text))));

ALTER TABLE public.cause ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.dead_letter ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.document ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.document_task ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.dossier ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.fact ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.heard ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.hearing_mark ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.item_version ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.matter ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.notice ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.outbox ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.parked ENABLE ROW LEVEL SECURITY;

CREATE POLICY reading ON public.calendar_notice FOR SELECT TO notify_rpc USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY reading ON public.item_version FOR SELECT TO notify_rpc USING ((district = current_setting('app.district'::text, true)));

ALTER TABLE public.sealed_outbox ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.sealed_sent ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.serial ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.swept ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.vault_key ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.vault_text ENABLE ROW LEVEL SECURITY;

CREATE POLICY worker ON public.calendar_notice TO notify_worker USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY worker ON public.cause TO notify_worker USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY worker ON public.dead_letter TO notify_worker USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY worker ON public.document TO notify_worker USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY worker ON public.document_task TO notify_worker USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY worker ON public.dossier TO notify_worker USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY worker ON public.fact TO notify_worker USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY worker ON public.heard TO notify_worker USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY worker ON public.hearing_mark TO notify_worker USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY worker ON public.item_version TO notify_worker USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY worker ON public.matter TO notify_worker USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY worker ON public.notice TO notify_worker USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY worker ON public.outbox TO notify_worker USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY worker ON public.parked TO notify_worker USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY worker ON public.sealed_outbox TO notify_worker USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY worker ON public.sealed_sent TO notify_worker USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY worker ON public.serial TO notify_worker USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY worker ON public.swept TO notify_worker USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY worker ON public.vault_key TO notify_worker USING ((district = current_setting('app.district'::text, true)));

CREATE POLICY worker ON public.vault_text TO notify_worker USING ((district = current_setting('app.district'::text, true)));

GRANT ALL ON SCHEMA rebuilding TO notify_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.calendar_notice TO notify_rpc;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.calendar_notice TO notify_worker;

GRANT SELECT,INSERT ON TABLE public.cause TO notify_rpc;
GRANT SELECT,INSERT ON TABLE public.cause TO notify_worker;

GRANT SELECT,INSERT,UPDATE ON TABLE public.dead_letter TO notify_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.document TO notify_rpc;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.document TO notify_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.document_task TO notify_rpc;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.document_task TO notify_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.dossier TO notify_rpc;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.dossier TO notify_worker;

GRANT SELECT,INSERT ON TABLE public.fact TO notify_rpc;
GRANT SELECT,INSERT ON TABLE public.fact TO notify_worker;

GRANT SELECT,INSERT ON TABLE public.heard TO notify_worker;

GRANT SELECT,INSERT,UPDATE ON TABLE public.hearing_mark TO notify_worker;
GRANT SELECT ON TABLE public.hearing_mark TO notify_rpc;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.item_version TO notify_rpc;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.item_version TO notify_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.matter TO notify_rpc;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.matter TO notify_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.notice TO notify_rpc;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.notice TO notify_worker;

GRANT INSERT ON TABLE public.outbox TO notify_rpc;
GRANT SELECT,INSERT,DELETE ON TABLE public.outbox TO notify_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.parked TO notify_worker;

GRANT SELECT ON TABLE public.schema_migrations TO notify_rpc;
GRANT SELECT ON TABLE public.schema_migrations TO notify_worker;

GRANT SELECT ON TABLE public.schema_rule TO notify_rpc;
GRANT SELECT ON TABLE public.schema_rule TO notify_worker;

GRANT INSERT ON TABLE public.sealed_outbox TO notify_rpc;
GRANT SELECT,INSERT,DELETE ON TABLE public.sealed_outbox TO notify_worker;

GRANT SELECT,DELETE ON TABLE public.sealed_sent TO notify_rpc;
GRANT SELECT,INSERT,DELETE ON TABLE public.sealed_sent TO notify_worker;

GRANT SELECT,INSERT,UPDATE ON TABLE public.serial TO notify_rpc;
GRANT SELECT,INSERT,UPDATE ON TABLE public.serial TO notify_worker;

GRANT SELECT ON TABLE public.sweep_name TO notify_worker;

GRANT SELECT,INSERT ON TABLE public.swept TO notify_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.vault_key TO notify_rpc;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.vault_key TO notify_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.vault_text TO notify_rpc;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.vault_text TO notify_worker;
