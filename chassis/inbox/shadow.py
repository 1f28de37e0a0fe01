"""Shadow schema of a rebuild: empty copies of tables, their comparison with `public`, and the repair."""

from collections.abc import Sequence

from chassis.postgres.database import Connection

SHADOW = "rebuilding"

_SHADOW_TABLES = (
    "select quote_ident(relname) as name from pg_class where relnamespace = $1::regnamespace and relkind = 'r'"
)
_KEY = """
select array_agg(quote_ident(a.attname)) from pg_index i
join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
where i.indrelid = $1::regclass and i.indisprimary
"""
_COLUMNS = """
select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute
where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = '' and attidentity = ''
"""


async def lay_out(connection: Connection, tables: Sequence[str], more: str) -> None:
    """Creates empty tables like those of `public`, and runs `more`; tables of an interrupted rebuild are dropped."""
    await clear(connection)
    for table in tables:
        await connection.execute(f"create table {SHADOW}.{table} (like public.{table} including all)")
    await connection.execute(more)


async def clear(connection: Connection) -> None:
    """Drops every table of the shadow."""
    for row in await connection.fetch(_SHADOW_TABLES, SHADOW):
        await connection.execute(f"drop table {SHADOW}.{row['name']}")


async def count_differences(connection: Connection, table: str, timeout: float) -> int:
    """Number of rows that are wrong, missing or too many in `public`; whole rows are compared."""
    same_key = await _same_key(connection, table)
    return int(
        await connection.fetchval(
            f"select count(*) from public.{table} p full join {SHADOW}.{table} r on {same_key}"
            " where r is distinct from p",
            timeout=timeout,
        )
    )


async def repair_table(connection: Connection, table: str, timeout: float) -> None:
    """Makes the rows of `public` those of the shadow; correct rows are not touched."""
    same_key = await _same_key(connection, table)
    columns = await connection.fetchval(_COLUMNS, f"public.{table}")
    await connection.execute(
        f"delete from public.{table} p where not exists"
        f" (select from {SHADOW}.{table} r where {same_key} and r is not distinct from p)",
        timeout=timeout,
    )
    await connection.execute(
        f"insert into public.{table} ({columns}) select {columns} from {SHADOW}.{table} r"
        f" where not exists (select from public.{table} p where {same_key})",
        timeout=timeout,
    )


async def _same_key(connection: Connection, table: str) -> str:
    key = await connection.fetchval(_KEY, f"public.{table}")
    return " and ".join(f"p.{column} = r.{column}" for column in key)
