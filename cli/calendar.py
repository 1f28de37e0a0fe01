"""`onewindow calendar`: the clock of a term by hand, without a stack."""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated

import typer

from cli import term_question
from law import term_clock
from law.not_allowed import Malformed, NotAllowed
from law.term_clock import Due, Term
from law.term_proof import ProvenDay, proof
from law.terms import Unit
from law.workdays import Calendar, state_council

app = typer.Typer(no_args_is_help=True, help="期限推算：工作日、自然日、中止计时。")

From = Annotated[str | None, typer.Option("--from", metavar="日期", help="起算行为之日（当日不计），YYYY-MM-DD")]
Days = Annotated[str | None, typer.Option("--days", metavar="天数", help="期限天数")]
InUnit = Annotated[str, typer.Option("--unit", metavar="working|calendar", help="工作日或自然日")]
Pauses = Annotated[
    list[str] | None, typer.Option("--pause", metavar="A..B", help="中止计时，首尾两日均不计，可重复填写")
]
Json = Annotated[bool, typer.Option("--json", help="只输出一个JSON文档")]
Lines = Annotated[bool, typer.Option("--lines", help="从标准输入逐行读取JSON，逐行作答")]

_WEEKDAYS = "一二三四五六日"
_UNITS = {Unit.WORKING: "个工作日", Unit.CALENDAR: "日"}


@app.command()
def due(
    from_: From = None,
    days: Days = None,
    unit: InUnit = Unit.WORKING.value,
    pause: Pauses = None,
    as_json: Json = False,
    lines: Lines = False,
) -> None:
    """推算期限的最后一日，并列出所依据的放假通知。"""
    if lines:
        if from_ or days or pause:
            raise typer.BadParameter("--lines 从标准输入读取，不与 --from、--days、--pause 同用")
        return _answer_lines()
    term = _asked(from_, days, unit, pause, as_json)
    return _tell(term, as_json, _due_fields, _due_words)


@app.command()
def explain(
    from_: From = None,
    days: Days = None,
    unit: InUnit = Unit.WORKING.value,
    pause: Pauses = None,
    as_json: Json = False,
) -> None:
    """逐日列出期限如何计算：哪天计入、哪天不计、依据是什么。"""
    term = _asked(from_, days, unit, pause, as_json)
    return _tell(term, as_json, _proof_fields, _proof_words)
