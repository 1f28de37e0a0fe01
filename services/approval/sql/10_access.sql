-- The rights of both roles to the tables of approval, and the rows that each sees.

select state_access(t::regclass) from unnest(array['case_file', 'withdrawn']) t;
select state_access(t::regclass, 'district')
from unnest(array['calendar_notice', 'calendar_edition', 'handoff', 'breaker', 'pull_cursor']) t;
select state_access('recount', p_rpc => ''), state_access('recount_mark', p_rpc => '');
