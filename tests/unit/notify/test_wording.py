"""What messages say: never too long, never sensitive, nothing but what was approved."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.adapters.templates import shipped
from services.notify.domain.wording import MOST_SIGNS, Matter, compose, tail
from services.notify.domain.words import Office, mask_name, mask_phone

TEMPLATES = shipped()
NUMBER = "11440105K316057885442014001001A201603010007"
PARTICULARS = {"date": "2016年3月22日", "n": "3", "doc": "告知书1号", "org": "区民政局", "kind": "听证", "days": "10"}
NANHUAXI = Office(signature="南华西街道")


def a_matter(item: str = "居住证核发", sensitive: bool = False) -> Matter:
    return Matter(item, sensitive, NUMBER, "ABCD2345")


@pytest.mark.parametrize("code", TEMPLATES)
def test_every_message_is_signed_and_fits_three_parts(code: str) -> None:
    text = compose(TEMPLATES[code], NANHUAXI, a_matter("项" * 200), PARTICULARS)
    assert text.startswith("【南华西街道】您申办的项")
    assert len(text) == MOST_SIGNS
    assert text.endswith("12345。")


@pytest.mark.parametrize("code", TEMPLATES)
def test_a_sensitive_item_is_called_a_matter(code: str) -> None:
    text = compose(TEMPLATES[code], NANHUAXI, a_matter("最低生活保障", sensitive=True), PARTICULARS)
    assert "您申办的事项" in text and "最低生活保障" not in text


@given(item=st.text(min_size=1, max_size=200))
def test_no_message_is_longer_than_three_parts(item: str) -> None:
    assert all(len(compose(each, NANHUAXI, a_matter(item), PARTICULARS)) <= MOST_SIGNS for each in TEMPLATES.values())


@pytest.mark.parametrize("code", TEMPLATES)
def test_no_template_carries_an_address_or_an_unknown_name(code: str) -> None:
    text = TEMPLATES[code].text
    assert not re.search(r"https?:|www\.|\.cn", text)
    known = {"item", "case", "code", "tel", "window", "hours", *PARTICULARS}
    assert set(re.findall(r"{(\w+)}", text)) <= known


def test_the_tail_of_a_number_is_its_day_and_serial() -> None:
    assert tail(NUMBER) == "201603010007"


def test_persons_and_telephones_are_masked() -> None:
    assert [mask_name(name) for name in ("陈大文", "陈", "")] == ["陈**", "*", ""]
    assert [mask_phone(phone) for phone in ("13800138000", "12345", "")] == ["138****8000", "*****", ""]
