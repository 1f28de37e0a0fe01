"""The text of a message: never too long, never sensitive, nothing but the approved words."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from law.items import message_text_faults
from services.notify.domain.template.text import (
    MOST_SIGNS,
    PLACEHOLDERS,
    Letterhead,
    MatterWording,
    MessageTemplate,
    WrongTemplate,
    compose,
    discreet_item,
    number_tail,
    shortened_item,
    wording_on,
    written_date,
)
from tests.support.examples import examples
from tests.unit.notify.reports import NUMBER, TEMPLATES

PARTICULARS = {
    **{"date": "2016年3月22日", "mark": "（暂定）", "until": "2016年3月21日（暂定）"},
    **{"n": "3", "doc": "告知书1号", "org": "区民政局", "kind": "听证", "days": "10"},
}
NANHUAXI = Letterhead(signature="南华西街道")


def a_matter(item: str = "居住证核发", sensitive: bool = False) -> MatterWording:
    return MatterWording(item, sensitive, NUMBER, "ABCD2345")


def test_a_message_is_signed_and_filled_in() -> None:
    template = MessageTemplate("N99", "1", "{item}：{case}，{code}，{tel}，{window}，{hours}，{date}。")
    text = compose(template, Letterhead("章", "机关", "12345", "大厅", "全天"), a_matter(), PARTICULARS)
    assert text == "【章】居住证核发：201603010007，ABCD2345，12345，大厅，全天，2016年3月22日（暂定）。"


@pytest.mark.parametrize("field", ["text", "late_text"])
@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{colour}，{item}", "没有这些变量：colour。"),
        ("{item", "花括号不成对，见「{item」。"),
        ("您申办的{item}，见 www.example.cn。", "不写网址和网络地址，现有「www.example.cn。」。"),
        ("{item}\u202e", "含有看不见的控制字符，现为「{item}<U+202E>」。"),
    ],
)
def test_a_text_that_comes_with_the_product_is_held_to_the_rule_of_a_file(field: str, text: str, sentence: str) -> None:
    assert sentence in [said for _, said in message_text_faults(text, PLACEHOLDERS)]
    with pytest.raises(WrongTemplate) as refused:
        MessageTemplate("N99", "1", **{"text": "{item}", field: text})
    assert (refused.value.field, refused.value.sentence) == (field, f"短信模板N99有误：{sentence}")


def test_every_placeholder_of_the_product_is_filled() -> None:
    every = MessageTemplate("N99", "1", "".join(f"{{{name}}}" for name in sorted(PLACEHOLDERS)))
    assert "{" not in compose(every, NANHUAXI, a_matter(), PARTICULARS)


@pytest.mark.parametrize("code", TEMPLATES)
def test_every_message_is_signed_and_fits_three_parts(code: str) -> None:
    text = compose(TEMPLATES[code], NANHUAXI, a_matter("项" * 200), PARTICULARS)
    assert text.startswith("【南华西街道】您申办的项")
    assert len(text) == MOST_SIGNS
    assert text.endswith("12345。")


@pytest.mark.parametrize("code", TEMPLATES)
def test_a_sensitive_item_is_never_named(code: str) -> None:
    text = compose(TEMPLATES[code], NANHUAXI, a_matter("最低生活保障", sensitive=True), PARTICULARS)
    assert "您申办的事项" in text and "最低生活保障" not in text


def test_only_a_sensitive_item_is_replaced() -> None:
    assert [discreet_item(a_matter("低保", sensitive)) for sensitive in (True, False)] == ["事项", "低保"]


@pytest.mark.parametrize(
    ("item", "excess", "shortened"), [("一二三四五", 1, "一二三…"), ("一二三四五", 3, "一…"), ("一二", 9, "…")]
)
def test_the_name_of_the_item_gives_way_with_a_mark(item: str, excess: int, shortened: str) -> None:
    assert shortened_item(item, excess) == shortened


def test_a_message_that_fits_exactly_is_not_shortened() -> None:
    template = MessageTemplate("N99", "1", "{item}")
    item = "项" * (MOST_SIGNS - len("【南华西街道】"))
    assert compose(template, NANHUAXI, a_matter(item), {}).endswith(item)
    assert compose(template, NANHUAXI, a_matter(f"{item}项"), {}).endswith("…")


@settings(max_examples=examples(100))
@given(item=st.text(min_size=1, max_size=200))
def test_no_message_is_longer_than_three_parts(item: str) -> None:
    assert all(len(compose(each, NANHUAXI, a_matter(item), PARTICULARS)) <= MOST_SIGNS for each in TEMPLATES.values())


@pytest.mark.parametrize("code", TEMPLATES)
def test_no_template_carries_an_address_or_an_unknown_placeholder(code: str) -> None:
    text = TEMPLATES[code].text
    assert not re.search(r"https?:|www\.|\.cn", text)
    known = {"item", "case", "code", "tel", "window", "hours", *PARTICULARS}
    assert set(re.findall(r"{(\w+)}", text)) <= known


def test_the_tail_of_a_number_is_its_day_and_serial() -> None:
    assert number_tail(NUMBER) == "201603010007"
    assert number_tail("") == ""


PAST_DAYS = frozenset({"N04", "N11", "N12"})
"""Messages whose day is that of something that has happened."""
ON = date(2016, 3, 22)


@pytest.mark.parametrize("code", TEMPLATES)
def test_every_text_with_a_last_day_has_another_without_it(code: str) -> None:
    template = TEMPLATES[code]
    assert bool(template.late_text) == ("{date}" in template.text and code not in PAST_DAYS)
    assert "{date}" not in template.late_text and "最迟" not in template.late_text
    placeholders = [set(re.findall(r"{(\w+)}", text)) for text in (template.text, template.late_text)]
    assert not template.late_text or placeholders[1] == placeholders[0] - {"date", "mark"}


@settings(max_examples=examples(100))
@given(days=st.integers(-40, 40), last=st.dates(date(2000, 1, 1), date(2199, 12, 1)))
def test_a_last_day_is_named_until_it_is_over(days: int, last: date) -> None:
    for template in TEMPLATES.values():
        worded = wording_on(template, {"date": written_date(last)}, last + timedelta(days))
        assert worded == (replace(template, text=template.late_text) if template.late_text and days > 0 else template)


@pytest.mark.parametrize("code", [code for code, template in TEMPLATES.items() if template.late_text])
def test_a_late_text_is_signed_discreet_and_fits(code: str) -> None:
    template = wording_on(TEMPLATES[code], PARTICULARS, ON + timedelta(days=1))
    text = compose(template, NANHUAXI, a_matter("项" * 200), PARTICULARS)
    assert text.startswith("【南华西街道】您申办的项") and len(text) == MOST_SIGNS and text.endswith("12345。")
    assert "您申办的事项" in compose(template, NANHUAXI, a_matter("最低生活保障", sensitive=True), PARTICULARS)
