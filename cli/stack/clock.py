"""`onewindow clock`: the office clock of the embedded stack."""

import asyncio
from datetime import timedelta
from typing import Annotated

import typer

from chassis.clock import OfficeClock
from embedded.data_dir import StackSettings
from embedded.errors import NotRunning, StackError
from embedded.office_clock import ClockDriver, instant_of
from embedded.quiescence import Quiescence, SettleLimits, district_unfinished
from embedded.stack import Stack

app = typer.Typer(no_args_is_help=True, help="办公时钟：一个存着的时刻，期限、巡检、静默时段都以它为准")


@app.command()
def show() -> None:
    """显示办公时钟。"""
    path = _settings().data_dir().clock
    if not path.exists():
        raise NotRunning
    typer.echo(OfficeClock(path).now().isoformat())


@app.command()
def advance(
    to: Annotated[str, typer.Option(metavar="DATE[THH:MM]", help="推进到哪一日（时）")] = "",
    days: Annotated[int, typer.Option(metavar="N", min=0, help="或推进几日，到那一日开门时")] = 0,
) -> None:
    """逐日推进办公时钟；每一日待发、待收、当日巡检、移交与消息都办完，才进入下一日。只能向前。"""
    if bool(to) == bool(days):
        raise typer.BadParameter("写明推进到哪一日（--to），或推进几日（--days），二者取一")
    asyncio.run(_advance(_settings(), to, days))


def _settings() -> StackSettings:
    settings = StackSettings.load()
    if settings.clock == "real":
        raise StackError("ONEWINDOW_CLOCK：正式环境以真实时间为准，没有可推进的办公时钟")
    return settings


async def _advance(settings: StackSettings, to: str, days: int) -> None:
    stack = Stack(settings.data_dir(), settings)
    status = stack.status()
    limits = SettleLimits(settings.settle_within, settings.settle_pause)
    others = [district_unfinished(str(status["simulators"]["district"]["control"]))]
    urls = status["postgres"]["url"], status["nats"]["url"]
    async with await Quiescence.connect(*urls, limits, others=others) as quiescence:
        driver = ClockDriver(stack.data_dir.clock, quiescence)
        now = driver.now()
        day = (now + timedelta(days=days)).date().isoformat() if days else to
        await driver.advance(instant_of(day, now))
        typer.echo(driver.now().isoformat())
