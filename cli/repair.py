"""`onewindow republish`, `redrive`: what an operator does after a loss, in a service's own pod or on this machine."""

import asyncio
from collections.abc import Coroutine
from datetime import datetime, timedelta
from typing import Annotated

import asyncpg
import typer

from chassis.clock import SHANGHAI, RealClock
from chassis.inbox import dead_letters
from chassis.nats.streams import MAX_AGE
from chassis.postgres.database import AWAY
from cli.targets import workers
from operations.errors import CommandError
from operations.repair import redriven, refill_outbox, request_redrive
from operations.workers import Worker
from protocol.streams import PUBLISHERS

app = typer.Typer()

Service = Annotated[str, typer.Option(metavar="NAME", help="服务名；在服务的容器中可不写")]


@app.command()
def republish(
    since: Annotated[str, typer.Option(metavar="DATE[THH:MM]", help="从何时记录的事实起；不写时为十四天前")] = "",
    service: Service = "",
) -> None:
    """把数据库中的事实重新放入待发，用于消息流丢失或重建之后；已听过的服务会认出来，不会重复办理。"""
    start = instant(since)
    for worker in workers(service):
        if worker.service in PUBLISHERS:
            count = _run(refill_outbox(worker, start))
            typer.echo(f"{worker.service}：{count} 条事实待重新发布（自 {start:%Y-%m-%d %H:%M} 起）")


@app.command()
def redrive(
    letters: Annotated[list[int] | None, typer.Argument(metavar="[ID]…", help="死信编号")] = None,
    everything: Annotated[bool, typer.Option("--all", help="全部死信")] = False,
    service: Service = "",
    within: Annotated[float, typer.Option(metavar="SECONDS", help="等待结果的秒数")] = 60.0,
) -> None:
    """列出死信；给出编号或 --all 时请服务重新办理，并等待结果。仍办不了的留在原处，退出码为1。"""
    if letters and not service and len(workers(service)) > 1:
        raise typer.BadParameter("编号属于某一个服务，请写 --service")
    left = 0
    for worker in workers(service):
        left += _run(_redriven(worker, letters or [], everything, within))
    if left and (letters or everything):
        raise CommandError(f"{left} 封死信仍未办理")


async def _redriven(worker: Worker, letters: list[int], everything: bool, within: float) -> int:
    async with worker.pool() as pool:
        if letters or everything:
            requested = await request_redrive(pool, letters, everything=everything)
            done = await redriven(pool, requested, within)
            typer.echo(f"{worker.service}：请求 {len(requested)} 封，已办理 {done} 封")
        found = await dead_letters(pool)
    for letter in found:
        typer.echo(
            f"{worker.service} #{letter.number} {letter.source}/{letter.kind} {letter.at:%Y-%m-%d %H:%M} {letter.error}"
        )
    if not (found or letters or everything):
        typer.echo(f"{worker.service}：没有死信")
    return len([letter for letter in found if everything or letter.number in letters])


def _run(work: Coroutine[object, object, int]) -> int:
    try:
        return asyncio.run(work)
    except (*AWAY, asyncpg.PostgresError) as error:
        raise CommandError(f"数据库没有接受：{str(error) or type(error).__name__}") from error


def instant(text: str) -> datetime:
    """An instant as it was typed, in Shanghai; without one, as far back as a stream reaches."""
    if not text:
        return RealClock().now() - timedelta(seconds=MAX_AGE)
    try:
        return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} 不是日期") from error
