-- Functions that say what an office day still waits for.

-- The part of `unsettled` that is a service's own; the service redefines it.
create or replace function unsettled_more(p_day date) returns text[] language sql stable as $$ select '{}'::text[] $$;

-- The names of the work that a day still waits for: outboxes, sweeps, the service's own. Called as the worker.
create or replace function unsettled(p_day date) returns text[] language sql stable as $$
  select array(
    select 'outbox' where exists (select from outbox)
    union all
    select 'sealed_outbox' where exists (select from sealed_outbox)
    union all
    select 'sweep:' || s.name from sweep_name s
    where not exists (select from swept w where w.sweep = s.name and w.day >= p_day)
    union all
    select 'days' from (select max(day) as day from closed_day) c where c.day < p_day - 1
  ) || unsettled_more(p_day)
$$;
