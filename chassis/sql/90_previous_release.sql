-- Names of release 0.1, for its services that serve while this release is brought in, and again after a rollback. Their
-- tables `heard` and `hearing_mark` are views (migrations/0005_inbox_names.sql).
-- Drop in the next release (contract).

create or replace function in_line(
  p_source text, p_known text[], p_ordered boolean,
  p_districts text[], p_streets text[], p_file_ids uuid[], p_revisions integer[], p_kinds text[]
) returns boolean language plpgsql as $$
begin
  return inbox_in_order(p_source, p_known, p_ordered, p_districts, p_streets, p_file_ids, p_revisions, p_kinds);
end $$;

create or replace function keep_heard(
  p_source text, p_districts text[], p_streets text[], p_file_ids uuid[], p_revisions integer[],
  p_event_ids uuid[], p_kinds text[], p_bodies bytea[]
) returns uuid[] language plpgsql as $$
begin
  return inbox_store(p_source, p_districts, p_streets, p_file_ids, p_revisions, p_event_ids, p_kinds, p_bodies);
end $$;

create or replace function hear(
  p_source text, p_known text[], p_ordered boolean, p_told jsonb,
  p_districts text[], p_streets text[], p_file_ids uuid[], p_revisions integer[],
  p_event_ids uuid[], p_kinds text[], p_bodies bytea[]
) returns boolean language plpgsql as $$
begin
  return inbox_apply(p_source, p_known, p_ordered, p_told, p_districts, p_streets, p_file_ids, p_revisions, p_event_ids,
                     p_kinds, p_bodies);
end $$;

create or replace function admit(
  p_source text, p_known text[], p_ordered boolean, p_alone boolean,
  p_districts text[], p_streets text[], p_file_ids uuid[], p_revisions integer[],
  p_event_ids uuid[], p_kinds text[], p_bodies bytea[]
) returns table (n integer, district text, street text, file_id uuid, revision integer, event_id uuid, kind text, body bytea)
language plpgsql as $$
begin
  return query
  select * from inbox_admit(p_source, p_known, p_ordered, p_alone, p_districts, p_streets, p_file_ids, p_revisions,
                            p_event_ids, p_kinds, p_bodies);
end $$;

create or replace function has_heard(p_source text, p_district text, p_street text, p_file_id uuid, p_revision integer)
returns boolean language plpgsql as $$
begin
  return inbox_reached(p_source, p_district, p_street, p_file_id, p_revision);
end $$;

create or replace function draw(p_district text, p_names text[], p_counts bigint[])
returns table (name text, first bigint) language plpgsql as $$
begin
  return query select * from draw_serials(p_district, p_names, p_counts);
end $$;

-- Helpers of the migrations alone: no service called them.
drop function if exists guard_table(regclass, text), guard_rows(regclass, text), keep_for_ever(regclass),
  let(text, text, regclass);
