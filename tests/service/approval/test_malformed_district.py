"""A district that answers with what cannot be kept: that one case is left to a human, and no other is held up."""

from typing import Any
from uuid import UUID

import pytest
from onewindow.approval.v1 import approval_event_pb2 as facts
from onewindow.district.v1 import district_service_pb2 as pb
from structlog.testing import capture_logs

from services.approval.domain.case.state import CaseClosing
from tests.service.approval.test_handoff import Between, between, served
from tests.unit.approval.matters import ACCEPTED_ON

__all__ = ["between"]

pytestmark = pytest.mark.integration

APPRAISAL, UNSPECIFIED = facts.SPECIAL_PROCEDURE_APPRAISAL, facts.SPECIAL_PROCEDURE_UNSPECIFIED
TODAY = ACCEPTED_ON.isoformat()
MALFORMED: list[dict[str, Any]] = [
    {"district_number": "Q\0"},
    {"district_number": "Q" * 65},
    {"report_key": "report\0-1"},
    {"report_key": ""},
    {"decided_on": "9999-12-31"},
    {"outcome": 2},
    {"outcome": 2, "reasons": "\u200b"},
    {"decided_on": "2016-02-29"},
    {"pauses": [pb.DistrictPause(report_key="pause-01", procedure=APPRAISAL, first_on="9999-12-31")]},
    {"pauses": [pb.DistrictPause(report_key="pause-01", procedure=UNSPECIFIED, first_on=TODAY)]},
    {"extension": pb.DistrictExtension(report_key="extension-01", days=99, decided_on=TODAY)},
    {"stage": pb.DISTRICT_STAGE_RETURNED, "reasons": "材料不清。", "returned_on": "9999-12-31"},
    {"stage": pb.DISTRICT_STAGE_RETURNED, "reasons": "材料不清。", "returned_on": "2016-02-29"},
    {"stage": pb.DISTRICT_STAGE_RETURNED, "reasons": "材料不清。", "returned_on": "2016-02-30"},
    {"stage": pb.DISTRICT_STAGE_RETURNED},
    {"stage": pb.DISTRICT_STAGE_RETURNED, "reasons": " \u3000"},
    {"report_key": "r" * 60_000},
    {"report_key": "r" * 60_000, "stage": pb.DISTRICT_STAGE_REVIEWING},
]


async def decided(between: Between, **given: Any) -> UUID:
    """A matter whose leg the district has decided, as its list of changes tells it; its application."""
    application = await between.refer()
    leg = str(between.world.leg_key(application).file_id)
    said: dict[str, Any] = {"key": leg, "case_id": leg, "district_number": "Q-9", "report_key": f"report-{leg}"}
    said |= {"stage": pb.DISTRICT_STAGE_DECIDED, "outcome": 1, "received_on": TODAY, "decided_on": TODAY}
    between.system.changes.append(pb.DistrictCase(**{**said, **given}))
    return application


@pytest.mark.parametrize("malformed", MALFORMED, ids="-".join)
async def test_a_change_that_cannot_be_kept_holds_up_no_other(between: Between, malformed: dict[str, Any]) -> None:
    legs = [await decided(between, **given) for given in (malformed, {})]
    between.system.page = len(legs)
    await between.sender.round()
    await between.puller.pull()
    assert [(await between.leg(application)).closing for application in legs] == [None, CaseClosing.GRANTED]
    assert await between.world.value("select cursor from pull_cursor") == str(len(legs))


async def test_a_first_receipt_of_a_day_to_come_is_told_to_the_operators(between: Between) -> None:
    application = await decided(between, received_on="9999-12-31")
    with capture_logs() as lines:
        await between.puller.pull()
    told = [line["reason"] for line in lines if line["event"] == "district_change_refused"]
    assert (told, (await between.leg(application)).closing) == (["ReceiptDateImpossible"], None)
    assert await between.state(application) == "waiting", "the package is still owed"


async def test_a_decision_and_a_return_without_reasons_are_told_to_the_operators(between: Between) -> None:
    refused = await decided(between, outcome=2)
    returned = await decided(between, stage=pb.DISTRICT_STAGE_RETURNED)
    await between.sender.round()
    with capture_logs() as lines:
        await between.puller.pull()
    told = [line["reason"] for line in lines if line["event"] == "district_change_refused"]
    assert told == ["DistrictReasonsMissing", "ReturnReasonsMissing"]
    assert [(await between.leg(application)).closing for application in (refused, returned)] == [None, None]


@pytest.mark.parametrize("page", [1, 3])
async def test_of_two_reports_under_one_key_the_first_counts_and_the_other_is_told(between: Between, page: int) -> None:
    legs = [await decided(between, **given) for given in ({"report_key": "report-1"}, {"report_key": "report-1"}, {})]
    between.system.page = page
    await between.sender.round()
    with capture_logs() as lines:
        await between.puller.pull()
    assert [(await between.leg(application)).closing for application in legs] == [
        CaseClosing.GRANTED,
        None,
        CaseClosing.GRANTED,
    ]
    told = [(line["report_key"], line["reason"]) for line in lines if line["event"] == "district_change_refused"]
    assert told == [("report-1", "RequestIdReused")]


@pytest.mark.parametrize(
    "told",
    [("Q\0", TODAY), ("Q" * 65, TODAY), ("Q-1", "9999-12-31"), ("Q-1", "2199-01-01"), ("Q-1", "2016-02-30")],
    ids=["unwritable", "too-long", "no-day-behind-it", "far-ahead", "no-day"],
)
async def test_a_receipt_that_cannot_be_kept_blocks_that_case_alone(between: Between, told: tuple[str, str]) -> None:
    applications = [await between.refer(), await between.refer()]
    receipts = iter([told, ("Q-2", TODAY)])

    async def receive(_: object, __: object) -> pb.ReceiveCaseResponse:
        number, received_on = next(receipts)
        return pb.ReceiveCaseResponse(district_number=number, received_on=received_on)

    async with served(between, receive):
        await between.sender.round()
    assert sorted([await between.state(each) for each in applications]) == ["blocked", "done"]
