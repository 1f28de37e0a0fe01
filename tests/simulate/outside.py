"""The outside world: the district's own system and the SMS gateway, which answer late, twice, never, or refuse."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any
from uuid import UUID

from onewindow.approval.v1.approval_event_pb2 import Outcome
from onewindow.district.v1 import district_service_pb2 as pb

from chassis.refusals import NotFound
from services.approval.handoff.adapters.client import DistrictRefusal, DistrictUnreachable
from services.notify.ports import GatewayAnswer, NotTaken, OutcomeUnknown, TakenMessage, TextMessage
from tests.simulate.scheduler import arrival


@dataclass(frozen=True, slots=True)
class OutsideFaults:
    """How often the outside world does not answer, or refuses."""

    silent: float = 0.0
    """The request is done, and no answer comes."""
    away: float = 0.0
    """Nothing is done, and no answer comes."""
    refuses: float = 0.0


class District:
    """The district's own system: its cases, and the list of what changed."""

    def __init__(self, faults: OutsideFaults, random: Random, today: Callable[[], date]) -> None:
        self._faults = faults
        self._random = random
        self._today = today
        self.cases: dict[str, pb.DistrictCase] = {}
        self.changes: list[pb.DistrictCase] = []
        self.packages: dict[str, pb.ReceiveCaseRequest] = {}
        """What came from a street, by the leg; a case that is there from the beginning came by none."""
        self.withdrawn: set[str] = set()
        self.calm = False
        """True at the end of a history: everything is answered."""

    def client(self, travel: Callable[[], Any]) -> "SimulatedDistrictClient":
        """A client of one process."""
        return SimulatedDistrictClient(self, travel)

    def begin_with(self, case: pb.DistrictCase) -> None:
        """A case that it has from the beginning."""
        own = pb.DistrictCase()
        own.CopyFrom(case)
        self.cases[own.key] = own
        self._changed(own)

    def receive(self, package: pb.ReceiveCaseRequest) -> pb.ReceiveCaseResponse:
        """Take a package; one that is there already gets the first answer."""
        self.packages.setdefault(package.case_id, package)
        case = self.cases.get(package.key)
        if case is None:
            case = self.cases[package.key] = pb.DistrictCase(
                key=package.key,
                case_id=package.case_id,
                district_number=f"Q-{len(self.cases) + 1}",
                received_on=self._today().isoformat(),
                stage=pb.DISTRICT_STAGE_RECEIVED,
            )
            self._changed(case)
        return pb.ReceiveCaseResponse(district_number=case.district_number, received_on=case.received_on)

    def decide(self, key: str, report_key: str, outcome: Outcome.ValueType, decided_on: str, reasons: str) -> None:
        """Put its own decision on its list."""
        case = self.cases.get(key)
        if case is not None and case.stage != pb.DISTRICT_STAGE_DECIDED:
            case.stage = pb.DISTRICT_STAGE_DECIDED
            case.report_key, case.outcome, case.decided_on, case.reasons = report_key, outcome, decided_on, reasons
            self._changed(case)

    async def answer(self, travel: Callable[[], Any], what: Callable[[], Any]) -> Any:
        """Do something and answer, or not."""
        await arrival(travel())
        chance = self._random.random()
        faults = self._faults
        if not self.calm:
            if chance < faults.away:
                raise DistrictUnreachable("UNAVAILABLE")
            if chance < faults.away + faults.refuses:
                raise DistrictRefusal("FAILED_PRECONDITION")
        done = what()
        await arrival(travel())
        if not self.calm and chance > 1 - faults.silent:
            raise DistrictUnreachable("DEADLINE_EXCEEDED")
        return done

    def _changed(self, case: pb.DistrictCase) -> None:
        copy = pb.DistrictCase()
        copy.CopyFrom(case)
        self.changes.append(copy)


class SimulatedDistrictClient:
    """The calls of `DistrictClient` to the district of a history."""

    def __init__(self, district: District, travel: Callable[[], Any]) -> None:
        self._district = district
        self._travel = travel

    async def receive(self, package: pb.ReceiveCaseRequest) -> Any:
        """Hand a package over."""
        return await self._district.answer(self._travel, lambda: self._district.receive(package))

    async def find(self, key: str) -> pb.DistrictCase | None:
        """The district's record of a case."""
        found: pb.DistrictCase | None = await self._district.answer(self._travel, lambda: self._district.cases.get(key))
        return found

    async def withdraw(self, withdrawal: pb.WithdrawCaseRequest) -> None:
        """Report that the applicant withdrew a case."""
        await self._district.answer(self._travel, lambda: self._district.withdrawn.add(withdrawal.key))

    async def changes(self, cursor: str, page_size: int) -> pb.ListCaseChangesResponse:
        """One page of the changes after a cursor."""
        first = int(cursor or 0)
        changes = self._district.changes[first : first + page_size]
        more = first + len(changes) < len(self._district.changes)
        page = pb.ListCaseChangesResponse(changes=changes, cursor=str(first + len(changes)), more=more)
        answered: pb.ListCaseChangesResponse = await self._district.answer(self._travel, lambda: page)
        return answered

    async def close(self) -> None:
        """Nothing is open."""


@dataclass(frozen=True, slots=True)
class CarriedMessage:
    """A message on a telephone, and the day on which it came."""

    message_id: UUID
    text: str
    on: date


@dataclass(slots=True)
class Carrier:
    """The SMS gateway behind every process of notify."""

    faults: OutsideFaults
    random: Random
    today: Callable[[], date]
    carried: list[CarriedMessage] = field(default_factory=list)
    taken: dict[UUID, TakenMessage] = field(default_factory=dict)
    calm: bool = False

    def offer(self, message: TextMessage) -> GatewayAnswer:
        """One message; a repeated id is carried once."""
        chance = 1.0 if self.calm else self.random.random()
        if chance < self.faults.refuses:
            return NotTaken.REFUSED
        if chance < self.faults.refuses + self.faults.away:
            return NotTaken.UNAVAILABLE
        if message.message_id not in self.taken:
            self.taken[message.message_id] = TakenMessage(f"G-{len(self.taken) + 1}")
            self.carried.append(CarriedMessage(message.message_id, message.text, self.today()))
        if chance < self.faults.refuses + self.faults.away + self.faults.silent:
            return NotTaken.UNKNOWN
        return self.taken[message.message_id]


class SimulatedGateway:
    """The calls of `SmsGateway` to the carrier of a history."""

    def __init__(self, carrier: Carrier, travel: Callable[[], Any]) -> None:
        self._carrier = carrier
        self._travel = travel

    async def offer(self, messages: Sequence[TextMessage]) -> Mapping[UUID, GatewayAnswer]:
        """Offer messages."""
        await arrival(self._travel())
        answers = {each.message_id: self._carrier.offer(each) for each in messages}
        await arrival(self._travel())
        return answers

    async def find(self, message_ids: Sequence[UUID]) -> Mapping[UUID, TakenMessage]:
        """Those of the messages that the carrier has."""
        await arrival(self._travel())
        carrier = self._carrier
        if not carrier.calm and carrier.random.random() < carrier.faults.away:
            raise OutcomeUnknown
        return {each: carrier.taken[each] for each in message_ids if each in carrier.taken}

    async def close(self) -> None:
        """Nothing is open."""


class PlainTypesetter:
    """Sets documents as plain bytes: their look has tests of its own."""

    receipt_version = "0"

    async def receipt(self, content: Mapping[str, object], mark: str) -> bytes:
        """A receipt."""
        return f"{content.get('number')} {mark}".encode()

    async def close(self) -> None:
        """Nothing is open."""


class MemoryObjects:
    """The object store."""

    def __init__(self, blobs: dict[str, bytes]) -> None:
        self._blobs = blobs

    async def put(self, path: str, blob: bytes) -> bytes:
        """Store a blob."""
        self._blobs[path] = blob
        return hashlib.sha256(blob).digest()

    async def get(self, path: str) -> bytes:
        """A blob. Raises NotFound."""
        if path not in self._blobs:
            raise NotFound
        return self._blobs[path]
