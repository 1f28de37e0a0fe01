-- Functions that say what an office day still waits for.

-- The part of `unsettled` that is a service's own; the service redefines it.
create or replace function unsettled_more(p_day date) returns text[] language sql stable as $$ select '{}'::text[] $$;

-- The names of the work that a day still waits for: outboxes, sweeps, counts of days, the service's own. Called as the
-- worker. Counts are awaited only while somebody counts: services of earlier releases, which run on this function after a
-- rollback, do not. A count ends five minutes before it is made, so one that ends ten minutes ago is five minutes old.
create or replace function unsettled(p_day date) returns text[] language sql stable as $$
  select array(
    select 'outbox' where exists (select from outbox)
    union all
    select 'sealed_outbox' where exists (select from sealed_outbox)
    union all
    select 'sweep:' || s.name from sweep_name s
    where not exists (select from swept w where w.sweep = s.name and w.day >= p_day)
    union all
    select 'days' from (select day, until_ms from closed_day order by day desc limit 1) c
    where c.day < p_day - 1 and c.until_ms > extract(epoch from clock_timestamp()) * 1000 - 600000
  ) || unsettled_more(p_day)
$$;
