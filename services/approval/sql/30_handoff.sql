-- Functions over the queue of the hand-off to the district's system.

-- The work of the hand-off that a day still waits for: obligations due at the office instant (`app.now`; a failed one
-- waits by its own clock), unless their destination is known to be away and no probe of it is due.
create or replace function unsettled_more(p_day date) returns text[] language sql stable as $$
  select case when exists (
    select from handoff h
    left join breaker b on b.district = h.district and b.destination = h.destination and b.next_at > n.at
    where h.state in ('waiting', 'sending') and coalesce(h.next_at, n.at) <= n.at and b.destination is null
  ) then array['handoff'] else array[]::text[] end
  from (select coalesce(nullif(current_setting('app.now', true), '')::timestamptz, '-infinity') as at) n
$$;

-- A human's answer to a blocked obligation: it is tried again.
create or replace function retry_handoff(p_case_id uuid) returns integer language sql as $$
  with again as (
    update handoff set state = 'waiting', next_at = null, real_next_at = null
    where case_id = p_case_id and state = 'blocked' returning 1)
  select count(*)::integer from again
$$;
