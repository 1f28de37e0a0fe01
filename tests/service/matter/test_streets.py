"""Tokens of streets at the services that receive what intake publishes: unknown, published late, older than that.

A replica here is the rule of one process, which remembers streets that it found; what it asks is counted.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast
from uuid import uuid4

import pytest

from chassis.event_store import PositionSignal, PositionSources, PositionWaiter, StoreSettings
from chassis.event_store.read_your_writes import position_of
from chassis.inbox import CatchUp, InboxEvent, InboxOffsets, StreamProgress, Subscription
from chassis.process.parts import ServiceContext
from chassis.refusals import Invalid, NotYetHere
from chassis.rpc.identity.caller import Caller, level_of
from protocol.calendars import ReceivedCalendars
from protocol.known_places import ReceivedPlaces, StreetNotPublished
from services.approval import app as approval_app
from services.metrics import app as metrics_app
from services.metrics.adapters.subscriptions import PROJECTORS
from services.metrics.adapters.subscriptions import SOURCES as METRICS_SOURCES
from services.notify.adapters.matter import projector as notify
from services.notify.domain.message.sending_time import SendingHours
from tests.service.matter.office import DISTRICT, Office, consumer, file_of
from tests.unit.approval.matters import PROMISED
from tests.unit.notify.matter_events import street_event

pytestmark = pytest.mark.integration

RECEIVERS = ("approval", "notify", "metrics")
SETTLED, BEHIND = StreamProgress(7, 7), StreamProgress(6, 7)


@dataclass
class Counted:
    """A pool whose statements are counted."""

    pool: Any
    asked: list[str] = field(default_factory=list)

    async def fetchval(self, statement: str, *arguments: object) -> Any:
        """The value of a statement."""
        self.asked.append(statement)
        return await self.pool.fetchval(statement, *arguments)


@dataclass
class Replica:
    """One process of a service, whose NATS server says how far the service is in intake's stream."""

    require: Callable[[Caller, str], Awaitable[None]]
    pools: tuple[Counted, Counted]
    stream: dict[str, StreamProgress | None]
    requests: list[str]

    async def admits(self, street: str, after: str = "") -> str:
        """The answer to a call of a clerk of the street: passed, or the reason of the refusal."""
        caller = Caller("S0031", False, frozenset({"CLERK"}), DISTRICT, street, level_of(street))
        try:
            await self.require(caller, after)
        except (StreetNotPublished, NotYetHere, Invalid) as refused:
            assert isinstance(refused, NotYetHere) or refused.fields
            return type(refused).__name__
        return "passed"


@dataclass(frozen=True)
class Receiver:
    """A service that receives intake: its replicas, and its ear."""

    name: str
    office: Office
    stream: dict[str, StreamProgress | None]

    def replica(self) -> Replica:
        """A process that has just started."""
        rpc, worker = (Counted(pool) for pool in self._pools)
        limits = StoreSettings(after_limit=0.3, grace=0)
        sources = {"approval": approval_app.SOURCES, "notify": notify.SOURCES, "metrics": METRICS_SOURCES}[self.name]
        waiter = PositionWaiter(sources, InboxOffsets(cast(Any, rpc)), PositionSignal(), limits, DISTRICT)
        requests: list[str] = []

        async def progress(source: str) -> StreamProgress | None:
            requests.append(source)
            return self.stream["said"]

        places = self._places(waiter, worker, CatchUp(progress, limits), sources)
        exists = places.of_callers().exists
        assert exists is not None
        return Replica(exists, (rpc, worker), self.stream, requests)

    async def hear(self, *events: InboxEvent) -> None:
        """The service receives facts of intake."""
        await consumer(self._pools[1], self._ear()).apply(list(events))

    @property
    def _pools(self) -> tuple[Any, Any]:
        world = self.office.world
        mine = {"approval": (world.rpc, world.worker), "notify": self.office.notify, "metrics": self.office.metrics}
        return mine[self.name]

    def _places(
        self, waiter: PositionWaiter, worker: Any, catch_up: CatchUp, sources: PositionSources
    ) -> ReceivedPlaces:
        if self.name != "metrics":
            return ReceivedPlaces(waiter, worker, DISTRICT, catch_up)
        context = SimpleNamespace(
            waiter=waiter,
            worker=worker,
            catch_up=catch_up,
            sources=sources,
            settings=SimpleNamespace(district=DISTRICT),
        )
        return metrics_app.known_places(cast(ServiceContext[Any], context))

    def _ear(self) -> Subscription:
        if self.name == "approval":
            return self.office.world.intake._subscription
        if self.name == "metrics":
            return next(each.subscription() for each in PROJECTORS if each.source == "intake")
        calendars = ReceivedCalendars(self.office.notify[0], DISTRICT)
        return notify.intake_subscription(self.office.dossiers, calendars, SendingHours())


@pytest.fixture(params=RECEIVERS)
def receiver(request: pytest.FixtureRequest, office: Office) -> Receiver:
    """Each service that receives intake, with everything received that was published."""
    return Receiver(request.param, office, {"said": SETTLED})


_streets = iter(f"{DISTRICT}{number}" for number in range(300, 900))


@pytest.fixture
def street() -> str:
    """A street of which no service has heard anything."""
    return next(_streets)


async def test_an_unknown_street_is_refused_by_name_and_field_at_every_replica(receiver: Receiver, street: str) -> None:
    for replica in [receiver.replica() for _ in range(3)]:
        assert await replica.admits(street) == "StreetNotPublished"
        assert len(replica.requests) == 2, "what the stream had when the call came, and whether it is applied"
        assert sum(len(pool.asked) for pool in replica.pools) <= 7, "three looks, and whether anything is held back"
    assert StreetNotPublished().fields[0].field == "authorization"


async def test_the_district_and_the_reserved_place_are_asked_nothing(receiver: Receiver) -> None:
    replica = receiver.replica()
    assert [await replica.admits(f"{DISTRICT}{end}") for end in ("000", "999")] == ["passed", "passed"]
    assert (replica.pools[0].asked, replica.pools[1].asked, replica.requests) == ([], [], [])


@pytest.mark.parametrize("said", [BEHIND, None], ids=["behind", "no word of the server"])
async def test_a_publication_that_comes_late_is_awaited_and_then_counts_everywhere(
    receiver: Receiver, street: str, said: StreamProgress | None
) -> None:
    replicas = [receiver.replica() for _ in range(3)]
    receiver.stream["said"] = said
    assert {await replica.admits(street) for replica in replicas} == {"NotYetHere"}
    await receiver.hear(street_event(street))
    started_again = receiver.replica()
    for replica in (*replicas, started_again):
        assert await replica.admits(street) == "passed"


async def test_a_refused_street_is_no_refused_street_for_ever(receiver: Receiver, street: str) -> None:
    replica = receiver.replica()
    assert await replica.admits(street) == "StreetNotPublished"
    await receiver.hear(street_event(street))
    assert await replica.admits(street) == "passed"


async def test_a_street_that_was_found_is_never_asked_for_again(receiver: Receiver, street: str) -> None:
    await receiver.hear(street_event(street))
    replica = receiver.replica()
    assert await replica.admits(street) == "passed"
    asked = [len(pool.asked) for pool in replica.pools]
    for _ in range(20):
        assert await replica.admits(street, after="no position") == "passed"
    assert [len(pool.asked) for pool in replica.pools] == asked
    assert replica.requests == [], "the database knows it: the server is not asked"


async def test_a_street_with_files_from_before_streets_were_published_goes_on(receiver: Receiver) -> None:
    application = await receiver.office.take(PROMISED)
    facts = await receiver.office.facts_of_intake(application)
    if receiver.name != "approval":  # which has heard it
        await receiver.hear(*facts)
    receiver.stream["said"] = None
    for replica in (receiver.replica(), receiver.replica()):
        assert await replica.admits(file_of(application).street) == "passed"
        assert replica.requests == []


async def test_a_caller_who_has_seen_the_publication_is_not_told_that_there_is_none(
    receiver: Receiver, street: str
) -> None:
    """Intake has stored it, and its stream does not have it yet: the stream says that everything is applied."""
    published = street_event(street)
    seen = position_of("intake", published.key, 1)
    replica = receiver.replica()
    assert await replica.admits(street, after=seen) == "NotYetHere"
    await receiver.hear(published)
    assert await replica.admits(street, after=seen) == "passed"


async def test_positions_of_a_caller_make_no_street_exist(receiver: Receiver, street: str) -> None:
    replica, other = receiver.replica(), street_event(next(_streets))
    await receiver.hear(other)
    assert await replica.admits(street, after=position_of("intake", other.key, 1)) == "StreetNotPublished"
    assert await replica.admits(street, after=f"intake/{DISTRICT}/{street}/{uuid4()}/1") == "NotYetHere"
    assert await replica.admits(street, after="no position") == "Invalid"
