-- name: publications
-- Entries of the catalogue and their publications, as two numbers: both stand still as long as nothing is published.
select count(*) as entries, coalesce(sum(revision), 0)::bigint as publications
from (select revision from catalogue_entry union all select revision from published_place) entry

-- name: entries
-- Entries of the catalogue and the number of publications of each.
select district, street, entry_id, revision from catalogue_entry
union all select district, street, entry_id, revision from published_place

-- name: street_in_use
-- Applications of a street, which exists by them where it had them before streets were published.
select exists (select from application where district = $1 and street = $2)

-- name: entry_facts
-- Facts of entries in the order of their revisions.
select f.file_id, f.body
from unnest($1::text[], $2::text[], $3::uuid[]) as k (district, street, file_id)
join fact f on f.district = k.district and f.street = k.street and f.file_id = k.file_id
order by f.file_id, f.revision

-- name: locate
-- Place of an application of the district.
select district, street from application where application_id = $1

-- name: ended_pass
-- Revision of a case by which its earlier read passes ended; its leg is at the street or at the district itself.
select revision from ended_pass where district = $1 and street = any ($2) and case_id = $3

-- name: application
-- One application of the scope by id, or by either of its numbers.
select * from read_application($1, $2, $3, $4)

-- name: tickets_of_day
-- Tickets of a hall on a day, each with the fact that it stands at: taken, or called. The place is named, since row level
-- security alone finds no index.
select t.number, t.line, t.window_code, f.recorded_at, f.seq
from ticket t
join fact f on f.district = t.district and f.street = t.street and f.file_id = t.ticket_id and f.revision = t.revision
where t.district = $1 and t.street = $2 and t.taken_on = $3

-- name: applications_page
-- Applications beyond the last one seen, newest first, with the exact count of all that match in the same snapshot; a
-- page without rows still says the count. The place is named, since row level security alone finds no index.
select counted.total, page.*
from (select count(*) as total from application where {matching}) counted
left join lateral (
  select * from application_card where {matching} and {beyond} order by application_id desc limit {most}) page on true
order by page.application_id desc

-- name: to_deem
-- Applications whose five days have passed without an answer.
select district, street, application_id from application where answer_due_on < $1 order by answer_due_on limit $2

-- name: to_lapse
-- Corrections that were not supplied in time.
select district, street, application_id from application where own_stage = 2 and supply_by < $1 order by supply_by limit $2
