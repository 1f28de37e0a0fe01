-- Rows of applications, tickets and catalogue entries, written from own facts and from received events.

-- Writes the rows of changed files. Columns that follow from approval's events stay as they are.
create or replace function project(p_projections jsonb) returns void language plpgsql as $$
begin
  if p_projections @? '$[*].application' then
    insert into application as a (
      district, street, application_id, revision, own_stage, serial_number, number, item_code, item_name, item_version,
      line, channel, window_code, received_on, answer_due_on, supply_by, ground, accepted_on, promised_due_on,
      legal_due_on, provisional, own_closed_on, own_outcome, own_on_time, own_early, materials, missing, grade, calendar_version)
    select
      r.district, r.street, r.application_id, r.revision, r.own_stage, r.serial_number, r.number, r.item_code, r.item_name,
      r.item_version, r.line, r.channel, r.window_code, r.received_on, r.answer_due_on, r.supply_by, r.ground,
      r.accepted_on, r.promised_due_on, r.legal_due_on, r.provisional, r.own_closed_on, r.own_outcome, r.own_on_time,
      r.own_early, r.materials, r.missing, r.grade, r.calendar_version
    from jsonb_array_elements(p_projections) f, jsonb_populate_record(null::application, f -> 'application') r
    where f ? 'application'
    on conflict (district, street, application_id) do update set
      revision = excluded.revision, own_stage = excluded.own_stage, number = excluded.number,
      received_on = excluded.received_on, answer_due_on = excluded.answer_due_on, supply_by = excluded.supply_by,
      ground = excluded.ground, accepted_on = excluded.accepted_on, promised_due_on = excluded.promised_due_on,
      legal_due_on = excluded.legal_due_on, provisional = excluded.provisional, own_closed_on = excluded.own_closed_on,
      own_outcome = excluded.own_outcome, own_on_time = excluded.own_on_time, own_early = excluded.own_early,
      materials = excluded.materials, missing = excluded.missing, grade = excluded.grade,
      calendar_version = excluded.calendar_version;
  end if;
  if p_projections @? '$[*].ticket' then
    insert into ticket
    select r.* from jsonb_array_elements(p_projections) f, jsonb_populate_record(null::ticket, f -> 'ticket') r
    where f ? 'ticket'
    on conflict (district, street, ticket_id) do update set
      revision = excluded.revision, window_code = excluded.window_code;
  end if;
  if p_projections @? '$[*].catalogue_entry' then
    insert into catalogue_entry
    select r.*
    from jsonb_array_elements(p_projections) f, jsonb_populate_record(null::catalogue_entry, f -> 'catalogue_entry') r
    where f ? 'catalogue_entry'
    on conflict (district, street, entry_id) do update set revision = excluded.revision;
  end if;
  if p_projections @? '$[*].published_place' then
    insert into published_place
    select r.*
    from jsonb_array_elements(p_projections) f, jsonb_populate_record(null::published_place, f -> 'published_place') r
    where f ? 'published_place'
    on conflict (district, street, entry_id) do update set revision = excluded.revision;
  end if;
end $$;

-- Writes the rows that follow from a batch of received events: {"closings": [row, …], "decisions": [row, …],
-- "terms": [row, …], "deliveries": [row, …], "passes": [row, …], "passes_hold_ms": n}, each with at most one row for an application
-- or a case, the last word. Ends of passes are deleted once the newest is so much later that none of them holds: the same
-- rows stay in whatever order events come, and a clock that goes before the time deletes none. A closing without a day says that the matter goes on after a return; a decision is the
-- district's.
create or replace function project_received(p_batch jsonb) returns void language plpgsql as $$
begin
  if p_batch ? 'closings' then
    update application a
    set case_closed_on = h.closed_on, case_outcome = h.outcome, case_on_time = h.on_time, case_early = h.early
    from jsonb_to_recordset(p_batch -> 'closings') as h
      (district text, street text, application_id uuid, closed_on date, outcome text, on_time boolean, early boolean)
    where (a.district, a.street, a.application_id) = (h.district, h.street, h.application_id);
  end if;
  if p_batch ? 'decisions' then
    update application a
    set case_district_outcome = h.outcome, case_district_decided_on = h.decided_on
    from jsonb_to_recordset(p_batch -> 'decisions') as h
      (district text, street text, application_id uuid, outcome text, decided_on date)
    where (a.district, a.street, a.application_id) = (h.district, h.street, h.application_id);
  end if;
  if p_batch ? 'terms' then
    update application a
    set case_promised_due_on = h.promised_due_on, case_legal_due_on = h.legal_due_on, case_provisional = h.provisional
    from jsonb_to_recordset(p_batch -> 'terms') as h
      (district text, street text, application_id uuid, promised_due_on date, legal_due_on date, provisional boolean)
    where (a.district, a.street, a.application_id) = (h.district, h.street, h.application_id);
  end if;
  if p_batch ? 'deliveries' then
    update application a
    set delivered_on = h.delivered_on
    from jsonb_to_recordset(p_batch -> 'deliveries') as h
      (district text, street text, application_id uuid, delivered_on date)
    where (a.district, a.street, a.application_id) = (h.district, h.street, h.application_id);
  end if;
  if p_batch ? 'passes' then
    insert into ended_pass as e (district, street, case_id, revision, ended_ms)
    select h.district, h.street, h.case_id, h.revision, h.ended_ms
    from jsonb_to_recordset(p_batch -> 'passes') as h
      (district text, street text, case_id uuid, revision integer, ended_ms bigint)
    on conflict (district, street, case_id) do update
    set revision = greatest(e.revision, excluded.revision), ended_ms = greatest(e.ended_ms, excluded.ended_ms);
    delete from ended_pass
    where ended_ms < least(extract(epoch from clock_timestamp()) * 1000, (select max(ended_ms) from ended_pass))
                     - (p_batch -> 'passes_hold_ms')::bigint;
  end if;
end $$;
