"""`onewindow up`, `down`, `status`: the stack on this machine."""

import asyncio
import json
from collections.abc import Mapping
from typing import Annotated
from urllib.parse import urlsplit

import typer
from rich.console import Console

from cli.catalogue.publication import publish_shipped_streets
from cli.tables import print_table, whole_column
from embedded.errors import NotRunning
from embedded.local_services import StackStatus
from embedded.stack import Stack

app = typer.Typer()

Json = Annotated[bool, typer.Option("--json", help="只输出一个JSON文档")]
_NOTHING: dict[str, object] = {"services": {}, "simulators": {}, "postgres": None, "nats": None, "clock": None}


@app.command()
def up() -> None:
    """在本机启动整套系统：数据库、消息、四个服务、区系统与短信网关的模拟；全部就绪并公布样例街道后返回。再次执行只补起停了的。"""
    stack = Stack.of_settings()
    try:
        stack.start()
        asyncio.run(publish_shipped_streets())
    except KeyboardInterrupt:
        if stack.running():
            typer.echo("已中断，启动了的仍在运行：onewindow up 接着启动，onewindow down 全部停止", err=True)
        raise
    _show(stack.status())


@app.command()
def down() -> None:
    """停止本机的整套系统；数据留在原处，下次启动接着用。"""
    typer.echo("已全部停止，数据保留" if Stack.of_settings().stop() else "没有正在运行的环境")


@app.command()
def status(as_json: Json = False) -> None:
    """查看各服务的地址与进程号、办公时钟。没有环境在运行时退出码为1。"""
    try:
        found = Stack.of_settings().status()
    except NotRunning:
        if as_json:
            typer.echo(json.dumps(_NOTHING))
        raise
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        _show(found)


def _show(found: StackStatus) -> None:
    rows = [[name, *_row(addresses)] for name, addresses in {**found["services"], **found["simulators"]}.items()]
    for name, server in (("postgres", found["postgres"]), ("nats", found["nats"])):
        # The password is in `--json` for tools; a screen can be seen by others.
        rows.append([name, urlsplit(server["url"]).netloc.rpartition("@")[2], "", "", _pid(server["pid"])])
    console = Console()
    print_table(console, [whole_column(name) for name in ("程序", "业务", "健康", "监测", "进程号")], rows)
    console.print(f"办公时钟 {found['clock']}")


def _row(addresses: Mapping[str, str | int | None]) -> tuple[str, str, str, str]:
    first = next((str(addresses[kind]) for kind in ("rpc", "http") if kind in addresses), "")
    return first, str(addresses.get("health", "")), str(addresses.get("metrics", "")), _pid(addresses["pid"])


def _pid(pid: str | int | None) -> str:
    return "重启中" if pid is None else str(pid)
