"""行政许可法 32: the written voucher of acceptance, issued once, numbered by street and year, with persons masked."""

from dataclasses import replace
from datetime import date

import pytest
from onewindow.intake.v1.intake_event_pb2 import AcceptanceGround, IntakeEvent

from services.notify.adapters.document.storage import acceptance_of
from services.notify.domain.document.receipt import (
    DocumentIssue,
    HandlingLimit,
    ReceiptAcceptance,
    ReceivedMaterial,
    document_number,
    issue,
    promised_day_on,
    receipt_content,
    receipt_due,
    serial_name,
)
from services.notify.domain.facts import DocumentIssued, DocumentKind
from services.notify.domain.stage_reports import Stage
from services.notify.domain.template.text import Letterhead, Recipient, mask_name, mask_phone, written_date
from tests.unit.notify.matter_events import MatterEvents
from tests.unit.notify.reports import CORRECTION, DECIDED, ITEM, NUMBER, SUBMITTED, acceptance

DAY = date(2016, 3, 1)
RECIPIENT = Recipient("陈大文", "440105**********27", "13800138000", "ABCD2345")
LETTERHEAD = Letterhead(organ="南华西街道办事处", phone="020-12345", hall="政务服务中心", hours="工作日")
ACCEPTANCE = ReceiptAcceptance(
    number=NUMBER,
    serial_number="4401050080000010011603010007",
    item="居住证核发",
    item_code=ITEM,
    received_on=DAY,
    accepted_on=date(2016, 3, 2),
    promised_due_on=date(2016, 3, 22),
    legal_limit=HandlingLimit(20, "工作日"),
    promised_limit=HandlingLimit(15, "工作日"),
    window="W3",
    staff_no="S0031",
    recorded_on=date(2016, 3, 3),
    materials=(ReceivedMaterial("居民身份证", "复印件", 1), ReceivedMaterial("照片", "原件", 2)),
)


def content(
    acceptance: ReceiptAcceptance = ACCEPTANCE, recipient: Recipient = RECIPIENT, today: date = DAY
) -> dict[str, object]:
    return dict(
        receipt_content(acceptance, recipient, LETTERHEAD, DocumentIssue("440105008〔2016〕受字第000001号", today))
    )


def test_an_acceptance_is_followed_by_a_receipt() -> None:
    assert receipt_due(acceptance())


@pytest.mark.parametrize(
    "stage",
    [acceptance(receipt=False), acceptance(instant=True), SUBMITTED, CORRECTION, DECIDED],
    ids=["item without receipts", "instant item", "submitted", "to correct", "decided"],
)
def test_nothing_else_is_followed_by_a_receipt(stage: Stage) -> None:
    assert not receipt_due(stage)


def test_a_document_of_a_kind_is_issued_once() -> None:
    first = DocumentIssued(DAY, DocumentKind.RECEIPT, "1", "ab", 1, "1")
    second = replace(first, document_number="2")
    assert issue({}, first) == [first]
    assert issue({DocumentKind.RECEIPT: first}, second) == []


def test_documents_of_different_kinds_do_not_exclude_each_other() -> None:
    receipt = DocumentIssued(DAY, DocumentKind.RECEIPT, "1", "ab", 1, "1")
    proof = replace(receipt, kind=DocumentKind.PROOF)
    assert issue({DocumentKind.RECEIPT: receipt}, proof) == [proof]


@pytest.mark.parametrize(
    ("kind", "character"),
    [
        (DocumentKind.RECEIPT, "受"),
        (DocumentKind.CORRECTION_NOTICE, "告"),
        (DocumentKind.NON_ACCEPTANCE, "不受"),
        (DocumentKind.DECISION, "决"),
        (DocumentKind.PROOF, "证"),
    ],
)
def test_a_document_is_numbered_by_street_kind_and_year(kind: DocumentKind, character: str) -> None:
    assert serial_name("440105008", kind, DAY) == f"document/440105008/{character}/2016"
    assert document_number("440105008", kind, DAY, 7) == f"440105008〔2016〕{character}字第000007号"


def test_numbers_begin_anew_each_year_and_in_each_street() -> None:
    names = {
        serial_name(street, DocumentKind.RECEIPT, date(year, 1, 1))
        for street in ("440105008", "440105009")
        for year in (2016, 2017)
    }
    assert len(names) == 4


def test_a_receipt_states_both_limits_the_promised_day_and_the_query_code() -> None:
    printed = content()
    assert (printed["legal_limit"], printed["promised_limit"]) == ("20个工作日", "15个工作日")
    assert (printed["promised_on"], printed["query_code"]) == ("2016年3月22日", "ABCD2345")
    assert (printed["received_on"], printed["accepted_on"]) == ("2016年3月1日", "2016年3月2日")
    assert (printed["number"], printed["item_code"]) == (NUMBER, ITEM)
    assert printed["recorded_on"] == "2016年3月3日", "it bears the day of the act, not the one of its effect"


@pytest.mark.parametrize(
    ("today", "shown"),
    [
        (date(2016, 3, 3), "2016年3月22日"),
        (date(2016, 3, 22), "2016年3月22日"),
        (date(2016, 3, 23), "承诺日已过，将尽快办结"),
    ],
)
def test_a_receipt_promises_no_day_that_has_passed(today: date, shown: str) -> None:
    assert content(today=today)["promised_on"] == shown == promised_day_on(ACCEPTANCE, today)


def test_a_receipt_lists_the_materials_with_form_and_copies() -> None:
    assert content()["materials"] == [["居民身份证", "复印件", "1份"], ["照片", "原件", "2份"]]
    assert content(replace(ACCEPTANCE, materials=()))["materials"] == []


def test_a_receipt_masks_the_person() -> None:
    printed = content()
    assert "陈大文" not in str(printed) and "13800138000" not in str(printed)
    assert (printed["applicant"], printed["contact"]) == ("陈**", "138****8000")


def test_a_receipt_has_the_letterhead_of_its_street() -> None:
    printed = content()
    assert (printed["organ"], printed["phone"]) == ("南华西街道办事处", "020-12345")
    assert (printed["hall"], printed["hours"]) == ("政务服务中心", "工作日")


def test_a_receipt_prints_a_dash_for_everything_unknown() -> None:
    printed = content(replace(ACCEPTANCE, window="", staff_no=""), Recipient("陈大文", "", "", "ABCD2345"))
    assert {printed[name] for name in ("identity", "contact", "window", "staff_no")} == {"——"}


@pytest.mark.parametrize(
    ("ground", "shown"),
    [(0, "材料齐全，符合法定形式"), (1, "材料齐全，符合法定形式"), (2, "补正材料齐全，符合法定形式"), (3, "视为受理")],
)
def test_a_receipt_states_the_ground_of_acceptance_and_both_days(
    ground: AcceptanceGround.ValueType, shown: str
) -> None:
    event = IntakeEvent.FromString(MatterEvents().accepted().body)
    event.application_accepted.ground = ground
    event.occurred_on, event.application_accepted.accepted_on = "2016-03-03", "2016-02-29"
    printed = content(acceptance_of(event.SerializeToString(), {}))
    assert printed["ground"] == shown
    assert (printed["accepted_on"], printed["recorded_on"]) == ("2016年2月29日", "2016年3月3日")


def test_a_limit_of_no_days_means_at_once() -> None:
    assert [str(HandlingLimit(days, "自然日")) for days in (0, 3)] == ["当场办结", "3个自然日"]


def test_persons_and_telephones_are_masked() -> None:
    assert [mask_name(name) for name in ("陈大文", "陈文", "陈", "")] == ["陈**", "陈*", "*", ""]
    assert [mask_phone(phone) for phone in ("13800138000", "12345678", "1234567", "")] == [
        "138****8000",
        "123*5678",
        "*******",
        "",
    ]


def test_a_day_is_written_without_zeros() -> None:
    assert [written_date(day) for day in (DAY, date(2016, 12, 31))] == ["2016年3月1日", "2016年12月31日"]
