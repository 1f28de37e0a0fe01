-- The projections of dossiers, and functions over matters, messages and documents that are still to come.

select project_into('dossier', 'document');

-- True when notify has what it needs of the person: the envelope was opened and stored.
create or replace function has_envelope(p_district text, p_street text, p_application_id uuid) returns boolean
language sql stable as $$
  select exists (select from vault_text t where t.district = p_district and t.street = p_street
                                            and t.file_id = p_application_id and t.name = 'applicant')
$$;

-- A matter for calls, as far as the scope reaches, from one snapshot: its applicant's index, what was received of it, and
-- the kinds of documents that are still to be issued or were set aside. `case_received` is true when approval has reported
-- its case p_leg_id, which follows from the acceptance. A matter of which nothing but its case is known has a row too,
-- where the scope names the street.
create or replace function matter_for_call(
  p_scope_district text, p_scope_street text, p_application_id uuid, p_leg_id uuid
) returns table (
  district text, street text, application_id uuid, applicant_index text, submitted boolean, accepted boolean,
  decided boolean, case_received boolean, owed smallint[], set_aside smallint[]
) language plpgsql as $$
#variable_conflict use_column
begin
  perform set_config('app.district', p_scope_district, true), set_config('app.street', p_scope_street, true);
  return query
  select k.district, k.street, p_application_id, coalesce(m.applicant_index, ''), m.item_code is not null,
         m.number is not null, m.decided_on is not null,
         exists (select from inbox_offset o where o.source = 'approval' and o.district = k.district
                                              and o.street = k.street and o.file_id = p_leg_id),
         array(select t.kind from document_task t
               where t.district = k.district and t.street = k.street and t.application_id = p_application_id
                 and not t.set_aside),
         array(select t.kind from document_task t
               where t.district = k.district and t.street = k.street and t.application_id = p_application_id
                 and t.set_aside)
  from (select m.district, m.street from matter m where m.application_id = p_application_id
        union
        select o.district, o.street from inbox_offset o
        where p_scope_street <> '*' and o.source = 'approval' and o.district = p_scope_district
          and o.street = p_scope_street and o.file_id = p_leg_id) k
  left join matter m on m.district = k.district and m.street = k.street and m.application_id = p_application_id;
end $$;

-- Locks the matters of a batch and returns them as they stand, each with its messages, its item in the catalogue where it
-- still waits for it, and whether its delivery is open. The first arrays name the matters and the item version that the
-- batch reports for each, if any; p_published names items that were published: the matters that wait for them come too.
-- A matter that is not stored yet gets an empty row, so that there is a row to lock. All locks are taken in the order of
-- the keys, and everything is read after the last of them, by statements of their own: what another transaction wrote
-- before it let go is seen. Tables are unqualified, so that a rebuild reads and writes its shadow schema. Lateral
-- sub-selects with a lock or a limit cost one look by key for each matter, whatever the statistics say.
create or replace function lock_matters(
  p_districts text[], p_streets text[], p_ids uuid[], p_item_codes text[], p_item_versions integer[], p_published text[]
) returns table (
  district text, street text, application_id uuid, item_code text, item_version integer, item_name text,
  sensitive boolean, sms boolean, number text, applicant_index text, outcome text, decided_on date, withdrawn boolean,
  published_code text, published_version integer, published_name text, published_sensitive boolean,
  published_sms boolean, delivery_opened boolean, messages json
) language plpgsql as $$
#variable_conflict use_column
declare
  v_districts text[];
  v_streets text[];
  v_ids uuid[];
  v_codes text[];
  v_versions integer[];
begin
  insert into matter (district, street, application_id)
  select g.district, g.street, g.application_id
  from unnest(p_districts, p_streets, p_ids) as g (district, street, application_id)
  where not exists (select from matter m where m.district = g.district and m.street = g.street
                                           and m.application_id = g.application_id)
  order by g.district, g.street, g.application_id
  on conflict do nothing;

  select array_agg(g.district), array_agg(g.street), array_agg(g.application_id), array_agg(g.item_code),
         array_agg(g.item_version)
    into v_districts, v_streets, v_ids, v_codes, v_versions
    from (select * from unnest(p_districts, p_streets, p_ids, p_item_codes, p_item_versions)
            as given (district, street, application_id, item_code, item_version)
          union all
          select w.district, w.street, w.application_id, null, null from matter w
          where p_published is not null and w.district = current_setting('app.district') and w.sms is null
            and w.item_code = any (p_published) and w.application_id <> all (p_ids)
          order by district, street, application_id) g
    cross join lateral (
      select from matter m
      where m.district = g.district and m.street = g.street and m.application_id = g.application_id
      for update) locked;

  return query
  select m.*, i.code, i.version, i.name, i.sensitive, i.sms, d.deliver_by is not null, s.messages
  from unnest(v_districts, v_streets, v_ids, v_codes, v_versions)
    as g (district, street, application_id, item_code, item_version)
  cross join lateral (
    select m.district, m.street, m.application_id, m.item_code, m.item_version, m.item_name, m.sensitive, m.sms,
           m.number, m.applicant_index, m.outcome, m.decided_on, m.withdrawn
    from matter m
    where m.district = g.district and m.street = g.street and m.application_id = g.application_id limit 1) m
  left join lateral (
    select i.code, i.version, i.name, i.sensitive, i.sms from item_version i
    where m.sms is null and i.district = g.district and i.code = coalesce(g.item_code, m.item_code)
      and i.version = coalesce(g.item_version, m.item_version) limit 1) i on true
  left join lateral (
    select d.deliver_by from dossier d
    where d.district = g.district and d.street = g.street and d.application_id = g.application_id limit 1) d on true
  left join lateral (
    select json_agg(json_build_array(n.message_id, n.template, n.phase, n.stage_revision, n.state)) as messages
    from message n
    where n.district = g.district and n.street = g.street and n.application_id = g.application_id) s on true;
end $$;

-- The work that a day still waits for: messages that may go out now and were not tried, calls without an outcome,
-- documents.
create or replace function unsettled_more(p_day date) returns text[] language sql stable as $$
  select array(
    select 'message' where exists (
      select from message n join matter m using (district, street, application_id)
      where n.state in (1, 2) and (n.state = 2 or n.tries = 0)
        and n.next_at <= coalesce(nullif(current_setting('app.now', true), '')::timestamptz, (p_day + 1)::timestamptz)
        and m.sms and has_envelope(n.district, n.street, n.application_id))
    union all
    select 'document' where exists (
      select from document_task t
      join item_version i on i.district = t.district and i.code = t.item_code and i.version = t.item_version
      where not t.set_aside and has_envelope(t.district, t.street, t.application_id)))
$$;

-- Open files with the calendar by which their days stand, and the days between which a notice can move them.
select define_view('recount_file', $view$
select district, street, application_id as file_id, revision, coalesce(calendar_version, '') as calendar_version,
       opened_on as starts_on, deliver_by as last_on
from dossier
where deliver_by is not null and delivered_on is null
$view$);

select state_access('recount_file', p_rows => 'all', p_rpc => '', p_worker => 'select');
