"""`onewindow case`: a matter's file, and the proof of its dates."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import Annotated, TypeVar
from uuid import UUID

import grpc
import typer
from onewindow.approval.v1 import approval_event_pb2, case_pb2
from onewindow.approval.v1 import approval_service_pb2 as approval
from onewindow.catalogue.v1 import catalogue_pb2
from onewindow.intake.v1 import application_pb2
from onewindow.notify.v1 import notify_service_pb2 as notify
from rich.console import Console

from chassis.clock import RealClock
from cli.case_proof import PrintedMatter, case_terms, stored_terms, until
from cli.tables import number_column, print_table, text_column, whole_column
from client.office import CallFailed, OfficeClient
from embedded.errors import StackError
from embedded.local_services import local_client
from embedded.stack import Stack
from law.lamp import Lamp, LampDates, lamp
from law.procedures import statutory_procedures

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
_LAMPS = {Lamp.NORMAL: "正常", Lamp.WARNING: "预警", Lamp.YELLOW: "黄牌", Lamp.RED: "红牌"}
_NONE = "—"
_PROCEDURE = "特别程序"
"""A special procedure of releases up to 0.2.0 that has no kind."""
_NUMBER = re.compile("[0-9A-Z]{10,50}")


def _numbered(number: str) -> str:
    if _uuid(number) is None and _NUMBER.fullmatch(number) is None:
        raise typer.BadParameter("应为申办流水号或办件编号（10至50位数字和大写字母），或申请、案卷的 id")
    return number


def _uuid(number: str) -> str | None:
    try:
        return str(UUID(number))
    except ValueError:
        return None


Number = Annotated[
    str, typer.Argument(metavar="NUMBER", callback=_numbered, help="申办流水号或办件编号，或申请、案卷的 id")
]
Place = Annotated[str, typer.Option(metavar="CODE", help="街道九位代码")]
Answer = TypeVar("Answer")


@app.callback()
def case() -> None:
    """查看案卷；逐日说明期限。"""


@app.command()
def show(number: Number, place: Place = "440105008") -> None:
    """显示一件的案卷：阶段、日期、结果，不含申请人信息。"""
    application, running, proof = asyncio.run(_call(place, lambda client: _file(client, number)))
    rows = [*file_rows(application), *term_rows(running, proof), *procedure_rows(running)]
    print_table(Console(), [text_column(), text_column()], rows)


@app.command()
def explain(
    number: Number,
    place: Place = "440105008",
    pdf: Annotated[Path | None, typer.Option("--pdf", metavar="FILE", dir_okay=False, help="写成PDF，入卷")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="只输出一个JSON文档")] = False,
) -> None:
    """逐日说明答复、补正、承诺、法定和送达期限是怎样算出来的。"""
    matter = asyncio.run(_call(place, lambda client: _proofs(client, number)))
    if pdf is not None:
        pdf.write_bytes(matter.as_pdf())
    if as_json:
        typer.echo(matter.as_json())
        return
    console = Console()
    for term in matter.terms:
        columns = [whole_column("日期"), whole_column("计入"), number_column("第几日"), text_column("说明")]
        print_table(console, columns, term.days, title=f"自{term.from_on}起，{term.name}{term.until}")
        console.print(term.sentence)
        console.print(f"日历版本：{term.calendar_version or _NONE}；依据：{'、'.join(term.notices) or _NONE}")


def file_rows(application: application_pb2.Application) -> list[tuple[str, str]]:
    """The rows of intake: numbers, item, stage, dates, result."""
    stage = application_pb2.ApplicationStage.Name(application.stage).removeprefix("APPLICATION_STAGE_")
    withdrawal = application.withdrawal
    withdrawn = [("撤回", _withdrawal(withdrawal))] if withdrawal.withdrawn_on else []
    return [
        ("申办流水号", application.serial_number),
        ("办件编号", application.number or _NONE),
        ("事项", f"{application.item_name}（第{application.item_version}版）"),
        ("阶段", _STAGES[stage]),
        ("收件", application.received_on),
        ("应答期限", until(application.answer_due_on, provisional=application.provisional)),
        ("受理", application.accepted_on or _NONE),
        ("承诺期限", until(application.promised_due_on, provisional=application.provisional)),
        ("法定期限", until(application.legal_due_on, provisional=application.provisional)),
        ("办结", application.closed_on or _NONE),
        ("结果", _OUTCOMES.get(application.outcome, _NONE)),
        *withdrawn,
    ]


def term_rows(case: case_pb2.Case | None, proof: approval.GetTermProofResponse | None) -> list[tuple[str, str]]:
    """The lamp and the days left or over; before acceptance, and for instant matters, there are none.

    In a pause both stand still, and of a closed matter they are those of the day on which it closed.
    """
    if case is None or proof is None:
        return [("亮灯", _NONE), ("余期", _NONE)]
    closing = "办结时" if case.closed_on else ""
    stands = case.HasField("procedure") and not case.procedure.waits_for_approval
    paused = "（中止计时）" if stands or case.stage == case_pb2.CASE_STAGE_PAUSED else ""
    shown = _lamp_of(case)
    promised = _balance(proof.promised_days_left, case.term.promised_limit.unit, over=shown >= Lamp.YELLOW)
    legal = _balance(proof.legal_days_left, case.term.legal_limit.unit, over=shown >= Lamp.RED)
    return [
        ("亮灯", f"{closing}{_LAMPS[shown]}{paused}"),
        ("余期", f"{closing}承诺期限{promised}，法定期限{legal}{paused}"),
    ]


def procedure_rows(case: case_pb2.Case | None) -> list[tuple[str, str]]:
    """The special procedures of the leg, those that have ended first; none where it had none. (行政许可法 45)"""
    if case is None:
        return []
    names = {kind.code: kind.name for kind in statutory_procedures()}
    names |= {kind.code: kind.name for kind in case.item.procedures}
    ended = [
        f"{names.get(still.procedure, still.procedure) or _PROCEDURE} {still.first_on}至{still.last_on}"
        for still in case.term.ledger.standstills
        if still.cause == approval_event_pb2.STANDSTILL_CAUSE_SPECIAL_PROCEDURE
    ]
    going_on = [_going_on(case.procedure)] if case.HasField("procedure") else []
    return [("特别程序", words) for words in (*ended, *going_on)]


def _going_on(procedure: case_pb2.CaseProcedure) -> str:
    words = f"{procedure.kind.name or _PROCEDURE} 自{procedure.first_on}起"
    if procedure.expected_end_on:
        words += f"，预计{until(procedure.expected_end_on, provisional=procedure.provisional)}结束"
    if procedure.waits_for_approval:
        return f"{words}，待负责人批准"
    return f"{words}，已超过预计结束日" if procedure.overdue else words


def _withdrawal(withdrawal: application_pb2.Withdrawal) -> str:
    """The day of the withdrawal, and what became of it."""
    match withdrawal.state:
        case application_pb2.WITHDRAWAL_STATE_TOO_LATE:
            decision = f"{withdrawal.decided_on}{_OUTCOMES[withdrawal.decision]}"
            return f"{withdrawal.withdrawn_on}，因已作出决定未生效（{decision}）"
        case application_pb2.WITHDRAWAL_STATE_PENDING:
            return f"{withdrawal.withdrawn_on}，待确认"
    return f"{withdrawal.withdrawn_on}，已生效"


def _lamp_of(case: case_pb2.Case) -> Lamp:
    if not case.closed_on:
        return Lamp(case.lamp - case_pb2.LAMP_NORMAL)
    term = case.term
    dates = LampDates(*map(date.fromisoformat, (term.warn_on, term.yellow_on, term.red_on)))
    return lamp(dates, date.fromisoformat(case.closed_on))


def _balance(days_left: int, unit: catalogue_pb2.LimitUnit.ValueType, *, over: bool) -> str:
    """The days left or over. Behind a last working day no day over has counted until the office works again."""
    days = "个工作日" if unit == catalogue_pb2.LIMIT_UNIT_WORKING_DAYS else "日"
    if days_left < 0:
        return f"逾期{-days_left}{days}"
    if over:
        return "已过最后一日"
    return f"剩余{days_left}{days}" if days_left else "为最后一日"


async def _call(place: str, question: Callable[[OfficeClient], Awaitable[Answer]]) -> Answer:
    try:
        async with local_client(Stack.of_settings().site(), {_STAFF: (("CLERK",), place)}) as client:
            return await question(client)
    except CallFailed as failed:
        raise StackError(f"案卷未能取得：{failed.refusal}") from failed


async def _file(
    client: OfficeClient, number: str
) -> tuple[application_pb2.Application, case_pb2.Case | None, approval.GetTermProofResponse | None]:
    found = await _application(client, number)
    case_id = found.application.case_id
    if not case_id:
        return found.application, None, None
    request = approval.GetCaseRequest(case_id=case_id, after=found.position)
    running = await client.call(_STAFF, client.approval.GetCase, request)
    return found.application, running.case, await _proof(client, case_id)


async def _proofs(client: OfficeClient, number: str) -> PrintedMatter:
    """Every date of a matter that a service has on file, as stored."""
    found = await _application(client, number)
    application = found.application
    of_intake = application_pb2.GetTermProofRequest(application_id=application.application_id, after=found.position)
    terms = [*stored_terms((await client.call(_STAFF, client.intake.GetTermProof, of_intake)).proofs)]
    if application.case_id:
        terms += case_terms(await _proof(client, application.case_id))
    of_notify = notify.GetTermProofRequest(application_id=application.application_id, after=found.position)
    terms += stored_terms((await client.call(_STAFF, client.notify.GetTermProof, of_notify)).proofs)
    printed_on = RealClock().today().isoformat()
    return PrintedMatter(application.number or application.serial_number, application.item_name, printed_on, terms)


async def _application(client: OfficeClient, number: str) -> application_pb2.GetApplicationResponse:
    """The application of a number, or of an id, which may be that of its case."""
    found = _uuid(number)
    if found is None:
        request = application_pb2.GetApplicationRequest(number=number)
        return await client.call(_STAFF, client.intake.GetApplication, request)
    try:
        request = application_pb2.GetApplicationRequest(application_id=found)
        return await client.call(_STAFF, client.intake.GetApplication, request)
    except CallFailed as failed:
        if failed.code is not grpc.StatusCode.NOT_FOUND:
            raise
    running = await client.call(_STAFF, client.approval.GetCase, approval.GetCaseRequest(case_id=found))
    request = application_pb2.GetApplicationRequest(application_id=running.case.application_id)
    return await client.call(_STAFF, client.intake.GetApplication, request)


async def _proof(client: OfficeClient, case_id: str) -> approval.GetTermProofResponse:
    request = approval.GetTermProofRequest(case_id=case_id)
    return await client.call(_STAFF, client.approval.GetTermProof, request)
