"""`onewindow district reconcile` on the running stack: two registers agree, part, and are brought together again."""

import json
from typing import Any

import aiohttp
from onewindow.approval.v1 import approval_event_pb2 as approval_fact
from onewindow.approval.v1 import approval_service_pb2 as approval

from tests.journeys.office import Office, once
from tests.journeys.test_repair import onewindow

REFERRED = "广东省居住证核发"


async def test_what_the_district_lost_is_told_and_handed_over_again(office: Office) -> None:
    number, leg = await _referred(office)
    agreed = _reconciled(office)
    assert (agreed["code"], agreed["differences"]) == (0, [])
    await _control(office, "forget", {"key": leg})
    lost = _reconciled(office)
    assert [(each["key"], each["found"], each["advice"]) for each in lost["differences"]] == [
        (leg, "only_here", "hand_over_again")
    ]
    assert lost["code"] == 1
    said = onewindow(office.stack, "district", "reconcile")
    assert (said.returncode, f"只在本方 {number}" in said.stdout, "--send-again" in said.stdout) == (1, True, True)
    assert _reconciled(office, "--send-again")["sent_again"] == 1
    await office.rest()
    assert _reconciled(office)["code"] == 0


async def test_a_number_that_differs_is_told_in_one_line_and_mended_there(office: Office) -> None:
    number, leg = await _referred(office)
    await office.rest()
    (row,) = await office.rows("approval", "select district_number from case_file where case_id = $1", leg)
    await _control(office, "alter", {"key": leg, "to": {"district_number": "Q-other"}})
    said = onewindow(office.stack, "district", "reconcile")
    (line,) = [line for line in said.stdout.splitlines() if line.startswith("不一致")]
    assert all(part in line for part in (number, row["district_number"], "Q-other", leg, "区编号不同"))
    await _control(office, "alter", {"key": leg, "to": {"district_number": row["district_number"]}})
    assert _reconciled(office)["code"] == 0


def _reconciled(office: Office, *words: str) -> dict[str, Any]:
    ran = onewindow(office.stack, "district", "reconcile", "--json", *words)
    assert ran.stdout, ran.stderr
    return {**json.loads(ran.stdout), "code": ran.returncode}


async def _referred(office: Office) -> tuple[str, str]:
    """A matter that the district has: its number, and the key of its hand-off."""
    accepted = await office.accepted(REFERRED)
    claim = approval.ClaimRequest(request_id=once(), case_id=accepted.case_id, after=accepted.position)
    await office.call("reviewer", office.desks.approval.Claim, claim)
    step = approval.CompleteStepRequest(
        request_id=once(), case_id=accepted.case_id, opinion=approval_fact.OPINION_AGREE, remark="材料齐全，同意。"
    )
    await office.call("reviewer", office.desks.approval.CompleteStep, step)
    refer = approval.ReferRequest(request_id=once(), case_id=accepted.case_id, opinion="材料齐全，建议核发。")
    referred = await office.call("reviewer", office.desks.approval.Refer, refer)
    await office.rest()
    return accepted.number, referred.linked_case_id


async def _control(office: Office, path: str, wanted: dict[str, object]) -> None:
    control = office.simulators["district"]["control"]
    async with aiohttp.ClientSession() as session:
        answer = await session.post(f"http://{control}/{path}", json=wanted)
        assert answer.status == 200, await answer.text()
