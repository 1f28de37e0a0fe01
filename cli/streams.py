"""`onewindow streams …`: the streams on which facts travel, made as often as one likes."""

import asyncio
from dataclasses import replace
from typing import Annotated

import typer

from chassis.broker_access import access_of
from cli.operations.broker import jetstream
from cli.operations.permissions import authorization
from cli.operations.settings import StreamsSettings
from cli.operations.streams import Room, apply_streams

app = typer.Typer(no_args_is_help=True, help="消息流：建立与更新，NATS 账号权限")

Replicas = Annotated[int | None, typer.Option(min=1, max=5, help="每个流的副本数；不写时按 ONEWINDOW_STREAMS_REPLICAS")]


@app.command()
def apply(replicas: Replicas = None) -> None:
    """建立或更新四个消息流及其消费者；可重复执行，会丢失事实的改动一律拒绝。"""
    settings = StreamsSettings.load()
    changed = asyncio.run(_apply(settings, replicas))
    typer.echo(f"已建立或更新：{'、'.join(changed)}" if changed else "消息流都已就绪，没有改动")


@app.command()
def permissions() -> None:
    """输出 NATS 的账号与权限配置（authorization 段），口令取自 NATS 服务器的环境变量。"""
    typer.echo(authorization(), nl=False)


async def _apply(settings: StreamsSettings, replicas: int | None) -> list[str]:
    room = Room(settings.streams_max_bytes, settings.streams_replicas)
    if replicas is not None:
        room = replace(room, replicas=replicas)
    async with jetstream(access_of(settings), settings.nats_wait_seconds) as context:
        return await apply_streams(context, room=room)
