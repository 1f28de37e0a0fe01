-- Functions over many files in one statement, for the worker: sweeps and the effects of events.
-- Their plans are made once: one look-up by key for each element is right for a batch of any size, and PostgreSQL, which
-- guesses ten elements where it knows of fewer, would plan every small batch anew.

-- The files named by three arrays side by side, in their order.
create or replace function load_files(p_districts text[], p_streets text[], p_file_ids uuid[])
returns table (revision integer, head bytea, bodies bytea[], file_key bytea) language plpgsql stable
set plan_cache_mode = force_generic_plan as $$
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

-- Draws p_counts[i] consecutive numbers of the counter p_names[i]; returns the first of each, in order of names.
create or replace function draw_serials(p_district text, p_names text[], p_counts bigint[])
returns table (name text, first bigint) language plpgsql
set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
begin
  return query
  insert into serial as s (district, name, last)
  select p_district, d.name, d.count from unnest(p_names, p_counts) as d (name, count) order by d.name
  on conflict (district, name) do update set last = s.last + excluded.last
  returning s.name, s.last + 1 - (select d.count from unnest(p_names, p_counts) as d (name, count) where d.name = s.name);
end $$;

-- Writes many changes of different files. Arrays of changes lie side by side; facts and texts name theirs by its
-- place in those arrays, from one. Returns for each change 1 written, 0 the file has moved on, 2 the cause was
-- answered before. A change that loses its race while this runs raises a unique violation, and nothing is written.
create or replace function change_files(
  p_districts text[], p_streets text[], p_file_ids uuid[], p_expected integer[], p_counts integer[],
  p_callers text[], p_request_ids text[], p_fingerprints bytea[], p_answers bytea[],
  p_projections jsonb[], p_file_keys bytea[], p_sealed bytea[], p_erase boolean[],
  p_fact_of integer[], p_revisions integer[], p_event_ids uuid[], p_kinds text[], p_occurred_on date[],
  p_actors text[], p_bodies bytea[], p_digests bytea[],
  p_text_of integer[], p_text_names text[], p_texts bytea[], p_recorded_at timestamptz, p_trace text
) returns integer[] language plpgsql set plan_cache_mode = force_generic_plan as $$
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
    where v_outcomes[of] = 1;
  end if;

  if array_remove(p_sealed, null) <> '{}' then
    insert into sealed_outbox (district, street, file_id, revision, body)
    select p_districts[n], p_streets[n], p_file_ids[n], p_expected[n] + p_counts[n], p_sealed[n]
    from generate_subscripts(v_outcomes, 1) n where v_outcomes[n] = 1 and p_sealed[n] is not null;
  end if;
  return v_outcomes;
end $$;
