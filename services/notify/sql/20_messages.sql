-- The projections of dossiers, and functions over matters, messages and documents that are still to come.

select project_into('dossier', 'document');

-- True when notify has what it needs of the person: the envelope was opened and stored.
create or replace function has_envelope(p_district text, p_street text, p_application_id uuid) returns boolean
language sql stable as $$
  select exists (select from vault_text t where t.district = p_district and t.street = p_street
                                            and t.file_id = p_application_id and t.name = 'applicant')
$$;

-- True when a later stage of the same matter has a message of its own. The table stays unqualified and no parameter is
-- a row of it, so that a rebuild can fold into its shadow schema.
create or replace function has_later_message(
  p_district text, p_street text, p_application_id uuid, p_phase smallint, p_stage_revision integer
) returns boolean language sql stable as $$
  select exists (select from message l
                 where (l.district, l.street, l.application_id) = (p_district, p_street, p_application_id)
                   and (l.phase, l.stage_revision) > (p_phase, p_stage_revision))
$$;

-- The place of a matter, as far as the scope reaches, its applicant's index, and whether it was decided.
create or replace function find_matter(p_scope_district text, p_scope_street text, p_application_id uuid)
returns table (district text, street text, application_id uuid, applicant_index text, decided boolean)
language plpgsql as $$
#variable_conflict use_column
begin
  perform set_config('app.district', p_scope_district, true), set_config('app.street', p_scope_street, true);
  return query
  select m.district, m.street, m.application_id, coalesce(m.applicant_index, ''), m.decided_on is not null
  from matter m where m.application_id = p_application_id;
end $$;

-- Stores what a batch of events says and joins it with what came over other streams, so that every order of arrival
-- ends in the same rows. The rows are arrays of JSON by the columns of their tables, null where there are none:
-- versions of items; matters, one row each, where what one stream said stays when another speaks; messages of stages;
-- documents to be issued. The other arrays name the dossiers that were touched.
-- Returns the matters whose delivery is to be opened.
create or replace function store_received(
  p_items jsonb, p_matters jsonb, p_messages jsonb, p_tasks jsonb,
  p_districts text[], p_streets text[], p_ids uuid[]
) returns table (district text, street text, application_id uuid, number text, outcome text, decided_on date)
language plpgsql as $$
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

  if p_messages is not null then
    insert into message (district, street, application_id, message_id, template, phase, stage_revision, stage_on,
                        particulars, next_at)
    select district, street, application_id, message_id, template, phase, stage_revision, stage_on, particulars, next_at
    from jsonb_populate_recordset(null::message, p_messages)
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

  delete from message n using matter m, unnest(v_districts, v_streets, v_ids) as t (district, street, application_id)
  where m.district = t.district and m.street = t.street and m.application_id = t.application_id and not m.sms
    and n.district = t.district and n.street = t.street and n.application_id = t.application_id;

  update message n set state = 5
  from matter m, unnest(v_districts, v_streets, v_ids) as t (district, street, application_id)
  where m.district = t.district and m.street = t.street and m.application_id = t.application_id
    and n.district = t.district and n.street = t.street and n.application_id = t.application_id and n.state = 1
    and (m.withdrawn and n.template <> 'N07'
         or has_later_message(n.district, n.street, n.application_id, n.phase, n.stage_revision));

  return query
  select m.district, m.street, m.application_id, m.number, m.outcome, m.decided_on
  from unnest(v_districts, v_streets, v_ids) as t (district, street, application_id)
  join matter m on m.district = t.district and m.street = t.street and m.application_id = t.application_id
  left join dossier d on d.district = t.district and d.street = t.street and d.application_id = t.application_id
  where m.number is not null and m.decided_on is not null and d.deliver_by is null;
end $$;

-- The work that a day still waits for: messages that may go out now and were not tried, calls without an outcome, documents.
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
