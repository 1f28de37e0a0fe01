"""`onewindow bench`: speed of the stack, next to a bare echo measured in the same minute."""

import asyncio
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import typer
from onewindow.desk.v1 import desk_pb2 as desk
from rich.console import Console

from bench.echo import CALLERS, echo_per_second
from bench.lifecycle import CLERK, CONFIGURATOR, HEAD, LifecycleLoad, LifecycleMeasurement
from cli.tables import number_column, print_table, text_column
from embedded.data_dir import DataDir, StackSettings
from embedded.local_services import local_client
from embedded.stack import Stack

app = typer.Typer(no_args_is_help=True)

_DISTRICT, _STREET = "440105", "440105008"
_WARM_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class _Outcome:
    measured: LifecycleMeasurement
    echo: float

    @property
    def ratio(self) -> float:
        return self.measured.per_second / self.echo

    def document(self) -> Mapping[str, Any]:
        return {
            "lifecycles_per_second": round(self.measured.per_second, 1),
            "echo_calls_per_second": round(self.echo),
            "ratio": round(self.ratio, 4),
            "lifecycles": self.measured.lifecycles,
            "milliseconds": {
                name: {"p50": round(p50, 1), "p99": round(p99, 1)}
                for name, (p50, p99) in self.measured.milliseconds().items()
            },
        }


@app.callback()
def bench() -> None:
    """性能测量：每个数字都与同一分钟的空载回声并列。"""


@app.command()
def lifecycle(
    seconds: Annotated[float, typer.Option(min=1.0, help="测量多少秒")] = 20.0,
    as_json: Annotated[bool, typer.Option("--json", help="只输出一个JSON文档")] = False,
) -> None:
    """每秒办多少件：收件、受理、决定、回读，32路并发。没有环境在运行时，另起一套空的，测完即删。"""
    settings = StackSettings.load()
    running = Stack(settings.data_dir(), settings)
    if running.running():
        outcome = asyncio.run(_measure(running, seconds))
    else:
        data_dir = DataDir(settings.data_dir().root / "bench")
        outcome = _on_own_stack(Stack(data_dir, settings), seconds)
        shutil.rmtree(data_dir.root, ignore_errors=True)
    if as_json:
        typer.echo(json.dumps(outcome.document(), ensure_ascii=False, indent=2))
    else:
        _show(outcome)


def _on_own_stack(stack: Stack, seconds: float) -> _Outcome:
    stack.start(fresh=True)
    try:
        return asyncio.run(_measure(stack, seconds))
    finally:
        stack.stop()


async def _measure(stack: Stack, seconds: float) -> _Outcome:
    staff = {
        CLERK: (("CLERK",), _STREET),
        HEAD: (("HEAD",), _STREET),
        CONFIGURATOR: (("CONFIGURATOR",), _DISTRICT),
    }
    async with local_client(stack.site(), staff) as client:
        load = LifecycleLoad(client, desk.Place(district=_DISTRICT, street=_STREET))
        await load.publish()
        await load.run(_WARM_SECONDS)
        before = await echo_per_second()
        measured = await load.run(seconds)
        after = await echo_per_second()
    return _Outcome(measured, (before + after) / 2)


def _show(outcome: _Outcome) -> None:
    console = Console()
    rows = [[name, f"{p50:.1f}", f"{p99:.1f}"] for name, (p50, p99) in outcome.measured.milliseconds().items()]
    print_table(console, [text_column("调用"), number_column("p50 毫秒"), number_column("p99 毫秒")], rows)
    console.print(
        f"每秒{outcome.measured.per_second:.1f}件（共{outcome.measured.lifecycles}件）；"
        f"空载回声每秒{outcome.echo:.0f}次（{CALLERS}路，300字节）；比值{outcome.ratio:.4f}"
    )
