"""`onewindow catalogue`: the district's items, windows and templates checked, compared and published."""

import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from google.protobuf.json_format import MessageToDict
from onewindow.catalogue.v1.catalogue_pb2 import Item

from catalogue import check as rules
from catalogue.check.schema import titles
from catalogue.wire import destination_messages, item_message
from cli.catalogue.publication import configurator, items_in_force, publish_all

app = typer.Typer(no_args_is_help=True)

_LONGEST = 60
_KINDS = (
    ("items", "事项", "项"),
    ("streets", "街道", "个"),
    ("windows", "窗口", "个"),
    ("templates", "短信模板", "条"),
    ("calendars", "放假安排", "年"),
)
"""The kinds of a catalogue: key of the JSON document, name and unit of the summary."""
_GIVEN = "version"
"""The field that the catalogue gives, and no file states."""


@app.callback()
def catalogue() -> None:
    """事项目录：发布前的检查、比对，发布。"""


@app.command()
def check(
    path: Annotated[Path, typer.Argument(metavar="FILE_OR_DIR", help="一个目录文件，或一个文件夹。")],
    as_json: Annotated[bool, typer.Option("--json", help="只输出一份 JSON。")] = False,
) -> None:
    """检查目录文件：写法、规则和事项自带用例；逐条说明文件、行、字段和规则；有问题的退出码为 1，提示不影响发布。"""
    if not path.exists():
        raise typer.BadParameter(f"找不到 {path}。", param_hint="FILE_OR_DIR")
    checked = rules.check(path)
    if as_json:
        found = {"findings": [asdict(finding) for finding in checked.findings], **_counts(checked)}
        typer.echo(json.dumps(found, ensure_ascii=False, indent=2, default=str))
    else:
        typer.echo("\n".join([*map(str, checked.findings), _summary(checked)]))
    raise typer.Exit(1 if checked.refusals else 0)


@app.command()
def diff(path: Annotated[Path, typer.Argument(metavar="FILE_OR_DIR", help="一个目录文件，或一个文件夹。")]) -> None:
    """与今天现行的事项逐项比对，不发布；有不同的退出码为 1。街道、上报去向、窗口不比对，列出多少没有比。"""
    checked = _sound(path)
    lines = asyncio.run(compared(list(map(item_message, checked.items)))) if checked.items else []
    equal = "事项与现行相同。" if checked.items else "没有可比对的事项。"
    typer.echo("\n".join([*(lines or [equal]), *_uncompared(checked)]))
    raise typer.Exit(1 if lines else 0)


@app.command()
def publish(path: Annotated[Path, typer.Argument(metavar="FILE_OR_DIR", help="一个目录文件，或一个文件夹。")]) -> None:
    """检查后发布：街道、上报去向、窗口、事项，与现行相同的略过；默认发到本机，集群见 ONEWINDOW_CATALOGUE_TARGET。"""
    checked = _sound(path)
    lines = asyncio.run(publish_all(checked))
    lines += [
        f"{each.year} 年放假安排未发布：请用 onewindow calendar publish {each.path}" for each in checked.calendars
    ]
    typer.echo("\n".join(lines) or "没有可发布的街道、窗口或事项。")


async def compared(wanted: Sequence[Item]) -> list[str]:
    """A line for each item that would change, none where all is equal. Raises CommandError, StackError, CallFailed."""
    async with configurator() as client:
        return list(differences(wanted, await items_in_force(client)))


def differences(wanted: Sequence[Item], running: Mapping[str, Item]) -> Iterator[str]:
    """A line for each item that differs from the version in force today."""
    for item in wanted:
        known = running.get(item.code)
        if known is None:
            yield f"{item.name}（{item.code}）：新事项"
        elif parts := list(_parts(_fields(known), _fields(item))):
            yield f"{item.name}（{item.code}）第 {known.version} 版：{'；'.join(parts)}"


def _sound(path: Path) -> rules.CatalogueCheck:
    """The catalogue; one that a finding refuses is printed with its findings, and the command ends with 1."""
    checked = rules.check(path)
    if checked.refusals:
        typer.echo("\n".join([*map(str, checked.findings), _summary(checked)]))
        raise typer.Exit(1)
    return checked


def _summary(checked: rules.CatalogueCheck) -> str:
    remarks = f"另有 {len(checked.remarks)} 条提示，不影响发布。" if checked.remarks else ""
    if checked.refusals:
        later = "其余规则在写法改正后再检查。" if checked.misshapen else ""
        return f"共 {len(checked.refusals)} 个问题，改正后才能发布。{later}{remarks}"
    counts = _counts(checked)
    said = "，".join(f"{name} {counts[kind]} {unit}" for kind, name, unit in _KINDS if counts[kind])
    return "\n".join([f"检查通过：{said}。{remarks}", *_unlisted(checked)])


def _counts(checked: rules.CatalogueCheck) -> dict[str, int]:
    """How many of each kind the files have, by the key of the JSON document."""
    return {
        "items": len(checked.items),
        "streets": sum(len(each.streets) for each in checked.streets),
        "windows": sum(len(hall.windows) for hall in checked.halls),
        "templates": sum(len(each.templates) for each in checked.template_sets),
        "calendars": len(checked.calendars),
    }


def _unlisted(checked: rules.CatalogueCheck) -> Iterator[str]:
    """A line where halls name streets and no file lists any: then only intake knows whether they exist."""
    if checked.halls and not checked.streets:
        streets = "、".join(sorted({hall.street for hall in checked.halls}))
        yield f"这里没有街道文件，未核对大厅的街道：{streets} 须是区里已公布的街道，否则窗口发布会被拒绝。"


def _uncompared(checked: rules.CatalogueCheck) -> Iterator[str]:
    """A line with what `publish` would publish as well and no call reads back."""
    counts = _counts(checked) | {"destinations": len(destination_messages(checked.items))}
    kinds = ("streets", "街道", "个"), ("destinations", "上报去向", "个"), ("windows", "窗口", "个")
    if said := "，".join(f"{name} {counts[kind]} {unit}" for kind, name, unit in kinds if counts[kind]):
        yield f"未比对：{said}；publish 会一并发布，与现行相同的略过。"


def _parts(now: Mapping[str, Any], then: Mapping[str, Any]) -> Iterator[str]:
    named = titles("item")
    for field in sorted(now.keys() | then.keys()):
        if now.get(field) != then.get(field):
            yield f"{named.get(field, field)} {_said(now.get(field))} 改为 {_said(then.get(field))}"


def _fields(item: Item) -> dict[str, Any]:
    fields = MessageToDict(item, preserving_proto_field_name=True)
    fields.pop(_GIVEN, None)
    return fields


def _said(value: object) -> str:
    if value is None:
        return "无"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
