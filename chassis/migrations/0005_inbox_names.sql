-- Plain names of the inbox: heard becomes inbox, hearing_mark becomes inbox_offset.
-- The old names stay as views, made in the same transaction, so that services of release 0.1 serve on: before sql/ is
-- applied, next to this release, and after a rollback. The next release drops them. Everybody may use the views, because
-- a view with security_invoker asks for the caller's own rights to the table, and shows the rows that the caller may see.
-- Both tables are locked in the order in which a batch of events takes them.
-- Oldest code that may run on it: any.

-- migrate:up

lock table hearing_mark, heard in access exclusive mode;

alter table hearing_mark rename to inbox_offset;
alter table inbox_offset rename constraint hearing_mark_pkey to inbox_offset_pkey;
alter table inbox_offset rename constraint hearing_mark_state_check to inbox_offset_state_check;
comment on table inbox_offset is 'How far the events of each file of a source were received without a gap';

alter table heard rename to inbox;
alter table inbox rename column heard_at to received_at;
alter table inbox rename constraint heard_pkey to inbox_pkey;
comment on table inbox is 'Every event received from another service, kept for ever';

create view hearing_mark with (security_invoker = true) as
select source, district, street, file_id, revision, state from inbox_offset;
grant select, insert, update on hearing_mark to public;

create view heard with (security_invoker = true) as
select source, district, street, file_id, revision, event_id, kind, body, received_at as heard_at from inbox;
grant select, insert on heard to public;

-- migrate:down

drop view heard, hearing_mark;
alter table inbox rename constraint inbox_pkey to heard_pkey;
alter table inbox rename column received_at to heard_at;
alter table inbox rename to heard;
alter table inbox_offset rename constraint inbox_offset_state_check to hearing_mark_state_check;
alter table inbox_offset rename constraint inbox_offset_pkey to hearing_mark_pkey;
alter table inbox_offset rename to hearing_mark;
