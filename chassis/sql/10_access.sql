-- Access: the rights of the two login roles, the rows that each sees, and the tables that nobody changes.
--
-- Files in sql/ hold every function, view, trigger, policy and grant. `onewindow database migrate` applies them after
-- the migrations, all in one transaction, in the order of their names, the chassis' before the service's, and every
-- time: each statement may be repeated, and takes no lock on a table that is as it says already.
-- `create or replace function` keeps the arguments and the result of a function, and so do the services of the last
-- release, which still call it: a change of either is a new function with a new name (`load_file_v2`), and the old one
-- stays for one release more.

-- The role that answers calls ('rpc') or publishes, consumes and sweeps ('worker') in the database of its owner.
create or replace function role_of(p_kind text) returns name language sql stable as $$
  select (regexp_replace(pg_get_userbyid(datdba), '_owner$', '') || '_' || p_kind)::name
  from pg_database where datname = current_database()
$$;

-- Makes p_rights ('select, insert', '' for none) all that a role may do with a table.
create or replace function state_rights(p_table regclass, p_role name, p_rights text) returns void
language plpgsql as $$
declare
  v_has text[];
  v_wanted text[];
begin
  select coalesce(array_agg(lower(a.privilege_type) order by lower(a.privilege_type)), '{}') into v_has
    from pg_class c, aclexplode(c.relacl) a where c.oid = p_table and a.grantee = p_role::regrole;
  select coalesce(array_agg(w order by w), '{}') into v_wanted
    from regexp_split_to_table(p_rights, '\s*,\s*') w where w <> '';
  if v_has <> v_wanted then
    execute format('revoke all on %s from %I', p_table, p_role);
    if v_wanted <> '{}' then
      execute format('grant %s on %s to %I', p_rights, p_table, p_role);
    end if;
  end if;
end $$;

-- Makes p_rows the condition by which a role sees and writes rows. It is written as PostgreSQL itself prints it, so
-- that a policy that says it already is left alone.
create or replace function state_policy(p_table regclass, p_name text, p_command text, p_role name, p_rows text)
returns void language plpgsql as $$
declare
  v_has text;
begin
  select pg_get_expr(polqual, polrelid) into v_has from pg_policy where polrelid = p_table and polname = p_name;
  if not found then
    execute format('create policy %I on %s for %s to %I using %s', p_name, p_table, p_command, p_role, p_rows);
  elsif v_has <> p_rows then
    execute format('alter policy %I on %s using %s', p_name, p_table, p_rows);
  end if;
end $$;

-- States who may do what with a table, and with which rows. A table has no rights before, so nobody reaches one whose
-- rows are not yet guarded.
-- p_rows: 'place', under forced row level security a worker sees its district and a call its place; 'district', every
-- street of the district also reads the rows (catalogue, calendars), writing stays at the place; 'all', no row level
-- security of its own (views of guarded tables). Rights that are null are left to be stated elsewhere.
create or replace function state_access(
  p_table regclass, p_rows text default 'place',
  p_rpc text default 'select, insert, update, delete', p_worker text default 'select, insert, update, delete'
) returns void language plpgsql as $$
declare
  v_district constant text := $q$(district = current_setting('app.district'::text, true))$q$;
  v_street constant text :=
    $q$((street = current_setting('app.street'::text, true)) OR (current_setting('app.street'::text, true) = '*'::text))$q$;
  v_place text := format('(%s AND %s)', v_district, v_street);
begin
  if p_rows not in ('place', 'district', 'all') then
    raise exception 'state_access: rows must be place, district or all, not %', p_rows;
  end if;
  if not exists (select from pg_attribute where attrelid = p_table and attname = 'street' and not attisdropped) then
    v_place := v_district;
  end if;
  if p_rows <> 'all' then
    if not (select relrowsecurity and relforcerowsecurity from pg_class where oid = p_table) then
      execute format('alter table %s enable row level security, force row level security', p_table);
    end if;
    perform state_policy(p_table, 'worker', 'all', role_of('worker'), v_district),
            state_policy(p_table, 'call', 'all', role_of('rpc'), v_place);
    if p_rows = 'district' then
      perform state_policy(p_table, 'reading', 'select', role_of('rpc'), v_district);
    end if;
  end if;
  perform state_rights(p_table, role_of('rpc'), p_rpc) where p_rpc is not null;
  perform state_rights(p_table, role_of('worker'), p_worker) where p_worker is not null;
end $$;

create or replace function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is insert-only: % refused', tg_table_name, lower(tg_op) using errcode = 'restrict_violation';
end $$;

-- Forbids update, delete and truncate of a table to everyone, the owner included.
create or replace function forbid_changes(p_table regclass) returns void language plpgsql as $$
begin
  if not exists (select from pg_trigger where tgrelid = p_table and tgname = 'kept') then
    execute format('create trigger kept before update or delete on %s for each row execute function refuse_change()',
                   p_table);
  end if;
  if not exists (select from pg_trigger where tgrelid = p_table and tgname = 'kept_whole') then
    execute format('create trigger kept_whole before truncate on %s execute function refuse_change()', p_table);
  end if;
end $$;

-- Defines a view by its query; rows are guarded by the rights and policies of whoever reads it. One that has the query
-- already is not locked. `create or replace view` adds columns at the end and nothing else: where others change, the
-- view is dropped and made again, with all that stands on it, which the files after this one state again.
create or replace function define_view(p_name text, p_query text) returns void language plpgsql as $$
declare
  v_same boolean;
begin
  if to_regclass(quote_ident(p_name)) is not null then
    execute format('create view view_candidate as %s', p_query);
    v_same := pg_get_viewdef(quote_ident(p_name)::regclass) = pg_get_viewdef('view_candidate'::regclass);
    drop view view_candidate;
    if v_same then
      return;
    end if;
  end if;
  begin
    execute format('create or replace view %I with (security_invoker = true) as %s', p_name, p_query);
  exception when invalid_table_definition then
    execute format('drop view %I cascade', p_name);
    execute format('create view %I with (security_invoker = true) as %s', p_name, p_query);
  end;
end $$;

select forbid_changes('fact'), forbid_changes('inbox');

select state_access(t::regclass, p_rpc => 'select, insert', p_worker => 'select, insert')
from unnest(array['fact', 'cause']) t;
select state_access('serial', p_rpc => 'select, insert, update', p_worker => 'select, insert, update');
select state_access('vault_key'), state_access('vault_text');
select state_access(t::regclass, p_rpc => 'insert', p_worker => 'select, insert, delete')
from unnest(array['outbox', 'sealed_outbox']) t;
select state_access('sealed_sent', p_rpc => 'select, delete', p_worker => 'select, insert, delete');

select state_access('inbox', p_rpc => '', p_worker => 'select, insert');
select state_access('inbox_offset', p_rpc => 'select', p_worker => 'select, insert, update');
-- metrics lets its calls count these two.
select state_access('parked', p_rpc => null);
select state_access('dead_letter', p_rpc => null, p_worker => 'select, insert, update');
select state_access('swept', p_rpc => '', p_worker => 'select, insert');
select state_access(t::regclass, p_rpc => '') from unnest(array['stream_mark', 'stream_loss', 'closed_day', 'received_day']) t;
select state_access('sweep_name', p_rows => 'all', p_rpc => '', p_worker => 'select');

-- A worker folds projections again in the schema `rebuilding`, next to those that serve.
do $$ begin
  if not has_schema_privilege(role_of('worker'), 'rebuilding', 'create') then
    execute format('grant usage, create on schema rebuilding to %I', role_of('worker'));
  end if;
end $$;
