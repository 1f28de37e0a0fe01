"""`onewindow district`: our files and the records of the district's own approval system, held against each other."""

import asyncio
import json
import sys
from typing import Annotated

import asyncpg
import structlog
import typer

from chassis.postgres.database import AWAY
from cli.operator.reconciliation import document, sentences
from cli.targets import approval_settings
from operations.errors import CommandError
from services.approval.app import open_reconciler
from services.approval.handoff.adapters.client import DistrictRefusal, DistrictUnreachable
from services.approval.handoff.domain.reconciliation import Reconciliation

app = typer.Typer(no_args_is_help=True)


@app.callback()
def district() -> None:
    """与区审批系统：对账。"""


@app.command()
def reconcile(
    *,
    again: Annotated[bool, typer.Option("--send-again", help="区丢失或拒收的件按原键重新排队送交")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="只输出一个JSON文档")] = False,
) -> None:
    """从头读区里的清单，补登区已报送的结果，逐件列出只在一方或两边不一致的；全部一致退出码为 0，否则为 1。"""
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    reconciliation, queued = asyncio.run(_reconciled(again))
    if as_json:
        typer.echo(json.dumps(document(reconciliation, queued), ensure_ascii=False))
    else:
        typer.echo("\n".join(sentences(reconciliation, queued)))
    raise typer.Exit(1 if reconciliation.unmatched else 0)


async def _reconciled(again: bool) -> tuple[Reconciliation, int]:
    """The reconciliation, and the number of legs queued once more."""
    try:
        async with open_reconciler(approval_settings()) as reconciler:
            if reconciler is None:
                raise CommandError("本区没有自己的审批系统（未设 district.target），无账可对")
            found = await reconciler.reconcile()
            return found, await reconciler.send_again(found.unmatched) if again else 0
    except DistrictUnreachable as error:
        raise CommandError(f"区审批系统没有应答：{error}") from error
    except DistrictRefusal as error:
        raise CommandError(f"区审批系统拒绝答复：{error}") from error
    except (*AWAY, asyncpg.PostgresError) as error:
        raise CommandError(f"数据库没有应答：{str(error) or type(error).__name__}") from error
