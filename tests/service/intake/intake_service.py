"""Intake as it runs: the real process over real PostgreSQL and NATS, and callers with tokens that it believes."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import grpc
import grpc.aio
from onewindow.catalogue.v1 import catalogue_pb2
from onewindow.desk.v1.desk_pb2 import Place
from onewindow.intake.v1 import (
    catalogue_service_pb2 as catalogue_pb,
)
from onewindow.intake.v1 import (
    catalogue_service_pb2_grpc,
    hall_service_pb2_grpc,
)
from onewindow.intake.v1 import (
    hall_service_pb2 as hall_pb,
)
from onewindow.intake.v1 import intake_event_pb2 as event_pb2
from onewindow.intake.v1 import intake_service_pb2_grpc as pb_grpc
from onewindow.intake.v1 import (
    submission_pb2 as submission_pb,
)

from chassis.clock import SHANGHAI, set_office_clock
from chassis.event_store.dataclass_proto import to_message
from embedded import keys, ports
from embedded.data_dir import DataDir
from embedded.keys import staff_token, system_token
from embedded.readiness import wait_ready
from embedded.services import environment, python_module
from embedded.supervision.processes import Program, launch
from services.intake.domain.catalogue.item import CatalogueItem, Window
from tests.support.servers import Database
from tests.support.wire_refusal import WireRefusal
from tests.unit.intake import hall

READY_WITHIN = 30.0
STREET, ELSEWHERE, DISTRICT, RESERVED = "440105008", "440105009", "440105000", "440105999"
QUIET_STREET = "440105017"
"""A published street whose matters one file of tests counts."""
FORGETFUL = ("tests.support.forgetful", "services.intake")
"""Intake, whose caches are emptied before each call."""
REMEMBERING = ("services.intake",)
"""Intake as it is shipped."""
MORNING = datetime(2016, 9, 14, 10, 0, tzinfo=SHANGHAI)
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Stubs:
    """The three services, as one caller reaches them."""

    windows: "pb_grpc.IntakeServiceAsyncStub"
    hall: "hall_service_pb2_grpc.HallServiceAsyncStub"
    catalogue: "catalogue_service_pb2_grpc.CatalogueServiceAsyncStub"
    signed: Sequence[tuple[str, str]]


@dataclass(slots=True)
class RunningIntake:
    """One process of intake."""

    home: DataDir
    database: Database
    nats_url: str
    doors: Mapping[str, int]
    clock: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    module: Sequence[str] = FORGETFUL
    """The module that is run, with its arguments."""
    _channel: grpc.aio.Channel | None = field(default=None)

    @property
    def program(self) -> Program:
        """The program with its settings."""
        folder = self.home.keys
        settings = {
            "ENVIRONMENT": "embedded",
            "DRAIN_SECONDS": "0",
            "GRACE_SECONDS": "5",
            "DISTRICT": "440105",
            "CLOCK": "office",
            "CLOCK_FILE": str(self.clock),
            "NATS_URL": self.nats_url,
            "OBJECTS_URL": self.home.objects.as_uri(),
            "OBJECT_BYTES": "2000000",
            "JWKS_FILE": str(folder / keys.JWKS),
            "TOKEN_ISSUER": keys.ISSUER,
            "VAULT_KEY_FILE": str(folder / keys.VAULT),
            "QUERY_CODE_PEPPER_FILE": str(folder / keys.PEPPER),
            "SEAL_PUBLIC_KEY_FILE": str(folder / keys.SEAL_PUBLIC),
            "READ_PASS_PUBLIC_KEY_FILE": str(folder / keys.READ_PASS_PUBLIC),
            **{f"{door.upper()}_ADDRESS": f"{ports.LOOPBACK}:{port}" for door, port in self.doors.items()},
            **self.settings,
        }
        env = {**environment(settings), **self.database.environment()}
        health = f"{ports.LOOPBACK}:{self.doors['health']}"
        return Program(self.database.name, python_module(*self.module), env, health=health)

    def set_clock(self, instant: datetime) -> None:
        """Turn the office clock."""
        set_office_clock(self.clock, instant)

    def clerk(self, staff: str = "10001", street: str = STREET) -> Stubs:
        """A clerk of a street."""
        return self._stubs(staff_token(self.home, staff, ["CLERK"], street))

    def staff(self, post: str, place: str) -> Stubs:
        """Somebody with another post."""
        return self._stubs(staff_token(self.home, f"2-{post}", [post], place))

    def system(self, machine: str, place: str = "*") -> Stubs:
        """A system that calls on its own behalf."""
        return self._stubs(system_token(self.home, machine.lower(), machine, place))

    async def publish(self, *entries: CatalogueItem | Window) -> None:
        """The district publishes its streets and destinations, items and windows."""
        district = self.staff("CONFIGURATOR", "440105000")
        for code in (STREET, ELSEWHERE, QUIET_STREET):
            await district.catalogue.PublishStreet(
                catalogue_pb.PublishStreetRequest(
                    request_id=fresh(), street=catalogue_pb2.Street(code=code, name=f"街道{code}")
                ),
                metadata=district.signed,
            )
        items = [entry for entry in entries if isinstance(entry, CatalogueItem)]
        for code, name in {item.refers_to: item.decided_by for item in items if item.refers_to}.items():
            await district.catalogue.PublishDestination(
                catalogue_pb.PublishDestinationRequest(
                    request_id=fresh(), destination=catalogue_pb2.Destination(code=code, name=name)
                ),
                metadata=district.signed,
            )
        for entry in entries:
            if isinstance(entry, CatalogueItem):
                item = to_message(entry, catalogue_pb2.Item)
                item.version = 0
                await district.catalogue.PublishItem(
                    catalogue_pb.PublishItemRequest(request_id=fresh(), item=item), metadata=district.signed
                )
            else:
                window = to_message(entry, catalogue_pb2.Window)
                await district.catalogue.PublishWindow(
                    catalogue_pb.PublishWindowRequest(request_id=fresh(), window=window),
                    metadata=district.signed,
                )

    async def close(self) -> None:
        """Hang up."""
        if self._channel is not None:
            await self._channel.close(None)

    def _stubs(self, token: str) -> Stubs:
        if self._channel is None:
            self._channel = grpc.aio.insecure_channel(f"{ports.LOOPBACK}:{self.doors['rpc']}")
        return Stubs(
            pb_grpc.IntakeServiceStub(self._channel),
            hall_service_pb2_grpc.HallServiceStub(self._channel),
            catalogue_service_pb2_grpc.CatalogueServiceStub(self._channel),
            [("authorization", f"Bearer {token}")],
        )


@contextmanager
def running(
    home: DataDir,
    database: Database,
    nats_url: str,
    instant: datetime = MORNING,
    module: Sequence[str] = FORGETFUL,
    **settings: str,
) -> Iterator[RunningIntake]:
    """A process of intake that is ready, until the block ends; `settings` are its own."""
    keys.provide(home)
    doors = ports.choose({"rpc": 0, "health": 0, "metrics": 0})
    intake = RunningIntake(home, database, nats_url, doors, home.root / f"clock-{database.name}", settings, module)
    intake.set_clock(instant)
    log = home.log(database.name)
    child = launch(intake.program, log)
    try:
        late = wait_ready([intake.program], READY_WITHIN, lambda: child.poll() is None)
        assert not late, log.read_text()
        yield intake
    finally:
        child.terminate()
        child.wait(20)


def fresh() -> str:
    """A request id that was never used."""
    return f"r-{next(_numbers)}-{uuid4().hex[:8]}"


async def take_ticket(
    caller: Stubs, street: str = STREET, line: catalogue_pb2.Line.ValueType = catalogue_pb2.LINE_LABOUR
) -> str:
    """The next number of a hall; its ticket."""
    place = Place(district="440105", street=street)
    request = hall_pb.TakeTicketRequest(request_id=fresh(), place=place, line=line)
    return str((await caller.hall.TakeTicket(request, metadata=caller.signed)).ticket_id)


def paper(code: str, sha256: str = "") -> submission_pb.MaterialInput:
    """A paper as the caller names it: an original, or the electronic one of a digest."""
    form = event_pb2.MATERIAL_FORM_ELECTRONIC if sha256 else event_pb2.MATERIAL_FORM_ORIGINAL
    return submission_pb.MaterialInput(material_code=code, form=form, copies=1, sha256=sha256)


def applicant(**other: Any) -> submission_pb.Applicant:
    """The applicant."""
    given = {"kind": event_pb2.APPLICANT_KIND_PERSON, "name": "张三丰", "identity_number": hall.PERSON}
    return submission_pb.Applicant(**{**given, "phone": "13800000000", **other})


def submission(*codes: str, item: CatalogueItem = hall.PROMISED, **other: Any) -> submission_pb.Submission:
    """A submission at the first window."""
    values: dict[str, Any] = {
        "place": Place(district="440105", street=STREET),
        "item_code": item.code,
        "channel": 1,
        "window": "W1",
        "applicant": applicant(),
        "materials": [paper(code) for code in codes],
    }
    return submission_pb.Submission(**{**values, **other})


@dataclass(frozen=True, slots=True)
class SeenRefusal:
    """A refusal as the client sees it."""

    code: str
    reason: str
    article: str
    fields: Mapping[str, str]
    sentence: str


def refusal_in(error: grpc.aio.AioRpcError) -> SeenRefusal:
    """The refusal in an error."""
    told = WireRefusal(error)
    fields = {violation.field: violation.description for violation in told.fields}
    return SeenRefusal(told.code, told.why.reason, told.why.metadata.get("article", ""), fields, told.sentence)
