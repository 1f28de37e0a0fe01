-- The rights of both roles to the tables of intake, and the rows that each sees.

select state_access('application'), state_access('ticket'), state_access('catalogue_entry', 'district');
select state_access('published_place', 'district');
select state_access('ended_pass', p_rpc => '');
select state_access('recount', p_rpc => ''), state_access('recount_mark', p_rpc => '');
