-- name: store_holidays
-- The newest notice of a year; publications of a year come in order, also those of one instant.
with edition as (
  insert into calendar_edition (district, year, number, days_off, makeup_days, calendar_version, recorded_at)
  values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing)
insert into calendar_notice (district, year, number, days_off, makeup_days, calendar_version, recorded_at)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (district, year) do update
set number = excluded.number, days_off = excluded.days_off, makeup_days = excluded.makeup_days,
    calendar_version = excluded.calendar_version, recorded_at = excluded.recorded_at
where calendar_notice.recorded_at <= excluded.recorded_at;

-- name: lock_matters
-- The matters of a batch with their messages, locked; see sql/20_messages.sql.
select * from lock_matters($1, $2, $3, $4, $5, $6);

-- name: store_matters
-- The differences of locked matters, as arrays of JSON by the columns of their tables, null where there are none: new
-- versions of items ($1), matters ($2), new messages ($3), messages that are suppressed ($4), matters whose messages are
-- dropped ($5), receipts to issue ($6). Rows are found by key in sub-selects with a lock, which no plan turns into a scan.
with item as (
  insert into item_version select * from jsonb_populate_recordset(null::item_version, $1) on conflict do nothing
), matters as (
  insert into matter select * from jsonb_populate_recordset(null::matter, $2)
  on conflict (district, street, application_id) do update
  set item_code = excluded.item_code, item_version = excluded.item_version, item_name = excluded.item_name,
      sensitive = excluded.sensitive, sms = excluded.sms, number = excluded.number,
      applicant_index = excluded.applicant_index, outcome = excluded.outcome, decided_on = excluded.decided_on,
      withdrawn = excluded.withdrawn
), suppressed as (
  update message set state = 5
  where ctid = any (array(
    select m.tid from jsonb_populate_recordset(null::message, $4) as s
    cross join lateral (
      select ctid as tid from message
      where district = s.district and street = s.street and application_id = s.application_id
        and message_id = s.message_id and state = 1
      for update) m))
), dropped as (
  delete from message
  where ctid = any (array(
    select m.tid from jsonb_populate_recordset(null::matter, $5) as d
    cross join lateral (
      select ctid as tid from message
      where district = d.district and street = d.street and application_id = d.application_id
      for update) m))
), task as (
  insert into document_task (district, street, application_id, kind, revision, item_code, item_version)
  select district, street, application_id, kind, revision, item_code, item_version
  from jsonb_populate_recordset(null::document_task, $6)
  on conflict do nothing
)
insert into message (district, street, application_id, message_id, template, phase, stage_revision, stage_on,
                     particulars, state, next_at)
select district, street, application_id, message_id, template, phase, stage_revision, stage_on, particulars, state, next_at
from jsonb_populate_recordset(null::message, $3)
on conflict do nothing;

-- name: take_messages
-- Messages that are due, the longest due first, marked as being sent before the gateway is called: $1 is the office
-- instant; by the machine's clock a retry goes out where the office clock stands still. One that was being sent already
-- may have reached the gateway.
with ready as (
  select n.district, n.street, n.application_id, n.message_id, n.state = 2 as uncertain
  from message n join matter m using (district, street, application_id)
  where n.district = current_setting('app.district') and n.state in (1, 2)
    and (n.next_at <= $1 or n.real_next_at <= clock_timestamp())
    and m.sms and has_envelope(n.district, n.street, n.application_id)
  order by n.next_at, n.message_id limit $2
), taken as (
  update message n set state = 2, tries = n.tries + 1
  from ready r
  where n.district = r.district and n.street = r.street and n.application_id = r.application_id
    and n.message_id = r.message_id and n.state in (1, 2)
  returning n.*, r.uncertain
)
select t.*, m.item_name, m.sensitive, coalesce(m.number, '') as number, v.ciphertext, k.wrapped
from taken t
cross join lateral (
  select item_name, sensitive, number from matter
  where district = t.district and street = t.street and application_id = t.application_id limit 1) m
cross join lateral (
  select ciphertext from vault_text
  where district = t.district and street = t.street and file_id = t.application_id and name = 'applicant' limit 1) v
cross join lateral (
  select wrapped from vault_key
  where district = t.district and street = t.street and file_id = t.application_id limit 1) k
order by t.next_at, t.message_id;

-- name: end_messages
-- Messages that came to an end: sent or failed.
update message n
set state = e.state, sent_on = e.sent_on, gateway_id = e.gateway_id, template_version = e.template_version,
    real_next_at = null
from unnest($1::text[], $2::text[], $3::uuid[], $4::uuid[], $5::smallint[], $6::date[], $7::text[], $8::text[])
  as e (district, street, application_id, message_id, state, sent_on, gateway_id, template_version)
where n.district = e.district and n.street = e.street and n.application_id = e.application_id
  and n.message_id = e.message_id and n.state = 2;

-- name: postpone_messages
-- Messages after a failed try, each with the state that the rules gave it and the instant of the next try.
update message n
set state = e.state, next_at = e.next_at, real_next_at = clock_timestamp() + make_interval(secs => e.real_seconds)
from unnest($1::text[], $2::text[], $3::uuid[], $4::uuid[], $5::smallint[], $6::timestamptz[], $7::float8[])
  as e (district, street, application_id, message_id, state, next_at, real_seconds)
where n.district = e.district and n.street = e.street and n.application_id = e.application_id
  and n.message_id = e.message_id and n.state = 2;

-- name: hold_messages
-- In quiet hours: messages that are due at $1 are held to $2.
update message set next_at = $2, real_next_at = null
where district = current_setting('app.district') and state in (1, 2)
  and (next_at <= $1 or real_next_at <= clock_timestamp());

-- name: queue_size
-- How many messages and documents are still to come, since when the oldest message is due, and results that nobody was
-- told of by their last day.
select (select count(*) from message where district = current_setting('app.district') and state in (1, 2)) as messages,
       (select min(next_at) from message where district = current_setting('app.district') and state in (1, 2)) as oldest,
       (select count(*) from document_task where not set_aside) as documents,
       (select count(*) from document_task where set_aside) as set_aside,
       (select count(*) from dossier
        where district = current_setting('app.district') and deliver_by < $1 and delivered_on is null
          and offered_on is null) as not_offered;

-- name: take_documents
-- Documents that can be set: the fact, the names of the materials and the person are all present. One look-up for each,
-- whatever the statistics say: a join may read the whole inbox.
select t.district, t.street, t.application_id, t.kind, h.body, i.materials, v.ciphertext, k.wrapped
from document_task t
cross join lateral (
  select body from inbox
  where source = 'intake' and district = t.district and street = t.street and file_id = t.application_id
    and revision = t.revision limit 1) h
cross join lateral (
  select materials from item_version
  where district = t.district and code = t.item_code and version = t.item_version limit 1) i
cross join lateral (
  select ciphertext from vault_text
  where district = t.district and street = t.street and file_id = t.application_id and name = 'applicant' limit 1) v
cross join lateral (
  select wrapped from vault_key
  where district = t.district and street = t.street and file_id = t.application_id limit 1) k
where t.district = current_setting('app.district') and not t.set_aside
limit $1;

-- name: end_documents
-- Documents that exist now.
delete from document_task t using unnest($1::text[], $2::text[], $3::uuid[], $4::smallint[])
  as e (district, street, application_id, kind)
where t.district = e.district and t.street = e.street and t.application_id = e.application_id and t.kind = e.kind;

-- name: set_aside_document
-- A document that could not be made: a member of staff looks at it.
update document_task set set_aside = true where district = $1 and street = $2 and application_id = $3 and kind = $4;

-- name: find_matter
-- A matter as far as the scope reaches, with what was received of it and is still to be issued; see sql/20_messages.sql.
select * from matter_for_call($1, $2, $3, $4);

-- name: list_messages
-- The messages of one matter in the order of its stages.
select message_id, template, state, stage_on, sent_on, tries from message
where district = $1 and street = $2 and application_id = $3 order by phase, stage_revision;
