"""Days that were kept or broken, as every part of the running office tells them."""

import asyncio
import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from onewindow.approval.v1 import approval_event_pb2 as approval_fact
from onewindow.approval.v1 import approval_service_pb2 as approval
from onewindow.intake.v1 import application_pb2 as application_pb
from onewindow.intake.v1 import intake_event_pb2 as intake_fact
from onewindow.intake.v1 import intake_service_pb2 as intake
from onewindow.metrics.v1 import metrics_service_pb2 as metrics

from law.workdays import state_council
from tests.journeys.office import Office, once, paper
from tests.journeys.test_error_counters import families
from tests.journeys.test_repair import onewindow

pytestmark = pytest.mark.journey
FURTHER_CHILD = "再生育子女审批"
DAY = timedelta(days=1)


async def _decided(office: Office, case_id: str) -> approval.DecideResponse:
    """The matter through its reviews, granted by the head."""
    calls = office.desks.approval
    for _ in range(2):
        await office.call("reviewer", calls.Claim, approval.ClaimRequest(request_id=once(), case_id=case_id))
        agree = approval.CompleteStepRequest(
            request_id=once(), case_id=case_id, opinion=approval_fact.OPINION_AGREE, remark="同意"
        )
        await office.call("reviewer", calls.CompleteStep, agree)
    decide = approval.DecideRequest(request_id=once(), case_id=case_id, outcome=approval_fact.OUTCOME_GRANTED)
    decided: approval.DecideResponse = await office.call("head", calls.Decide, decide)
    return decided


async def _closed_today(office: Office) -> Mapping[str, float]:
    """What Prometheus reads of the matters closed today, by how they were closed."""
    address = str(office.stack.status()["services"]["metrics"]["metrics"])
    closed = (await asyncio.to_thread(families, address))["onewindow_matters_closed"]
    samples = [sample for sample in closed.samples if sample.labels["period"] == "today"]
    return {
        result: sum(each.value for each in samples if each.labels["result"] == result)
        for result in {each.labels["result"] for each in samples}
    }


async def _reported(office: Office) -> Mapping[str, tuple[int, int]]:
    """Numerator and denominator of both rates of punctuality for the day, as the call and as the command have them."""
    day = office.clock.now().date().isoformat()
    request = metrics.GetReportRequest(kind=metrics.PERIOD_KIND_DAY, period=day)
    answer = await office.call("supervisor", office.desks.metrics.GetReport, request)
    by_call = {each.code: (each.numerator, each.denominator) for each in answer.indicators}
    ran = await asyncio.to_thread(onewindow, office.stack, "report", "day", day, "--format", "json")
    assert ran.returncode == 0, ran.stderr
    listed = json.loads(ran.stdout)["indicators"]
    printed: Mapping[str, Any] = listed if isinstance(listed, dict) else {each["code"]: each for each in listed}
    for code, (numerator, denominator) in by_call.items():
        assert (printed[code]["numerator"], printed[code]["denominator"]) == (numerator, denominator), code
    return {code: by_call[code] for code in ("on_time", "early")}


async def _behind(office: Office, indicator: str, side: "metrics.Side.ValueType") -> set[str]:
    """Numbers of the matters of the day on one side of a rate."""
    request = metrics.ListCasesBehindRequest(
        kind=metrics.PERIOD_KIND_DAY,
        period=office.clock.now().date().isoformat(),
        indicator=indicator,
        side=side,
        page_size=200,
    )
    answer = await office.call("supervisor", office.desks.metrics.ListCasesBehind, request)
    return {matter.number for matter in answer.matters}


async def test_a_matter_decided_after_an_extended_broken_promise_is_late_wherever_it_is_told(office: Office) -> None:
    calls, calendar = office.desks.approval, state_council()
    kept, broken = await office.accepted(FURTHER_CHILD), await office.accepted(FURTHER_CHILD)
    await office.rest()
    extend = approval.ExtendRequest(request_id=once(), case_id=kept.case_id, days=10, reason="案情复杂，需要核实。")
    moved = await office.call("head", calls.Extend, extend)
    assert moved.promised_due_on > kept.promised_due_on
    await office.advance(str(calendar.nth(date.fromisoformat(broken.promised_due_on), 1)))
    extend = approval.ExtendRequest(request_id=once(), case_id=broken.case_id, days=10, reason="案情复杂，需要核实。")
    extended = await office.call("head", calls.Extend, extend)
    assert extended.promised_due_on == broken.promised_due_on, "an extension mends no broken promise"
    assert extended.legal_due_on > broken.legal_due_on
    await office.rest()

    closed, reported = await _closed_today(office), await _reported(office)
    in_time = await _decided(office, kept.case_id)
    late = await _decided(office, broken.case_id)
    assert (in_time.on_time, late.on_time) == (True, False)
    await office.rest()

    for accepted, on_time in ((kept, True), (broken, False)):
        case = await office.call("head", calls.GetCase, approval.GetCaseRequest(case_id=accepted.case_id))
        assert case.case.on_time is on_time
        request = application_pb.GetApplicationRequest(number=accepted.number)
        read = await office.call("clerk", office.desks.intake.GetApplication, request)
        assert read.application.outcome == "granted"
        figures = "select on_time from {} where number = $1"
        for database, view in (("intake", "figures"), ("approval", "figures"), ("metrics", "matter_figures")):
            (row,) = await office.rows(database, figures.format(view), accepted.number)
            assert row["on_time"] is on_time, database
        assert (accepted.number in await _behind(office, "on_time", metrics.SIDE_NUMERATOR)) is on_time
        assert (accepted.number in await _behind(office, "on_time", metrics.SIDE_REST)) is not on_time
    early = (await office.rows("approval", "select early from figures where number = $1", broken.number))[0]["early"]
    assert not early
    assert broken.number not in await _behind(office, "early", metrics.SIDE_NUMERATOR)

    now = await _reported(office)
    assert now["on_time"] == (reported["on_time"][0] + 1, reported["on_time"][1] + 2)
    assert now["early"][1] == reported["early"][1] + 2
    expected = closed.get("late", 0) + 1
    async with asyncio.timeout(60):
        while (await _closed_today(office)).get("late") != expected:
            await asyncio.sleep(0.5)


def _two_plain_weeks(friday: date) -> bool:
    """True when holidays and make-up days leave the eleven days after a Friday alone."""
    days = [friday + n * DAY for n in range(12)]
    return all(state_council().works(on) is (on.weekday() < 5) for on in days)


async def test_papers_of_a_saturday_give_mondays_day_however_the_matter_is_accepted(office: Office) -> None:
    calls = office.desks.intake
    days = (office.clock.now().date() + n * DAY for n in range(1, 100))
    friday = next(on for on in days if on.weekday() == 4 and _two_plain_weeks(on))
    await office.advance(str(friday))
    item = office.items[FURTHER_CHILD]
    code = next(material.code for material in item.materials if material.required and not material.deferrable)
    clicked, deemed = [(await office.submitted(FURTHER_CHILD, without=code)).application_id for _ in range(2)]
    for matter in (clicked, deemed):
        demand = intake.RequestCorrectionRequest(
            request_id=once(),
            application_id=matter,
            shortfalls=[intake.ShortfallInput(material_code=code, defect="缺少原件")],
        )
        await office.call("clerk", calls.RequestCorrection, demand)
    await office.advance(str(friday + DAY))
    for matter in (clicked, deemed):
        supply = intake.SupplyCorrectionRequest(request_id=once(), application_id=matter, materials=[paper(code)])
        assert (await office.call("clerk", calls.SupplyCorrection, supply)).received_on == str(friday + 3 * DAY)
    await office.advance(str(friday + 6 * DAY))
    await office.call("clerk", calls.Accept, intake.AcceptRequest(request_id=once(), application_id=clicked))
    await office.advance(str(friday + 11 * DAY))

    told = []
    for matter in (clicked, deemed):
        request = application_pb.GetApplicationRequest(application_id=matter)
        read = (await office.call("clerk", calls.GetApplication, request)).application
        case = (await office.rows("approval", "select * from case_file where number = $1", read.number))[0]
        shown = (await office.rows("metrics", "select * from matter where number = $1", read.number))[0]
        dates = read.accepted_on, read.promised_due_on, read.legal_due_on
        assert (read.accepted_on, str(shown["accepted_on"])) == (str(friday + 3 * DAY),) * 2
        for row in (case, shown):
            assert (str(row["promised_due_on"]), str(row["legal_due_on"])) == dates[1:]
        told.append((*dates, str(case["warn_on"]), str(case["yellow_on"]), str(case["red_on"])))
        expected = (
            intake_fact.ACCEPTANCE_GROUND_CORRECTED if matter == clicked else intake_fact.ACCEPTANCE_GROUND_DEEMED
        )
        assert read.ground == expected
    assert told[0] == told[1], "the click of Thursday and the silence of the office give the same days"
