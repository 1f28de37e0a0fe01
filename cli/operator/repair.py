"""`onewindow republish`, `redrive`, `rebuild`: repairs after a loss, in a service's own pod or on this machine."""

import asyncio
from collections.abc import Coroutine, Mapping
from datetime import datetime, timedelta
from typing import Annotated

import asyncpg
import typer

from chassis.clock import SHANGHAI, RealClock
from chassis.inbox import FactUnreadable, RebuildUnderWay, TablesBusy, dead_letters
from chassis.nats.streams import MAX_AGE
from chassis.postgres.database import AWAY
from cli.targets import EVERY_LOGIN, all_workers, place_of, workers
from operations.errors import CommandError
from operations.received import ComparisonScope, MissingFact, missing_facts, place_is_known, publish_missing
from operations.repair import rebuild_projections, redriven, refill_outbox, request_redrive
from operations.workers import ServiceWorker
from protocol.streams import PUBLISHERS, SERVICES, publisher_of

app = typer.Typer()

_SETTLED_SECONDS = 60.0

Service = Annotated[str, typer.Option(metavar="NAME", help="服务名；在服务的容器中可不写")]


@app.command()
def republish(
    since: Annotated[str, typer.Option(metavar="DATE[THH:MM]", help="从何时记录的事实起；不写时为十四天前")] = "",
    place: Annotated[str, typer.Option(metavar="CODE", help="只发一个地点的，九位")] = "",
    missing: Annotated[
        bool, typer.Option("--missing", help="只发有服务没有收到的；须连得上各服务的数据库（本机，或有全部账号的任务）")
    ] = False,
    settled: Annotated[
        float | None,
        typer.Option(min=0.0, metavar="SECONDS", help="只与 --missing 同用：多少秒之前的事实才应当已经收到，不写时 60"),
    ] = None,
    service: Service = "",
) -> None:
    """把数据库中的事实重新放入待发，用于消息流丢失或重建之后；已收过的服务会认出来，不会重复办理，任何时候都可执行。"""
    if missing and since:
        raise typer.BadParameter("不与 --missing 同用：缺的不论何时记录都补发", param_hint="--since")
    if settled is not None and not missing:
        raise typer.BadParameter("只与 --missing 同用", param_hint="--settled")
    if missing:
        _republish_missing(place, timedelta(seconds=_SETTLED_SECONDS if settled is None else settled), service)
        return
    start = instant(since)
    place = place_of(workers(service), place)
    for worker in workers(service):
        if worker.service in PUBLISHERS:
            count = _run(refill_outbox(worker, start, place))
            typer.echo(f"{worker.service}：{count} 条事实待重新发布（自 {start:%Y-%m-%d %H:%M} 起）")


def _republish_missing(place: str, settled: timedelta, service: str) -> None:
    """Publishes what a receiver has not: of every publisher, or of the named one."""
    reached = all_workers()
    if len(reached) < len(SERVICES):
        raise CommandError(
            f"这里只看得到一个服务的数据库，不知道别的服务缺什么；请用 --since 与 --place，或{EVERY_LOGIN}"
        )
    scope = ComparisonScope(place_of(reached.values(), place), settled)
    found: dict[str, list[MissingFact]] = {name: [] for name in PUBLISHERS if service in ("", name)}

    async def publish() -> int:
        if scope.place and not await place_is_known(reached, scope.place):
            raise CommandError(f"各服务都没有地点 {scope.place} 的事实，请核对代码")
        async for fact in missing_facts(reached, scope):
            if (publisher := publisher_of(fact.source)) in found:
                found[publisher].append(fact)
        return sum([await publish_missing(reached[name], facts) for name, facts in found.items()])

    total = _run(publish())
    for name, facts in found.items():
        receivers = "、".join(sorted({fact.receiver for fact in facts}))
        typer.echo(
            f"{name}：{f'{receivers} 缺，' if facts else ''}{len({fact.event_id for fact in facts})} 条待重新发布"
        )
    if not total:
        typer.echo("没有服务缺事实")


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


@app.command()
def rebuild(
    service: Service = "",
    check: Annotated[bool, typer.Option("--check", help="只比较，不改动；有差别时退出码为1")] = False,
) -> None:
    """由事实和已收到的事实重新生成列表与统计表，与现有的比较，不对的改正；服务照常运行，可重复执行。"""
    wrong = 0
    for worker in workers(service):
        differed = _folded(worker, repair=not check)
        wrong += sum(differed.values())
        listed = "，".join(f"{table} {rows:,}" for table, rows in differed.items() if rows)
        done = f"{listed} 行{'不对' if check else '已改正'}" if listed else "全部相符，没有改动"
        typer.echo(f"{worker.service}：{done}")
    if check and wrong:
        raise CommandError(f"共 {wrong:,} 行与事实不符；去掉 --check 再执行一次即改正")


def instant(text: str) -> datetime:
    """The instant in Shanghai of a typed text; of an empty one, as far back as a stream reaches."""
    if not text:
        return RealClock().now() - timedelta(seconds=MAX_AGE)
    try:
        return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} 不是日期") from error


async def _redriven(worker: ServiceWorker, letters: list[int], everything: bool, within: float) -> int:
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


def _folded(worker: ServiceWorker, *, repair: bool) -> Mapping[str, int]:
    try:
        return asyncio.run(rebuild_projections(worker, repair=repair))
    except RebuildUnderWay as error:
        raise CommandError(f"{worker.service}：已有一次重建在进行，请等它结束") from error
    except FactUnreadable as error:
        raise CommandError(
            f"{worker.service}：案卷 {error} 有事实读不出来，没有改动任何行；请先执行 onewindow audit verify"
        ) from error
    except TablesBusy as error:
        raise CommandError(f"{worker.service}：写入太密，没有等到可以比较的间隙；请稍后或在下班后再执行") from error
    except (*AWAY, asyncpg.PostgresError) as error:
        raise CommandError(f"{worker.service}：数据库没有接受：{str(error) or type(error).__name__}") from error
