"""Gateway of the district's system: access, repeats, refusals on the wire."""

from dataclasses import replace
from typing import Any

import pytest
from onewindow.approval.v1 import approval_event_pb2 as event_pb2
from onewindow.approval.v1 import district_gateway_service_pb2 as gateway_pb

from services.approval.handoff.adapters import inbound_reports
from services.approval.handoff.usecases import DISTRICT_CALLER
from tests.service.approval.edge import Door, a_key, refused
from tests.unit.approval.matters import FORWARDED, RESIDENCE

pytestmark = pytest.mark.integration


async def test_the_district_system_reports_and_desks_do_not(door: Door) -> None:
    application = await door.world.refer(RESIDENCE)
    leg_id = str(door.world.leg_key(application).file_id)
    report = gateway_pb.ReportDecisionRequest(
        report_key=a_key(), case_id=leg_id, outcome=event_pb2.OUTCOME_GRANTED, decided_on="2016-03-01"
    )
    told = await refused(lambda: door.gateway.ReportDecision(report, metadata=door.staff("NH900", "HEAD")))
    assert told.code == "PERMISSION_DENIED"
    first = await door.gateway.ReportDecision(report, metadata=door.district_system())
    assert await door.gateway.ReportDecision(report, metadata=door.district_system()) == first
    order = gateway_pb.IssueSupervisionOrderRequest(
        order_key=a_key(), case_id=leg_id, content="请说明办理情况。", due_on="2016-03-10"
    )
    assert (await door.gateway.IssueSupervisionOrder(order, metadata=door.district_system())).revision == 3
    progress = gateway_pb.ReportProgressRequest(report_key=a_key(), case_id=leg_id, stage="ARCHIVED")
    assert (await door.gateway.ReportProgress(progress, metadata=door.district_system())).revision == 4
    back = gateway_pb.ReturnCaseRequest(report_key=a_key(), case_id=leg_id, reasons="退回。")
    told = await refused(lambda: door.gateway.ReturnCase(back, metadata=door.district_system()))
    assert (told.code, told.why.reason, told.fields[0].field) == ("FAILED_PRECONDITION", "ALREADY_DECIDED", "case_id")


async def test_a_day_that_no_calendar_has_is_named_with_its_field(door: Door) -> None:
    application = await door.world.refer(RESIDENCE)
    report = gateway_pb.ReportDecisionRequest(
        report_key=a_key(),
        case_id=str(door.world.leg_key(application).file_id),
        outcome=event_pb2.OUTCOME_GRANTED,
        decided_on="2016-02-30",
    )
    told = await refused(lambda: door.gateway.ReportDecision(report, metadata=door.district_system()))
    assert (told.code, [violation.field for violation in told.fields]) == ("INVALID_ARGUMENT", ["decided_on"])


async def test_a_report_that_the_last_release_put_on_file_is_on_file_once(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = door.world
    key = world.leg_key(await world.refer(FORWARDED))
    destination = (await world.files.read(key)).state.referral.destination  # type: ignore[union-attr] # it is there
    token = door.issuer.token(
        sub="housing", machine="DISTRICT_SYSTEM", place="*", posts=None, destinations=[destination]
    )
    headers = [("authorization", f"Bearer {token}")]
    order = gateway_pb.IssueSupervisionOrderRequest(
        order_key=a_key(), case_id=str(key.file_id), content="请说明办理情况。", due_on="2016-03-10"
    )
    progress = gateway_pb.ReportProgressRequest(report_key=a_key(), case_id=str(key.file_id), stage="REVIEWING")

    async def both() -> list[Any]:
        ordered = await door.gateway.IssueSupervisionOrder(order, metadata=headers)
        return [ordered, await door.gateway.ReportProgress(progress, metadata=headers)]

    async def as_the_last_release(files: Any, report: Any, _actor: str) -> Any:
        cause = replace(report.cause, caller=DISTRICT_CALLER)
        return await files.change(report.key, cause, report.decide, actor="housing")

    with monkeypatch.context() as patch:
        patch.setattr(inbound_reports, "put_on_file", as_the_last_release)
        first = await both()
    kinds = await world.kinds(key)
    assert await both() == first
    assert await world.kinds(key) == kinds
    order.content = "请于本周内答复。"
    assert (await refused(lambda: door.gateway.IssueSupervisionOrder(order, metadata=headers))).why.reason == (
        "REQUEST_ID_REUSED"
    )
    progress.report_key = a_key()
    reporters = (door.district_system(), headers)
    twice = [(await door.gateway.ReportProgress(progress, metadata=who)).revision for who in reporters]
    assert twice == [len(kinds) + 1, len(kinds) + 2], "a key of one system is none of another's"
