-- Names of release 0.1; see chassis/sql/90_previous_release.sql. Its table `notice` is a view
-- (migrations/1002_message_names.sql).
-- These two are as that release had them, so that its services decide as they did, also when they fold projections again.
-- Drop in the next release (contract).

create or replace function has_later(p_district text, p_street text, p_application_id uuid, p_phase smallint, p_stage_revision integer)
returns boolean language sql stable as $$
  select exists (select from notice l
                 where (l.district, l.street, l.application_id) = (p_district, p_street, p_application_id)
                   and (l.phase, l.stage_revision) > (p_phase, p_stage_revision))
$$;

create or replace function keep_told(p_items jsonb, p_matters jsonb, p_notices jsonb, p_tasks jsonb,
                          p_districts text[], p_streets text[], p_ids uuid[])
returns table (district text, street text, application_id uuid, number text, outcome text, decided_on date)
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

-- Of releases up to 0.2: calls of that time find their matter by it.
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
