"""`onewindow demo`: a hall's whole year through the stack, beside the street's own report."""

import asyncio
import calendar
import json
import sys
from dataclasses import replace
from datetime import date, datetime, time
from importlib.resources import as_file, files
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bench.echo import echo_per_second
from catalogue.check import load, load_halls
from catalogue.wire import item_message, window_messages
from chassis.clock import SHANGHAI
from cli.demo_session import only_one, taken_down
from embedded.errors import StackError
from embedded.keys import staff_token
from embedded.office_clock import ClockDriver
from embedded.quiescence import Quiescence, SettleLimits, district_unfinished
from embedded.settings import StackSettings
from embedded.stack import Stack
from law.workdays import state_council
from simulation import acts, hall_year, playing
from simulation.desks import CallFailed, Desks, Staff
from simulation.figures import YearFigures
from simulation.hall_year import Progress as YearProgress
from simulation.plan import Plan, PlanRefused, load_plan
from simulation.playing import Playbill, Where
from simulation.schedule import schedule

app = typer.Typer()

_OPENING = time(9, 0)
_DECEMBER = 12
_LOOKS = 2
"""Times a second the progress is drawn: it competes with the hall for the processor."""

_GLANCE = 1.0
"""Seconds between two looks whether the stack was taken down: calls would be repeated for minutes to nobody."""


@app.command()
def demo(
    plan: Annotated[Path | None, typer.Option(metavar="FILE", help="计划文件；缺省为2016年的计划")] = None,
    months: Annotated[int, typer.Option(metavar="N", min=1, max=_DECEMBER, help="只演前N个月")] = _DECEMBER,
    seed: Annotated[int | None, typer.Option(metavar="N", min=0, help="换一个种子")] = None,
    as_json: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="把结果写入文件；-为标准输出")] = None,
) -> None:
    """按计划演一年的大厅：受理、审查、转报、决定、送达、评价，每个数字都由统计服务从流过的事实算出。"""
    bill = _playbill(plan, months, seed)
    _require_writable(as_json)
    settings = _settings()
    stack = Stack(settings.data_dir(), settings)
    with only_one(stack.data_dir), taken_down(stack):
        ours = not stack.running()
        if ours:
            kept = stack.start(clock_start=_opening(date(bill.plan.year, 1, 1)), fresh=True)
            if kept:
                typer.echo(f"原有数据已移至 {kept}", err=True)
        figures = asyncio.run(_played(bill, stack, settings, fresh=ours))
    _show(figures, as_json)


def _require_writable(as_json: Path | None) -> None:
    """Before the year is played, not after: its figures would be lost. Raises OSError."""
    if as_json is None or str(as_json) == "-":
        return
    absent = not as_json.exists()
    as_json.open("a").close()
    if absent:
        as_json.unlink()


def _settings() -> StackSettings:
    settings = StackSettings.load()
    if settings.clock == "real":
        raise StackError("ONEWINDOW_CLOCK：演示要一日一日推进办公时钟，真实时间推进不了：请去掉这项设置")
    if settings.district != playing.DISTRICT:
        raise StackError(f"ONEWINDOW_DISTRICT：演示的街道属于{playing.DISTRICT}：请去掉这项设置")
    return settings


def _playbill(path: Path | None, months: int, seed: int | None) -> Playbill:
    catalogue = files("catalogue")
    with as_file(catalogue / "items") as items, as_file(catalogue / "windows.yaml") as windows:
        offered = [item_message(item) for item in load(items)]
        counters = [window for hall in load_halls(windows) for window in window_messages(hall)]
    try:
        plan = _plan(path) if seed is None else replace(_plan(path), seed=seed)
        matters = schedule(plan, offered, state_council())
    except PlanRefused as refused:
        raise StackError(f"计划不成立：{refused.field}：{refused.rule}") from refused
    until = date(plan.year, months, calendar.monthrange(plan.year, months)[1])
    return Playbill(plan, offered, counters, matters, until)


def _plan(path: Path | None) -> Plan:
    if path is not None:
        return load_plan(path)
    with as_file(files("simulation") / "year_2016.yaml") as shipped:
        return load_plan(shipped)


async def _played(bill: Playbill, stack: Stack, settings: StackSettings, *, fresh: bool) -> YearFigures:
    playing = asyncio.create_task(_play(bill, stack, settings, fresh=fresh))
    while stack.running() and not playing.done():
        await asyncio.wait({playing}, timeout=_GLANCE)
    playing.cancel()
    try:
        return await playing
    except (asyncio.CancelledError, Exception) as error:
        if stack.remains():
            if isinstance(error, CallFailed):
                raise StackError(f"演示没有演完：{error}") from error
            raise
        # Whichever connection broke first says nothing that helps.
        raise StackError("演示没有演完：环境中途被停止了。请再执行 onewindow demo，从头演起") from error


async def _play(bill: Playbill, stack: Stack, settings: StackSettings, *, fresh: bool) -> YearFigures:
    status = stack.status()
    where = Where(
        services={name: str(doors["rpc"]) for name, doors in status["services"].items()},
        district_control=str(status["simulators"]["district"]["control"]),
        postgres_url=status["postgres"]["url"],
        nats_url=status["nats"]["url"],
        echo_per_second=await echo_per_second(),
    )
    pace = SettleLimits(settings.settle_within, settings.settle_pause)
    others = [district_unfinished(where.district_control)]
    async with await Quiescence.connect(where.postgres_url, where.nats_url, pace, others=others) as rest:
        clock = ClockDriver(stack.data_dir.clock, rest)
        if not fresh:
            await _require_untouched(bill, where, clock)
        desks = Desks(where.services, _staff(stack))
        try:
            with _Bar(bill) as bar:
                return await playing.play(bill, desks, where, clock, bar.tell)
        finally:
            await desks.close()


async def _require_untouched(bill: Playbill, where: Where, clock: ClockDriver) -> None:
    if await playing.facts_stored(where.postgres_url):
        raise StackError("正在运行的环境已有业务数据，演示需要空的环境：请先执行 onewindow down，再执行 onewindow demo")
    first = min((matter.received_on for matter in bill.matters), default=bill.until)
    if clock.now().date() > first:
        raise StackError(
            f"正在运行的环境办公时钟为{clock.now():%Y-%m-%d}，已过计划首日{first}："
            "请先执行 onewindow down，再执行 onewindow demo"
        )


def _staff(stack: Stack) -> Staff:
    clerks = dict.fromkeys(acts.CLERKS.values(), ("CLERK",))
    reviewers = dict.fromkeys(acts.REVIEWERS, ("REVIEWER",))
    street = {**clerks, **reviewers, acts.HEAD: ("HEAD",)}
    district = {hall_year.CONFIGURATOR: ("CONFIGURATOR",), playing.SUPERVISOR: ("SUPERVISOR",)}
    tokens = {staff: staff_token(stack.data_dir, staff, posts, playing.STREET) for staff, posts in street.items()}
    tokens |= {staff: staff_token(stack.data_dir, staff, posts, playing.DISTRICT) for staff, posts in district.items()}
    return Staff(tokens)


class _Bar:
    """The progress of the year on standard error."""

    def __init__(self, bill: Playbill) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            refresh_per_second=_LOOKS,
        )
        self._task = self._progress.add_task(f"{bill.plan.year}年", total=None)

    def __enter__(self) -> "_Bar":
        self._progress.start()
        return self

    def __exit__(self, *_: Any) -> None:  # noqa: ANN401 - the three of every context manager
        self._progress.stop()

    def tell(self, progress: YearProgress) -> None:
        """Show how far the year is."""
        self._progress.update(self._task, description=f"{progress.day}", total=progress.of, completed=progress.matters)


def _show(figures: YearFigures, as_json: Path | None) -> None:
    if as_json is None:
        figures.print(Console())
        return
    document = json.dumps(figures.document(), ensure_ascii=False, indent=2)
    if str(as_json) == "-":
        sys.stdout.write(f"{document}\n")
        return
    as_json.write_text(f"{document}\n", encoding="utf-8")
    figures.print(Console())


def _opening(on: date) -> datetime:
    return datetime.combine(on, _OPENING, SHANGHAI)
