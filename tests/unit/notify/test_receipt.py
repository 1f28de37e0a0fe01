"""行政许可法 32: the written voucher of acceptance, on one page, with persons masked."""

import re
from dataclasses import replace
from datetime import date

import pytest
import segno

from services.notify.adapters import qr
from services.notify.adapters.document_queue import acceptance_of
from services.notify.adapters.typesetting import TypstTypesetter
from services.notify.domain.dossier import BLANK, Applicant, fold
from services.notify.domain.facts import DocumentIssued
from services.notify.domain.issue import document_number, issue, serial_name
from services.notify.domain.receipt import Acceptance, Limit, Paper, content
from services.notify.domain.words import DocumentKind, Office
from tests.unit.notify.happenings import ITEM, Happenings

APPLICANT = Applicant("陈大文", "440105**********27", "13800138000", "ABCD2345")
ACCEPTANCE = acceptance_of(Happenings().accepted().body, {"M01": "居民身份证"})
MANY = tuple(Paper(f"第{n}项材料：申请人近期的证明文件以及其他能够说明情况的书面材料", "复印件", 1) for n in range(20))


def told(acceptance: Acceptance = ACCEPTANCE) -> dict[str, object]:
    return dict(content(acceptance, APPLICANT, Office(organ="南华西街道办事处"), "440105008〔2016〕受字第000001号"))


def test_an_acceptance_is_read_from_the_fact_with_the_names_of_its_papers() -> None:
    assert ACCEPTANCE.papers == (Paper("居民身份证", "复印件", 1),)
    assert ACCEPTANCE.promised_limit == Limit(15, "工作日")
    assert (ACCEPTANCE.accepted_on, ACCEPTANCE.staff_no, ACCEPTANCE.window) == (date(2016, 3, 1), "S0031", "W3")


def test_the_receipt_says_both_limits_the_day_promised_and_how_to_ask() -> None:
    said = told()
    assert (said["legal_limit"], said["promised_limit"]) == ("15个工作日", "15个工作日")
    assert said["promised_on"] == "2016年3月22日"
    assert said["query_code"] == "ABCD2345"
    assert (said["number"], said["item_code"]) == (f"{ITEM}201603010007", ITEM)


def test_the_receipt_masks_the_person() -> None:
    assert "陈大文" not in str(told()) and "13800138000" not in str(told())
    assert told()["applicant"] == "陈**"


def test_a_receipt_is_numbered_by_street_and_year() -> None:
    assert serial_name("440105008", DocumentKind.RECEIPT, date(2016, 3, 1)) == "document/440105008/受/2016"
    number = document_number("440105008", DocumentKind.RECEIPT, date(2016, 3, 1), 1)
    assert number == "440105008〔2016〕受字第000001号"


def test_a_document_of_a_kind_is_issued_once() -> None:
    document = DocumentIssued(date(2016, 3, 1), DocumentKind.RECEIPT, "1", "ab", 1, "1")
    assert issue(BLANK, document) == [document]
    assert issue(fold(BLANK, document), document) == []


@pytest.mark.parametrize("papers", [(), ACCEPTANCE.papers, MANY], ids=["no papers", "one", "twenty"])
async def test_a_receipt_is_one_page_of_pdf(typesetter: TypstTypesetter, papers: tuple[Paper, ...]) -> None:
    said = told(replace(ACCEPTANCE, papers=papers))
    pdf = await typesetter.receipt(said, "number\ncode")
    assert pdf.startswith(b"%PDF-") and b"/Type/Pages/Count 1/" in pdf
    assert 10_000 < len(pdf) < 200_000


def test_a_receipt_can_be_looked_at(typesetter: TypstTypesetter) -> None:
    picture = typesetter.set_receipt(told(), "number\ncode", "png")
    assert picture.startswith(b"\x89PNG") and len(picture) > 20_000


@pytest.mark.parametrize("mark", ["A", f"{ITEM}201603010007\nABCD2345", "zy" * 40])
def test_a_qr_code_from_patterns_is_the_code_drawn_at_once(mark: str) -> None:
    dark = {
        (int(column) + n, int(row))
        for column, row, run in re.findall(r"M(\d+) (\d+)\.5h(\d+)", qr.svg(mark))
        for n in range(int(run))
    }
    drawn = segno.make(mark.encode(), error="m", mode="byte", micro=False, mask=3, boost_error=False)
    modules = enumerate(drawn.matrix)
    assert dark == {(column, row) for row, line in modules for column, module in enumerate(line) if module & 1}


def test_whatever_is_long_keeps_to_its_own_row_and_page(typesetter: TypstTypesetter) -> None:
    long = replace(ACCEPTANCE, item="跨" * 200, window="W" * 60, papers=MANY * 2)
    assert b"/Type/Pages/Count 1/" in typesetter.set_receipt(told(long), "number\ncode")
