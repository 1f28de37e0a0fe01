-- Every referral and return of a matter, by the revision of the street's leg: {"7": ["referred", "2016-03-01"], …}.
-- Null for matters that no release after 0.2 projected; referred_on and returned_on have the last day of each.
-- Oldest code that may run on it: any.

-- migrate:up

alter table matter add column referrals jsonb;

-- migrate:down

drop view if exists matter_figures cascade; -- it names every column; sql/ defines it again at the next migrate
alter table matter drop column referrals;
