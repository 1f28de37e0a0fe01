-- Cards that a recount after a publication of holidays has made void: they stay, and no figure counts them. A card that is
-- issued again by the new days counts once more; `revision` is that of its fact, null in rows that releases up to 0.2 wrote.
-- Oldest code that may run on it: any.

-- migrate:up

alter table card add column revision integer, add column void_on date;

-- migrate:down

drop view if exists card_figures cascade; -- it names every column; sql/ defines it again at the next migrate
alter table card drop column void_on, drop column revision;
