"""Failures name the obstacle and the remedy."""

import logging
import os
import socket
import sys
from pathlib import Path

import nats
import pytest
from nats.js.api import StreamConfig

from embedded import ports, postgres
from embedded.data_dir import DataDir, StackSettings
from embedded.errors import NotReady, StackError
from embedded.services import ProgramTable, Site
from embedded.stack import Stack
from embedded.supervision.processes import Program
from embedded.supervision.supervisor import Child
from operations import streams
from operations.errors import CommandError
from protocol.streams import Topology
from tests.stack.stand_ins import SETTINGS, SMALL_TABLE
from tests.support.servers import NatsServer

REFUSING = (sys.executable, "-c", "import sys; sys.exit('ONEWINDOW_DISTRICT: is not set')")


def test_a_program_that_does_not_get_ready_is_named_with_the_end_of_its_log(home: DataDir) -> None:
    def refusing(site: Site) -> tuple[Program, ...]:
        return (Program(name="alpha", argv=REFUSING, listens=site.address("alpha.rpc")),)

    home.root.parent.chmod(0o755)
    stack = Stack(home, StackSettings(up_within=3.0), ProgramTable({"alpha.rpc": 0}, refusing))
    try:
        with pytest.raises(NotReady, match="ONEWINDOW_DISTRICT: is not set") as refused:
            stack.start()
        assert refused.value.names == ("alpha",)
        assert stack.running(), "the servers stay up for whoever looks into it"
    finally:
        stack.stop()


def test_a_program_that_keeps_dying_is_started_after_longer_and_longer_pauses(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "supervisor")
    ward = Child(Program(name="alpha", argv=REFUSING), tmp_path / "alpha.log")
    while ward.restarts < 3:
        ward.keep_running()
    assert [record.args[-1] for record in caplog.records if isinstance(record.args, tuple)] == [0.2, 0.4, 0.8]


def test_a_program_that_cannot_even_start_does_not_stop_the_others(tmp_path: Path) -> None:
    ward = Child(Program(name="alpha", argv=("/nowhere/at/all",)), tmp_path / "alpha.log")
    assert 0 < ward.keep_running() <= 0.2
    assert (ward.running, ward.restarts) == (None, 1)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root lends PostgreSQL another account")
def test_a_folder_that_postgres_cannot_enter_is_named_and_left_as_it_is(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    tmp_path.chmod(0o755)
    home = DataDir(closed / ".onewindow")
    home.create()
    first = next(folder for folder in reversed(home.root.parents) if not folder.stat().st_mode & 0o001)
    with pytest.raises(StackError, match=f"chmod o\\+x {first}"):
        postgres.prepare(home)
    assert closed.stat().st_mode & 0o777 == 0o700


def test_a_home_may_have_any_name(home: DataDir) -> None:
    """Each server has its own way to write a path down: a list, a configuration, a URL."""
    odd = DataDir(home.root.parent / '区 "信息", 100% #?&' / ".onewindow")
    home.root.parent.chmod(0o755)
    stack = Stack(odd, SETTINGS, SMALL_TABLE)
    try:
        stack.start()
        assert list(odd.nats.iterdir()), "streams lie where they belong"
    finally:
        stack.stop()


def test_a_port_that_somebody_has_is_left_to_them() -> None:
    with socket.create_server((ports.LOOPBACK, 0)) as taken:
        wanted = taken.getsockname()[1]
        chosen = ports.choose({"intake.rpc": wanted, "approval.rpc": wanted})
    assert len({wanted, *chosen.values()}) == 3
    assert ports.choose({"intake.rpc": wanted}) == {"intake.rpc": wanted}


async def test_streams_that_are_as_they_should_be_stay_as_they_are(nats_server: NatsServer) -> None:
    nats_server.reset_streams()
    client = await nats.connect(nats_server.url)
    jetstream = client.jetstream()
    before = [one.created for one in await jetstream.consumers_info("OW_INTAKE")]
    await streams.apply_streams(jetstream)
    assert [one.created for one in await jetstream.consumers_info("OW_INTAKE")] == before
    await client.close()


@pytest.mark.parametrize(
    "present, named",
    [
        ({"max_bytes": 8 << 30}, "max_bytes"),
        ({"max_age": 30 * 86_400}, "max_age"),
        ({"subjects": ["onewindow.intake.v1.>", "onewindow.older.v1.>"]}, "subjects"),
    ],
)
async def test_a_change_that_could_lose_facts_is_refused_by_name(
    nats_server: NatsServer, present: dict[str, object], named: str
) -> None:
    nats_server.reset_streams()
    client = await nats.connect(nats_server.url)
    jetstream = client.jetstream()
    existing = (await jetstream.stream_info("OW_INTAKE")).config
    await jetstream.update_stream(StreamConfig(**{**vars(existing), **present}))
    with pytest.raises(CommandError, match=f"OW_INTAKE.{named}"):
        await streams.apply_streams(jetstream)
    await client.close()


async def test_more_room_and_another_hearer_are_no_loss(nats_server: NatsServer) -> None:
    nats_server.reset_streams()
    client = await nats.connect(nats_server.url)
    jetstream = client.jetstream()
    larger = Topology("sealed", "intake", ("notify", "archive"), 4)
    await streams.apply_streams(jetstream, (larger,))
    assert (await jetstream.stream_info("OW_SEALED")).config.max_bytes == 4 << 30
    assert {one.name for one in await jetstream.consumers_info("OW_SEALED")} == {"notify", "archive"}
    await jetstream.delete_consumer("OW_SEALED", "archive")
    await client.close()
