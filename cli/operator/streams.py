"""`onewindow streams …`: JetStream streams created or updated, recreated after a restore; NATS permissions."""

import asyncio
from dataclasses import replace
from datetime import datetime
from typing import Annotated

import typer

from chassis.nats.broker_access import access_of
from cli.operator.repair import instant
from cli.targets import broker, workers
from operations.broker import jetstream
from operations.errors import CommandError
from operations.repair import refill_outbox
from operations.settings import RecreateSettings, StreamsSettings
from operations.streams import StreamLimits, apply_streams, authorization, recreate_streams
from operations.workers import in_a_pod, job_worker
from protocol.streams import PUBLISHERS

app = typer.Typer(no_args_is_help=True, help="消息流：建立与更新，NATS 账号权限")

Replicas = Annotated[int | None, typer.Option(min=1, max=5, help="每个流的副本数；不写时按 ONEWINDOW_STREAMS_REPLICAS")]


@app.command()
def apply(replicas: Replicas = None) -> None:
    """建立或更新四个消息流及其消费者；可重复执行，会丢失事实的改动一律拒绝。"""
    settings = StreamsSettings.load()
    changed = asyncio.run(_apply(settings, replicas))
    typer.echo(f"已建立或更新：{'、'.join(changed)}" if changed else "消息流都已就绪，没有改动")


@app.command()
def recreate(
    confirmed: Annotated[bool, typer.Option("--confirmed", help="确认：NATS 中现有的消息全部丢弃")] = False,
    since: Annotated[str, typer.Option(metavar="DATE", help="重新发布从哪天记录的事实起；不写时为十四天前")] = "",
) -> None:
    """数据库恢复到某一时刻之后：删除并重建消息流与消费者，再由数据库重新发布。须先停下四个服务。"""
    if not confirmed:
        raise CommandError("这会丢弃 NATS 中现有的全部消息，并由数据库重新发布；确认后请加 --confirmed 再执行")
    start = instant(since)
    for service, count in asyncio.run(_recreate(start)).items():
        typer.echo(f"{service}：{count} 条事实待重新发布（自 {start:%Y-%m-%d %H:%M} 起）")
    typer.echo("消息流已重建；启动服务后自动发布，已收过的不会重复办理")


@app.command()
def permissions() -> None:
    """输出 NATS 的账号与权限配置（authorization 段），口令取自 NATS 服务器的环境变量。"""
    typer.echo(authorization(), nl=False)


async def _apply(settings: StreamsSettings, replicas: int | None) -> list[str]:
    limits = StreamLimits(settings.streams_max_bytes, settings.streams_replicas)
    if replicas is not None:
        limits = replace(limits, replicas=replicas)
    async with jetstream(access_of(settings), settings.nats_wait_seconds) as context:
        return await apply_streams(context, limits=limits)


async def _recreate(since: datetime) -> dict[str, int]:
    if in_a_pod():
        settings = RecreateSettings.load()
        access, within = access_of(settings), settings.nats_wait_seconds
        limits = StreamLimits(settings.streams_max_bytes, settings.streams_replicas)
        publishers = [job_worker(settings, service) for service in PUBLISHERS]
    else:
        publishers = [worker for worker in workers("") if worker.service in PUBLISHERS]
        access, within, limits = broker(), 30.0, StreamLimits()
    async with jetstream(access, within) as context:
        await recreate_streams(context, limits)
    return {worker.service: await refill_outbox(worker, since) for worker in publishers}
