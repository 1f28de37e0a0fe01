"""`onewindow rebuild`: lists and figures folded again from what is kept, in a service's own pod or on this machine."""

import asyncio
from collections.abc import Mapping
from typing import Annotated

import asyncpg
import typer

from chassis.inbox import FactUnreadable, RebuildUnderWay, TablesBusy
from chassis.postgres.database import AWAY
from cli.targets import workers
from operations.errors import CommandError
from operations.repair import rebuild_projections
from operations.workers import Worker

app = typer.Typer()


@app.command("rebuild")
def run(
    service: Annotated[str, typer.Option(metavar="NAME", help="服务名；在服务的容器中可不写")] = "",
    check: Annotated[bool, typer.Option("--check", help="只比较，不改动；有差别时退出码为1")] = False,
) -> None:
    """由事实和已听到的事实重新生成列表与统计表，与现有的比较，不对的改正；服务照常运行，可重复执行。"""
    wrong = 0
    for worker in workers(service):
        differed = _folded(worker, repair=not check)
        wrong += sum(differed.values())
        told = "，".join(f"{table} {rows:,}" for table, rows in differed.items() if rows)
        done = f"{told} 行{'不对' if check else '已改正'}" if told else "全部相符，没有改动"
        typer.echo(f"{worker.service}：{done}")
    if check and wrong:
        raise CommandError(f"共 {wrong:,} 行与事实不符；去掉 --check 再执行一次即改正")


def _folded(worker: Worker, *, repair: bool) -> Mapping[str, int]:
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
