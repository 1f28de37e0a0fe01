-- What metrics reads. $1 and $2 are the first and the last day of a period; {…} are conditions of the indicators, which
-- stand with their names and definitions in domain/indicators.py. Scope is kept by row level security.

-- name: totals
-- Everything that is one number, in one pass over the matters that the period touches.
select count(*) filter (where {applied}) as applied,
       count(*) filter (where {accepted}) as volume,
       count(*) filter (where {closed}) as closed,
       {indicators}
from matter_figures
where {touched}

-- name: items
-- What became of each item's matters, largest first; the name is the newest one published.
select f.item_code, coalesce(i.name, f.item_name) as item_name, f.applied, f.accepted, f.closed, f.on_time, f.early,
       f.agreed, f.refused
from (
  select district, item_code, max(item_name) as item_name,
         count(*) filter (where {applied}) as applied,
         count(*) filter (where {accepted}) as accepted,
         count(*) filter (where {closed}) as closed,
         count(*) filter (where {closed} and on_time) as on_time,
         count(*) filter (where {closed} and early) as early,
         count(*) filter (where {closed} and outcome in ('granted', 'completed', 'referred')) as agreed,
         count(*) filter (where {closed} and outcome = 'refused') as refused
  from matter_figures
  where {applied} or {accepted} or {closed}
  group by district, item_code) f
left join item i on i.district = f.district and i.code = f.item_code
order by f.accepted desc, f.item_code

-- name: windows
-- What each window accepted.
select street, window_code as "window", count(*) as accepted, count(*) filter (where instant) as instant
from matter_figures
where {accepted} and window_code <> ''
group by street, window_code
order by street, window_code

-- name: cards
-- Cards issued.
select count(*) filter (where level = 1) as warning, count(*) filter (where level = 2) as yellow,
       count(*) filter (where level = 3) as red
from card_figures
where issued_on between $1 and $2

-- name: facts
-- What all figures rest on.
select (select coalesce(sum(facts), 0)::bigint from fact_figures) as consumed,
       (select count(*) from parked where street not like '%999') as parked,
       (select count(*) from dead_letter where redriven_at is null and street not like '%999') as dead_letters

-- name: behind
-- A page of the matters for which {side} holds, after the number $3 of application $4, and the count of all of them.
with page as (
  select application_id, shown_number, district, street, item_name, accepted_on, promised_due_on, provisional,
         closed_on, outcome
  from matter_figures
  where {side} and ($3::text is null or (shown_number, application_id) > ($3, $4::uuid))
  order by shown_number, application_id
  limit $5)
select (select count(*) from matter_figures where {side}) as total, page.*
from (values (1)) as always left join page on true
order by shown_number, application_id

-- name: matter
-- The matter of a 申办流水号 or 办件编号, a synthetic one too.
select * from matter where district = $1 and (number = $2 or serial_number = $2) limit 1

-- name: lamps
-- Open matters by lamp on the day $1.
select count(*) filter (where lamp = 0) as normal, count(*) filter (where lamp = 1) as warning,
       count(*) filter (where lamp = 2) as yellow, count(*) filter (where lamp = 3) as red
from (
  select lamp_on(clock_on($1, paused, paused_on), warn_on, yellow_on, red_on) as lamp
  from matter_figures
  where closed_on is null and accepted_on is not null) open_matter

-- name: kpi_streets
-- Every street and window that has figures: a series stays, at zero, when nothing happened.
select street, code as "window" from hall_window where street not like '%999'
union
select street, null from fact_figures where street <> '' and street not like '%000'

-- name: kpi_accepted
-- Accepted on the day $1, since the first of its month $2, since the first of its year $3; by window.
select m.street, case when m.window_code = '' then 'none' else coalesce(w.code, 'other') end as "window",
       count(*) filter (where accepted_on = $1) as today, count(*) filter (where accepted_on >= $2) as month,
       count(*) as year
from matter_figures m
left join hall_window w on (w.district, w.street, w.code) = (m.district, m.street, m.window_code)
where accepted_on between $3 and $1
group by 1, 2

-- name: kpi_instant
-- Of these, completed on the spot.
select street, count(*) filter (where accepted_on = $1) as today, count(*) filter (where accepted_on >= $2) as month,
       count(*) as year
from matter_figures
where accepted_on between $3 and $1 and instant
group by street

-- name: kpi_closed
-- Closed normally, each in one class only: before the last day of the promise, on it, after it.
select street, case when early then 'early' when on_time then 'on_time' else 'late' end as result,
       count(*) filter (where closed_on = $1) as today, count(*) filter (where closed_on >= $2) as month,
       count(*) as year
from matter_figures
where closed_on between $3 and $1 and on_time is not null
group by 1, 2

-- name: kpi_open
-- Open matters by lamp, and those over their limits; the clock of a paused one stands.
select street, lamp, count(*) as matters,
       count(*) filter (where clock > promised_due_on) as promised, count(*) filter (where clock > legal_due_on) as legal
from (
  select street, clock, promised_due_on, legal_due_on, lamp_on(clock, warn_on, yellow_on, red_on) as lamp
  from (
    select *, clock_on($1, paused, paused_on) as clock
    from matter_figures
    where closed_on is null and accepted_on is not null) with_clock) open_matter
group by street, lamp

-- name: kpi_procedures
-- Open matters whose clock stands for a special procedure, by its kind, and whether its expected end had passed on $1.
select street, kind, overdue, count(*) as matters
from (
  select m.street, coalesce(last.begun ->> 'kind', '') as kind,
         coalesce((last.begun ->> 'overdue_on')::date <= $1, false) as overdue
  from matter_figures m
  left join lateral (
    select value -> 2 as begun from jsonb_each(m.procedures) order by key::integer desc limit 1) last on true
  where m.closed_on is null and m.accepted_on is not null and m.paused) standing
group by street, kind, overdue

-- name: kpi_cards
-- Cards issued from the first of the year $2 to the day $1.
select street, level, count(*) as cards from card_figures where issued_on between $2 and $1 group by street, level

-- name: kpi_ratings
-- Ratings given, by grade, of matters whose end stands.
select street, grade, count(*) filter (where rated_on = $1) as today, count(*) filter (where rated_on >= $2) as month,
       count(*) as year
from matter_figures
where rated_on between $3 and $1 and on_time is not null
group by street, grade

-- name: kpi_tickets
-- Tickets of the day $1: taken, called, and how long those called have waited.
select street, count(*) as taken, count(called_at) as called, coalesce(sum(waiting_seconds), 0) as waited
from ticket_figures
where taken_on = $1
group by street

-- name: kpi_called
-- Tickets that each window called on the day $1.
select street, window_code as "window", count(*) as called
from ticket_figures
where taken_on = $1 and window_code is not null
group by street, window_code
