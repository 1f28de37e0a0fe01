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
-- On which day these matters were stopped.
select application_id, withdrawn_on from withdrawn where application_id = any ($1::uuid[]);

-- name: cards_due
-- Cases on which a card falls due by a day.
select district, street, case_id from case_file where next_card_on <= $1 order by next_card_on, street, case_id limit $2;

-- name: owe
-- An obligation to tell the district; it is owed once.
insert into handoff (district, street, case_id, kind, destination, street_case_id, application_id, due_on, told_on,
                     waiting_since)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)
on conflict do nothing;

-- name: stop_receiving
-- A package that is not on its way need not go any more.
update handoff set state = 'withdrawn' where case_id = $1 and kind = 'receive' and state in ('waiting', 'blocked');

-- name: take
-- The next obligations, nearest due day first, marked as being told before anybody dials. $2 is the office instant,
-- the machine's own clock lets one retry where that stands. What a sender left behind may have arrived, and is taken
-- up as uncertain: only the leader takes, and it holds nothing between two takings. A destination that is away is left
-- to one probe.
with ready as (
  select h.district, h.case_id, h.kind, h.destination, h.due_on,
         b.next_at is not null as probing,
         row_number() over (partition by h.destination order by h.due_on, h.case_id, h.kind) as turn
  from handoff h
  left join breaker b on b.district = h.district and b.destination = h.destination and b.next_at is not null
  where h.district = current_setting('app.district') and h.state in ('waiting', 'sending')
    and (h.next_at is null or h.next_at <= $2 or h.real_next_at <= clock_timestamp())
    and (b.next_at is null or b.next_at <= $2 or b.real_next_at <= clock_timestamp())
    and (h.kind = 'receive' or not exists (
      select from handoff r where r.district = h.district and r.case_id = h.case_id and r.kind = 'receive'
                              and r.state in ('waiting', 'sending')))
), taken as (
  select district, case_id, kind from ready where turn = 1 or not probing order by due_on, case_id, kind limit $1
)
update handoff h
set state = 'sending', attempts = attempts + 1, uncertain = h.uncertain or h.state = 'sending'
from taken t
where h.district = t.district and h.case_id = t.case_id and h.kind = t.kind
returning h.*;

-- name: told
-- The district has answered.
update handoff set state = 'done', district_number = $3, last_error = '', next_at = null, real_next_at = null,
                   uncertain = false
where case_id = $1 and kind = $2;

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
-- The destination answers.
update breaker set failures = 0, next_at = null, real_next_at = null
where destination = $1 and failures > 0;

-- name: missed
-- The destination does not answer; after $3 times in a row it is left alone for $5 seconds, or until $4 at the office.
insert into breaker as b (district, destination, failures, next_at, real_next_at)
values ($1, $2, 1, case when $3 <= 1 then $4::timestamptz end,
        case when $3 <= 1 then clock_timestamp() + make_interval(secs => $5) end)
on conflict (district, destination) do update
set failures = b.failures + 1,
    next_at = case when b.failures + 1 >= $3 then $4::timestamptz end,
    real_next_at = case when b.failures + 1 >= $3 then clock_timestamp() + make_interval(secs => $5) end;

-- name: cursor
-- How far the list of the district's changes was read.
select cursor from pull_cursor where district = current_setting('app.district');

-- name: keep_cursor
-- How far it is read now.
insert into pull_cursor (district, cursor) values (current_setting('app.district'), $1)
on conflict (district) do update set cursor = excluded.cursor;

-- name: queue
-- What waits for the district, by destination and state, and since when the oldest does.
select destination, state, count(*) as obligations, min(waiting_since) as oldest from handoff
where state <> 'done' group by destination, state;
