"""A report that contradicts what is on file is answered by the same name, pushed or pulled, and never dropped."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from onewindow.approval.v1.approval_event_pb2 import OUTCOME_GRANTED
from onewindow.district.v1 import district_service_pb2 as pb
from structlog.testing import capture_logs

from chassis.rpc.channel import RotatingChannel
from law.not_allowed import NotAllowed
from services.approval.domain.case.facts import Outcome
from services.approval.handoff.adapters.client import DistrictClient
from services.approval.handoff.adapters.puller import Puller
from services.approval.handoff.domain.district_decide import DecisionReport
from services.approval.handoff.usecases import put_on_file
from tests.service.approval.district_system import DistrictSystem, open_system
from tests.service.approval.office import World
from tests.service.approval.reference import puller_of
from tests.service.approval.test_reports import change, push
from tests.unit.approval.matters import ACCEPTED_ON, FORWARDED, RESIDENCE

pytestmark = pytest.mark.integration

ON = ACCEPTED_ON
REASONS = "材料不清。"
NEVER = date(9999, 12, 31)

DECIDED: dict[str, Any] = {"stage": pb.DISTRICT_STAGE_DECIDED, "outcome": OUTCOME_GRANTED}
REPORTS: dict[str, dict[str, Any]] = {
    "granted": DECIDED | {"decided_on": ON.isoformat()},
    "granted with reasons": DECIDED | {"decided_on": ON.isoformat(), "reasons": REASONS},
    "granted on a day that never comes": DECIDED | {"decided_on": NEVER.isoformat()},
    "granted before the referral": DECIDED | {"decided_on": "2016-02-29"},
    "returned": {"stage": pb.DISTRICT_STAGE_RETURNED, "reasons": REASONS},
    "returned for other reasons": {"stage": pb.DISTRICT_STAGE_RETURNED, "reasons": "不属本区。"},
}
IMPOSSIBLE = ("granted on a day that never comes", "granted before the referral")
ANSWERS = {
    "granted": {"granted": "", "granted with reasons": "DecidedOtherwise", "returned": "AlreadyDecided"},
    "returned": {"granted": "AlreadyReturned", "returned": "", "returned for other reasons": "ReturnedOtherwise"},
    "withdrawn": {"granted": "AlreadyWithdrawn", "returned": "AlreadyWithdrawn"},
}
"""By the end on file and the report, the refusal; empty for a repeat."""
ROWS = [
    pytest.param(ending, report, refusal, id=f"{report}, {ending} before")
    for ending, answers in ANSWERS.items()
    for report, refusal in (answers | dict.fromkeys(IMPOSSIBLE, "DecisionDateImpossible")).items()
]


@pytest.fixture
async def listing(world: World) -> AsyncIterator[tuple[DistrictSystem, Puller]]:
    """A district system, and the puller that reads its list."""
    served = DistrictSystem()
    server, address = await open_system(served)
    client = DistrictClient(RotatingChannel(address, None, []), 5.0, None)
    yield served, puller_of(world, client)
    await client.close()
    await server.stop(None)


async def ended(world: World, ending: str, item: object) -> UUID:
    """A matter whose leg at the district's system has ended in this way."""
    application = await world.refer(item)  # type: ignore[arg-type] # an item, listed as a parameter
    match ending:
        case "granted":
            await push(world, application, DecisionReport(f"first:{application}", Outcome.GRANTED, ON))
        case "returned":
            told = world.reports.returned(world.leg_key(application), f"first:{application}", REASONS)
            await put_on_file(world.files, told, "district-system")
        case "withdrawn":
            await world.stop(application)
    await world.settle()
    return application


async def pushed(world: World, application: UUID, report: dict[str, Any]) -> None:
    """The district's system sends the report. Raises its refusal."""
    leg, reasons = world.leg_key(application), str(report.get("reasons", ""))
    if report["stage"] == pb.DISTRICT_STAGE_RETURNED:
        told = world.reports.returned(leg, f"second:{application}", reasons)
    else:
        decided_on = date.fromisoformat(str(report["decided_on"]))
        told = world.reports.decided(leg, DecisionReport(f"second:{application}", Outcome.GRANTED, decided_on), reasons)
    await put_on_file(world.files, told, "district-system")


@pytest.mark.parametrize("item", [FORWARDED, RESIDENCE], ids=["closed by the referral", "waits for the decision"])
@pytest.mark.parametrize(("ending", "report", "refusal"), ROWS)
async def test_a_second_report_is_a_repeat_or_refused_by_name(
    world: World, listing: tuple[DistrictSystem, Puller], item: object, ending: str, report: str, refusal: str
) -> None:
    application = await ended(world, ending, item)
    before = await world.kinds(world.leg_key(application)), await world.kinds(world.street_key(application))
    try:
        await pushed(world, application, REPORTS[report])
    except NotAllowed as refused:
        assert type(refused).__name__ == refusal
        assert refused.field in ("", "outcome", "decided_on", "reasons")
    else:
        assert refusal == ""
    listing[0].changes.append(
        change(world, application, f"listed:{application}"[:64], received_on="", **REPORTS[report])
    )
    with capture_logs() as lines:
        await asyncio.wait_for(listing[1].pull(), 10)
    assert [line["reason"] for line in lines if line["event"] == "district_change_refused"] == [refusal] * bool(refusal)
    await world.settle()
    assert (await world.kinds(world.leg_key(application)), await world.kinds(world.street_key(application))) == before
