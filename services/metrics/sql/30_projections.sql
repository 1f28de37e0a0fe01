-- Rows written from received events: one statement a batch, one upsert for each table.

-- Defines `project_<table>(jsonb)` for a table whose columns come one by one: a column that a row does not name, or
-- names as null, stays as it is. The columns of p_together come together, whenever the first of them does: then null
-- clears. A column of type jsonb holds an object, which is merged by its keys. Rows are locked in the order of their key, since three consumers write at the same time. Call it again when
-- a column is added. Tables stay unqualified, so that a rebuild can write to its shadow schema.
create or replace function project_by_column(p_table text, variadic p_together text[]) returns void language plpgsql as $$
declare
  v_columns text;
  v_values text;
  v_updates text;
  v_key text;
begin
  select string_agg(quote_ident(a.attname), ', ' order by array_position(i.indkey::smallint[], a.attnum)) into v_key
    from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
   where i.indrelid = p_table::regclass and i.indisprimary;
  select string_agg(quote_ident(attname), ', ' order by attnum), string_agg('r.' || quote_ident(attname), ', ' order by attnum),
         string_agg(case when attname = any (p_together)
                         then format('%1$I = case when excluded.%3$I is null then %2$I.%1$I else excluded.%1$I end',
                                     attname, p_table, p_together[1])
                         when atttypid = 'jsonb'::regtype
                         then format('%1$I = coalesce(%2$I.%1$I || excluded.%1$I, excluded.%1$I, %2$I.%1$I)', attname, p_table)
                         else format('%1$I = coalesce(excluded.%1$I, %2$I.%1$I)', attname, p_table) end,
                    ', ' order by attnum)
    into v_columns, v_values, v_updates
    from pg_attribute
   where attrelid = p_table::regclass and attnum > 0 and not attisdropped and attgenerated = '';
  execute format($q$
    create or replace function %1$I(p_rows jsonb) returns void language sql as $body$
      insert into %2$I (%3$s)
      select %4$s from jsonb_populate_recordset(null::%2$I, p_rows) r order by %5$s
      on conflict (%5$s) do update set %6$s
    $body$ $q$, 'project_' || p_table, p_table, v_columns, v_values, v_key, v_updates);
end $$;

select project_by_column('matter', 'desk_stage', 'desk_closed_on', 'desk_outcome', 'desk_on_time', 'desk_early');

select project_by_column('ticket', 'number');

-- Writes the rows of a batch: {"matter": [row, …], "ticket": …, "card": …, "void_card": …, "item": …, "hall_window": …, "fact_count": …}, each
-- with at most one row for a key. The facts of a count are added to those counted before.
create or replace function project_received(p_batch jsonb) returns void
language plpgsql set plan_cache_mode = force_generic_plan as $$
begin
  if p_batch ? 'matter' then
    perform project_matter(p_batch -> 'matter');
  end if;
  if p_batch ? 'ticket' then
    perform project_ticket(p_batch -> 'ticket');
  end if;
  if p_batch ? 'card' then
    insert into card as c select r.* from jsonb_populate_recordset(null::card, p_batch -> 'card') r
    on conflict (district, street, case_id, level) do update
      set issued_on = excluded.issued_on, due_on = excluded.due_on, revision = excluded.revision, void_on = null
      where coalesce(c.revision, 0) < excluded.revision;
  end if;
  if p_batch ? 'void_card' then
    update card c set void_on = v.void_on
    from jsonb_to_recordset(p_batch -> 'void_card') as v
      (district text, street text, case_id uuid, level integer, void_on date, revision integer)
    where (c.district, c.street, c.case_id, c.level) = (v.district, v.street, v.case_id, v.level)
      and coalesce(c.revision, 0) < v.revision;
  end if;
  if p_batch ? 'item' then
    insert into item as i select r.* from jsonb_populate_recordset(null::item, p_batch -> 'item') r
    on conflict (district, code) do update
      set version = excluded.version, name = excluded.name, line = excluded.line, kind = excluded.kind
      where i.version < excluded.version;
  end if;
  if p_batch ? 'hall_window' then
    insert into hall_window as w select r.* from jsonb_populate_recordset(null::hall_window, p_batch -> 'hall_window') r
    on conflict (district, street, code) do update set revision = excluded.revision, name = excluded.name
      where w.revision < excluded.revision;
  end if;
  if p_batch ? 'fact_count' then
    insert into fact_count as c select r.* from jsonb_populate_recordset(null::fact_count, p_batch -> 'fact_count') r
    on conflict (district, street, source, kind) do update set facts = c.facts + excluded.facts;
  end if;
end $$;
