"""Pushed or pulled, a report of the district counts once, and whichever comes first counts."""

from collections.abc import AsyncIterator
from datetime import date
from typing import TypeAlias
from uuid import UUID, uuid4

import pytest
from onewindow.approval.v1.approval_event_pb2 import OUTCOME_GRANTED, OUTCOME_REFUSED
from onewindow.district.v1 import district_service_pb2 as pb

from chassis.event_store import FileKey
from chassis.refusals import NotFound, RequestIdReused
from chassis.rpc.channel import RotatingChannel
from services.approval.domain.case.facts import Outcome, SpecialProcedure
from services.approval.domain.case.stages import AlreadyWithdrawn
from services.approval.domain.case.state import CaseClosing
from services.approval.handoff.adapters.client import DistrictClient, DistrictUnreachable
from services.approval.handoff.adapters.puller import Puller
from services.approval.handoff.domain.district_clock import ExtensionReport, PauseReport
from services.approval.handoff.domain.district_decide import DecidedOtherwise, DecisionReport
from services.approval.handoff.usecases import put_on_file
from services.approval.usecases.case import ChangedCase
from tests.service.approval.district_system import DistrictSystem, open_system
from tests.service.approval.office import World
from tests.service.approval.reference import puller_of
from tests.support.ledger import cached
from tests.unit.approval.matters import ACCEPTED_ON, FORWARDED, RESIDENCE

pytestmark = pytest.mark.integration

ON = ACCEPTED_ON


SystemAndClient: TypeAlias = tuple[DistrictSystem, DistrictClient]


@pytest.fixture
async def system() -> AsyncIterator[SystemAndClient]:
    """A district system and a client of it."""
    served = DistrictSystem()
    server, address = await open_system(served)
    client = DistrictClient(RotatingChannel(address, None, []), 5.0, None)
    yield served, client
    await client.close()
    await server.stop(None)


@pytest.fixture
def puller(world: World, system: SystemAndClient) -> Puller:
    """Reads the changes of that system."""
    return puller_of(world, system[1])


def change(world: World, application: UUID, key: str, **told: object) -> pb.DistrictCase:
    """One entry of the district's list."""
    leg_id = str(world.leg_key(application).file_id)
    whole = {"key": leg_id, "case_id": leg_id, "report_key": key, "district_number": "Q-1", "received_on": "2016-03-01"}
    return pb.DistrictCase(**{**whole, **told})  # type: ignore[arg-type] # fields by name


def granted(world: World, application: UUID, key: str) -> pb.DistrictCase:
    """The entry of a grant."""
    stage = pb.DISTRICT_STAGE_DECIDED
    return change(world, application, key, stage=stage, outcome=OUTCOME_GRANTED, decided_on="2016-03-01")


async def progressed(world: World, leg: FileKey, stage: str) -> ChangedCase:
    """The district reports a stage."""
    return await put_on_file(world.files, world.reports.progressed(leg, "report-1", stage), "district-system")


async def push(world: World, application: UUID, report: DecisionReport, reasons: str = "") -> ChangedCase:
    """The district reports a decision."""
    told = world.reports.decided(world.leg_key(application), report, reasons)
    return await put_on_file(world.files, told, "district-system")


async def test_a_report_that_never_came_is_found(world: World, system: SystemAndClient, puller: Puller) -> None:
    application = await world.refer(RESIDENCE)
    system[0].changes.append(granted(world, application, "report-1"))
    await puller.pull()
    seen = cached(world.files, world.leg_key(application))
    assert seen is not None, "what was pulled is remembered like what was pushed"
    assert seen.closing is CaseClosing.GRANTED
    await world.settle()
    assert (await world.street(application)).closing is CaseClosing.GRANTED
    assert (await world.district(application)).referral.district_number == "Q-1"
    assert await world.value("select state from handoff") == "done"


async def test_a_change_is_read_once(world: World, system: SystemAndClient, puller: Puller) -> None:
    application = await world.refer(RESIDENCE)
    system[0].changes.append(change(world, application, "report-1", stage=pb.DISTRICT_STAGE_REVIEWING))
    system[0].changes.append(granted(world, application, "report-2"))
    await puller.pull()
    await puller.pull()
    assert system[0].cursors == ["", "1", "2"]
    assert (await world.kinds(world.leg_key(application))).count("district_decided") == 1


@pytest.mark.parametrize("pushed_first", [True, False])
async def test_a_push_and_a_pull_of_one_report_count_once(
    world: World, system: SystemAndClient, puller: Puller, pushed_first: bool
) -> None:
    application = await world.refer(RESIDENCE)
    system[0].changes.append(granted(world, application, "report-1"))
    report = DecisionReport("report-1", Outcome.GRANTED, ON)
    first = await push(world, application, report) if pushed_first else None
    await puller.pull()
    again = await push(world, application, report)
    assert again.replayed
    assert first is None or again.position == first.position
    assert (await world.kinds(world.leg_key(application))).count("district_decided") == 1


@pytest.mark.parametrize("pushed_first", [True, False])
async def test_the_districts_clock_moves_both_legs_by_its_own_days(
    world: World, system: SystemAndClient, puller: Puller, pushed_first: bool
) -> None:
    """Referred on 1 March; three working days stood and five more, reported on the 20th of April, pushed and listed."""
    application, reports = await world.refer(RESIDENCE), world.reports
    leg = world.leg_key(application)
    world.clock.set(date(2016, 4, 20))
    begun = PauseReport(SpecialProcedure.APPRAISAL, date(2016, 3, 10))
    extension, calendar = ExtensionReport(5, date(2016, 3, 15)), await world.calendars.current()
    entry = change(world, application, "report-1", stage=pb.DISTRICT_STAGE_RECEIVED)
    entry.pauses.add(report_key="pause-001", procedure=3, first_on="2016-03-10", reason="需要鉴定。")
    entry.pauses[0].end_report_key, entry.pauses[0].last_on = "pause-001-end", "2016-03-14"
    entry.extension.report_key, entry.extension.days, entry.extension.decided_on = "extension-001", 5, "2016-03-15"
    system[0].changes.append(entry)
    pushed = [
        reports.paused(leg, "pause-001", begun, "需要鉴定。", calendar),
        reports.resumed(leg, "pause-001-end", date(2016, 3, 14), calendar),
        reports.extended(leg, "extension-001", extension, "", calendar),
    ]
    for each in pushed if pushed_first else ():
        await put_on_file(world.files, each, "district-system")
    await puller.pull()
    for each in pushed:
        assert (await put_on_file(world.files, each, "district-system")).replayed
    await world.settle()
    rows = await world.worker.fetch("select promised_due_on, legal_due_on from case_file order by leg")
    assert [tuple(row) for row in rows] == [(date(2016, 3, 25), date(2016, 4, 1))] * 2
    kinds = ["term_paused", "term_resumed", "term_extended"]
    assert [kind for kind in await world.kinds(world.street_key(application)) if kind in kinds] == kinds
    assert (await world.files.texts(leg))["district.pause.1.reason"].decode() == "需要鉴定。"
    assert "district.pause.1.reason" not in await world.files.texts(world.street_key(application))


@pytest.mark.parametrize("pushed_first", [True, False])
async def test_a_return_counts_on_its_own_day_pushed_and_pulled(
    world: World, system: SystemAndClient, puller: Puller, pushed_first: bool
) -> None:
    application, on = await world.refer(RESIDENCE), date(2016, 3, 4)
    world.clock.set(date(2016, 3, 9))
    listed = {"stage": pb.DISTRICT_STAGE_RETURNED, "reasons": "材料不清。", "returned_on": on.isoformat()}
    system[0].changes.append(change(world, application, "report-1", **listed))
    told = world.reports.returned(world.leg_key(application), "report-1", "材料不清。", on)
    if pushed_first:
        await put_on_file(world.files, told, "district-system")
    await puller.pull()
    assert (await put_on_file(world.files, told, "district-system")).replayed
    await world.settle()
    assert (await world.district(application)).closed_on == on
    assert (await world.kinds(world.street_key(application))).count("case_returned") == 1
    assert (await world.street(application)).stage == "RETURNED"


async def test_a_repeated_report_gets_the_first_answer(world: World) -> None:
    application = await world.refer(RESIDENCE)
    report = DecisionReport("report-1", Outcome.GRANTED, ON)
    first, again = await push(world, application, report), await push(world, application, report)
    assert (again.revision, again.position, again.replayed) == (first.revision, first.position, True)


async def test_the_same_key_with_another_content_is_refused(world: World) -> None:
    application = await world.refer(RESIDENCE)
    await push(world, application, DecisionReport("report-1", Outcome.GRANTED, ON))
    with pytest.raises(RequestIdReused):
        await push(world, application, DecisionReport("report-1", Outcome.REFUSED, ON), "不符合条件。")


async def test_another_stage_under_the_key_of_a_reported_one_is_refused(world: World) -> None:
    leg = world.leg_key(await world.refer(RESIDENCE))
    first, again = [await progressed(world, leg, "SITE_CHECK") for _ in range(2)]
    assert (again.revision, again.position, again.replayed) == (first.revision, first.position, True)
    with pytest.raises(RequestIdReused):
        await progressed(world, leg, "EXPERT_REVIEW")
    assert (await world.kinds(leg)).count("district_progressed") == 1


@pytest.mark.parametrize("pushed_first", [True, False])
async def test_a_pull_names_no_stage_and_is_a_repeat_of_any(
    world: World, system: SystemAndClient, puller: Puller, pushed_first: bool
) -> None:
    application = await world.refer(RESIDENCE)
    leg = world.leg_key(application)
    system[0].changes.append(change(world, application, "report-1", stage=pb.DISTRICT_STAGE_REVIEWING))
    if pushed_first:
        await progressed(world, leg, "SITE_CHECK")
    await puller.pull()
    assert (await progressed(world, leg, "SITE_CHECK")).replayed
    assert (await world.kinds(leg)).count("district_progressed") == 1


async def test_another_decision_is_refused_by_name(world: World) -> None:
    application = await world.refer(RESIDENCE)
    await push(world, application, DecisionReport("report-1", Outcome.GRANTED, ON))
    with pytest.raises(DecidedOtherwise):
        await push(world, application, DecisionReport("report-2", Outcome.REFUSED, ON), "不符合条件。")


async def test_a_decision_on_a_withdrawn_leg_is_refused_by_name(world: World) -> None:
    application = await world.refer(RESIDENCE)
    await world.stop(application)
    await world.settle()
    with pytest.raises(AlreadyWithdrawn):
        await push(world, application, DecisionReport("report-1", Outcome.GRANTED, ON))


async def test_reports_that_come_in_the_wrong_order_end_alike(world: World) -> None:
    application = await world.refer(FORWARDED)
    await push(world, application, DecisionReport("report-2", Outcome.GRANTED, ON))
    late = world.reports.progressed(world.leg_key(application), "report-1", "REVIEWING")
    assert (await put_on_file(world.files, late, "district-system")).revision == 3
    assert (await world.district(application)).closing is CaseClosing.GRANTED


async def test_a_report_on_an_unknown_leg_is_not_found(world: World) -> None:
    application = await world.accept()
    with pytest.raises(NotFound):
        await push(world, application, DecisionReport("report-1", Outcome.GRANTED, ON))


async def test_a_change_that_contradicts_what_is_on_file_holds_up_nothing(
    world: World, system: SystemAndClient, puller: Puller
) -> None:
    first, second = await world.refer(RESIDENCE), await world.refer(RESIDENCE)
    await push(world, first, DecisionReport("report-1", Outcome.GRANTED, ON))
    refused = {"stage": pb.DISTRICT_STAGE_DECIDED, "outcome": OUTCOME_REFUSED, "reasons": "不符合。"}
    system[0].changes.append(change(world, first, "report-2", decided_on="2016-03-01", **refused))
    system[0].changes.append(change(world, first, "report-3", decided_on="yesterday", **refused))
    system[0].changes.append(change(world, second, "report-4", stage=pb.DISTRICT_STAGE_RETURNED, reasons="材料不清。"))
    await puller.pull()
    assert (await world.district(first)).closing is CaseClosing.GRANTED
    assert (await world.district(second)).closing is CaseClosing.RETURNED
    assert await world.value("select cursor from pull_cursor") == "3"


async def test_a_page_is_taken_whole_each_leg_in_the_order_of_its_changes(
    world: World, system: SystemAndClient, puller: Puller
) -> None:
    first, second, third = [await world.refer(RESIDENCE) for _ in range(3)]
    await push(world, third, DecisionReport("report-5", Outcome.GRANTED, ON))
    system[0].page = 10
    system[0].changes += [
        change(world, first, "report-1", stage=pb.DISTRICT_STAGE_REVIEWING),
        change(world, second, "report-2", stage=pb.DISTRICT_STAGE_RETURNED, reasons="材料不清。"),
        granted(world, first, "report-3"),
        granted(world, second, "report-4"),
        granted(world, third, "report-5"),
        change(world, uuid4(), "report-6"),
        change(world, uuid4(), "report-7", case_id="no id"),
        change(world, second, "report-8", case_id=world.leg_key(second).file_id.hex.upper()),
    ]
    await puller.pull()
    assert await world.kinds(world.leg_key(first)) == [
        "case_opened",
        "handoff_acknowledged",
        "district_progressed",
        "district_decided",
    ]
    assert (await world.district(second)).closing is CaseClosing.RETURNED
    assert await world.kinds(world.leg_key(third)) == ["case_opened", "district_decided"]
    assert await world.value("select count(*) from handoff where state = 'done'") == 3
    again = await push(world, first, DecisionReport("report-3", Outcome.GRANTED, ON))
    assert again.replayed


async def test_a_district_that_is_away_keeps_the_cursor_where_it_was(world: World) -> None:
    client = DistrictClient(RotatingChannel("127.0.0.1:1", None, []), 0.3, None)
    with pytest.raises(DistrictUnreachable):
        await puller_of(world, client).pull()
    await client.close()
    assert await world.value("select count(*) from pull_cursor") == 0


async def test_reasons_lie_in_the_vault_and_nowhere_else(world: World) -> None:
    application = await world.refer(RESIDENCE)
    await push(world, application, DecisionReport("report-1", Outcome.REFUSED, date(2016, 3, 1)), "收入超过标准。")
    texts = await world.files.texts(world.leg_key(application))
    assert texts["district.reasons"].decode() == "收入超过标准。"
    bodies = await world.worker.fetch("select body from fact")
    assert not any("收入超过标准".encode() in row["body"] for row in bodies)
