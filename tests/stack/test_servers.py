"""The servers from pip, as tests and the embedded stack use them."""

from collections.abc import Callable

import asyncpg
import nats
import pytest

from tests.support.servers import Database, NatsServer, PostgresServer, outside_loop


async def _value(dsn: str, query: str) -> object:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


def test_a_service_role_enters_its_own_database_and_no_other(
    create_database: Callable[..., Database], postgres_server: PostgresServer
) -> None:
    own = create_database("intake")
    create_database("notify")
    assert outside_loop(_value(own.dsn("rpc"), "select current_user::text")) == "intake_rpc"
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        outside_loop(_value(postgres_server.address.url("notify", "intake_rpc"), "select 1"))


def test_a_database_made_again_is_empty_again(create_database: Callable[..., Database]) -> None:
    first = create_database("metrics")
    outside_loop(_value(first.dsn("owner"), "create table left_over()"))
    second = create_database("metrics")
    assert outside_loop(_value(second.dsn(), "select to_regclass('left_over')")) is None


@pytest.mark.parametrize("setting, value", [("fsync", "on"), ("synchronous_commit", "on"), ("jit", "off")])
def test_durability_is_not_traded(postgres_server: PostgresServer, setting: str, value: str) -> None:
    assert outside_loop(_value(postgres_server.dsn(), f"show {setting}")) == value


def test_every_stream_has_the_durables_of_those_who_hear_it(nats_server: NatsServer) -> None:
    async def receivers() -> dict[str, set[str]]:
        client = await nats.connect(nats_server.url)
        jetstream = client.jetstream()
        found = {
            str(stream.config.name): {one.name for one in await jetstream.consumers_info(str(stream.config.name))}
            for stream in await jetstream.streams_info()
        }
        await client.close()
        return found

    assert outside_loop(receivers()) == {
        "OW_INTAKE": {"approval", "notify", "metrics"},
        "OW_APPROVAL": {"intake", "approval", "notify", "metrics"},
        "OW_NOTIFY": {"intake", "metrics"},
        "OW_SEALED": {"notify"},
    }
