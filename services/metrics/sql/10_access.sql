-- The rights of both roles to the tables of metrics, and the rows that each sees.

select state_access(t::regclass) from unnest(array['matter', 'ticket', 'card', 'item', 'fact_count']) t;
select state_access('hall_window', 'district');
select state_access(t::regclass, p_rpc => 'select', p_worker => null) from unnest(array['parked', 'dead_letter']) t;
