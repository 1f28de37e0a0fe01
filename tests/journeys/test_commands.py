"""`onewindow case`, `report` and `bench` on the running office: the lamp, the days, every text whole."""

import json
import re
from datetime import timedelta

import pytest
from onewindow.approval.v1 import approval_event_pb2 as approval_fact
from onewindow.approval.v1 import approval_service_pb2 as approval
from onewindow.catalogue.v1 import catalogue_pb2 as catalogue
from onewindow.intake.v1.application_pb2 import GetApplicationRequest
from onewindow.intake.v1.intake_service_pb2 import WithdrawRequest
from rich.cells import cell_len

from tests.journeys.office import Office, once
from tests.journeys.test_repair import onewindow

pytestmark = pytest.mark.journey


def shown(office: Office, *words: str) -> str:
    """The output of a command, without the borders of its table."""
    ran = onewindow(office.stack, *words)
    assert ran.returncode == 0, ran.stderr
    return " ".join(ran.stdout.replace("│", " ").split())


async def test_a_matter_shows_its_lamp_and_its_days_until_it_is_closed(office: Office) -> None:
    item = office.named(catalogue.ITEM_KIND_PROMISED)
    overdue, paused = await office.accepted(item), await office.accepted(item)
    office_calls = office.desks.approval
    pause = approval.PauseRequest(
        request_id=once(),
        case_id=paused.case_id,
        procedure=approval_fact.SPECIAL_PROCEDURE_HEARING,
        expected_days=10,
        reason="听证",
    )
    await office.rest()
    await office.call("head", office_calls.Pause, pause)  # a reviewer's would wait for the head
    assert "亮灯 正常 余期 承诺期限剩余" in shown(office, "case", "show", overdue.number)
    standing = shown(office, "case", "show", paused.number)

    await office.advance((office.clock.now() + timedelta(days=60)).date().isoformat())
    late = shown(office, "case", "show", overdue.number)
    assert re.search(r"亮灯 [黄红]牌 余期 承诺期限逾期\d+个工作日，法定期限(剩余|逾期)\d+", late)
    stands = shown(office, "case", "show", paused.number)
    lamp_and_days, _, procedure = stands.partition("特别程序")
    assert lamp_and_days == standing.partition("特别程序")[0]
    assert "已超过预计结束日" in procedure
    assert "亮灯 正常（中止计时）" in standing
    assert "中止计时" not in late

    found = await office.call("clerk", office.desks.intake.GetApplication, GetApplicationRequest(number=overdue.number))
    withdraw = WithdrawRequest(request_id=once(), application_id=found.application.application_id, reason="改变主意")
    await office.call("clerk", office.desks.intake.Withdraw, withdraw)
    await office.rest()
    closed = shown(office, "case", "show", overdue.number)
    assert re.search(r"亮灯 办结时[黄红]牌 余期 办结时承诺期限逾期\d+个工作日", closed)
    assert "结果 撤回" in closed
    assert "第几日" in shown(office, "case", "explain", overdue.number)


@pytest.mark.parametrize("columns", [60, 80, 120])
async def test_a_report_is_whole_at_any_width(office: Office, columns: int) -> None:
    period = office.clock.now().date().isoformat()[:4]
    ran = onewindow(office.stack, "report", "year", period, columns=columns)
    assert ran.returncode == 0, ran.stderr
    assert "…" not in ran.stdout
    assert max(map(cell_len, ran.stdout.splitlines())) <= columns
    whole = "".join(ran.stdout.replace("│", " ").split())
    assert "承诺件提前办结率" in whole or "承诺件提" in whole


async def test_lifecycles_are_measured_on_the_running_office(office: Office) -> None:
    ran = onewindow(office.stack, "bench", "lifecycle", "--seconds", "1", "--json")
    assert ran.returncode == 0, ran.stderr
    measured = json.loads(ran.stdout)
    assert measured["lifecycles"] > 0 and measured["echo_calls_per_second"] > 0
    assert set(measured["milliseconds"]) == {"Submit", "Accept", "Decide", "GetCase"}
    await office.rest()
