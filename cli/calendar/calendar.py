"""`onewindow calendar`: the term clock by hand, without a stack; and the publication of a year's holidays."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from cli.calendar import term_question
from law import term_clock
from law.not_allowed import Malformed, NotAllowed
from law.term_clock import Due, TermClock
from law.term_proof import ProvenDay, proof
from law.terms import Unit
from law.workdays import state_council

app = typer.Typer(no_args_is_help=True, help="期限推算：工作日、自然日、中止计时")

From = Annotated[str, typer.Option("--from", metavar="日期", help="行为发生之日（当日不计），YYYY-MM-DD")]
Days = Annotated[str, typer.Option("--days", metavar="天数", help="期限天数")]
InUnit = Annotated[str, typer.Option("--unit", metavar="working|calendar", help="工作日或自然日")]
Pauses = Annotated[list[str] | None, typer.Option("--pause", metavar="A..B", help="中止计时，首尾两日均不计，可多次")]
Json = Annotated[bool, typer.Option("--json", help="只输出一个JSON文档")]
Lines = Annotated[bool, typer.Option("--lines", help="从标准输入逐行读取JSON，逐行作答；空行略过")]

_WEEKDAYS = "一二三四五六日"
_UNITS = {Unit.WORKING: "个工作日", Unit.CALENDAR: "日"}


@app.command()
def due(
    *,
    from_: From = "",
    days: Days = "",
    unit: InUnit = Unit.WORKING.value,
    pause: Pauses = None,
    as_json: Json = False,
    lines: Lines = False,
) -> None:
    """推算期限的最后一日，并列出所依据的放假通知。"""
    if lines:
        if from_ or days or pause or unit != Unit.WORKING:
            raise typer.BadParameter("--lines 从标准输入读取，不与 --from、--days、--unit、--pause 同用")
        _answer_lines(sys.stdin.buffer)
        return
    with _refusals(as_json):
        answer = term_clock.due(_term(from_, days, unit, pause or []), state_council())
        typer.echo(_document(_due_fields(answer)) if as_json else "\n".join(_due_words(answer)))


@app.command()
def explain(
    *,
    from_: From = "",
    days: Days = "",
    unit: InUnit = Unit.WORKING.value,
    pause: Pauses = None,
    as_json: Json = False,
) -> None:
    """逐日列出期限如何计算：哪天计入、哪天不计、依据是什么。"""
    with _refusals(as_json):
        term = _term(from_, days, unit, pause or [])
        answer, proven = term_clock.due(term, state_council()), proof(term, state_council())
        if as_json:
            typer.echo(_document({**_due_fields(answer), "days": [_day_fields(day) for day in proven]}))
        else:
            typer.echo("\n".join([_term_words(term), *map(_day_words, proven), *_due_words(answer)]))


@app.command()
def publish(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="一年的放假安排，YAML")],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只说明会改变什么，不发布")] = False,
    as_json: Json = False,
    wait: Annotated[float, typer.Option("--wait", metavar="秒", help="发布后等待在办件重算完成的最长时间")] = 600.0,
) -> None:
    """检查后发布一年的放假安排，并重算在办件的期限；默认发到本机，集群的地址和令牌与 catalogue publish 相同。"""
    # Imported when it is typed: the clock by hand needs no stack and no contracts, and stays quick.
    publication = import_module("cli.calendar.publication")
    publication.publish_file(path, publication.PublicationOptions(dry_run, as_json, wait))


def _term(from_: str, days: str, unit: str, pauses: list[str]) -> TermClock:
    if not from_ or not days:
        raise typer.BadParameter("请填写 --from 和 --days，或用 --lines 从标准输入读取")
    return term_question.from_options(from_, days, unit, pauses)


@contextmanager
def _refusals(as_json: bool) -> Iterator[None]:
    """Ends with 2 where the question is malformed, with 1 where it has no answer."""
    try:
        yield
    except NotAllowed as no:
        if as_json:
            typer.echo(_document(_error_fields(no)))
        else:
            typer.echo(f"{no.field}：{no.sentence}", err=True)
        raise typer.Exit(2 if isinstance(no, Malformed) else 1) from None


def _answer_lines(questions: BinaryIO) -> None:
    for line in questions:
        if not line.strip():  # an empty line, as editors leave it at the end, asks nothing and has no answer
            continue
        try:
            fields = _due_fields(term_clock.due(term_question.from_line(line), state_council()))
        except NotAllowed as no:
            fields = _error_fields(no)
        typer.echo(_document(fields))


def _document(fields: dict[str, object]) -> bytes:
    # A lone surrogate of the question comes back as the escape that JSON has for it.
    return json.dumps(fields, ensure_ascii=False).encode("utf-8", "backslashreplace")


def _error_fields(no: NotAllowed) -> dict[str, object]:
    return {"error": {"field": no.field, "rule": no.sentence}}


def _due_fields(answer: Due) -> dict[str, object]:
    return {"due_on": str(answer.due_on), "provisional": answer.provisional, "notices": list(answer.notices)}


def _day_fields(proven: ProvenDay) -> dict[str, object]:
    return {
        "date": str(proven.day.on),
        "counts": proven.counts,
        "number": proven.number,
        "reason": proven.reason,
        "notice": proven.day.notice,
        "provisional": proven.day.provisional,
    }


def _term_words(term: TermClock) -> str:
    paused = f"，中止计时{len(term.pauses)}次" if term.pauses else ""
    return f"{_date_words(term.from_on)}的次日起算，期限{term.days}{_UNITS[term.unit]}{paused}："


def _day_words(proven: ProvenDay) -> str:
    counted = f"第{proven.number}日" if proven.counts else "不计入"
    return f"{proven.day.on}  星期{_WEEKDAYS[proven.day.on.weekday()]}  {counted}  {proven.reason}"


def _due_words(answer: Due) -> Iterator[str]:
    yield f"最后一日：{_date_words(answer.due_on)}"
    if answer.notices:
        yield f"依据：{'、'.join(answer.notices)}"
    if answer.provisional:
        yield "暂定：所涉年度的放假安排尚未公布，法定节假日休息，其余暂按周一至周五推算，公布后可能变动。"


def _date_words(on: date) -> str:
    return f"{on.year}年{on.month}月{on.day}日（星期{_WEEKDAYS[on.weekday()]}）"
