"""A service for tests of the chassis: files that count."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID, uuid4

import asyncpg

from chassis.clock import SHANGHAI
from chassis.event_store import EventMeta, FileKey, FileRepository, IdempotencyKey
from chassis.postgres.database import PoolSettings, as_role
from tests.support.servers import Database, PostgresServer, outside_loop

State = TypeVar("State")

DISTRICT, STREET, OTHER_STREET = "440105", "440105008", "440105009"
MORNING = datetime(2016, 3, 1, 9, tzinfo=SHANGHAI)


@dataclass(frozen=True, slots=True)
class Entered:
    """An amount was entered."""

    amount: int
    occurred_on: date | None = None


@dataclass(frozen=True, slots=True)
class Ledger:
    """Sum of the entries so far."""

    total: int = 0
    entries: int = 0


class LedgerCodec:
    """Events as JSON, so that a test can read them."""

    source = "ledger"

    def blank(self) -> Ledger:
        """Nothing entered."""
        return Ledger()

    def fold(self, state: Ledger, fact: Entered) -> Ledger:
        """One more entry."""
        return replace(state, total=state.total + fact.amount, entries=state.entries + 1)

    def decode(self, body: bytes) -> Entered:
        """The entry in an event."""
        return Entered(json.loads(body)["amount"])

    def encode(self, meta: EventMeta, fact: Entered) -> bytes:
        """The event of an entry."""
        return json.dumps({"revision": meta.revision, "actor": meta.actor, "amount": fact.amount}).encode()

    def kind(self, fact: Entered) -> str:
        """The only kind there is."""
        return "entered"

    def projection(self, key: FileKey, revision: int, state: Ledger) -> Mapping[str, object] | None:
        """The row of table ledger."""
        return {
            "ledger": {
                "district": key.district,
                "street": key.street,
                "file_id": key.file_id,
                "total": state.total,
                "revision": revision,
                "changed_on": MORNING.date(),
            }
        }


class StillClock:
    """A clock that shows one instant until a test sets another."""

    def __init__(self, instant: datetime = MORNING) -> None:
        self.instant = instant

    def today(self) -> date:
        """The day of the instant."""
        return self.instant.date()

    def now(self) -> datetime:
        """The instant."""
        return self.instant

    async def wait_change(self, seconds: float) -> bool:
        """Never changes by itself."""
        return False


SCHEMA = """
create table ledger (
  district text not null, street text not null, file_id uuid not null,
  total bigint not null, revision integer not null, changed_on date not null,
  constraint ledger_pkey primary key (district, street, file_id));
select state_access('ledger');
select project_into('ledger');

create table tally (
  district text not null, street text not null, file_id uuid not null,
  total bigint not null, events integer not null,
  constraint tally_pkey primary key (district, street, file_id));
select state_access('tally');

create function project_received(p_batch jsonb) returns void language plpgsql as $$
begin
  insert into tally as t select * from jsonb_populate_recordset(null::tally, p_batch)
  on conflict (district, street, file_id) do update
    set total = t.total + excluded.total, events = t.events + excluded.events;
end $$;
"""


def cached(files: FileRepository[State, Any], key: FileKey) -> State | None:
    """The state of a file that is in the cache, None without one."""
    loaded = files.unit_of_work.cache.file(key)
    return None if loaded is None else files.unit_of_work.state(loaded)


def a_key(street: str = STREET, file_id: UUID | None = None) -> FileKey:
    """A file of its own at a street."""
    return FileKey(DISTRICT, street, file_id or uuid4())


def a_cause(content: str = "") -> IdempotencyKey:
    """A request of its own."""
    return IdempotencyKey("a window", str(uuid4()), content.encode())


def ledger_database(server: PostgresServer, name: str) -> Database:
    """A fresh database with the chassis' tables and one projection; its roles are made when missing."""
    outside_loop(_provide_roles(server))
    database = server.create_database("ledger", name)
    outside_loop(_run(database.dsn("owner"), SCHEMA))
    return database


def pool_settings(database: Database, role: str) -> PoolSettings:
    """Connection settings of a role."""
    return PoolSettings(database.host, database.port, database.name, as_role(database.role(role)), connect_timeout=2.0)


async def _provide_roles(server: PostgresServer) -> None:
    for role in ("ledger_owner", "ledger_rpc", "ledger_worker"):
        await _run(
            server.dsn(),
            f"do $$ begin create role {role} login; exception when duplicate_object then null; end $$",
        )


async def _run(dsn: str, script: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(script)
    finally:
        await connection.close()
