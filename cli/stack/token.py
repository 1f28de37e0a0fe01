"""`onewindow token`: a development token for the embedded stack."""

import asyncio
from typing import Annotated

import grpc
import typer
from onewindow.access.v1 import access_pb2
from onewindow.catalogue.v1 import catalogue_pb2
from onewindow.intake.v1 import application_pb2

from chassis.rpc.identity.tokens import is_name
from client.office import CallFailed
from client.retries import RetryPolicy
from embedded.data_dir import StackSettings
from embedded.errors import StackError
from embedded.keys import staff_token, system_token, whole_place
from embedded.local_services import local_client
from embedded.stack import Stack
from law.desk import Level, Machine, Place

app = typer.Typer()

POSTS = [name.removeprefix("POST_") for name, number in access_pb2.Post.items() if number]
SYSTEMS = [each.value for each in (Machine.PORTAL, Machine.SCREEN, Machine.DISTRICT_SYSTEM)]
LINES = [name.removeprefix("LINE_") for name, number in catalogue_pb2.Line.items() if number]

_ANSWER_SECONDS = 2.0
"""Deadline of the question whether the street is published; a stack that does not answer it is left in peace."""
_EVERY_STREET = "*"
_ONCE = RetryPolicy(attempts=1)


def _known(posts: list[str]) -> list[str]:
    return [_one_of(POSTS, post, "岗位") for post in posts]


def _known_lines(lines: list[str]) -> list[str]:
    return [_one_of(LINES, line, "业务条线") for line in lines]


def _numbered(staff: str) -> str:
    if staff and not is_name(staff):
        raise typer.BadParameter(f"应为1至64个可见字符的工号，不是 {staff!r}")
    return staff


def _known_system(system: str) -> str:
    return _one_of(SYSTEMS, system, "系统") if system else ""


@app.command()
def token(
    staff: Annotated[str, typer.Option(metavar="N", callback=_numbered, help="工号")] = "",
    post: Annotated[
        list[str], typer.Option(metavar="P", callback=_known, help=f"岗位，可重复：{'、'.join(POSTS)}")
    ] = [],  # noqa: B006 # typer copies it
    system: Annotated[
        str, typer.Option(metavar="S", callback=_known_system, help=f"系统，代替工号与岗位：{'、'.join(SYSTEMS)}")
    ] = "",
    place: Annotated[str, typer.Option(metavar="CODE", help="街道九位代码，或区六位代码；系统不写为各街道")] = "",
    line: Annotated[
        list[str], typer.Option(metavar="L", callback=_known_lines, help=f"业务条线，可重复：{'、'.join(LINES)}")
    ] = [],  # noqa: B006 # typer copies it
) -> None:
    """签发开发用令牌，十二小时有效。只有本机环境的密钥能签发；街道未公布的，照发并提醒。"""
    settings = StackSettings.load()
    if bool(staff) == bool(system):
        raise typer.BadParameter("工号（--staff）与系统（--system）二者取一")
    if system:
        if post or line:
            raise typer.BadParameter("系统没有岗位和业务条线", param_hint="--post" if post else "--line")
        typer.echo(_of_system(settings, system, place))
        return
    if not post:
        raise typer.BadParameter(f"工作人员应有岗位：{'、'.join(POSTS)}", param_hint="--post")
    code = _place_of(settings.district, place)
    typer.echo(staff_token(settings.data_dir(), staff, post, code, line))
    stack = Stack.of_settings()
    if stack.running() and (refusal := asyncio.run(_refusal_at(stack, code))):
        typer.echo(f"--place {code}：{refusal}公布之前办不了业务，公布用 onewindow catalogue publish", err=True)


def _of_system(settings: StackSettings, system: str, place: str) -> str:
    """The token of a system. Ends the command with 2 where the system has to be in a street and is in none."""
    code = _place_of(settings.district, place) if place else _EVERY_STREET
    if system == Machine.SCREEN and (not place or Place.of_street(code).level is not Level.STREET):
        raise typer.BadParameter("叫号屏在一个街道的大厅，应写街道九位代码", param_hint="--place")
    return system_token(settings.data_dir(), system.lower().replace("_", "-"), system, code)


def _one_of(known: list[str], name: str, kind: str) -> str:
    if name.upper() not in known:
        raise typer.BadParameter(f"{name!r} 不是{kind}；可用：{'、'.join(known)}")
    return name.upper()


def _place_of(district: str, place: str) -> str:
    """Nine digits of a place at which staff of the district work. Ends the command with 2 for any other."""
    try:
        found = Place.of_street(code := whole_place(place))
    except StackError as wrong:
        raise typer.BadParameter(str(wrong), param_hint="--place") from wrong
    if found.district != district:
        raise typer.BadParameter(f"{code} 不属于本区 {district}", param_hint="--place")
    if found.synthetic:
        raise typer.BadParameter(f"{code} 是系统自检的保留地点，不发给工作人员", param_hint="--place")
    return code


async def _refusal_at(stack: Stack, code: str) -> str:
    """The refusal of a clerk of this place at intake; empty where intake takes one or does not answer."""
    async with local_client(stack.site(), {"token": (("CLERK",), code)}, _ANSWER_SECONDS, _ONCE) as client:
        try:
            request = application_pb2.ListApplicationsRequest(page_size=1)
            await client.call("token", client.intake.ListApplications, request)
        except CallFailed as failed:
            return failed.refusal if failed.code is grpc.StatusCode.PERMISSION_DENIED else ""
    return ""
