-- Halls with their hours as the district published them; rows of published_place, which services up to 0.2 do not read.
-- Oldest code that may run on it: any.

-- migrate:up

alter table published_place drop constraint published_place_kind_check;
alter table published_place add constraint published_place_kind_check check (kind in ('street', 'destination', 'hall'));

-- migrate:down

alter table published_place drop constraint published_place_kind_check;
alter table published_place add constraint published_place_kind_check check (kind in ('street', 'destination')) not valid;
