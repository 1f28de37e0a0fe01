-- Views and functions that calls and figures read.

-- An application with its applicant's encrypted name and the key of the file: read by calls, decrypted by the service alone.
select define_view('application_card', $view$
select a.*, v.ciphertext as applicant, k.wrapped as file_key
from application a
left join vault_text v
  on v.district = a.district and v.street = a.street and v.file_id = a.application_id and v.name = 'applicant'
left join vault_key k on k.district = a.district and k.street = a.street and k.file_id = a.application_id
$view$);

select state_access('application_card', p_rows => 'all', p_rpc => 'select', p_worker => '');

-- One round trip: an application that the scope reaches, by id or by either of its numbers.
create or replace function read_application(p_scope_district text, p_scope_street text, p_application_id uuid, p_number text)
returns setof application_card language plpgsql as $$
begin
  perform set_config('app.district', p_scope_district, true), set_config('app.street', p_scope_street, true);
  if p_application_id is not null then
    return query select * from application_card where application_id = p_application_id;
  else
    return query select * from application_card where number = p_number or serial_number = p_number limit 1;
  end if;
end $$;

-- One row an application, all channels and endings; what is promised and forwarded closes when approval says so.
select define_view('figures', $view$
select coalesce(number, serial_number) as number, item_name as item, received_on, accepted_on,
       coalesce(case_promised_due_on, promised_due_on) as due_on, closed_on, outcome, on_time, early,
       district, street, application_id, serial_number, item_code, line, channel, window_code, ground,
       case when on_time is null then 0 else grade end as grade, delivered_on
from application
where street not like '%999' -- matters of the reserved place are made up
$view$);

select state_access('figures', p_rows => 'all', p_rpc => 'select', p_worker => 'select');

-- Open files with the calendar by which their days stand, and the days between which a notice can move them.
select define_view('recount_file', $view$
select district, street, application_id as file_id, revision, coalesce(calendar_version, '') as calendar_version,
       received_on as starts_on, coalesce(answer_due_on, supply_by) as last_on
from application
where answer_due_on is not null or own_stage = 2
$view$);

select state_access('recount_file', p_rows => 'all', p_rpc => '', p_worker => 'select');
