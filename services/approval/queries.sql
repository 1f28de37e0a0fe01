-- name: worklist
-- One page of what waits for a desk, nearest due day first, with the exact count in the same snapshot; a page
-- without rows still says the count. The street of one place is named, since row level security alone finds no index.
with mine as not materialized (
  select * from case_file
  where waits and district = current_setting('app.district') /* and street = $7 */
    and (cardinality($1::integer[]) = 0 or step_post = any ($1) or approving_post = any ($1))
    and (cardinality($2::integer[]) = 0 or line = any ($2)) and ($3 = '' or claimed_by = $3)
), counted as (
  select count(*) as total from mine
), page as (
  select case_id, revision, number, item_name, step, step_name, step_post, claimed_by, promised_due_on, legal_due_on,
         warn_on, yellow_on, red_on, coalesce(procedure, '') as procedure, procedure_first_on, procedure_ends_on,
         approving_post, coalesce(procedure_overdue, false) as procedure_overdue, provisional
  from mine where (promised_due_on, case_id) > ($4, $5) order by promised_due_on, case_id limit $6
)
select total, page.* from counted left join page on true order by promised_due_on, case_id;

-- name: locate
-- The key of a case, within the scope.
select district, street, case_id from case_file where case_id = $1;

-- name: by_number
-- The newest leg of a number, of the given level where there is one.
select district, street, case_id from case_file
where district = current_setting('app.district') and number = $1
order by (leg = $2) desc, attempt desc limit 1;

-- name: district_status
-- State of the hand-off of a district's leg.
select case when state in ('waiting', 'sending', 'blocked') then waiting_since end as waiting_since, district_number
from handoff where district = current_setting('app.district') and case_id = $1 and kind = 'receive';

-- name: store_notice
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
-- A lock on each matter, in one order: a withdrawal and a referral of one matter come by two streams, and the second of
-- the two sees the rows of the first.
select pg_advisory_xact_lock(hashtextextended(id::text, 0)) from (select unnest($1::uuid[]) as id order by 1) matters;

-- name: store_withdrawals
-- Matters that the applicant withdrew; a leg that is opened later finds its matter here.
insert into withdrawn (district, street, application_id, withdrawn_on)
select district, street, application_id, withdrawn_on
from unnest($1::text[], $2::text[], $3::uuid[], $4::date[]) as t (district, street, application_id, withdrawn_on)
on conflict do nothing;

-- name: withdrawals_of
-- The days on which these matters of these streets were withdrawn.
select w.application_id, w.withdrawn_on
from unnest($1::text[], $2::uuid[]) as m (street, application_id)
join withdrawn w on w.district = current_setting('app.district') and w.street = m.street
                and w.application_id = m.application_id;

-- name: withdrawals_unanswered
-- Withdrawals to which the street's leg has said nothing yet, as releases up to 0.2.0 left some. The first day of the
-- sweep looks at all that are stored, each later one at those of a month. One index look-up for each withdrawal and table,
-- never a scan of cases or facts.
select s.district, s.street, s.case_id, s.application_id, w.withdrawn_on, d.outcome is not distinct from 'withdrawn' as ended
from withdrawn w
cross join lateral (
  select * from case_file c
  where c.application_id = w.application_id and c.district = w.district and c.street = w.street and c.leg = 1 limit 1) s
left join lateral (
  select true as late from fact f
  where f.district = s.district and f.street = s.street and f.file_id = s.case_id and f.kind = 'withdrawal_too_late'
  limit 1) told on true
left join case_file d on d.case_id = s.linked_case_id
where w.withdrawn_on <= $1 and s.outcome is distinct from 'withdrawn'
  and (w.withdrawn_on > $1::date - 31 or not exists (
    select from swept where district = current_setting('app.district') and sweep = 'withdrawals' and day < $1::date - 1))
  and told.late is null
order by s.street, s.case_id limit $2;

-- name: cards_due
-- Cases on which a card falls due by a day.
select district, street, case_id from case_file where next_card_on <= $1 order by next_card_on, street, case_id limit $2;

-- name: procedures_overdue
-- Cases whose special procedure should have ended by a day, and of which that is not on file.
select district, street, case_id from case_file where overdue_on <= $1 order by overdue_on, street, case_id limit $2;
