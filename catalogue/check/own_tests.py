"""The item's own test cases, worked out by law: the clocks give their dates, the window gives their answers."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from catalogue.check.items import Answer, ItemDocument, OwnTest
from law import terms, workdays
from law.items import Breach, PublicLimit
from law.not_allowed import NotAllowed
from law.term_clock import TermClock, due_on
from law.terms import StatutoryLimit


def own_test_breaches(item: ItemDocument) -> Iterator[Breach]:
    """Own test cases of the item that fail; also a breach when none of them tries the promise."""
    item = replace(item, status="active")  # a suspended item is tried as it was and will be when it is open
    for position, test in enumerate(item.tests):
        yield from (Breach(("tests", position, each.field[0]), each.rule, each.sentence) for each in _tried(item, test))
    if not any(test.accepted_on for test in item.tests):
        sentence = f"至少要有一个用例写明受理日和承诺办结日，现有 {len(item.tests)} 个用例都没有写。"
        yield Breach(("tests",), "untested_limit", sentence)


def answer_to(item: ItemDocument, received_on: date, missing: frozenset[str]) -> Answer:
    """Answer of the window to papers handed in on a day, with some missing. (行政许可法 32)"""
    if not item.open_on(received_on):
        return "not_open"
    wanted = [material for material in item.materials if material.required and material.code in missing]
    if not wanted:
        return "accepted"
    return "tolerance" if all(material.deferrable for material in wanted) else "correction_notice"


def _tried(item: ItemDocument, test: OwnTest) -> Iterator[Breach]:
    if test.accepted_on:
        yield from _clocks(item, test, test.accepted_on)
    if test.received_on:
        yield from _answer(item, test, test.received_on)


def _clocks(item: ItemDocument, test: OwnTest, accepted_on: date) -> Iterator[Breach]:
    if not item.open_on(accepted_on):
        yield Breach(("accepted_on",), "own_test", f"{accepted_on} 不收件，不可能在这天受理。")
    if item.kind == "instant":
        yield from _compared("promised_due_on", test.promised_due_on, accepted_on)
    elif item.legal_limit and not test.legal_due_on:
        yield Breach(("legal_due_on",), "own_test", "要写两个末日：承诺办结日和法定办结日；现在没有写法定的。")
    else:
        yield from _promise(item, test, accepted_on)
    yield from _due("legal_due_on", test.legal_due_on, item.legal_limit, accepted_on)


def _promise(item: ItemDocument, test: OwnTest, accepted_on: date) -> Iterator[Breach]:
    """The day that the applicant is promised: the promise's last day, or the law's where that is earlier."""
    if item.promised_limit and item.legal_limit:
        ends = [_last_day(limit.limit, accepted_on) for limit in (item.promised_limit, item.legal_limit)]
        yield from _compared("promised_due_on", test.promised_due_on, min(ends, key=str))


def _answer(item: ItemDocument, test: OwnTest, received_on: date) -> Iterator[Breach]:
    unknown = sorted(set(test.materials_missing) - {material.code for material in item.materials})
    if unknown:
        yield Breach(("materials_missing",), "own_test", "没有这些材料编码：" + "、".join(unknown) + "。")
        return
    answer = answer_to(item, received_on, frozenset(test.materials_missing))
    if test.answer != answer:
        yield Breach(("answer",), "own_test", f"按规则应答是 {answer}，用例写的是 {test.answer}。")
    elif test.notice_due_on and answer != "correction_notice":
        sentence = f"只有一次性告知（correction_notice）才有告知截止日，用例写的是 {test.notice_due_on}。"
        yield Breach(("notice_due_on",), "own_test", sentence)
    elif test.notice_due_on:
        yield from _compared("notice_due_on", test.notice_due_on, _last_day(terms.ANSWER, received_on))


def _due(key: str, stated: date | None, limit: PublicLimit | None, accepted_on: date) -> Iterator[Breach]:
    if stated and not limit:
        yield Breach((key,), "own_test", f"事项没有这个时限，用例不能写它的办结日 {stated}。")
    elif stated and limit:
        yield from _compared(key, stated, _last_day(limit.limit, accepted_on))


def _compared(key: str, stated: date | None, worked_out: date | str) -> Iterator[Breach]:
    if isinstance(worked_out, str):
        yield Breach((key,), "own_test", f"用例写的是 {stated}，无从推算：{worked_out}")
    elif stated != worked_out:
        yield Breach((key,), "own_test", f"按规则推算是 {worked_out}，用例写的是 {stated}。")


def _last_day(limit: StatutoryLimit, from_on: date) -> date | str:
    """The last day of the limit, or the sentence that says why the calendar cannot tell it."""
    try:
        return due_on(TermClock.of(limit, from_on), workdays.state_council())
    except NotAllowed as refused:
        return refused.sentence
