"""`onewindow token`: a development token for the embedded stack."""

from typing import Annotated

import typer
from onewindow.access.v1 import access_pb2

from embedded.data_dir import StackSettings
from embedded.keys import staff_token

app = typer.Typer()

POSTS = [name.removeprefix("POST_") for name, number in access_pb2.Post.items() if number]


def _known(posts: list[str]) -> list[str]:
    for post in posts:
        if post.upper() not in POSTS:
            raise typer.BadParameter(f"{post!r} 不是岗位；可用：{'、'.join(POSTS)}")
    return [post.upper() for post in posts]


@app.command()
def token(
    staff: Annotated[str, typer.Option(metavar="N", help="工号")],
    post: Annotated[list[str], typer.Option(metavar="P", callback=_known, help=f"岗位，可重复：{'、'.join(POSTS)}")],
    place: Annotated[str, typer.Option(metavar="CODE", help="街道九位代码，或区六位代码")],
    line: Annotated[list[str], typer.Option(metavar="L", help="业务条线，可重复")] = [],  # noqa: B006 # typer copies it
) -> None:
    """签发开发用令牌，十二小时有效。只有本机环境的密钥能签发。"""
    typer.echo(staff_token(StackSettings.load().data_dir(), staff, post, place, line))
