"""Events of intake and approval as stages, items and holidays."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from chassis.event_store import FileKey
from chassis.inbox import InboxEvent
from law.desk import Place
from protocol.event_headers import WrongEvent, fact_kinds
from services.notify.adapters.matter import project_approval, project_intake
from services.notify.adapters.matter.project_intake import Projected, PublishedHolidays
from services.notify.domain.stage_reports import (
    AcceptanceStage,
    CorrectionStage,
    DecisionStage,
    ExtensionStage,
    LateWithdrawalStage,
    NonAcceptanceStage,
    PauseStage,
    Phase,
    PublishedItem,
    ReferralStage,
    ResumptionStage,
    ReturnStage,
    Stage,
    StageReport,
    SubmissionStage,
    WithdrawalStage,
)
from tests.support.ledger import DISTRICT, MORNING, STREET
from tests.unit.notify.matter_events import ITEM, MatterEvents, calendar_event

PROJECTIONS: dict[str, Callable[[InboxEvent], Projected | None]] = {
    "intake": project_intake.project_intake,
    "approval": project_approval.project_approval,
}


def projected(event: InboxEvent) -> Projected | None:
    return PROJECTIONS[event.source](event)


def report(event: InboxEvent) -> StageReport:
    found = projected(event)
    assert isinstance(found, StageReport)
    return found


@pytest.mark.parametrize(
    ("event", "stage"),
    [
        (MatterEvents.submitted, SubmissionStage(ITEM, 1)),
        (MatterEvents.correction_requested, CorrectionStage(2, date(2016, 3, 31), "440105008告〔2016〕0001号")),
        (
            partial(MatterEvents.correction_requested, supplement=2),
            CorrectionStage(2, date(2016, 3, 31), "440105008告〔2016〕0001号", supplement=2),
        ),
        (MatterEvents.declined, NonAcceptanceStage("440105008不受〔2016〕0001号")),
        (MatterEvents.withdrawn, WithdrawalStage()),
        (MatterEvents.referred, ReferralStage("区住房保障部门")),
        (MatterEvents.paused, PauseStage("听证", 10)),
        (MatterEvents.paused_until, PauseStage("公示", 10, date(2016, 3, 21), True)),
        (MatterEvents.resumed, ResumptionStage("听证", date(2016, 3, 30), True)),
        (MatterEvents.returned, ReturnStage(date(2016, 3, 30), False, False)),
        (partial(MatterEvents.returned, provisional=True), ReturnStage(date(2016, 3, 30), True, False)),
        (partial(MatterEvents.returned, broken=True), ReturnStage(date(2016, 3, 30), False, True)),
        (partial(MatterEvents.returned, promised_due_on="2016-03-10"), ReturnStage(date(2016, 3, 10), False, False)),
        (partial(MatterEvents.returned, promised_due_on="2016-03-09"), ReturnStage(date(2016, 4, 13), False, True)),
        (MatterEvents.extended, ExtensionStage(5, date(2016, 3, 29))),
        (
            MatterEvents.extended_jointly,
            ExtensionStage(15, date(2016, 4, 6), approved_by="海珠区人民政府", approval_number="海珠府函〔2016〕12号"),
        ),
        (MatterEvents.decided, DecisionStage("granted", date(2016, 3, 1))),
        (MatterEvents.case_withdrawn, WithdrawalStage(date(2016, 3, 1))),
        (MatterEvents.withdrawal_too_late, LateWithdrawalStage(date(2016, 2, 29))),
    ],
)
def test_each_event_reports_its_stage(event: Callable[[MatterEvents], InboxEvent], stage: Stage) -> None:
    assert report(event(MatterEvents())).stage == stage


def test_a_return_of_a_release_up_to_0_2_0_reports_nothing() -> None:
    assert projected(MatterEvents().returned(dated=False)) is None


def test_a_withdrawal_after_acceptance_is_approvals_to_report() -> None:
    assert project_intake.project_intake(MatterEvents().withdrawn(after_acceptance=True)) is None


def test_an_acceptance_reports_the_item_in_force() -> None:
    stage = report(MatterEvents(item={"sensitive": True}).accepted()).stage
    assert stage == AcceptanceStage(
        item_code=ITEM,
        item_version=1,
        item_name="居住证核发",
        sensitive=True,
        sms=True,
        instant=False,
        receipt=True,
        number=f"{ITEM}201603010007",
        applicant_index="aa",
        promised_due_on=date(2016, 3, 22),
    )


def test_an_instant_item_is_reported_as_such() -> None:
    stage = report(MatterEvents(item={"kind": 1}).accepted()).stage
    assert isinstance(stage, AcceptanceStage) and stage.instant


def test_a_report_carries_matter_place_rank_day_and_instant() -> None:
    matter = MatterEvents()
    found = report(matter.accepted())
    assert (found.application_id, found.place) == (matter.application_id, Place(DISTRICT, STREET))
    assert (found.rank.phase, found.rank.revision) == (Phase.INTAKE, 1)
    assert (found.occurred_on, found.recorded_at) == (MORNING.date(), MORNING)


def test_a_case_is_reported_for_its_application() -> None:
    matter = MatterEvents()
    matter.paused()
    found = report(matter.decided())
    assert (found.application_id, found.rank.phase, found.rank.revision) == (matter.application_id, Phase.APPROVAL, 2)


def test_a_decision_of_the_district_that_closes_the_matter_is_reported_with_its_day() -> None:
    stage = report(MatterEvents().decided_by_district(closes=True)).stage
    assert stage == DecisionStage("refused", date(2016, 2, 29))


@pytest.mark.parametrize(
    "event",
    [MatterEvents().decided_on_the_districts_leg(), MatterEvents().decided_by_district(closes=False)],
    ids=["the district's leg", "a decision that does not close"],
)
def test_an_event_that_does_not_end_the_streets_matter_reports_nothing(event: InboxEvent) -> None:
    assert projected(event) is None


def test_an_unknown_procedure_is_a_special_procedure() -> None:
    stage = report(MatterEvents().paused(procedure=0)).stage
    assert stage == PauseStage("特别程序", 10)


def test_a_published_item_carries_what_messages_and_receipts_need() -> None:
    assert projected(MatterEvents(item={"sms": False}).item_published()) == PublishedItem(
        ITEM, 1, "居住证核发", False, False, materials={"M01": "居民身份证"}
    )


def test_published_holidays_become_a_row_of_the_calendar() -> None:
    assert projected(calendar_event(makeup_days=["2017-01-22"])) == PublishedHolidays(
        district=DISTRICT,
        year=2017,
        number="国办发明电〔2016〕17号",
        days_off=[date(2017, 1, 2)],
        makeup_days=[date(2017, 1, 22)],
        calendar_version="2017-1",
        recorded_at=MORNING.replace(hour=1, tzinfo=None),
    )


@pytest.mark.parametrize("source", PROJECTIONS)
def test_only_kinds_of_the_contract_are_applied(source: str) -> None:
    applied = {"intake": project_intake.APPLIED_KINDS, "approval": project_approval.APPLIED_KINDS}
    assert applied[source] <= set(fact_kinds(source))


@pytest.mark.parametrize("source", PROJECTIONS)
def test_another_kind_is_not_read(source: str) -> None:
    event = InboxEvent(source, MatterEvents().key, 1, UUID(int=1), "ticket_taken", b"no event at all")
    assert projected(event) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "application_declined"},
        {"revision": 2},
        {"event_id": UUID(int=1)},
        {"key": FileKey(DISTRICT, "440105009", UUID(int=2))},
    ],
    ids=["kind", "revision", "event", "file"],
)
def test_headers_that_name_another_event_than_the_body_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(WrongEvent):
        projected(replace(MatterEvents().accepted(), **wrong))
