"""`onewindow demo`: a hall's whole year through the stack, next to the street's own report."""

import asyncio
import calendar
import json
import sys
from dataclasses import replace
from datetime import date
from importlib.resources import as_file, files
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bench.echo import echo_per_second
from catalogue.check import load, load_halls
from catalogue.wire import hall_message, item_message, window_messages
from chassis.clock import OfficeClock
from cli.stack.demo_session import only_one, taken_down
from cli.stack.year_report import show_year
from client.office import CallFailed, OfficeClient
from embedded.data_dir import StackSettings
from embedded.errors import StackError
from embedded.local_services import local_client
from embedded.office_clock import ClockDriver
from embedded.quiescence import Quiescence, SettleLimits, district_unfinished
from embedded.stack import Stack
from law.workdays import state_council
from simulation import acts, hall_year, year_run
from simulation.hall_year import YearProgress
from simulation.plan import Plan, PlanRefused, load_plan
from simulation.schedule import schedule
from simulation.year_run import SimulatedYear, StackAddresses, YearFigures

app = typer.Typer()

_DECEMBER = 12
_DRAWN_A_SECOND = 2
"""Times a second the progress is drawn: it competes with the hall for the processor."""

_CHECK_SECONDS = 1.0
"""Seconds between two checks whether the stack was stopped: without them calls would be repeated for minutes."""


@app.command()
def demo(
    plan: Annotated[Path | None, typer.Option(metavar="FILE", help="计划文件；缺省为2016年的计划")] = None,
    months: Annotated[int, typer.Option(metavar="N", min=1, max=_DECEMBER, help="只演前N个月")] = _DECEMBER,
    seed: Annotated[int | None, typer.Option(metavar="N", min=0, help="换一个种子")] = None,
    as_json: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="把结果写入文件；-为标准输出")] = None,
) -> None:
    """按计划演一年的大厅：受理、审查、转报、决定、送达、评价，每个数字都由统计服务从流过的事实算出。"""
    simulated = _simulated_year(plan, months, seed)
    _require_writable(as_json)
    settings = _settings()
    stack = Stack(settings.data_dir(), settings)
    with only_one(stack.data_dir), taken_down(stack):
        ours = not stack.running()
        if ours:
            moved_to = stack.start(clock_start=hall_year.opens_at(date(simulated.plan.year, 1, 1)), fresh=True)
            if moved_to:
                typer.echo(f"原有数据已移至 {moved_to}", err=True)
        figures = asyncio.run(_played(simulated, stack, settings, fresh=ours))
    _show(figures, as_json, simulated.until.month)


def _require_writable(as_json: Path | None) -> None:
    """Raises OSError before the year is played; after it the figures would be lost."""
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
    if settings.district != year_run.DISTRICT:
        raise StackError(f"ONEWINDOW_DISTRICT：演示的街道属于{year_run.DISTRICT}：请去掉这项设置")
    return settings


def _simulated_year(path: Path | None, months: int, seed: int | None) -> SimulatedYear:
    catalogue = files("catalogue")
    with as_file(catalogue / "items") as items, as_file(catalogue / "windows.yaml") as windows:
        offered = [item_message(item) for item in load(items)]
        documents = load_halls(windows)
        counters = [window for hall in documents for window in window_messages(hall)]
    try:
        plan = _plan(path) if seed is None else replace(_plan(path), seed=seed)
        matters = schedule(plan, offered, state_council())
    except PlanRefused as refused:
        raise StackError(f"计划不成立：{refused.field}：{refused.rule}") from refused
    until = date(plan.year, months, calendar.monthrange(plan.year, months)[1])
    return SimulatedYear(plan, offered, counters, [hall_message(hall) for hall in documents], matters, until)


def _plan(path: Path | None) -> Plan:
    if path is not None:
        return load_plan(path)
    with as_file(files("simulation") / "year_2016.yaml") as shipped:
        return load_plan(shipped)


async def _played(simulated: SimulatedYear, stack: Stack, settings: StackSettings, *, fresh: bool) -> YearFigures:
    task = asyncio.create_task(_play(simulated, stack, settings, fresh=fresh))
    while stack.running() and not task.done():
        await asyncio.wait({task}, timeout=_CHECK_SECONDS)
    task.cancel()
    try:
        return await task
    except (asyncio.CancelledError, Exception) as error:
        if stack.remains():
            if isinstance(error, CallFailed):
                raise StackError(f"演示没有演完：{error}") from error
            raise
        # The error of the connection that broke first does not help the user.
        raise StackError("演示没有演完：环境中途被停止了。请再执行 onewindow demo，从头演起") from error


async def _play(simulated: SimulatedYear, stack: Stack, settings: StackSettings, *, fresh: bool) -> YearFigures:
    status = stack.status()
    if not fresh:
        await _require_untouched(simulated, status["postgres"]["url"], OfficeClock(stack.data_dir.clock))
    addresses = StackAddresses(
        district_control=str(status["simulators"]["district"]["control"]),
        postgres_url=status["postgres"]["url"],
        nats_url=status["nats"]["url"],
        echo_per_second=await echo_per_second(),
    )
    limits = SettleLimits(settings.settle_within, settings.settle_pause, handed_over=True)
    others = [district_unfinished(addresses.district_control)]
    urls = addresses.postgres_url, addresses.nats_url
    async with await Quiescence.connect(*urls, limits, others=others) as quiescence:
        clock = ClockDriver(stack.data_dir.clock, quiescence)
        async with _client(stack) as client:
            with _Bar(simulated) as bar:
                return await year_run.play(simulated, client, addresses, clock, bar.show)


async def _require_untouched(simulated: SimulatedYear, postgres_url: str, clock: OfficeClock) -> None:
    """Raises StackError before anything is measured or played."""
    if await year_run.facts_stored(postgres_url):
        raise StackError("正在运行的环境已有业务数据，演示需要空的环境：请先执行 onewindow down，再执行 onewindow demo")
    first = min((matter.received_on for matter in simulated.matters), default=simulated.until)
    if clock.now().date() > first:
        raise StackError(
            f"正在运行的环境办公时钟为{clock.now():%Y-%m-%d}，已过计划首日{first}："
            "请先执行 onewindow down，再执行 onewindow demo"
        )


def _client(stack: Stack) -> OfficeClient:
    street = dict.fromkeys(acts.CLERKS.values(), ("CLERK",))
    street |= dict.fromkeys(acts.REVIEWERS, ("REVIEWER",)) | {acts.HEAD: ("HEAD",)}
    district = {hall_year.CONFIGURATOR: ("CONFIGURATOR",), year_run.SUPERVISOR: ("SUPERVISOR",)}
    staff = {name: (posts, year_run.STREET) for name, posts in street.items()}
    staff |= {name: (posts, year_run.DISTRICT) for name, posts in district.items()}
    return local_client(stack.site(), staff)


class _Bar:
    """The progress of the year on standard error."""

    def __init__(self, simulated: SimulatedYear) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            refresh_per_second=_DRAWN_A_SECOND,
        )
        self._task = self._progress.add_task(f"{simulated.plan.year}年", total=None)

    def __enter__(self) -> "_Bar":
        self._progress.start()
        return self

    def __exit__(self, *_: Any) -> None:  # noqa: ANN401 - the three of every context manager
        self._progress.stop()

    def show(self, progress: YearProgress) -> None:
        """Shows the progress."""
        self._progress.update(self._task, description=f"{progress.day}", total=progress.of, completed=progress.matters)


def _show(figures: YearFigures, as_json: Path | None, months: int) -> None:
    if as_json is None:
        show_year(figures, Console(), months)
        return
    document = json.dumps(figures.document(), ensure_ascii=False, indent=2)
    if str(as_json) == "-":
        sys.stdout.write(f"{document}\n")
        return
    as_json.write_text(f"{document}\n", encoding="utf-8")
    show_year(figures, Console(), months)
