-- The rights of both roles to the tables of notify, and the rows that each sees.

select state_access(t::regclass) from unnest(array['dossier', 'document', 'matter', 'message', 'document_task']) t;
select state_access('item_version', 'district'), state_access('calendar_notice', 'district'),
  state_access('calendar_edition', 'district');
select state_access('recount', p_rpc => ''), state_access('recount_mark', p_rpc => '');
