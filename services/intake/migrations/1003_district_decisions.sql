-- The district's decision on a matter, also on one that its referral closed at the street: until then the applicant may
-- withdraw, and a withdrawal after it came too late. Rows of earlier decisions: `onewindow rebuild`.
-- Oldest code that may run on it: any.

-- migrate:up

alter table application
  add column case_district_outcome    text,
  add column case_district_decided_on date;

-- migrate:down

drop view if exists application_card cascade; -- it names every column; sql/ defines it again at the next migrate
alter table application
  drop column case_district_decided_on,
  drop column case_district_outcome;
