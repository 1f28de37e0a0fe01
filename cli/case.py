"""`onewindow case`: a matter's file, and the proof of its dates."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import typer
from onewindow.approval.v1 import approval_service_pb2 as approval
from onewindow.intake.v1 import application_pb2 as application_pb
from rich.console import Console
from rich.table import Table

from cli.refused import refusal_of
from embedded.errors import StackError
from embedded.keys import staff_token
from embedded.settings import StackSettings
from embedded.stack import Stack
from simulation.desks import CallFailed, Desks, Staff

app = typer.Typer(no_args_is_help=True)

_STAFF = "CASE"
_STAGES = {
    "SUBMITTED": "已收件",
    "CORRECTION": "待补正",
    "ACCEPTED": "已受理",
    "DECLINED": "不予受理",
    "WITHDRAWN": "已撤回",
    "LAPSED": "补正不来办结",
    "CLOSED": "已办结",
}
_OUTCOMES = {
    "granted": "准予",
    "refused": "不予",
    "referred": "转报",
    "completed": "当场办结",
    "withdrawn": "撤回",
    "declined": "不予受理",
    "lapsed": "补正不来",
}
Number = Annotated[str, typer.Argument(metavar="NUMBER", help="申办流水号或办件编号")]
Place = Annotated[str, typer.Option(metavar="CODE", help="街道九位代码")]
Told = TypeVar("Told")


@app.callback()
def case() -> None:
    """查看案卷；逐日说明期限。"""


@app.command()
def show(number: Number, place: Place = "440105008") -> None:
    """显示一件的案卷：阶段、日期、结果，不含申请人信息。"""
    found = asyncio.run(_ask(place, lambda desks: _application(desks, number))).application
    table = Table(show_header=False)
    for name, value in (
        ("申办流水号", found.serial_number),
        ("办件编号", found.number or "—"),
        ("事项", f"{found.item_name}（第{found.item_version}版）"),
        ("阶段", _STAGES[application_pb.ApplicationStage.Name(found.stage).removeprefix("APPLICATION_STAGE_")]),
        ("收件", found.received_on),
        ("应答期限", found.answer_due_on or "—"),
        ("受理", found.accepted_on or "—"),
        ("承诺期限", _until(found.promised_due_on, provisional=found.provisional)),
        ("法定期限", _until(found.legal_due_on, provisional=found.provisional)),
        ("办结", found.closed_on or "—"),
        ("结果", _OUTCOMES.get(found.outcome, "—")),
    ):
        table.add_row(name, value)
    Console().print(table)


@app.command()
def explain(number: Number, place: Place = "440105008") -> None:
    """逐日说明承诺期限是怎样算出来的。"""
    proof = asyncio.run(_ask(place, lambda desks: _proof(desks, number)))
    table = Table(
        "日期", "计入", "第几日", "说明", title=f"自{proof.term.starts_on}起，承诺期限{proof.term.promised_due_on}"
    )
    for day in proof.promised:
        table.add_row(day.on, "是" if day.counts else "否", str(day.number or ""), day.reason)
    console = Console()
    console.print(table)
    console.print(f"法定期限{proof.term.legal_due_on}；依据：{'、'.join(proof.notices)}")


async def _ask(place: str, question: Callable[[Desks], Awaitable[Told]]) -> Told:
    settings = StackSettings.load()
    stack = Stack(settings.data_dir(), settings)
    addresses = {name: str(doors["rpc"]) for name, doors in stack.status()["services"].items()}
    desks = Desks(addresses, Staff({_STAFF: staff_token(stack.data_dir, _STAFF, ("CLERK",), place)}))
    try:
        return await question(desks)
    except CallFailed as failed:
        raise StackError(f"案卷未能取得：{refusal_of(failed.__cause__)}") from failed
    finally:
        await desks.close()


async def _application(desks: Desks, number: str) -> application_pb.GetApplicationResponse:
    request = application_pb.GetApplicationRequest(number=number)
    found: application_pb.GetApplicationResponse = await desks.call(_STAFF, desks.intake.GetApplication, request)
    return found


async def _proof(desks: Desks, number: str) -> approval.GetTermProofResponse:
    found = await _application(desks, number)
    if not found.application.case_id:
        raise StackError(f"{number}：尚未受理或为即办件，没有办理期限")
    request = approval.GetTermProofRequest(case_id=found.application.case_id)
    proof: approval.GetTermProofResponse = await desks.call(_STAFF, desks.approval.GetTermProof, request)
    return proof


def _until(on: str, *, provisional: bool) -> str:
    return f"{on}（暂定）" if on and provisional else on or "—"
