-- Views and functions that every figure is read from.

-- The day by which the clock of a matter stands on p_today: while it is paused, the day before the pause.
create or replace function clock_on(p_today date, p_paused boolean, p_paused_on date) returns date language sql immutable as $$
  select case when p_paused then least(p_today, p_paused_on - 1) else p_today end
$$;

-- The lamp of an open matter on a day: 0 normal, 1 warning, 2 yellow, 3 red.
create or replace function lamp_on(p_day date, p_warn_on date, p_yellow_on date, p_red_on date) returns integer
language sql immutable as $$
  select case when p_day >= p_red_on then 3 when p_day >= p_yellow_on then 2 when p_day >= p_warn_on then 1 else 0 end
$$;

-- The figures. Nothing of the synthetic place (its street ends in 999) is counted anywhere, and a matter counts from
-- the moment its application was received. Received on: the first receipt, or the day of an answer or an end before it,
-- as intake and approval have it (the column `received_on` of releases up to 0.2 leaves the end out).
select define_view('matter_figures', $view$
select *, least(submitted_received_on, accepted_received_on, window_closed_on) as first_received_on
from matter where submitted_on is not null and street not like '%999'
$view$);

select define_view('ticket_figures', $view$
select * from ticket where taken_on is not null and street not like '%999'
$view$);

select define_view('card_figures', $view$
select * from card where void_on is null and street not like '%999'
$view$);

select define_view('fact_figures', $view$
select * from fact_count where street not like '%999'
$view$);

select state_access(v::regclass, p_rows => 'all', p_rpc => 'select', p_worker => 'select')
from unnest(array['matter_figures', 'ticket_figures', 'card_figures', 'fact_figures']) v;
