"""行政许可法 32: a receipt is one page, whatever is printed on it, with a QR code that can be read."""

import re
from dataclasses import replace
from datetime import date

import pytest
import zxingcpp

from services.notify.adapters.document.storage import acceptance_of
from services.notify.adapters.document.typesetting import TypstTypesetter, qr_code
from services.notify.domain.document.receipt import (
    DocumentIssue,
    HandlingLimit,
    ReceiptAcceptance,
    ReceivedMaterial,
    receipt_content,
)
from services.notify.domain.template.text import Letterhead, Recipient
from tests.unit.notify.matter_events import ITEM, MatterEvents

RECIPIENT = Recipient("陈大文", "440105**********27", "13800138000", "ABCD2345")
ACCEPTANCE = acceptance_of(MatterEvents().accepted().body, {"M01": "居民身份证"})
MANY = tuple(
    ReceivedMaterial(f"第{n}项材料：申请人近期的证明文件以及其他能够说明情况的书面材料", "复印件", 1) for n in range(20)
)


def printed(acceptance: ReceiptAcceptance = ACCEPTANCE) -> dict[str, object]:
    letterhead = Letterhead(organ="南华西街道办事处")
    return dict(
        receipt_content(
            acceptance, RECIPIENT, letterhead, DocumentIssue("440105008〔2016〕受字第000001号", date(2016, 3, 1))
        )
    )


def test_an_acceptance_is_read_from_the_event_with_the_names_of_its_materials() -> None:
    assert ACCEPTANCE.materials == (ReceivedMaterial("居民身份证", "复印件", 1),)
    assert ACCEPTANCE.promised_limit == HandlingLimit(15, "工作日")
    assert (ACCEPTANCE.accepted_on, ACCEPTANCE.staff_no, ACCEPTANCE.window) == (date(2016, 3, 1), "S0031", "W3")
    assert (ACCEPTANCE.number, ACCEPTANCE.recorded_on) == (f"{ITEM}201603010007", date(2016, 3, 1))


def test_a_material_without_a_name_is_listed_by_its_code() -> None:
    acceptance = acceptance_of(MatterEvents().accepted().body, {})
    assert [each.name for each in acceptance.materials] == ["M01"]


def test_an_acceptance_of_the_office_itself_names_no_staff() -> None:
    acceptance = acceptance_of(MatterEvents(staff_no="office").accepted().body, {})
    assert acceptance.staff_no == ""


@pytest.mark.parametrize("materials", [(), ACCEPTANCE.materials, MANY], ids=["no materials", "one", "twenty"])
async def test_a_receipt_is_one_page_of_pdf(
    typesetter: TypstTypesetter, materials: tuple[ReceivedMaterial, ...]
) -> None:
    pdf = await typesetter.receipt(printed(replace(ACCEPTANCE, materials=materials)), "number\ncode")
    assert pdf.startswith(b"%PDF-") and b"/Type/Pages/Count 1/" in pdf
    assert 10_000 < len(pdf) < 200_000


def test_a_receipt_can_be_drawn_as_a_picture(typesetter: TypstTypesetter) -> None:
    picture = typesetter.set_receipt(printed(), "number\ncode", "png")
    assert picture.startswith(b"\x89PNG") and len(picture) > 20_000


def test_long_values_keep_to_their_own_row_and_page(typesetter: TypstTypesetter) -> None:
    long = replace(ACCEPTANCE, item="跨" * 200, window="W" * 60, materials=MANY * 2)
    assert b"/Type/Pages/Count 1/" in typesetter.set_receipt(printed(long), "number\ncode")


def test_the_version_of_the_template_stands_in_its_first_line(typesetter: TypstTypesetter) -> None:
    assert typesetter.receipt_version == "3"


def pixels(drawn: str, module: int = 4, border: int = 4) -> memoryview:
    """A drawn code as a grey picture with a border, each of its modules a square of so many pixels."""
    side = int(drawn.partition('width="')[2].partition('"')[0])
    dark = {
        (int(row), int(column) + offset)
        for column, row, length in re.findall(r"M(\d+) (\d+)\.5h(\d+)", drawn)
        for offset in range(int(length))
    }
    places = range(-border * module, (side + border) * module)
    grey = bytes(0 if (row // module, column // module) in dark else 255 for row in places for column in places)
    return memoryview(grey).cast("B", shape=[len(places), len(places)])


@pytest.mark.parametrize("mark", ["A", f"{ITEM}201603010007\nABCD2345", "zy" * 40])
def test_a_qr_code_reads_as_its_text_and_bears_a_seventh_of_it_lost(mark: str) -> None:
    code = zxingcpp.read_barcode(pixels(qr_code(mark)))
    assert code is not None
    assert (code.text, code.format, code.ec_level) == (mark, zxingcpp.BarcodeFormat.QRCode, "M")
