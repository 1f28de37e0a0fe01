"""A year's notice from its file to the running calendar."""

import asyncio
from pathlib import Path

import typer

from catalogue.check import CalendarDocument, Finding, check
from cli.notice import foretold, published
from cli.publishing import configurator


def publish_file(path: Path, *, dry_run: bool) -> None:
    """Checks the file, then publishes it, or tells what that would change; exit code 1 with every finding."""
    if not path.is_file():
        raise typer.BadParameter(f"找不到文件 {path}", param_hint="FILE")
    checked = check(path, "calendar")
    findings = checked.findings
    if not findings and not checked.calendars:
        findings = (Finding(str(path), 1, "document", "unknown_document", "这不是放假安排（document: calendar）。"),)
    if findings:
        typer.echo("\n".join([*map(str, findings), f"共 {len(findings)} 个问题，改正后才能发布。"]))
        raise typer.Exit(1)
    typer.echo("\n".join(asyncio.run(_told(checked.calendars[0], dry_run))))


async def _told(calendar: CalendarDocument, dry_run: bool) -> list[str]:
    async with configurator() as desks:
        return await (foretold if dry_run else published)(desks, calendar)
