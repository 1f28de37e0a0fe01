"""The district is told what it is owed until it has answered: nothing lost, nothing twice, no last attempt."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import grpc
import grpc.aio
import pytest

from chassis.rpc.channel import RotatingChannel
from chassis.rpc.identity import passes
from services.approval.domain.case.facts import Outcome
from services.approval.domain.case.state import Case
from services.approval.handoff.adapters.client import DistrictClient
from services.approval.handoff.adapters.delivery import ObligationDelivery, Packages
from services.approval.handoff.adapters.obligations import RECEIVE
from services.approval.handoff.adapters.puller import Puller, PullSettings
from services.approval.handoff.adapters.queue import BreakerSettings, HandoffQueue
from services.approval.handoff.adapters.recorder import Recorder, RetrySettings
from services.approval.handoff.adapters.sender import Sender, SenderSettings
from services.approval.handoff.domain.district_decide import DecisionReport
from services.approval.handoff.usecases import put_on_file
from tests.service.approval.district_system import DistrictSystem, open_system
from tests.service.approval.office import World
from tests.unit.approval.matters import ACCEPTED_ON, FORWARDED, RESIDENCE, STREET

pytestmark = pytest.mark.integration

NEVER = 3_600.0
"""Seconds until the machine's clock would let something be retried: longer than any test."""


@dataclass
class Between:
    """A service and a district system, and what stands between them."""

    world: World
    system: DistrictSystem
    queue: HandoffQueue
    sender: Sender
    puller: Puller

    async def refer(self, item: object = FORWARDED) -> UUID:
        """A matter is referred; its application."""
        return await self.world.refer(item)  # type: ignore[arg-type] # an item

    async def state(self, application: UUID, kind: str = RECEIVE) -> str:
        """How the obligation of the first referral stands."""
        leg_id = self.world.leg_key(application).file_id
        return str(await self.world.value("select state from handoff where case_id = $1 and kind = $2", leg_id, kind))

    async def leg(self, application: UUID) -> Case:
        """The district's leg."""
        return await self.world.district(application)

    async def statements(self) -> int:
        """How many statements of the worker a round takes, when its answers come together."""
        ran: list[object] = []
        async with self.world.worker.acquire() as connection:  # the one given back last is taken first
            connection.add_query_logger(ran.append)
        await self.sender.round()
        async with self.world.worker.acquire() as connection:
            connection.remove_query_logger(ran.append)
        return len(ran)

    def later(self) -> None:
        """The office clock moves far enough for any retry."""
        self.world.clock.set(self.world.clock.today() + timedelta(days=1))

    async def unsettled(self) -> list[str]:
        """What the day still waits for besides the chassis' own."""
        now = self.world.clock.now().isoformat()
        return list(
            await self.world.value(
                "select unsettled_more($1) from set_config('app.now', $2, false)", self.world.clock.today(), now
            )
        )


@pytest.fixture
async def between(world: World) -> AsyncIterator[Between]:
    """A district system that answers, and a sender that asks it when the test says so."""
    system = DistrictSystem()
    server, address = await open_system(system)
    client = DistrictClient(RotatingChannel(address, None, []), 5.0, None)
    queue = HandoffQueue(world.worker, BreakerSettings(failures=3))
    packages = Packages(world.worker, world.files, world.vault, world.passes, "district-system")
    retry = RetrySettings(real_retry=NEVER)
    recorder = Recorder(world.worker, queue, world.files, world.reports, world.calendars, retry)
    sender = Sender(
        world.worker,
        queue,
        ObligationDelivery(client, packages),
        recorder,
        world.clock,
        SenderSettings(concurrency=4),
        asyncio.Event(),
    )
    puller = Puller(world.worker, client, world.files, world.reports, world.calendars, world.clock, PullSettings())
    yield Between(world, system, queue, sender, puller)
    await client.close()
    await server.stop(None)


@asynccontextmanager
async def served(between: Between, receive: Callable[[Any, Any], Awaitable[object]]) -> AsyncIterator[None]:
    """The system takes packages in another way, and the sender dials it there."""
    between.system.ReceiveCase = receive  # type: ignore[method-assign,assignment] # as the test wants it
    server, address = await open_system(between.system)
    between.sender._delivery.client._channel = RotatingChannel(address, None, [])
    yield
    await server.stop(None)


async def test_the_package_has_the_opinion_all_materials_and_a_pass_to_the_applicant(between: Between) -> None:
    application = await between.refer()
    await between.sender.round()
    (package,) = between.system.packages
    leg = await between.leg(application)
    assert (package.opinion, package.destination, package.number) == ("同意转报。", "housing", leg.number)
    assert [paper.material_code for paper in package.materials] == ["M01", "M02"]
    assert (package.package_digest, getattr(package, "from").street) == (leg.referral.package_digest, STREET.street)
    signed = passes.sign({}, between.world.passes.key_file.read(), NEVER)
    assert package.read_pass.split(".")[0] == signed.split(".")[0]


async def test_an_acknowledged_package_starts_the_districts_clock(between: Between) -> None:
    application = await between.refer()
    await between.sender.round()
    leg = await between.leg(application)
    assert (leg.referral.district_number, await between.state(application)) == ("Q-1", "done")
    assert (await between.world.kinds(between.world.leg_key(application)))[-1] == "handoff_acknowledged"


async def test_the_nearest_due_day_goes_first(between: Between) -> None:
    for _ in range(3):
        await between.refer()
    legs = [row["case_id"] for row in await between.world.worker.fetch("select case_id from handoff order by case_id")]
    for days, leg_id in enumerate(reversed(legs)):
        await between.world.worker.execute(
            "update handoff set due_on = $2 where case_id = $1", leg_id, date(2016, 3, 10) + timedelta(days=days)
        )
    taken = await between.queue.take(2, between.world.clock.now())
    assert [owed.leg.file_id for owed in taken] == list(reversed(legs))[:2]


async def test_what_was_executed_before_the_answer_was_lost_is_asked_for_and_not_sent_twice(between: Between) -> None:
    application = await between.refer()
    between.system.after_execution = True
    between.system.faults = [grpc.StatusCode.DEADLINE_EXCEEDED]
    await between.sender.round()
    assert await between.state(application) == "waiting"
    between.later()
    await between.sender.round()
    assert (len(between.system.packages), between.system.asked) == (1, [between.system.packages[0].key])
    assert (await between.leg(application)).referral.district_number == "Q-1"


async def test_a_sender_that_died_between_marking_and_answer_is_followed_by_one_that_asks_first(
    between: Between,
) -> None:
    application = await between.refer()
    (owed,) = await between.queue.take(1, between.world.clock.now())
    assert (await between.state(application), owed.uncertain) == ("sending", False)
    await between.sender.round()
    assert between.system.asked == [str(between.world.leg_key(application).file_id)]
    assert (len(between.system.packages), await between.state(application)) == (1, "done")


async def test_a_sender_that_is_cancelled_while_it_waits_for_the_answer_loses_nothing(between: Between) -> None:
    application = await between.refer()
    reached, release = asyncio.Event(), asyncio.Event()
    receive = between.system.ReceiveCase

    async def slow(request: object, context: object) -> object:
        answer = await receive(request, context)  # type: ignore[arg-type] # passed through
        reached.set()
        await release.wait()
        return answer

    async with served(between, slow):
        sending = asyncio.create_task(between.sender.round())
        await reached.wait()
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        assert await between.state(application) == "sending"
        await between.sender.round()
        assert (len(between.system.packages), await between.state(application)) == (1, "done")
        release.set()


async def test_an_absent_district_is_asked_again_for_as_long_as_it_takes(between: Between) -> None:
    application = await between.refer()
    between.system.faults = [grpc.StatusCode.UNAVAILABLE] * 7
    for _ in range(7):
        await between.sender.round()
        assert await between.state(application) == "waiting"
        between.later()
    await between.sender.round()
    assert await between.state(application) == "done"


async def test_while_it_waits_its_desk_sees_since_when(between: Between) -> None:
    application = await between.refer(RESIDENCE)
    _, at_district = await between.world.lookups.read(between.world.street_key(application))
    assert at_district is not None and at_district.waiting_since == ACCEPTED_ON
    await between.sender.round()
    _, at_district = await between.world.lookups.read(between.world.street_key(application))
    assert at_district is not None
    assert (at_district.waiting_since, at_district.district_number) == (None, "Q-1")


async def test_a_retry_waits_for_the_office_clock_or_the_machines(between: Between) -> None:
    application = await between.refer()
    between.system.faults = [grpc.StatusCode.UNAVAILABLE]
    await between.sender.round()
    assert await between.sender.round() == 0
    await between.world.worker.execute("update handoff set real_next_at = clock_timestamp()")
    assert await between.sender.round() == 1
    assert await between.state(application) == "done"


async def test_a_destination_that_does_not_answer_is_left_alone_but_for_a_probe(between: Between) -> None:
    for _ in range(4):
        await between.refer()
    between.system.faults = [grpc.StatusCode.UNAVAILABLE] * 5
    await between.sender.round()
    await between.refer()
    assert await between.sender.round() == 0
    between.later()
    assert await between.sender.round() == 1
    between.later()
    assert await between.sender.round() == 1
    assert await between.sender.round() == 4
    assert await between.world.value("select count(*) from handoff where state <> 'done'") == 0


async def test_a_refusal_by_name_is_a_humans_task_and_holds_up_nobody(between: Between) -> None:
    refused, other = await between.refer(), await between.refer()
    between.system.faults = [grpc.StatusCode.FAILED_PRECONDITION]
    await between.sender.round()
    states = {await between.state(refused), await between.state(other)}
    assert states == {"blocked", "done"}
    assert "FAILED_PRECONDITION" in await between.world.value("select last_error from handoff where state = 'blocked'")
    between.later()
    assert await between.sender.round() == 0
    blocked = await between.world.value("select case_id from handoff where state = 'blocked'")
    assert await between.world.value("select retry_handoff($1)", blocked) == 1
    await between.sender.round()
    assert await between.world.value("select count(*) from handoff where state = 'done'") == 2


async def test_a_withdrawal_is_told_to_a_district_that_has_the_case(between: Between) -> None:
    application = await between.refer(RESIDENCE)
    await between.sender.round()
    await between.world.stop(application)
    await between.world.settle()
    await between.sender.round()
    assert between.system.withdrawn == [str(between.world.leg_key(application).file_id)]
    assert await between.state(application, "withdraw") == "done"


async def test_a_withdrawal_before_the_package_went_needs_no_telling(between: Between) -> None:
    application = await between.refer(RESIDENCE)
    await between.world.stop(application)
    await between.world.settle()
    await between.sender.round()
    assert (between.system.packages, between.system.withdrawn) == ([], [])
    assert (await between.state(application), await between.state(application, "withdraw")) == ("withdrawn", "done")


async def test_a_day_waits_for_what_was_never_tried_and_not_for_what_waits_for_its_retry(between: Between) -> None:
    await between.refer()
    assert await between.unsettled() == ["handoff"]
    between.system.faults = [grpc.StatusCode.UNAVAILABLE]
    await between.sender.round()
    assert await between.unsettled() == []
    between.later()
    assert await between.unsettled() == ["handoff"]
    await between.sender.round()
    assert await between.unsettled() == []


async def test_a_decision_that_comes_while_the_package_is_on_its_way_stays(between: Between) -> None:
    quick, other = await between.refer(), await between.refer()
    world, receive = between.world, between.system.ReceiveCase

    async def hasty(request: object, context: object) -> object:
        answer = await receive(request, context)  # type: ignore[arg-type] # passed through
        if between.system.packages[-1].key == str(world.leg_key(quick).file_id):
            report = DecisionReport("report-1", Outcome.GRANTED, ACCEPTED_ON)
            await put_on_file(world.files, world.reports.decided(world.leg_key(quick), report, ""), "district-system")
        return answer

    async with served(between, hasty):
        await between.sender.round()
    assert await between.world.kinds(world.leg_key(quick)) == ["case_opened", "district_decided"]
    assert [await between.state(each) for each in (quick, other)] == ["done", "done"]
    assert (await between.leg(other)).referral.acknowledged


async def test_an_answer_that_does_not_come_holds_up_no_other(between: Between) -> None:
    slow, quick = await between.refer(), await between.refer()
    release, receive = asyncio.Event(), between.system.ReceiveCase

    async def hanging(request: object, context: object) -> object:
        answer = await receive(request, context)  # type: ignore[arg-type] # passed through
        if between.system.packages[-1].key == str(between.world.leg_key(slow).file_id):
            await release.wait()
        return answer

    async with served(between, hanging):
        sending = asyncio.create_task(between.sender.round())
        while await between.state(quick) != "done":
            await asyncio.sleep(0.01)
        assert await between.state(slow) == "sending"
        release.set()
        assert await sending == 2
    assert await between.state(slow) == "done"


async def test_four_packages_take_as_many_statements_as_one(between: Between) -> None:
    await between.refer()
    one = await between.statements()
    for _ in range(4):
        await between.refer()
    assert await between.statements() == one
    assert await between.world.value("select count(*) from handoff where state = 'done'") == 5
