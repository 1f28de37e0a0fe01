"""Texts to applicants: letterheads, recipients, dates, masked names and numbers, and messages by approved templates."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from law.items import message_text_faults
from law.not_allowed import Malformed, rule

MOST_SIGNS = 3 * 67
"""A message of more than 70 signs goes out in parts of 67; more than three parts are not sent."""

PLACEHOLDERS = frozenset(
    {"item", "case", "code", "tel", "window", "hours", "date", "days", "doc", "kind", "mark", "n", "org", "until"}
)
"""What a text may leave open: the words of the matter and of the office, and the particulars of a message."""
_DISCREET = "事项"
_TAIL = 12
_CUT = "…"


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Signature, organ and address of the office of one street."""

    signature: str = "街道政务服务中心"
    """The beginning of a message between 【 and 】, as registered with the carrier."""
    organ: str = "街道办事处"
    """The organ as it stands on a document."""
    phone: str = "12345"
    """The number for questions."""
    hall: str = "街道政务服务中心"
    """The hall, with its address."""
    hours: str = "工作日9:00-12:00，14:00-17:00"
    """Office hours of a hall that published none."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """The applicant as the sealed envelope describes him; stored in the vault alone."""

    name: str
    identity_masked: str
    """The identity number as documents may show it; notify never has the whole."""
    phone: str
    query_code: str


class WrongTemplate(Malformed):
    """A text has a placeholder that nothing fills, or is none that the public can read."""

    sentence = "短信模板{code}有误：{sentence}"


@dataclass(frozen=True, slots=True)
class MessageTemplate:
    """An approved text; only the placeholders between braces change. Raises WrongTemplate."""

    code: str
    version: str
    text: str
    late_text: str = ""
    """The text from the day after {date} on, without that day; empty where {date} is no last day."""

    def __post_init__(self) -> None:
        for field, text in (("text", self.text), ("late_text", self.late_text)):
            for _, sentence in message_text_faults(text, PLACEHOLDERS):
                raise WrongTemplate(field, code=self.code, sentence=sentence)


@dataclass(frozen=True, slots=True)
class MatterWording:
    """The words of a matter that a message may contain."""

    item: str
    sensitive: bool
    number: str
    """办件编号; empty before acceptance."""
    query_code: str


def compose(
    template: MessageTemplate, letterhead: Letterhead, matter: MatterWording, particulars: Mapping[str, str]
) -> str:
    """The text of a message. Raises KeyError for a placeholder that nothing fills."""
    item = discreet_item(matter)
    particulars = _marked(particulars)
    text = _filled(template, letterhead, matter, {**particulars, "item": item})
    if len(text) <= MOST_SIGNS:
        return text
    return _filled(template, letterhead, matter, {**particulars, "item": shortened_item(item, len(text) - MOST_SIGNS)})


@rule()
def wording_on(template: MessageTemplate, particulars: Mapping[str, str], on: date) -> MessageTemplate:
    """A message that is sent after the last day that it would name has a text of its own, without that day.

    Asked on the day of each try: a message that waited, or that announces a deemed acceptance, can be late.
    """
    if not template.late_text or on <= _read_date(particulars["date"]):
        return template
    return replace(template, text=template.late_text)


@rule("个人信息保护法 6")
def discreet_item(matter: MatterWording) -> str:
    """A message never names a sensitive item; it says 事项 instead."""
    return _DISCREET if matter.sensitive else matter.item


@rule()
def shortened_item(item: str, excess: int) -> str:
    """In a text longer than three parts the name of the item is shortened, and nothing else."""
    return item[: max(0, len(item) - excess - 1)] + _CUT


def written_date(day: date) -> str:
    """A day as documents and messages write it: 2016年3月1日."""
    return f"{day.year}年{day.month}月{day.day}日"


@rule()
def provisional_mark(provisional: bool) -> str:
    """A last day that a holiday notice may still move is told as one: （暂定）."""
    return "（暂定）" if provisional else ""


def mask_name(name: str) -> str:
    """A name with its first sign, and a star for each other one; a name of one sign is a star."""
    return name[:1] + "*" * (len(name) - 1) if len(name) > 1 else "*" * len(name)


def mask_phone(phone: str) -> str:
    """A telephone number with its first three digits and its last four; a shorter one is all stars."""
    hidden = len(phone) - 7
    return phone[:3] + "*" * hidden + phone[-4:] if hidden > 0 else "*" * len(phone)


def number_tail(number: str) -> str:
    """The end of a 办件编号: day and serial, by which its holder recognises it."""
    return number[-_TAIL:]


def _marked(particulars: Mapping[str, str]) -> Mapping[str, str]:
    """The mark stands behind the day in the text; it is kept apart, since the day is also read back."""
    mark = particulars.get("mark", "")
    return {**particulars, "date": particulars["date"] + mark} if mark else particulars


def _filled(
    template: MessageTemplate, letterhead: Letterhead, matter: MatterWording, particulars: Mapping[str, str]
) -> str:
    known = {
        "case": number_tail(matter.number),
        "code": matter.query_code,
        "tel": letterhead.phone,
        "window": letterhead.hall,
        "hours": letterhead.hours,
    }
    return f"【{letterhead.signature}】" + template.text.format_map({**known, **particulars})


def _read_date(written: str) -> date:
    return datetime.strptime(written, "%Y年%m月%d日").date()
