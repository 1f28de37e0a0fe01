"""`onewindow district`: reconciliation of our files with the records of the district's own approval system."""

import asyncio
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated

import asyncpg
import structlog
import typer

from chassis.postgres.database import AWAY
from cli.targets import approval_settings
from operations.errors import CommandError
from services.approval.adapters.maintenance import open_reconciler
from services.approval.handoff.adapters.client import DistrictRefusal, DistrictUnreachable
from services.approval.handoff.domain.reconciliation import Difference, LegRecord, Reconciliation, Verdict

app = typer.Typer(no_args_is_help=True)

_NAMES = {
    "district_number": "区编号",
    "received_on": "区接收日",
    "ending": "办理情况",
    "decided_on": "区决定日",
    "returned_on": "区退回日",
}


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


def sentences(reconciliation: Reconciliation, queued: int) -> Iterator[str]:
    """The whole in Chinese: the counts, then every leg that does not simply match."""
    under_way = reconciliation.with_verdict(Verdict.UNDER_WAY)
    crossed, unmatched = reconciliation.with_verdict(Verdict.CROSSED), reconciliation.unmatched
    yield (
        f"对账：本方转报 {reconciliation.compared} 件，一致 {reconciliation.matched} 件，在途 {len(under_way)} 件，"
        f"撤回与办结交错 {len(crossed)} 件，差异 {len(unmatched)} 件；补登区已报送的 {reconciliation.read_in} 件"
    )
    yield from map(_sentence, (*unmatched, *crossed, *under_way))
    if queued:
        yield f"已按原键重新排队 {queued} 件，送达后请再对账一次"


def document(reconciliation: Reconciliation, queued: int) -> dict[str, object]:
    """The same for a program."""
    return {
        "compared": reconciliation.compared,
        "matched": reconciliation.matched,
        "read_in": reconciliation.read_in,
        "sent_again": queued,
        "differences": [_fields(difference) for difference in reconciliation.unmatched],
        "crossed": [_fields(difference) for difference in reconciliation.with_verdict(Verdict.CROSSED)],
        "under_way": [_fields(difference) for difference in reconciliation.with_verdict(Verdict.UNDER_WAY)],
    }


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


def _sentence(difference: Difference) -> str:
    comparison, number = difference.comparison, difference.number or "（本方无此件）"
    said = f"{comparison.verdict.value} {number}（{_where(difference)}）：{_sides(difference)}"
    refused = difference.refusal and comparison.verdict is Verdict.ONLY_HERE
    refusal = f"；区拒收理由：{difference.refusal}" if refused else ""
    return f"{said}{refusal}" + (f" → {comparison.advice.value}" if comparison.advice else "")


def _where(difference: Difference) -> str:
    number = difference.theirs or difference.ours
    parts = [f"区编号 {number.district_number}"] if number and number.district_number else ["无区编号"]
    return "，".join([*parts, *([f"街道 {difference.street}"] if difference.street else []), f"键 {difference.key}"])


def _sides(difference: Difference) -> str:
    """Both records: the fields in which they differ, or all fields where only one side has a record."""
    ours, theirs = difference.ours, difference.theirs
    if ours is None or theirs is None:
        return f"本方 {_whole(ours)}；区 {_whole(theirs)}"
    parts = difference.comparison.differing or ("ending",)
    return "；".join(f"{_NAMES[part]} 本方 {_said(ours, part)}／区 {_said(theirs, part)}" for part in parts)


def _whole(standing: LegRecord | None) -> str:
    if standing is None:
        return "无"
    days = ((standing.received_on, "接收"), (standing.decided_on, "决定"), (standing.returned_on, "退回"))
    return "，".join([standing.ending.value, *(f"{day} {what}" for day, what in days if day)])


def _said(standing: LegRecord, part: str) -> str:
    return getattr(standing, part) or "无"


def _fields(difference: Difference) -> dict[str, object]:
    return {
        "found": difference.comparison.verdict.name.lower(),
        "key": difference.key,
        "number": difference.number,
        "street": difference.street,
        "here": _standing(difference.ours),
        "there": _standing(difference.theirs),
        "parts": list(difference.comparison.differing),
        "refusal": difference.refusal,
        "advice": difference.comparison.advice.name.lower(),
        "says": difference.comparison.advice.value,
    }


def _standing(standing: LegRecord | None) -> dict[str, str] | None:
    return None if standing is None else {**asdict(standing), "ending": standing.ending.name.lower()}
