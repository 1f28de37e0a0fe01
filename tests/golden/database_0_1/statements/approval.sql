-- The statements of release 0.1's approval, word for word.

-- name: worklist
-- One page of what waits for a desk, nearest due day first, with the exact count in the same snapshot; a page
-- without rows still says the count. The street of one place is named, since row level security alone finds no index.
with mine as not materialized (
  select * from case_file
  where waits and district = current_setting('app.district') /* and street = $7 */
    and (cardinality($1::integer[]) = 0 or step_post = any ($1))
    and (cardinality($2::integer[]) = 0 or line = any ($2)) and ($3 = '' or claimed_by = $3)
), counted as (
  select count(*) as total from mine
), page as (
  select case_id, revision, number, item_name, step, step_name, step_post, claimed_by, promised_due_on, legal_due_on,
         warn_on, yellow_on, red_on
  from mine where (promised_due_on, case_id) > ($4, $5) order by promised_due_on, case_id limit $6
)
select total, page.* from counted left join page on true order by promised_due_on, case_id;

-- name: locate
-- Where a case lives, if the scope reaches it.
select district, street, case_id from case_file where case_id = $1;

-- name: by_number
-- The newest leg of a number, of the level asked for where there is one.
select district, street, case_id from case_file
where district = current_setting('app.district') and number = $1
order by (leg = $2) desc, attempt desc limit 1;

-- name: at_district
-- How the hand-off of a district's leg stands.
select case when state in ('waiting', 'sending', 'blocked') then waiting_since end as waiting_since, district_number
from handoff where district = current_setting('app.district') and case_id = $1 and kind = 'receive';

-- name: calendar
-- The notices that were heard, the one recorded last naming the version.
select year, number, days_off, makeup_days, calendar_version, recorded_at from calendar_notice order by recorded_at, year;

-- name: keep_notice
-- The newest notice of a year; an older one that comes later changes nothing.
insert into calendar_notice (district, year, number, days_off, makeup_days, calendar_version, recorded_at)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict (district, year) do update
set number = excluded.number, days_off = excluded.days_off, makeup_days = excluded.makeup_days,
    calendar_version = excluded.calendar_version, recorded_at = excluded.recorded_at
where calendar_notice.recorded_at < excluded.recorded_at;

-- name: take_turns
-- Two streams tell of a matter (withdrawn there, referred here): whoever comes second sees what the first has written.
select pg_advisory_xact_lock(hashtextextended(id::text, 0)) from (select unnest($1::uuid[]) as id order by 1) matters;

-- name: keep_withdrawn
-- The applicant stopped a matter: a leg opened later finds it here.
insert into withdrawn (district, street, application_id, withdrawn_on)
select district, street, application_id, withdrawn_on
from unnest($1::text[], $2::text[], $3::uuid[], $4::date[]) as t (district, street, application_id, withdrawn_on)
on conflict do nothing;

-- name: withdrawn
-- On which day these matters of these streets were stopped.
select w.application_id, w.withdrawn_on
from unnest($1::text[], $2::uuid[]) as m (street, application_id)
join withdrawn w on w.district = current_setting('app.district') and w.street = m.street
                and w.application_id = m.application_id;

-- name: cards_due
-- Cases on which a card falls due by a day.
select district, street, case_id from case_file where next_card_on <= $1 order by next_card_on, street, case_id limit $2;

-- name: owe
-- Obligations to tell the district; each is owed once.
insert into handoff (district, street, case_id, kind, destination, street_case_id, application_id, due_on, told_on,
                     waiting_since)
select district, street, case_id, $1, destination, street_case_id, application_id, due_on, told_on, told_on
from unnest($2::text[], $3::text[], $4::uuid[], $5::text[], $6::uuid[], $7::uuid[], $8::date[], $9::date[])
  as t (district, street, case_id, destination, street_case_id, application_id, due_on, told_on)
on conflict do nothing;

-- name: stop_receiving
-- Packages that are not on their way need not go any more.
update handoff set state = 'withdrawn'
where district = current_setting('app.district') and case_id = any ($1::uuid[]) and kind = 'receive' and state in ('waiting', 'blocked');

-- name: take
-- The next obligations, nearest due day first, marked as being told before anybody dials. $2 is the office instant,
-- the machine's own clock lets one retry where that stands. What a sender left behind may have arrived, and is taken
-- up as uncertain: only the leader takes, and it holds nothing between two takings. A destination that is away is left
-- to one probe.
with ready as (
  select h.district, h.case_id, h.kind, h.destination, h.due_on,
         b.next_at is not null as probing, coalesce(b.failures, 0) > 0 as missed_before,
         row_number() over (partition by h.destination order by h.due_on, h.case_id, h.kind) as turn
  from handoff h
  left join breaker b on b.district = h.district and b.destination = h.destination
  where h.district = current_setting('app.district') and h.state in ('waiting', 'sending')
    and (h.next_at is null or h.next_at <= $2 or h.real_next_at <= clock_timestamp())
    and (b.next_at is null or b.next_at <= $2 or b.real_next_at <= clock_timestamp())
    and (h.kind = 'receive' or not exists (
      select from handoff r where r.district = h.district and r.case_id = h.case_id and r.kind = 'receive'
                              and r.state in ('waiting', 'sending')))
), taken as (
  select district, case_id, kind, missed_before from ready where turn = 1 or not probing order by due_on, case_id, kind limit $1
)
update handoff h
set state = 'sending', attempts = attempts + 1, uncertain = h.uncertain or h.state = 'sending'
from taken t
where h.district = t.district and h.case_id = t.case_id and h.kind = t.kind
returning h.*, t.missed_before;

-- name: told
-- The district has answered these; one that is done already under the same number stays as it is.
update handoff h set state = 'done', district_number = t.district_number, last_error = '', next_at = null,
                     real_next_at = null, uncertain = false
from unnest($1::uuid[], $2::text[], $3::text[]) as t (case_id, kind, district_number)
where h.district = current_setting('app.district') and h.case_id = t.case_id and h.kind = t.kind
  and (h.state, h.district_number) <> ('done', t.district_number);

-- name: opinions
-- The street's opinions on referrals, with the keys of their files; an erased one is not there.
select t.district, t.street, t.file_id, t.name, t.ciphertext, k.wrapped
from unnest($1::text[], $2::text[], $3::uuid[], $4::text[]) as o (district, street, file_id, name)
join vault_text t using (district, street, file_id, name)
join vault_key k using (district, street, file_id);

-- name: put_off
-- No answer: tried again after $3 by the office clock or $4 seconds by the machine's.
update handoff set state = 'waiting', uncertain = true, last_error = $5, next_at = $3,
                   real_next_at = clock_timestamp() + make_interval(secs => $4)
where case_id = $1 and kind = $2 and state = 'sending';

-- name: block
-- The district refuses it by name: a human's task, not a retry's.
update handoff set state = 'blocked', last_error = $3, next_at = null, real_next_at = null
where case_id = $1 and kind = $2 and state = 'sending';

-- name: reached
-- These destinations answer.
update breaker set failures = 0, next_at = null, real_next_at = null
where destination = any ($1::text[]) and failures > 0;

-- name: missed
-- The destination did not answer $6 times more; after $3 in a row it is left alone for $5 seconds, or until $4 at the
-- office.
insert into breaker as b (district, destination, failures, next_at, real_next_at)
values ($1, $2, $6::integer, case when $3 <= $6 then $4::timestamptz end,
        case when $3 <= $6 then clock_timestamp() + make_interval(secs => $5) end)
on conflict (district, destination) do update
set failures = b.failures + $6,
    next_at = case when b.failures + $6 >= $3 then $4::timestamptz end,
    real_next_at = case when b.failures + $6 >= $3 then clock_timestamp() + make_interval(secs => $5) end;

-- name: cursor
-- How far the list of the district's changes was read.
select cursor from pull_cursor where district = current_setting('app.district');

-- name: keep_cursor
-- How far it is read now.
insert into pull_cursor (district, cursor) values (current_setting('app.district'), $1)
on conflict (district) do update set cursor = excluded.cursor;

-- name: key_of_another
-- Whether a report's key was answered for another report.
select from cause where caller = $1 and request_id = $2 and fingerprint <> $3;

-- name: queue
-- What waits for the district, by destination and state; read by the two indexes of what is not ended.
select destination, state, count(*) as obligations from handoff
where district = current_setting('app.district') and state in ('waiting', 'sending') group by destination, state
union all
select destination, state, count(*) from handoff
where district = current_setting('app.district') and state = 'blocked' group by destination, state;

-- name: handed
-- How far the queue is with these legs: packages and withdrawals.
select case_id, kind, state, district_number, last_error from handoff
where district = current_setting('app.district') and case_id = any ($1::uuid[]);

-- name: packages_beyond
-- The legs that the district was ever owed, beyond one of them.
select case_id from handoff
where district = current_setting('app.district') and kind = 'receive' and case_id > $1 order by case_id limit $2;

-- name: open_matters
-- Matters that a street has open: one of them is the matter of a referral that a restore has lost.
select application_id, attempt, number, street from case_file
where district = current_setting('app.district') and leg = 1 and closed_on is null;

-- name: send_again
-- A human asks that the district be handed these once more; what it still has is asked for first. Nobody is handed a
-- matter that the applicant stopped since the comparison.
update handoff
set state = 'waiting', uncertain = true, waiting_since = $2, last_error = '', next_at = null, real_next_at = null
where district = current_setting('app.district') and case_id = any ($1::uuid[]) and kind = 'receive'
  and state in ('done', 'blocked')
  and not exists (select from handoff w where w.district = handoff.district and w.case_id = handoff.case_id
                                         and w.kind = 'withdraw')
returning case_id;
