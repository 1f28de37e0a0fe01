-- name: owe
-- Obligations towards the district; each is stored once.
insert into handoff (district, street, case_id, kind, destination, street_case_id, application_id, due_on, told_on,
                     waiting_since)
select district, street, case_id, $1, destination, street_case_id, application_id, due_on, told_on, told_on
from unnest($2::text[], $3::text[], $4::uuid[], $5::text[], $6::uuid[], $7::uuid[], $8::date[], $9::date[])
  as t (district, street, case_id, destination, street_case_id, application_id, due_on, told_on)
on conflict do nothing;

-- name: drop_packages
-- Packages that are not on their way and need not be sent any more.
update handoff set state = 'withdrawn'
where district = current_setting('app.district') and case_id = any ($1::uuid[]) and kind = 'receive' and state in ('waiting', 'blocked');

-- name: take
-- The next obligations, nearest due day first, marked as being sent before any call. $2 is the office instant; where the
-- office clock stands, the machine's own clock allows a retry. An obligation that an earlier sender left in `sending` may
-- have arrived, and becomes uncertain: only the leader takes obligations, and it holds none between two rounds. A
-- destination whose breaker is open gets one probe at a time.
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

-- name: complete
-- Obligations that the district has answered; one that is done under the same number stays as it is.
update handoff h set state = 'done', district_number = t.district_number, last_error = '', next_at = null,
                     real_next_at = null, uncertain = false
from unnest($1::uuid[], $2::text[], $3::text[]) as t (case_id, kind, district_number)
where h.district = current_setting('app.district') and h.case_id = t.case_id and h.kind = t.kind
  and (h.state, h.district_number) <> ('done', t.district_number);

-- name: opinions
-- The street's opinions on referrals, with the keys of their files; erased ones are missing.
select t.district, t.street, t.file_id, t.name, t.ciphertext, k.wrapped
from unnest($1::text[], $2::text[], $3::uuid[], $4::text[]) as o (district, street, file_id, name)
join vault_text t using (district, street, file_id, name)
join vault_key k using (district, street, file_id);

-- name: retry_later
-- No answer: the next attempt is at $3 by the office clock or in $4 seconds by the machine's.
update handoff set state = 'waiting', uncertain = true, last_error = $5, next_at = $3,
                   real_next_at = clock_timestamp() + make_interval(secs => $4)
where case_id = $1 and kind = $2 and state = 'sending';

-- name: block
-- Refused by name: a person has to settle it.
update handoff set state = 'blocked', last_error = $3, next_at = null, real_next_at = null
where case_id = $1 and kind = $2 and state = 'sending';

-- name: close_breakers
-- Destinations that answer again.
update breaker set failures = 0, next_at = null, real_next_at = null
where destination = any ($1::text[]) and failures > 0;

-- name: count_failures
-- $6 more failures of the destination; $3 in a row open its breaker for $5 seconds, or until $4 by the office clock.
insert into breaker as b (district, destination, failures, next_at, real_next_at)
values ($1, $2, $6::integer, case when $3 <= $6 then $4::timestamptz end,
        case when $3 <= $6 then clock_timestamp() + make_interval(secs => $5) end)
on conflict (district, destination) do update
set failures = b.failures + $6,
    next_at = case when b.failures + $6 >= $3 then $4::timestamptz end,
    real_next_at = case when b.failures + $6 >= $3 then clock_timestamp() + make_interval(secs => $5) end;

-- name: cursor
-- The cursor up to which the district's list of changes was read.
select cursor from pull_cursor where district = current_setting('app.district');

-- name: store_cursor
-- The cursor up to which it is read now.
insert into pull_cursor (district, cursor) values (current_setting('app.district'), $1)
on conflict (district) do update set cursor = excluded.cursor;

-- name: key_of_another_report
-- A row when the key was used for another report.
select from cause where caller = $1 and request_id = $2 and fingerprint <> $3;

-- name: queue_lengths
-- Obligations by destination and state; read by the two indexes of rows that are not done.
select destination, state, count(*) as obligations from handoff
where district = current_setting('app.district') and state in ('waiting', 'sending') group by destination, state
union all
select destination, state, count(*) from handoff
where district = current_setting('app.district') and state = 'blocked' group by destination, state;

-- name: handoff_states
-- Obligations of these legs: packages and withdrawals.
select case_id, kind, state, district_number, last_error from handoff
where district = current_setting('app.district') and case_id = any ($1::uuid[]);

-- name: packages_after
-- Legs with a package, in order, after one of them.
select case_id from handoff
where district = current_setting('app.district') and kind = 'receive' and case_id > $1 order by case_id limit $2;

-- name: open_matters
-- Open matters of the streets: one of them may be the matter of a referral that a restore has lost.
select application_id, attempt, number, street from case_file
where district = current_setting('app.district') and leg = 1 and closed_on is null;

-- name: send_again
-- Packages to be sent once more by order of a person. The district is looked up first, so that none arrives twice. A
-- matter that was withdrawn since the comparison is left out.
update handoff
set state = 'waiting', uncertain = true, waiting_since = $2, last_error = '', next_at = null, real_next_at = null
where district = current_setting('app.district') and case_id = any ($1::uuid[]) and kind = 'receive'
  and state in ('done', 'blocked')
  and not exists (select from handoff w where w.district = handoff.district and w.case_id = handoff.case_id
                                         and w.kind = 'withdraw')
returning case_id;
