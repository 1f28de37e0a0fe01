"""DistrictGatewayService over a store in memory: each report counts once, pushed alone or in a batch."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from onewindow.approval.v1 import approval_event_pb2 as event_pb2
from onewindow.approval.v1 import district_gateway_service_pb2 as pb

from chassis.event_store import FileKey, Loaded
from chassis.refusals import Invalid, NotFound, RequestIdReused
from law.not_allowed import NotAllowed, WrongDesk
from services.approval.domain.case.facts import Outcome
from services.approval.domain.case.state import CaseClosing
from services.approval.handoff.domain.acknowledge import Acknowledgement
from services.approval.handoff.domain.district_decide import (
    DecidedOtherwise,
    DecisionReport,
    DistrictReasonsMissing,
)
from services.approval.handoff.domain.return_case import ReturnReasonsMissing
from services.approval.handoff.usecases import DistrictReports, OtherDestination, ReportOnLeg, put_many_on_file
from tests.unit.approval.matters import CALENDAR, FORWARDED
from tests.unit.approval.memory_office import DISTRICT_SYSTEM, STREET, Digests, MemoryOffice

GRANTED, REFUSED = event_pb2.OUTCOME_GRANTED, event_pb2.OUTCOME_REFUSED
ON = date(2016, 3, 14)


@pytest.fixture
async def office() -> MemoryOffice:
    """An office on Monday 14 March 2016."""
    found = MemoryOffice()
    found.at(ON)
    return found


@pytest.fixture
async def leg(office: MemoryOffice) -> FileKey:
    """A leg at the district's system."""
    return await office.handed_over(FORWARDED)


def decision(
    leg: FileKey, key: str = "report-01", outcome: Any = GRANTED, reasons: str = ""
) -> pb.ReportDecisionRequest:
    """A decision of today."""
    return pb.ReportDecisionRequest(
        report_key=key, case_id=str(leg.file_id), outcome=outcome, decided_on=ON.isoformat(), reasons=reasons
    )


async def report(office: MemoryOffice, method: str, request: Any) -> Any:
    """The answer to a report of the district's system."""
    return await office.call(getattr(office.gateway, method), DISTRICT_SYSTEM, request)


@pytest.mark.parametrize(
    ("destinations", "refusal"),
    [
        (None, OtherDestination),
        (frozenset({"elsewhere"}), OtherDestination),
        (frozenset({FORWARDED.refers_to, "elsewhere"}), None),
    ],
)
async def test_another_system_reports_on_referrals_to_its_own_destinations_alone(
    office: MemoryOffice, leg: FileKey, destinations: frozenset[str] | None, refusal: type[Exception] | None
) -> None:
    other = replace(DISTRICT_SYSTEM, subject="hz-other", destinations=destinations)
    if refusal is None:
        assert (await office.call(office.gateway.ReportDecision, other, decision(leg))).revision
        return
    with pytest.raises(refusal) as refused:
        await office.call(office.gateway.ReportDecision, other, decision(leg))
    assert getattr(refused.value, "field", "") == "case_id"


async def test_a_system_of_a_street_reports_on_nothing(office: MemoryOffice, leg: FileKey) -> None:
    with pytest.raises(WrongDesk):
        await office.call(
            office.gateway.ReportDecision, replace(DISTRICT_SYSTEM, street=STREET, level="STREET"), decision(leg)
        )


async def test_the_report_keys_of_two_systems_are_their_own(office: MemoryOffice, leg: FileKey) -> None:
    other = replace(DISTRICT_SYSTEM, subject="hz-other", destinations=frozenset({FORWARDED.refers_to}))
    progressed = pb.ReportProgressRequest(report_key="report-01", case_id=str(leg.file_id), stage="REVIEWING")
    await report(office, "ReportProgress", progressed)
    answer = await office.call(
        office.gateway.ReturnCase,
        other,
        pb.ReturnCaseRequest(report_key=progressed.report_key, case_id=str(leg.file_id), reasons="材料不全"),
    )
    assert answer.revision == 3


async def test_a_decision_closes_the_leg(office: MemoryOffice, leg: FileKey) -> None:
    answer = await report(office, "ReportDecision", decision(leg))
    assert (answer.revision, answer.position) == (2, f"approval/440105/440105000/{leg.file_id}/2")
    assert (await office.state(leg)).closing is CaseClosing.GRANTED


async def test_a_repeated_report_gets_the_first_answer(office: MemoryOffice, leg: FileKey) -> None:
    first = await report(office, "ReportDecision", decision(leg))
    assert await report(office, "ReportDecision", decision(leg)) == first
    assert office.kinds(leg) == ["case_opened", "district_decided"]


async def test_the_same_decision_under_another_key_changes_nothing(office: MemoryOffice, leg: FileKey) -> None:
    first = await report(office, "ReportDecision", decision(leg))
    assert (await report(office, "ReportDecision", decision(leg, "report-02"))).revision == first.revision


REPORTS: list[tuple[str, Any, Any, str]] = [
    ("ReportDecision", {"outcome": GRANTED, "decided_on": "2016-03-14"}, {"decided_on": "2016-03-11"}, "report_key"),
    ("ReturnCase", {"reasons": "材料不全"}, {"reasons": "材料过期"}, "report_key"),
    (
        "IssueSupervisionOrder",
        {"content": "请说明", "due_on": "2016-03-18"},
        {"content": "请说明原因"},
        "order_key",
    ),
]


@pytest.mark.parametrize(("method", "content", "other", "field"), REPORTS)
async def test_a_key_with_another_content_is_refused_by_its_field(
    office: MemoryOffice, leg: FileKey, method: str, content: Any, other: Any, field: str
) -> None:
    kind = getattr(pb, f"{method}Request")
    same = {field: "report-01", "case_id": str(leg.file_id)}
    await report(office, method, kind(**same, **content))
    with pytest.raises(RequestIdReused) as refused:
        await report(office, method, kind(**same, **{**content, **other}))
    assert [fault.field for fault in refused.value.fields] == [field]


@pytest.mark.parametrize(
    ("method", "change"),
    [
        ("ReportDecision", {"outcome": GRANTED, "decided_on": "2016-02-30"}),
        ("ReportDecision", {"outcome": GRANTED, "decided_on": "yesterday"}),
        ("IssueSupervisionOrder", {"content": "请说明", "due_on": "2016-13-01"}),
    ],
)
async def test_a_day_that_no_calendar_has_is_refused_by_its_field(
    office: MemoryOffice, leg: FileKey, method: str, change: dict[str, Any]
) -> None:
    key = "order_key" if method == "IssueSupervisionOrder" else "report_key"
    request = getattr(pb, f"{method}Request")(case_id=str(leg.file_id), **{key: "report-01"}, **change)
    with pytest.raises(Invalid) as refused:
        await report(office, method, request)
    assert [fault.field for fault in refused.value.fields] == [next(name for name in change if name.endswith("_on"))]


async def test_a_report_on_an_unknown_leg_is_not_found(office: MemoryOffice) -> None:
    for method, content in [("ReportProgress", {"stage": "REVIEWING"}), ("ReturnCase", {"reasons": "材料不全"})]:
        request = getattr(pb, f"{method}Request")(report_key="report-01", case_id=str(uuid4()), **content)
        with pytest.raises(NotFound):
            await report(office, method, request)


@pytest.mark.parametrize(
    ("method", "content", "refusal"),
    [
        (
            "ReportDecision",
            {"outcome": REFUSED, "decided_on": "2016-03-14", "reasons": " \u3000"},
            DistrictReasonsMissing,
        ),
        ("ReturnCase", {"reasons": "\u200b"}, ReturnReasonsMissing),
    ],
)
async def test_blanks_are_no_reasons(
    office: MemoryOffice, leg: FileKey, method: str, content: Any, refusal: type[NotAllowed]
) -> None:
    request = getattr(pb, f"{method}Request")(report_key="report-01", case_id=str(leg.file_id), **content)
    with pytest.raises(refusal):
        await report(office, method, request)


@pytest.mark.parametrize(
    ("method", "content", "name"),
    [
        (
            "ReportDecision",
            {"outcome": REFUSED, "decided_on": "2016-03-14", "reasons": "不符合条件"},
            "district.reasons",
        ),
        ("ReturnCase", {"reasons": "材料不全"}, "return.1.reasons"),
    ],
)
async def test_what_the_district_writes_lies_in_the_vault_and_in_no_fact(
    office: MemoryOffice, leg: FileKey, method: str, content: Any, name: str
) -> None:
    await report(
        office, method, getattr(pb, f"{method}Request")(report_key="r-000001", case_id=str(leg.file_id), **content)
    )
    stored = await office.files.texts(leg)
    assert {key: text.decode() for key, text in stored.items()} == {name: content["reasons"]}
    assert content["reasons"].encode() not in b"".join(record.body for _, record, _ in office.store.published)


async def test_progress_and_orders_change_no_stage(office: MemoryOffice, leg: FileKey) -> None:
    before = await office.state(leg)
    progressed = pb.ReportProgressRequest(report_key="report-01", case_id=str(leg.file_id), stage="REVIEWING")
    order = pb.IssueSupervisionOrderRequest(
        order_key="order-001", case_id=str(leg.file_id), content="请说明", due_on="2016-03-18"
    )
    assert (await report(office, "ReportProgress", progressed)).revision == 2
    assert (await report(office, "IssueSupervisionOrder", order)).revision == 3
    assert await office.state(leg) == before


async def test_orders_of_several_systems_under_one_key_keep_their_own_texts(office: MemoryOffice, leg: FileKey) -> None:
    contents = {"hz-approval": "请说明原因", "hz-housing": "请补送图纸", "hz-health": "请说明原因"}
    for subject, content in contents.items():
        caller = replace(DISTRICT_SYSTEM, subject=subject, destinations=frozenset({FORWARDED.refers_to}))
        order = pb.IssueSupervisionOrderRequest(
            order_key="order-001", case_id=str(leg.file_id), content=content, due_on="2016-03-18"
        )
        answer = await office.call(office.gateway.IssueSupervisionOrder, caller, order)
        assert await office.call(office.gateway.IssueSupervisionOrder, caller, order) == answer
    texts = await office.files.texts(leg)
    assert [texts[name].decode() for name in sorted(texts) if name.startswith("supervision.")] == list(
        contents.values()
    )


def reports(office: MemoryOffice) -> DistrictReports:
    """Reports as the puller builds them."""
    return DistrictReports(office.clock, Digests())


async def on_leg(office: MemoryOffice, built: Any) -> ReportOnLeg:
    """The report with its leg as it is read now."""
    return ReportOnLeg(built, await office.store.load(built.key, None))


async def test_reports_on_different_legs_are_put_on_file_in_one_batch(office: MemoryOffice) -> None:
    legs = [await office.handed_over(FORWARDED) for _ in range(3)]
    batch = [
        await on_leg(office, reports(office).decided(leg, DecisionReport(f"r-{n}", Outcome.GRANTED, ON), ""))
        for n, leg in enumerate(legs)
    ]
    assert await put_many_on_file(office.files, batch, "hz-approval") == []
    assert [(await office.state(leg)).closing for leg in legs] == [CaseClosing.GRANTED] * 3


async def test_a_report_that_is_refused_goes_alone_and_holds_up_nothing(office: MemoryOffice) -> None:
    legs = [await office.handed_over(FORWARDED) for _ in range(2)]
    await report(office, "ReportDecision", decision(legs[0]))
    contradicting = reports(office).decided(legs[0], DecisionReport("r-9", Outcome.REFUSED, ON), "不符合条件")
    fitting = reports(office).returned(legs[1], "r-8", "材料不全")
    batch = [await on_leg(office, each) for each in (contradicting, fitting)]
    assert await put_many_on_file(office.files, batch, "hz-approval") == [contradicting]
    assert (await office.state(legs[1])).closing is CaseClosing.RETURNED
    with pytest.raises(DecidedOtherwise):
        await office.files.change(contradicting.key, contradicting.cause, contradicting.decide, actor="hz-approval")


async def test_a_report_on_a_leg_that_has_moved_on_goes_alone(office: MemoryOffice, leg: FileKey) -> None:
    stale = await on_leg(office, reports(office).progressed(leg, "r-1", "REVIEWING"))
    await report(office, "ReportDecision", decision(leg))
    assert await put_many_on_file(office.files, [stale], "hz-approval") == [stale.report]


async def test_a_report_that_is_on_file_already_needs_nothing(office: MemoryOffice, leg: FileKey) -> None:
    first = reports(office).returned(leg, "r-1", "材料不全")
    await put_many_on_file(office.files, [await on_leg(office, first)], "hz-approval")
    again = reports(office).returned(leg, "r-2", "材料不全")
    assert await put_many_on_file(office.files, [await on_leg(office, again)], "hz-approval") == []
    assert office.kinds(leg) == ["case_opened", "case_returned"]


async def test_a_batch_without_a_report_writes_nothing(office: MemoryOffice) -> None:
    assert await put_many_on_file(office.files, [], "hz-approval") == []
    unknown = reports(office).progressed(FileKey("440105", "440105000", uuid4()), "r-1", "REVIEWING")
    alone = await put_many_on_file(office.files, [ReportOnLeg(unknown, Loaded(0))], "hz-approval")
    assert alone == [unknown]
    assert office.store.published == []


async def test_a_receipt_and_a_second_one_after_a_loss_are_different_reports(
    office: MemoryOffice, leg: FileKey
) -> None:
    first = reports(office).acknowledged(leg, Acknowledgement("Q-1", ON), CALENDAR)
    second = reports(office).acknowledged_again(leg, Acknowledgement("Q-2", ON), 2)
    for each in (first, second, first, second):
        await office.files.change(each.key, each.cause, each.decide, actor="hz-approval")
    assert office.kinds(leg) == ["case_opened", "handoff_acknowledged", "handoff_acknowledged"]
    assert (await office.state(leg)).referral.district_number == "Q-2"
