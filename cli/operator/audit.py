"""`onewindow audit verify`: an audit of stored facts, keys, objects and lists, in a pod or on this machine."""

import asyncio
import json
import sys
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Annotated

import asyncpg
import typer

from chassis.audit import AuditCounts, AuditLimits, verify
from chassis.postgres.database import AWAY
from chassis.refusals import Away
from cli.targets import EVERY_LOGIN, all_workers, place_of, vault_settings, workers
from operations.audit import AUDITED, AuditReport, counted, open_target
from operations.errors import CommandError
from operations.received import ComparisonScope, missing_facts, place_is_known
from operations.settings import AuditSettings
from operations.workers import ServiceWorker

app = typer.Typer(no_args_is_help=True)

Settled = typer.Option(min=0.0, metavar="SECONDS", help="多少秒之前的事实才应当已经收到；更新的可能还在路上")

_EVERY_SECONDS = 5.0
"""Seconds between two lines of progress."""


@app.callback()
def audit() -> None:
    """核对所存的与所写的是否一致；只读，不影响办公。"""


@app.command("verify")
def verify_services(
    service: Annotated[str, typer.Option(metavar="NAME", help="服务名；在服务的容器中可不写")] = "",
    contents: Annotated[
        bool,
        typer.Option("--contents/--no-contents", help="是否读出并核对材料与文书的内容；否则只看在不在、大小对不对"),
    ] = True,
    findings: Annotated[int, typer.Option(min=1, max=100_000, help="每个服务最多列出多少处，其余只计数")] = 200,
    page: Annotated[int, typer.Option(min=1, max=10_000, help="每次读多少行，也就决定占多少内存")] = 500,
    rest: Annotated[float, typer.Option(min=0.0, metavar="SECONDS", help="每页之后歇多久，办公时间可设 0.02")] = 0.0,
    as_json: Annotated[bool, typer.Option("--json", help="输出一份 JSON")] = False,
) -> None:
    """核对每条事实的编号与摘要链、列表、保险箱密钥与文字、材料与文书、待发与已收；有问题时退出码为1。

    各服务的数据库都能连上时（本机的整套服务），还逐卷比较发布了的与收到了的。
    """
    settings = AuditSettings.load()
    limits = AuditLimits(page, settings.audit_statement_seconds, rest, settings.audit_objects)
    reports = [
        asyncio.run(_guarded(worker, AuditReport(AUDITED[worker.service], findings), limits, contents=contents))
        for worker in workers(service)
    ]
    asyncio.run(
        _compare(
            reports,
            ComparisonScope(
                settled=timedelta(seconds=settings.audit_settled_seconds), receivers=[service] if service else []
            ),
        )
    )
    if as_json:
        services = {report.audited.source: report.document() for report in reports}
        total = sum(report.rules.total() for report in reports)
        typer.echo(json.dumps({"findings": total, "services": services}, ensure_ascii=False, indent=2))
    else:
        typer.echo("\n".join(line for report in reports for line in report.lines()))
    refuse_findings(reports)


@app.command("received")
def verify_received(
    place: Annotated[str, typer.Option(metavar="CODE", help="只看一个地点，九位")] = "",
    settled: Annotated[float, Settled] = 60.0,
) -> None:
    """只比较各服务发布了的与别的服务收到了的，指出缺的服务、来源、地点、案卷与编号；用 republish --missing 补发。"""
    reached = all_workers()
    place = place_of(reached.values(), place)
    reports = [AuditReport(AUDITED[name], 200) for name in reached]
    if len(reports) < len(AUDITED):
        raise CommandError(f"这里只连得上一个服务的数据库；{EVERY_LOGIN}")
    asyncio.run(_compare(reports, ComparisonScope(place, timedelta(seconds=settled))))
    typer.echo("\n".join(line for report in reports if report.rules for line in report.lines()) or "都收到了")
    refuse_findings(reports)


def refuse_findings(reports: Sequence[AuditReport]) -> None:
    """Raises CommandError when a report has findings."""
    wrong = [report for report in reports if report.rules]
    if wrong:
        total = sum(report.rules.total() for report in wrong)
        raise CommandError(f"共 {total:,} 处不一致（{'、'.join(report.audited.source for report in wrong)}）")


async def _compare(reports: Sequence[AuditReport], scope: ComparisonScope) -> None:
    """Adds to the report of each receiver what it has not received."""
    by_service = {report.audited.source: report for report in reports}
    reached = all_workers()
    try:
        if scope.place and not await place_is_known(reached, scope.place):
            raise CommandError(f"各服务都没有地点 {scope.place} 的事实，请核对代码")
        if len(reached) > 1:
            async for missing in missing_facts(reached, scope):
                by_service[missing.receiver].add(missing.finding())
    except (*AWAY, asyncpg.PostgresError) as error:
        raise CommandError(f"数据库没有应答：{str(error) or type(error).__name__}") from error


async def _guarded(worker: ServiceWorker, report: AuditReport, limits: AuditLimits, *, contents: bool) -> AuditReport:
    try:
        async with open_target(worker, vault_settings(), limits, contents=contents) as target:
            report.objects_seen = target.objects is not None or worker.service not in ("intake", "notify")
            report.counts = await verify(report.audited, target, report.add, _progress(worker.service))
            await report.name_files(target.pool)
    except asyncpg.QueryCanceledError as error:
        raise CommandError("一页查询超时：请减小 --page，或加大 ONEWINDOW_AUDIT_STATEMENT_SECONDS") from error
    except (*AWAY, asyncpg.PostgresError) as error:
        raise CommandError(f"数据库没有应答：{str(error) or type(error).__name__}") from error
    except Away as error:
        raise CommandError("对象存储没有应答；只核对其余内容请加 --no-contents 并检查地址与账号") from error
    return report


def _progress(service: str) -> Callable[[AuditCounts], None]:
    """A callback that writes the progress to standard error, every few seconds."""
    last = time.monotonic()

    def report(counts: AuditCounts) -> None:
        nonlocal last
        if time.monotonic() - last >= _EVERY_SECONDS:
            last = time.monotonic()
            sys.stderr.write(f"{service}：已核对{counted(counts)}……\n")

    return report
