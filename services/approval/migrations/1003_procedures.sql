-- The special procedure of a case that waits for the head or goes on. Null, as none, in rows of releases up to 0.2.
-- Oldest code that may run on it: any.

-- migrate:up

alter table case_file
  add column procedure          text,
  add column procedure_first_on date,
  add column procedure_ends_on  date,
  add column procedure_overdue  boolean,
  add column overdue_on         date,
  add column approving_post     integer;

comment on column case_file.waits is
  'A step is open and the clock runs, or its special procedure is overdue: the case is on a worklist.';
comment on column case_file.overdue_on is 'The day from which the procedure is overdue; null once that is on file.';
comment on column case_file.approving_post is 'The post that approves the procedure; null where none waits.';

insert into sweep_name (name) values ('procedures');

-- migrate:down

delete from sweep_name where name = 'procedures';
alter table case_file
  drop column approving_post,
  drop column overdue_on,
  drop column procedure_overdue,
  drop column procedure_ends_on,
  drop column procedure_first_on,
  drop column procedure;
