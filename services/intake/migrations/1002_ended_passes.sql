-- Read passes that ended before their expiry: the case's revision by which those given earlier open nothing.
-- Oldest code that may run on it: any.

-- migrate:up

create table ended_pass (
  district text    not null,
  street   text    not null, -- of the case
  case_id  uuid    not null,
  revision integer not null,
  constraint ended_pass_pkey primary key (case_id)
);

-- migrate:down

drop table ended_pass;
