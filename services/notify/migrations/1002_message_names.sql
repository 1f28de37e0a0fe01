-- Plain name of messages: notice becomes message. A notice is the State Council's (calendar_notice).
-- The old name stays as a view for services of release 0.1, as in chassis/migrations/0005_inbox_names.sql.
-- Oldest code that may run on it: any.

-- migrate:up

alter table notice rename to message;
alter table message rename column notice_id to message_id;
alter table message rename constraint notice_pkey to message_pkey;
alter index notice_open rename to message_open;

create view notice with (security_invoker = true) as
select district, street, application_id, message_id as notice_id, template, phase, stage_revision, stage_on, particulars,
       state, tries, next_at, real_next_at, sent_on, gateway_id, template_version
from message;
grant select, insert, update, delete on notice to public;

-- migrate:down

drop view notice;
alter index message_open rename to notice_open;
alter table message rename constraint message_pkey to notice_pkey;
alter table message rename column message_id to notice_id;
alter table message rename to notice;
