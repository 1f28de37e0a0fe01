"""Notify as it runs: the real process over real PostgreSQL, NATS and a gateway, with real streams."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from subprocess import Popen

import grpc.aio
import nats
from onewindow.notify.v1 import notify_service_pb2_grpc as pb_grpc

from chassis.clock import set_office_clock
from chassis.event_store.read_your_writes import position_of
from chassis.inbox import InboxEvent
from chassis.outbox.publisher import KIND, POSITION
from embedded import keys, ports
from embedded.data_dir import DataDir
from embedded.keys import staff_token
from embedded.readiness import wait_ready
from embedded.services import environment, python_module
from embedded.supervision.processes import Program, launch
from tests.support.ledger import MORNING, STREET
from tests.support.servers import Database

READY_WITHIN = 30.0
Stub = pb_grpc.NotifyServiceStub
Signed = list[tuple[str, str]]


@dataclass(slots=True)
class RunningNotify:
    """One process of notify, which can be killed and started again."""

    home: DataDir
    database: Database
    nats_url: str
    sms_url: str
    key_files: tuple[Path, Path]
    doors: Mapping[str, int]
    _child: "Popen[bytes] | None" = field(default=None)

    @property
    def clock(self) -> Path:
        """The office clock's file."""
        return self.home.root / f"clock-{self.database.name}"

    @property
    def program(self) -> Program:
        """How it is started."""
        vault, private = self.key_files
        settings = {
            "ENVIRONMENT": "embedded",
            "DRAIN_SECONDS": "0",
            "GRACE_SECONDS": "5",
            "DISTRICT": "440105",
            "CLOCK": "office",
            "CLOCK_FILE": str(self.clock),
            "NATS_URL": self.nats_url,
            "OBJECTS_URL": self.home.objects.as_uri(),
            "JWKS_FILE": str(self.home.keys / keys.JWKS),
            "TOKEN_ISSUER": keys.ISSUER,
            "VAULT_KEY_FILE": str(vault),
            "SEAL_PRIVATE_KEY_FILE": str(private),
            "QUERY_CODE_PEPPER_FILE": str(self.home.keys / keys.PEPPER),
            "SMS_URL": self.sms_url,
            "SMS_DEADLINE_SECONDS": "30",
            **{f"{door.upper()}_ADDRESS": f"{ports.LOOPBACK}:{port}" for door, port in self.doors.items()},
        }
        env = {**environment(settings), **self.database.environment()}
        return Program(
            self.database.name,
            python_module("tests.support.forgetful", "services.notify"),
            env,
            health=f"{ports.LOOPBACK}:{self.doors['health']}",
        )

    def start(self) -> None:
        """Start it and wait until it is ready."""
        log = self.home.log(self.database.name)
        child = self._child = launch(self.program, log)
        late = wait_ready([self.program], READY_WITHIN, lambda: child.poll() is None)
        assert not late, log.read_text()

    def stop(self, *, kill: bool = False) -> int:
        """Ask it to stop, or kill it; its exit code."""
        assert self._child is not None
        self._child.kill() if kill else self._child.terminate()
        return self._child.wait(20)

    def set_clock(self, instant: datetime) -> None:
        """Turn the office clock."""
        set_office_clock(self.clock, instant)

    def signed(self, post: str = "CLERK", street: str = STREET) -> Signed:
        """The metadata of a member of staff."""
        return [("authorization", f"Bearer {staff_token(self.home, f'7-{post}', [post], street)}")]

    def channel(self) -> grpc.aio.Channel:
        """A connection to its calls."""
        return grpc.aio.insecure_channel(f"{ports.LOOPBACK}:{self.doors['rpc']}")

    async def publish(self, *events: InboxEvent) -> str:
        """Publish events as their services would; the position of the last of each source."""
        client = await nats.connect(self.nats_url)
        positions = {}
        for event in events:
            position = position_of(event.source, event.key, event.revision)
            subject = f"onewindow.{event.source}.v1.{event.kind}.{event.key.district}.{event.key.street}"
            headers = {KIND: event.kind, POSITION: position, "Nats-Msg-Id": str(event.event_id)}
            await client.jetstream().publish(subject, event.body, headers=headers)
            positions[event.source] = position
        await client.close()
        return ",".join(position for source, position in positions.items() if source != "sealed")


@contextmanager
def running(
    home: DataDir, database: Database, urls: tuple[str, str], key_files: tuple[Path, Path]
) -> Iterator[RunningNotify]:
    """A process of notify that is ready, until the block ends; `urls` lead to NATS and to the gateway."""
    keys.provide(home)
    doors = ports.choose({"rpc": 0, "health": 0, "metrics": 0})
    notify = RunningNotify(home, database, *urls, key_files, doors)
    notify.set_clock(MORNING)
    notify.start()
    try:
        yield notify
    finally:
        notify.stop()
