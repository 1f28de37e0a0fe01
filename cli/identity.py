"""`onewindow identity`: check of identity numbers, credit codes and organisation codes."""

import json
from typing import Annotated

import typer

from chassis.clock import RealClock
from law import identity
from law.not_allowed import Malformed

app = typer.Typer(no_args_is_help=True, help="证件号码、代码校验")


@app.callback()
def number() -> None:
    """证件号码、代码校验"""


@app.command()
def check(
    value: Annotated[str, typer.Argument(metavar="号码", help="公民身份号码、统一社会信用代码或组织机构代码")],
    as_json: Annotated[bool, typer.Option("--json", help="只输出一个JSON文档")] = False,
) -> None:
    """校验公民身份号码、统一社会信用代码或组织机构代码，不符时说明原因。"""
    try:
        found = identity.check(value, RealClock().today())
    except Malformed as no:
        refusal = {"valid": False, "kind": identity.kind_of(value), "reason": no.reason, "sentence": no.sentence}
        typer.echo(json.dumps(refusal, ensure_ascii=False) if as_json else f"{no.sentence}（{no.reason}）")
        raise typer.Exit(1) from None
    fields = {"valid": True, "kind": found.kind, "value": found.value}
    typer.echo(json.dumps(fields, ensure_ascii=False) if as_json else f"有效的{found.kind}：{found.value}")
