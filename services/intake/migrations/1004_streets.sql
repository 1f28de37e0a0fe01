-- Streets and destinations of referrals as the district published them; entries of the catalogue in a table of their own,
-- because services of release 0.2 read every row of catalogue_entry.
-- Oldest code that may run on it: any.

-- migrate:up

create table published_place (
  district text    not null,
  street   text    not null,
  entry_id uuid    not null,
  revision integer not null,
  kind     text    not null check (kind in ('street', 'destination')),
  code     text    not null,
  constraint published_place_pkey primary key (district, street, entry_id)
);

-- migrate:down

drop table published_place;
