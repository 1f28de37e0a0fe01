"""Which fact tells the applicant what, and what it may say."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest

from chassis.event_store import FileKey
from chassis.inbox import InboxEvent
from services.notify.adapters import told_by_approval, told_by_intake
from services.notify.adapters.rows import Row, Told, WrongEvent
from services.notify.adapters.templates import shipped
from services.notify.domain.hours import Hours
from services.notify.domain.wording import Matter, compose
from services.notify.domain.words import Office
from tests.support.ledger import DISTRICT, MORNING
from tests.unit.notify.happenings import Happenings

READ = {"intake": told_by_intake.told, "approval": told_by_approval.told}


def told(event: InboxEvent) -> Told | None:
    return READ[event.source](event, Hours())


def notice(event: InboxEvent) -> Row:
    found = told(event)
    assert found is not None and found.notice is not None
    return found.notice


@pytest.mark.parametrize(
    ("stage", "code", "said"),
    [
        (Happenings.accepted, "N01", "已受理，办件编号尾号201603010007，我们承诺最迟2016年3月22日办结"),
        (Happenings.correction_requested, "N02", "还有2项材料需要补正，请在2016年3月31日前一次补齐"),
        (Happenings.declined, "N03", "不予受理，理由和救济途径见决定书440105008不受〔2016〕0001号"),
        (Happenings.referred, "N04", "已通过街道审查，2016年3月1日转报区住房保障部门办理"),
        (Happenings.paused, "N05", "依法需要听证，预计10个工作日，所需时间不计入办理期限"),
        (Happenings.extended, "N06", "经负责人批准延长5个工作日，最迟2016年3月29日办结"),
        (Happenings.decided, "N07", "已办结，请带身份证件和受理回执到"),
    ],
    ids=["accepted", "to be corrected", "not accepted", "referred", "paused", "extended", "decided"],
)
def test_each_stage_has_its_message(stage: Callable[[Happenings], InboxEvent], code: str, said: str) -> None:
    row = notice(stage(Happenings()))
    matter = Matter("居住证核发", False, "11440105K316057885442014001001A201603010007", "ABCD2345")
    particulars = row["particulars"]
    assert isinstance(particulars, dict) and row["template"] == code
    assert said in compose(shipped()[code], Office(), matter, particulars)


def test_the_same_fact_gives_the_same_message_id() -> None:
    matter = Happenings()
    event = matter.accepted()
    assert notice(event)["notice_id"] == notice(event)["notice_id"] != notice(matter.accepted())["notice_id"]


@pytest.mark.parametrize(
    "event", [Happenings().decided_on_the_districts_leg(), Happenings().decided_by_district(closes=False)]
)
def test_what_does_not_end_the_streets_matter_tells_nothing(event: InboxEvent) -> None:
    assert told(event) is None


def test_an_instant_item_tells_nothing_and_needs_no_receipt() -> None:
    found = told(Happenings(item={"kind": 1}).accepted())
    assert found is not None and found.notice is None and found.task is None


def test_what_was_recorded_at_night_goes_out_in_the_morning() -> None:
    row = notice(Happenings(recorded_at=MORNING.replace(hour=23)).accepted())
    assert datetime.fromisoformat(str(row["next_at"])).hour == 8


@pytest.mark.parametrize("tells", [told_by_intake, told_by_approval], ids=["intake", "approval"])
def test_only_kinds_of_the_contract_tell(tells: ModuleType) -> None:
    assert tells.TELLING.issubset(tells.KINDS)


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
        told(replace(Happenings().accepted(), **wrong))
