"""Three replicas of approval on one PostgreSQL, each with its own memory, act and read as one does."""

import re
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from chassis.event_store import Changed
from chassis.refusals import Refusal
from law.not_allowed import NotAllowed
from services.approval.domain.case.facts import Opinion, Outcome, SpecialProcedure
from services.approval.domain.case.pause import PauseTerm
from services.approval.handoff.domain.district_decide import DecisionReport
from services.approval.handoff.usecases import put_on_file
from services.approval.usecases.case import CaseCall
from tests.service.approval.conftest import open_world
from tests.service.approval.office import World
from tests.support.servers import Database, PostgresServer
from tests.unit.approval.matters import FORWARDED, HEAD, OTHER, PROMISED, REVIEWER

APPLICATIONS = [UUID(int=0x01957A3E7C0070008000000000000000 + n) for n in range(2)]
Act = Callable[[World], Awaitable[object]]
_INSTANT = re.compile(r"datetime\.datetime\([^)]*\)|position='[^']*'")


@dataclass
class Office:
    """Replicas that act in turns, and what became of each act."""

    replicas: Sequence[World]
    answers: list[str] = field(default_factory=list)

    async def act(self, act: Act) -> None:
        """One act or reading of the next replica."""
        replica = self.replicas[len(self.answers) % len(self.replicas)]
        try:
            answer = await act(replica)
        except (NotAllowed, Refusal) as refused:
            answer = f"{type(refused).__name__} {refused}"
        if isinstance(answer, Changed):
            answer = (answer.revision, answer.replayed, answer.state)
        self.answers.append(_INSTANT.sub("", repr(answer)))

    async def acts(self, act: Callable[[World, str], Awaitable[object]], *request_ids: str) -> None:
        """The same act under each of these request ids, each time of the next replica."""
        for request_id in request_ids:
            await self.act(partial(_under, act, request_id))

    async def settle(self) -> None:
        """What was stored is received, by the next replica."""
        await self.replicas[len(self.answers) % len(self.replicas)].settle()

    def set(self, on: date) -> None:
        """The day of every replica."""
        for replica in self.replicas:
            replica.clock.set(on)


def _under(act: Callable[[World, str], Awaitable[object]], request_id: str, to: World) -> Awaitable[object]:
    return act(to, request_id)


def by(world: World, application: UUID, actor: Any, request_id: str, revision: int = 0) -> CaseCall:
    """A call with a request id of its own."""
    return replace(world.call(application, actor, request_id), revision=revision)


async def decided_at_the_street(office: Office, application: UUID) -> None:
    """A matter with a pause, an extension and every refusal on its way."""
    await office.act(lambda to: to.accept(PROMISED, application))
    await office.acts(
        lambda to, request_id: to.cases.claim(by(to, application, REVIEWER, request_id), "", lambda *_: b"pass"),
        "claim-0001",
        "claim-0001",
        "claim-0002",
    )
    await office.act(lambda to: to.cases.claim(by(to, application, OTHER, "claim-0003"), "", lambda *_: b"pass"))
    await office.act(lambda to: to.cases.release(by(to, application, REVIEWER, "release-01")))
    await office.act(lambda to: to.cases.claim(by(to, application, OTHER, "claim-0004"), "", lambda *_: b"pass"))
    hearing = PauseTerm(HEAD, SpecialProcedure.HEARING, 5, "")
    await office.acts(
        lambda to, request_id: to.cases.pause(by(to, application, HEAD, request_id), hearing, "听证"),
        "pause-0001",
        "pause-0001",
        "pause-0002",
    )
    office.set(date(2016, 3, 3))
    await office.acts(
        lambda to, request_id: to.cases.resume(by(to, application, REVIEWER, request_id), None),
        "resume-001",
        "resume-001",
        "resume-002",
    )
    await office.acts(
        lambda to, request_id: to.cases.extend(by(to, application, HEAD, request_id), 5, "案情复杂"),
        "extend-001",
        "extend-001",
        "extend-002",
    )
    stale = ("stale-0001", 1)
    await office.act(lambda to: to.cases.complete_step(by(to, application, OTHER, *stale), Opinion.AGREE, ""))
    await office.act(lambda to: to.cases.complete_step(by(to, application, OTHER, "agree-0001"), Opinion.AGREE, ""))
    await office.acts(
        lambda to, request_id: to.cases.decide(by(to, application, HEAD, request_id), Outcome.GRANTED, "", ""),
        "decide-001",
        "decide-001",
        "decide-002",
    )
    await office.act(lambda to: to.cases.claim(by(to, application, REVIEWER, "claim-0009"), "", lambda *_: b""))
    for _ in range(3):
        await office.act(lambda to: to.lookups.read(to.street_key(application)))
        await office.act(lambda to: to.lookups.prove(to.street_key(application), date(2016, 3, 4)))


async def returned_and_decided_by_the_district(office: Office, application: UUID) -> None:
    """A matter that the district's system takes, reports on twice, and decides."""
    await office.act(lambda to: to.accept(FORWARDED, application))
    await office.act(lambda to: to.review(application))
    await office.acts(
        lambda to, request_id: to.cases.refer(by(to, application, HEAD, request_id), "同意转报。"),
        "refer-0001",
        "refer-0001",
        "refer-0002",
    )
    await office.settle()

    def progress(to: World) -> Awaitable[object]:
        return put_on_file(to.files, to.reports.progressed(to.leg_key(application), "progress-1", "审查"), "district")

    def reported(key: str, outcome: Outcome) -> Act:
        def act(to: World) -> Awaitable[object]:
            report = DecisionReport(key, outcome, date(2016, 3, 1))
            return put_on_file(to.files, to.reports.decided(to.leg_key(application), report, "不符合条件"), "district")

        return act

    for _ in range(2):
        await office.act(progress)
    for key, outcome in (("end-1", Outcome.REFUSED), ("end-1", Outcome.REFUSED), ("end-1", Outcome.GRANTED)):
        await office.act(reported(key, outcome))
    await office.settle()
    await office.act(reported("end-2", Outcome.GRANTED))
    await office.act(lambda to: to.stop(application))
    for _ in range(3):
        await office.act(lambda to: to.lookups.read(to.street_key(application)))
        await office.act(lambda to: to.lookups.read(to.leg_key(application)))


async def lived(database: Database, folder: Path, replicas: int) -> list[str]:
    """Everything that so many replicas answered."""
    async with AsyncExitStack() as opened:
        worlds = [await opened.enter_async_context(open_world(database, folder)) for _ in range(replicas)]
        office = Office(worlds)
        office.set(date(2016, 3, 1))
        await decided_at_the_street(office, APPLICATIONS[0])
        office.set(date(2016, 3, 1))
        await returned_and_decided_by_the_district(office, APPLICATIONS[1])
        return office.answers


@pytest.mark.remembers
async def test_three_replicas_in_turns_act_as_one_does(postgres_server: PostgresServer, tmp_path: Path) -> None:
    one, three = (postgres_server.create_database("approval", f"approval_{name}") for name in ("one", "three"))
    alone, together = await lived(one, tmp_path, 1), await lived(three, tmp_path, 3)
    assert together == alone
    assert len(alone) > 40
