-- Read passes that ended before their expiry: the case's revision by which those given earlier open nothing.
-- Oldest code that may run on it: any.

-- migrate:up

create table ended_pass (
  district text    not null,
  street   text    not null, -- of the case
  case_id  uuid    not null,
  revision integer not null,
  ended_ms bigint  not null, -- when, as the id of the fact has it: a row older than the longest pass goes
  constraint ended_pass_pkey primary key (district, street, case_id)
);
create index ended_pass_by_end on ended_pass (district, ended_ms);

-- migrate:down

drop table ended_pass;
