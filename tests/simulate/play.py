"""Plays a history in a world, and notes what each caller was answered."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from functools import cache
from typing import Any

from onewindow.approval.v1 import approval_event_pb2 as approval_event
from onewindow.catalogue.v1 import catalogue_pb2
from onewindow.district.v1 import district_service_pb2 as pb
from onewindow.intake.v1 import catalogue_service_pb2 as catalogue_pb

from chassis.clock import SHANGHAI
from chassis.event_store.dataclass_proto import to_message
from chassis.postgres.database import AWAY
from chassis.refusals import Refusal
from law.not_allowed import NotAllowed
from protocol.streams import INTAKE
from services.notify.ports import TakenMessage
from tests.simulate.acts import ACTS
from tests.simulate.conditions import Conditions, Snapshot
from tests.simulate.database.schema import Row
from tests.simulate.history import STAGES, Beginning, History, prologue
from tests.simulate.office import CALLERS, FIRST_MORNING, HALL, ITEMS, RECEIVER, WINDOW
from tests.simulate.outside import CarriedMessage
from tests.simulate.replica import ConnectionLost
from tests.simulate.stage import running
from tests.simulate.steps import QUIET, THEN, Matter, Step
from tests.simulate.world import World

_TRIES = 8
_PROBED, _VERIFIED, _A_DAY_MORE = 2, 5, 3
"""One in how many histories ends with probes, has its refusals compared, goes on for a day."""
_CLOSED = 7
_BETWEEN_TRIES = 0.4
_DAYS = ("decided_on", "returned_on", "first_on", "last_on")
"""Fields of requests in which a step names a day by its distance from today."""
_MORNING, _EVENING = time(9, 0), time(19, 30)


@dataclass(slots=True)
class Attempt:
    """One act as its caller knows it."""

    step: Step
    request: Any
    answer: Any = None
    refusal: str = ""
    """Class of the refusal; empty where there was an answer, or none at all."""
    code: str = ""
    error: BaseException | None = None
    asked_at: datetime = FIRST_MORNING
    answered_at: datetime = FIRST_MORNING

    @property
    def acknowledged(self) -> bool:
        """True when the caller was told that it is done."""
        return self.answer is not None


@dataclass(slots=True)
class Played:
    """A history that was played: the world as it stands, the matters, the attempts."""

    history: History
    world: World
    matters: list[Matter] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)
    probes: list[Attempt] = field(default_factory=list)
    """Acts at the end that have to succeed."""

    def clear(self) -> None:
        """Leave a history that nobody looks at any more: most of it then goes without a collection."""
        for attempt in self.attempts:
            attempt.error = None
        self.world.clear()


@dataclass(frozen=True, slots=True)
class Begun:
    """A world as it stands at a beginning."""

    snapshot: Snapshot
    instant: datetime
    matter: Matter
    attempts: tuple[Attempt, ...]
    cases: Mapping[str, pb.DistrictCase]
    carried: tuple[CarriedMessage, ...]
    blobs: Mapping[str, bytes]


@cache
def begun(begins: Beginning) -> Begun:
    """The world of a beginning, made once for the process."""
    if not begins.stage:
        return Begun(published(), FIRST_MORNING, Matter(), (), {}, (), {})
    player = Player(History(0, Conditions(), Beginning(), tuple(prologue(begins)), chances=-1))
    with running(player.world):
        player.world.scheduler.run(player.play())
    played, world = player.played, player.world
    assert all(attempt.acknowledged for attempt in played.attempts), [each.error for each in played.attempts]
    return Begun(
        world.snapshot(),
        world.clock.instant,
        played.matters[0],
        tuple(played.attempts),
        dict(world.district.cases),
        tuple(world.carrier.carried),
        dict(world.blobs),
    )


def begin_all() -> None:
    """Make the worlds with which histories begin, by the product as it is."""
    begun(Beginning())
    for item in ("promised", "calendar", "referred", "at_district"):
        forwarded = item in ("referred", "at_district")
        for stage, acts in STAGES.items():
            if ("refer" in acts and not forwarded) or ("decide" in acts and forwarded):
                continue
            begun(Beginning(item, stage))


@cache
def published() -> Snapshot:
    """The databases once the catalogue is published and heard everywhere, with which every history begins."""
    return publish_catalogue().snapshot()


def publish_catalogue(prepare: Callable[[World], None] = lambda _world: None) -> World:
    """A world in which the district has published its items and the hall its window."""
    world = World("catalogue", Conditions(), FIRST_MORNING)
    prepare(world)

    async def publish() -> None:
        world.start()
        intake = world.replica(INTAKE, 0)
        await world.quiet()
        street = catalogue_pb.PublishStreetRequest(
            request_id="street-0001", street=to_message(HALL, catalogue_pb2.Street)
        )
        await intake.call("PublishStreet", street, CALLERS["configurator"])
        receiver = catalogue_pb.PublishDestinationRequest(
            request_id="destination-0001", destination=to_message(RECEIVER, catalogue_pb2.Destination)
        )
        await intake.call("PublishDestination", receiver, CALLERS["configurator"])
        for number, item in enumerate(ITEMS.values()):
            message = to_message(item, catalogue_pb2.Item)
            message.version = 0
            request = catalogue_pb.PublishItemRequest(request_id=f"item-{number:04}", item=message)
            await intake.call("PublishItem", request, CALLERS["configurator"])
        window = to_message(WINDOW, catalogue_pb2.Window)
        opening = catalogue_pb.PublishWindowRequest(request_id="window-0001", window=window)
        await intake.call("PublishWindow", opening, CALLERS["configurator"])
        await world.settle()

    with running(world):
        world.scheduler.run(publish())
    return world


class Player:
    """Plays one history."""

    def __init__(
        self,
        history: History,
        prepare: Callable[[World], None] = lambda _world: None,
        begins: Begun | None = None,
    ) -> None:
        begins = begins or begun(history.begins)
        chances = f"chances/{history.seed}/{history.chances}"
        world = self.world = World(chances, history.conditions, begins.instant, begins.snapshot)
        world.carrier.carried.extend(begins.carried)
        world.carrier.taken.update({each.message_id: TakenMessage("G-0") for each in begins.carried})
        world.blobs.update(begins.blobs)
        for case in begins.cases.values():
            world.district.begin_with(case)
        world.verifies = history.seed % _VERIFIED == 0 and history.chances >= 0
        prepare(world)
        count = 1 + max((step.matter for step in history.steps), default=0)
        first = replace(begins.matter, positions=list(begins.matter.positions))
        self.played = Played(history, world, [first, *(Matter() for _ in range(count - 1))], list(begins.attempts))
        self._tasks: list[asyncio.Task[None]] = []
        self._known: dict[int, asyncio.Future[None]] = {}

    async def play(self) -> None:
        """Every step, then everything to its end."""
        world = self.world
        world.start()
        for step in self.played.history.steps:
            if step.moment in (THEN, QUIET):
                await self._answered()
            if step.moment == QUIET:
                await world.quiet()
            if step.act in ACTS:
                self._tasks.append(world.scheduler.create_task(self._act(step)))
            else:
                await self._happen(step)
        await self._answered()
        await world.settle()
        await self._probe()

    async def whole(self) -> None:
        """The steps, and in some histories the day after them."""
        await self.play()
        if self.played.history.seed % _A_DAY_MORE == 0:
            await self.to_the_end()

    async def _probe(self) -> None:
        """What is due now is done: whoever may rate rates, and who has a result to collect collects it."""
        if self.played.history.seed % _PROBED or self.played.history.chances < 0:
            return
        world = self.world
        for place, matter in enumerate(self.played.matters):
            for act, rows in (("rate", "application"), ("collect", "dossier")):
                service = ACTS[act].service
                row = next(
                    (
                        row
                        for row in world.databases[service].table(rows)
                        if str(row["application_id"]) == matter.application_id
                    ),
                    None,
                )
                if row is not None and _is_due(act, row):
                    step = Step(act, place, "clerk", QUIET, key=world.random.getrandbits(31) + 1)
                    await self._act(step)
                    self.played.probes.append(self.played.attempts[-1])
        if self.played.probes:
            await world.settle()

    async def to_the_end(self) -> None:
        """A day goes by, and what it brings is heard."""
        await self._forward(1)
        await self.world.settle()

    async def _answered(self) -> None:
        tasks, self._tasks = self._tasks, []
        if tasks:
            await asyncio.gather(*tasks)

    async def _happen(self, step: Step) -> None:
        world = self.world
        match step.act:
            case "forward":
                await self._forward(step.option("days", 1))
            case "evening":
                await world.offered()
                today = world.clock.today()
                world.set_clock(datetime.combine(today, _EVENING, SHANGHAI))
            case "kill":
                await asyncio.sleep(world.random.random() * world.conditions.longest)
                world.kill(step.option("service"), step.option("replica"))
            case "take over":
                world.take_over(step.option("service"))
            case "consumer stops":
                world.streams[step.option("source")].feeds[step.option("service")].stop()
            case "consumer resumes":
                world.streams[step.option("source")].feeds[step.option("service")].resume()
            case "pull":
                world.wake("approval", "district_changes")
            case "decide on the list":
                self._decide_on_the_list(step)

    async def _forward(self, days: int) -> None:
        await self.world.offered()
        later = self.world.clock.today() + timedelta(days=days)
        self.world.set_clock(datetime.combine(later, _MORNING, SHANGHAI))

    def _decide_on_the_list(self, step: Step) -> None:
        """The district decides and says so on its list alone."""
        matter = self.played.matters[step.matter]
        if matter.application_id:
            granted = step.option("granted", True)
            outcome = approval_event.OUTCOME_GRANTED if granted else approval_event.OUTCOME_REFUSED
            reasons = "" if granted else "不符合区级条件。"
            today = self.world.clock.today().isoformat()
            self.world.district.decide(matter.district_case, step.request_id, outcome, today, reasons)
            self.world.wake("approval", "district_changes")

    async def _act(self, step: Step) -> None:
        act, matter = ACTS[step.act], self.played.matters[step.matter]
        if act.needs_application and not matter.application_id:
            return
        request: Any = act.request(step, matter, step.request_id)
        for name in _DAYS:
            if name in request.DESCRIPTOR.fields_by_name:
                setattr(request, name, self._day(getattr(request, name)))
        attempt = Attempt(step, request, asked_at=self.world.clock.now())
        self.played.attempts.append(attempt)
        await self._call(attempt, act.service, act.method)
        attempt.answered_at = self.world.clock.now()
        if attempt.answer is not None:
            _learn(matter, step, attempt.answer)

    def _day(self, named: str) -> str:
        days = {"today": 0, "tomorrow": 1, "yesterday": -1}
        if named in days:
            return (self.world.clock.today() + timedelta(days=days[named])).isoformat()
        return named

    async def _call(self, attempt: Attempt, service: str, method: str) -> None:
        """Call as clients do: again under the same id while the answer says that it may help."""
        world, caller = self.world, CALLERS[attempt.step.who]
        which = world.some_replica()
        for tries in range(_TRIES):
            try:
                attempt.answer = await world.replica(service, which + tries).call(method, attempt.request, caller)
            except ConnectionLost:
                attempt.code = "UNAVAILABLE"
            except NotAllowed as refused:
                attempt.refusal, attempt.code, attempt.error = type(refused).__name__, "FAILED_PRECONDITION", refused
                return
            except Refusal as refused:
                attempt.refusal, attempt.code, attempt.error = type(refused).__name__, refused.code, refused
                if refused.code != "UNAVAILABLE" and attempt.refusal != "LostRace":
                    return
            except AWAY as error:
                attempt.refusal, attempt.code, attempt.error = "Away", "UNAVAILABLE", error
            except Exception as error:
                attempt.refusal, attempt.code, attempt.error = type(error).__name__, "INTERNAL", error
                return
            else:
                attempt.refusal = attempt.code = ""
                return
            await asyncio.sleep(_BETWEEN_TRIES)


def _is_due(act: str, row: Row) -> bool:
    if act == "rate":
        return bool(row["stage"] == _CLOSED and not row["grade"])
    return row["deliver_by"] is not None and row["delivered_on"] is None


def _learn(matter: Matter, step: Step, answer: Any) -> None:
    """What the caller keeps of an answer."""
    if step.act in ("submit", "complete at once"):
        matter.application_id = matter.application_id or answer.application_id
        matter.query_code = matter.query_code or answer.query_code
        matter.serial_number = matter.serial_number or answer.serial_number
        matter.item = step.option("item", "promised")
    if step.act in ("accept", "complete", "complete at once"):
        matter.number = matter.number or answer.number
    if step.act == "refer":
        matter.attempts += 1
    matter.positions.append(answer.position)
