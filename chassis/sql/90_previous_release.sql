-- Names of release 0.1, for its services that still serve while this release is brought in, or again after a rollback.
-- Drop in the next release (contract).

-- No service ever called these: migrations did.
drop function if exists guard_table(regclass, text), guard_rows(regclass, text), keep_for_ever(regclass),
  let(text, text, regclass);
