"""`onewindow …`: the commands of the office; the module of a command is loaded when it is typed."""

import errno
import sys
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_group

from operations.errors import CommandError

COMMANDS: dict[str, tuple[str, str]] = {
    "up": ("cli.stack.up_down_status", "在本机启动整套系统，全部就绪后返回"),
    "down": ("cli.stack.up_down_status", "停止本机的整套系统，数据保留"),
    "status": ("cli.stack.up_down_status", "查看各服务的地址与进程号"),
    "demo": ("cli.stack.demo", "按计划演一年的大厅，与街道自己的报告对照"),
    "clock": ("cli.stack.clock", "办公时钟：查看，逐日推进"),
    "token": ("cli.stack.token", "签发开发用令牌（仅限本机环境）"),
    "report": ("cli.report.report", "日、周、月、季、年报表"),
    "case": ("cli.case", "查看案卷，逐日说明期限"),
    "calendar": ("cli.calendar.calendar", "期限推算与逐日说明；发布一年的放假安排"),
    "identity": ("cli.identity", "校验身份证号、统一社会信用代码"),
    "catalogue": ("cli.catalogue.catalogue", "事项、窗口、模板：检查，比对，发布"),
    "district": ("cli.operator.district", "与区审批系统对账"),
    "database": ("cli.operator.database", "数据库：建库与账号，升级表结构"),
    "streams": ("cli.operator.streams", "消息流：建立、更新、恢复后重建，NATS 账号权限"),
    "audit": ("cli.operator.audit", "核对所存的与所写的是否一致：事实、密钥、材料、列表"),
    "rebuild": ("cli.operator.repair", "由事实重新生成列表与统计表，不对的改正"),
    "republish": ("cli.operator.repair", "把数据库中的事实重新发布到消息流"),
    "redrive": ("cli.operator.repair", "列出死信，请服务重新办理"),
    "selftest": ("cli.operator.selftest", "自检：一件合成办件走完四个服务再撤回"),
    "bench": ("cli.stack.bench", "性能测量：lifecycle"),
}
"""By command: the module whose `app` has it, and its line in the help."""

_OBSTACLES = {
    errno.EACCES: "没有权限，请换一个可以读写的位置，或由有权限的账户执行",
    errno.ENOENT: "不存在",
    errno.ENOTDIR: "上级不是文件夹",
    errno.EISDIR: "是文件夹，不是文件",
    errno.EROFS: "所在的磁盘只读",
    errno.ENOSPC: "磁盘已满",
}
"""Reasons why a file cannot be used, in sentences for the user."""


class LazyCommands(TyperGroup):
    """The commands by name; a module is imported when its command is typed, so that the quick ones stay quick."""

    def __init__(self, **attributes: Any) -> None:  # noqa: ANN401 # typer's own, passed on as they come
        super().__init__(**attributes)
        self.commands = {name: TyperCommand(name, help=sentence) for name, (_, sentence) in COMMANDS.items()}

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401 # the types are private to typer
        """The typed command, from its module."""
        name, known, rest = super().resolve_command(ctx, args)
        return name, self._loaded(name) if name and known else known, rest

    def _loaded(self, name: str) -> object:
        group = get_group(import_module(COMMANDS[name][0]).app)
        return group.commands.get(name, group)


app = typer.Typer(cls=LazyCommands, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def office() -> None:
    """一窗办：一个窗口受理，街道与区分级办理，全程告知，逐日督查。"""


def main() -> None:
    """Runs the typed command. Exit code 0: done; 1: not as it should be, with the reason; 2: wrong usage."""
    try:
        app()
    except CommandError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(1)
    except OSError as error:
        sys.stderr.write(f"{_obstacle(error)}\n")
        sys.exit(1)


def _obstacle(error: OSError) -> str:
    reason = _OBSTACLES.get(error.errno or 0, error.strerror or str(error))
    return reason if error.filename is None else f"{error.filename}：{reason}"


if __name__ == "__main__":
    main()
