"""The schema beside `public` in which projections are folded again, and what is compared and put right from there."""

from collections.abc import Sequence

from chassis.postgres.database import Connection

SHADOW = "rebuilding"


async def lay_out(connection: Connection, tables: Sequence[str], more: str) -> None:
    """Empty tables like those in `public`, and what `more` makes; what an ended attempt left behind goes first."""
    await clear(connection)
    for table in tables:
        await connection.execute(f"create table {SHADOW}.{table} (like public.{table} including all)")
    await connection.execute(more)


async def clear(connection: Connection) -> None:
    """Drop whatever is in the shadow."""
    for row in await connection.fetch(_THERE, SHADOW):
        await connection.execute(f"drop table {SHADOW}.{row['name']}")


async def differing(connection: Connection, table: str, timeout: float) -> int:
    """How many rows are wrong, missing or too many, compared whole."""
    same_key = await _same_key(connection, table)
    return int(
        await connection.fetchval(
            f"select count(*) from public.{table} p full join {SHADOW}.{table} r on {same_key}"
            " where r is distinct from p",
            timeout=timeout,
        )
    )


async def put_right(connection: Connection, table: str, timeout: float) -> None:
    """Make the rows in `public` those of the shadow; rows that are right are not touched."""
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


_THERE = "select quote_ident(relname) as name from pg_class where relnamespace = $1::regnamespace and relkind = 'r'"
_KEY = """
select array_agg(quote_ident(a.attname)) from pg_index i
join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
where i.indrelid = $1::regclass and i.indisprimary
"""
_COLUMNS = """
select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute
where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = '' and attidentity = ''
"""
