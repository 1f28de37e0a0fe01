-- Functions of the inbox: events stored once and applied in order per file.

-- True when every event of a batch is the next of its file and nothing is parked: nearly always. Locks the offsets that
-- it reads, so that a redrive and a batch take turns on a file: otherwise an event could be parked behind a dead letter
-- that is gone.
create or replace function inbox_in_order(
  p_source text, p_known text[], p_ordered boolean,
  p_districts text[], p_streets text[], p_file_ids uuid[], p_revisions integer[], p_kinds text[]
) returns boolean language plpgsql set plan_cache_mode = force_generic_plan as $$
declare
  v_in_order boolean;
begin
  select bool_and(
           i.kind = any (p_known) and not i.held
           and case when p_ordered then i.revision = coalesce(i.before, i.reached) + 1
                    else i.revision > coalesce(i.before, 0) end)
    into v_in_order
    from (
      select e.kind, e.revision, coalesce(m.revision, 0) as reached, coalesce(m.state = 'parked', false) as held,
             lag(e.revision) over (partition by e.file_id, e.street, e.district order by e.n) as before
      from unnest(p_districts, p_streets, p_file_ids, p_revisions, p_kinds) with ordinality
        as e (district, street, file_id, revision, kind, n)
      left join lateral (
        select m.revision, m.state from inbox_offset m
        where m.source = p_source and m.district = e.district and m.street = e.street and m.file_id = e.file_id
        for update) m on true) i;
  return v_in_order and not exists (select from parked p where p.source = p_source);
end $$;

-- Stores events that are in order, and moves the offsets of their files; returns the ids of those that are new.
create or replace function inbox_store(
  p_source text, p_districts text[], p_streets text[], p_file_ids uuid[], p_revisions integer[],
  p_event_ids uuid[], p_kinds text[], p_bodies bytea[]
) returns uuid[] language plpgsql set plan_cache_mode = force_generic_plan as $$
declare
  v_stored uuid[];
begin
  with stored as (
    insert into inbox (source, district, street, file_id, revision, event_id, kind, body)
    select p_source, e.* from unnest(p_districts, p_streets, p_file_ids, p_revisions, p_event_ids, p_kinds, p_bodies) e
    on conflict do nothing
    returning event_id)
  select coalesce(array_agg(event_id), '{}') into v_stored from stored;
  insert into inbox_offset as m (source, district, street, file_id, revision)
  select p_source, e.district, e.street, e.file_id, max(e.revision)
  from unnest(p_districts, p_streets, p_file_ids, p_revisions) with ordinality
    as e (district, street, file_id, revision, n)
  group by e.district, e.street, e.file_id order by min(e.n)
  on conflict (source, district, street, file_id) do update set revision = greatest(m.revision, excluded.revision);
  return v_stored;
end $$;

-- The usual case in one statement: the batch is in order, and its only effect is rows, which the service's own
-- `project_received` writes from p_rows. False: nothing was done, and `inbox_admit` sorts the batch event by event.
create or replace function inbox_apply(
  p_source text, p_known text[], p_ordered boolean, p_rows jsonb,
  p_districts text[], p_streets text[], p_file_ids uuid[], p_revisions integer[],
  p_event_ids uuid[], p_kinds text[], p_bodies bytea[]
) returns boolean language plpgsql as $$
begin
  if not inbox_in_order(p_source, p_known, p_ordered, p_districts, p_streets, p_file_ids, p_revisions, p_kinds) then
    return false;
  end if;
  if cardinality(inbox_store(p_source, p_districts, p_streets, p_file_ids, p_revisions, p_event_ids, p_kinds, p_bodies))
     < cardinality(p_event_ids) then
    raise exception 'inbox_apply: an event was stored at the same time' using errcode = 'unique_violation';
  end if;
  if p_rows is not null then
    perform project_received(p_rows);
  end if;
  return true;
end $$;

-- Stores a batch of events of one source, in the order of their arrival, and returns those to apply now, in order:
-- `n` is the place in the batch, null for one that was parked and is due now (then `body` is given). A single row with
-- n = 0 means that the whole batch is due in its order.
-- p_ordered false takes them in any order (envelopes); p_alone leaves parked events where they are.
create or replace function inbox_admit(
  p_source text, p_known text[], p_ordered boolean, p_alone boolean,
  p_districts text[], p_streets text[], p_file_ids uuid[], p_revisions integer[],
  p_event_ids uuid[], p_kinds text[], p_bodies bytea[]
) returns table (n integer, district text, street text, file_id uuid, revision integer, event_id uuid, kind text, body bytea)
language plpgsql set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
  v_stored uuid[];
begin
  if inbox_in_order(p_source, p_known, p_ordered, p_districts, p_streets, p_file_ids, p_revisions, p_kinds) then
    v_stored := inbox_store(p_source, p_districts, p_streets, p_file_ids, p_revisions, p_event_ids, p_kinds, p_bodies);
    if cardinality(v_stored) = cardinality(p_event_ids) then
      return query select 0, null::text, null::text, null::uuid, null::integer, null::uuid, null::text, null::bytea;
      return;
    end if;
    return query
    select e.n::integer, p_districts[e.n], p_streets[e.n], p_file_ids[e.n], p_revisions[e.n], e.event_id, p_kinds[e.n],
           null::bytea
    from unnest(p_event_ids) with ordinality as e (event_id, n)
    where e.event_id = any (v_stored)
    order by e.n;
    return;
  end if;

  -- Lateral subqueries with a lock or a limit are never turned into other joins: whatever the statistics say, a batch
  -- costs one look-up by key for each event. `turn` is the first place of a file in the batch, and stands for the file.
  return query
  with incoming as (
    select e.*, coalesce(m.revision, 0) as reached, coalesce(m.state = 'parked', false) as held, null::tid as tid,
           min(e.n) over (partition by e.file_id, e.street, e.district) as turn
    from unnest(p_districts, p_streets, p_file_ids, p_revisions, p_event_ids, p_kinds, p_bodies) with ordinality
      as e (district, street, file_id, revision, event_id, kind, body, n)
    left join lateral (
      select m.revision, m.state from inbox_offset m
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
  sequence as (
    select *, not p_ordered or row_number() over file_line = revision - reached as next,
           bool_and(kind = any (p_known)) over file_line as known
    from every where not p_ordered or revision > reached
    window file_line as (partition by turn order by revision)),
  due as (select * from sequence where next and known and not held),
  taken as (
    insert into inbox (source, district, street, file_id, revision, event_id, kind, body)
    select p_source, district, street, file_id, revision, event_id, kind, body from due order by turn, revision
    on conflict do nothing
    returning event_id),
  marked as (
    insert into inbox_offset as m (source, district, street, file_id, revision)
    select distinct on (turn) p_source, district, street, file_id, revision from due order by turn, revision desc
    on conflict (source, district, street, file_id) do update set revision = greatest(m.revision, excluded.revision)),
  released as (
    delete from parked where ctid = any (array(select tid from due where tid is not null))),
  kept as (
    insert into parked as p (source, district, street, file_id, revision, event_id, kind, body, reason)
    select p_source, district, street, file_id, revision, event_id, kind, body,
           case when held then 'behind_dead_letter' when not next then 'gap' else 'unknown_kind' end
    from sequence where not (next and known and not held)
    on conflict (source, district, street, file_id, revision) do update set reason = excluded.reason
    where p.reason <> excluded.reason)
  select d.n::integer, d.district, d.street, d.file_id, d.revision, d.event_id, d.kind,
         case when d.n is null then d.body end
  from due d where d.event_id in (select event_id from taken)
  order by d.turn, d.revision;
end $$;

-- True when the events of a file were received up to this revision or further.
create or replace function inbox_reached(p_source text, p_district text, p_street text, p_file_id uuid, p_revision integer)
returns boolean language plpgsql as $$
begin
  perform set_config('app.district', p_district, true), set_config('app.street', p_street, true);
  return exists (select from inbox_offset m
                 where m.source = p_source and m.district = p_district and m.street = p_street
                   and m.file_id = p_file_id and m.revision >= p_revision);
end $$;
