-- The projection of cases, and their figures.

select project_into('case_file');

-- One row per street leg. What "closed", "on time" and "early" mean is decided by the acts, not here.
select define_view('figures', $view$
select number, item_name as item, received_on, accepted_on, promised_due_on as due_on, closed_on, outcome, on_time, early,
       district, street, case_id, application_id, line, legal_due_on, stage, window_code
from case_file
where leg = 1 and street not like '%999' -- matters of the reserved place are made up
$view$);

select state_access('figures', p_rows => 'all', p_rpc => 'select', p_worker => 'select');

-- Open files with the calendar by which their days stand, and the days between which a notice can move them.
select define_view('recount_file', $view$
select district, street, case_id as file_id, revision, calendar_version as calendar_version,
       accepted_on as starts_on, greatest(promised_due_on, legal_due_on) as last_on
from case_file
where closed_on is null
$view$);

select state_access('recount_file', p_rows => 'all', p_rpc => '', p_worker => 'select');
