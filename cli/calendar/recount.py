"""Open files that a publication of holidays moves: asked of intake, approval and notify, and joined for a reader."""

import asyncio
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from onewindow.catalogue.v1.catalogue_pb2 import HolidayNotice
from onewindow.recount.v1.recount_pb2 import DateKind
from onewindow.recount.v1.recount_service_pb2 import GetRecountRequest, PreviewCalendarRequest, RecountedFile

from cli.catalogue.publication import STAFF
from client.office import OfficeClient

SERVICES: Mapping[str, str] = {"intake": "收件", "approval": "办件", "notify": "送达"}
"""Services with open files, in words."""
_KINDS = {
    DateKind.DATE_KIND_ANSWER: ("answer_due_on", "答复期限"),
    DateKind.DATE_KIND_SUPPLY: ("supply_by", "补正期限"),
    DateKind.DATE_KIND_PROMISED: ("promised_due_on", "承诺期限"),
    DateKind.DATE_KIND_LEGAL: ("legal_due_on", "法定期限"),
    DateKind.DATE_KIND_WARN: ("warn_on", "预警日"),
    DateKind.DATE_KIND_YELLOW: ("yellow_on", "黄牌日"),
    DateKind.DATE_KIND_RED: ("red_on", "红牌日"),
    DateKind.DATE_KIND_EARLY: ("early_before", "提前办结日"),
    DateKind.DATE_KIND_DELIVER: ("deliver_by", "送达期限"),
}
_CARDS = {1: "预警", 2: "黄牌", 3: "红牌"}
_PAGE = 500
_SHOWN = 50
"""Files that a reader is shown; the JSON document has every one."""
_LOOK_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class ServiceRecount:
    """The answer of one service."""

    service: str
    files: Sequence[RecountedFile]
    looked_at: int
    seconds: float
    finished: bool = True


async def previews(client: OfficeClient, notice: HolidayNotice) -> list[ServiceRecount]:
    """Files that a notice would change, by service; nothing is published. Raises CallFailed."""
    return [await _preview(client, service, notice) for service in SERVICES]


async def recounts(client: OfficeClient, version: str, wait_seconds: float) -> list[ServiceRecount]:
    """Files that a recount changed, once every service is done or the wait is over. Raises CallFailed."""
    until = time.monotonic() + wait_seconds
    for service in SERVICES:
        while not await _finished(client, service, version) and time.monotonic() < until:
            await asyncio.sleep(_LOOK_SECONDS)
    return [await _recount(client, service, version) for service in SERVICES]


def words(found: Sequence[ServiceRecount], *, dry_run: bool) -> Iterator[str]:
    """The files in Chinese, the first ones line by line."""
    files = [(each.service, file) for each in found for file in each.files]
    moved = sum(bool(file.moved) for _, file in files)
    would = "将" if dry_run else "已"
    yield f"在办件：{would}移动期限 {moved} 件，{would}由暂定改为确定 {sum(file.firm for _, file in files)} 件"
    for service, file in files[:_SHOWN]:
        yield f"  {SERVICES[service]} {file.number}（{file.street}）：{'；'.join(_changes(file))}"
    if len(files) > _SHOWN:
        yield f"  其余 {len(files) - _SHOWN} 件略，--json 列出全部"
    for each in found:
        rate = f"，每秒 {each.looked_at / each.seconds:.0f} 件" if each.looked_at and each.seconds else ""
        yield f"{SERVICES[each.service]}：核对 {each.looked_at} 件，改变 {len(each.files)} 件{rate}"
        if not each.finished:
            yield f"{SERVICES[each.service]}：尚未完成，服务将继续；稍后再次运行同一命令可查看结果"


def fields(found: Sequence[ServiceRecount]) -> dict[str, object]:
    """The files and the services, for a JSON document."""
    return {
        "files": [_file(each.service, file) for each in found for file in each.files],
        "services": {
            each.service: {
                "looked_at": each.looked_at,
                "changed": len(each.files),
                "seconds": round(each.seconds, 3),
                "finished": each.finished,
            }
            for each in found
        },
    }


async def _preview(client: OfficeClient, service: str, notice: HolidayNotice) -> ServiceRecount:
    files: list[RecountedFile] = []
    looked_at, token, began = 0, "", time.monotonic()
    while True:
        request = PreviewCalendarRequest(notice=notice, page_size=_PAGE, page_token=token)
        answer = await client.call(STAFF, client.recounts[service].PreviewCalendar, request)
        files.extend(answer.files)
        looked_at += answer.looked_at
        if not (token := answer.next_page_token):
            return ServiceRecount(service, files, looked_at, time.monotonic() - began)


async def _finished(client: OfficeClient, service: str, version: str) -> bool:
    request = GetRecountRequest(calendar_version=version)
    return bool((await client.call(STAFF, client.recounts[service].GetRecount, request)).finished)


async def _recount(client: OfficeClient, service: str, version: str) -> ServiceRecount:
    files: list[RecountedFile] = []
    token = ""
    while True:
        request = GetRecountRequest(calendar_version=version, page_size=_PAGE, page_token=token)
        answer = await client.call(STAFF, client.recounts[service].GetRecount, request)
        files.extend(answer.files)
        if not (token := answer.next_page_token):
            return ServiceRecount(service, files, answer.looked_at, answer.seconds, answer.finished)


def _changes(file: RecountedFile) -> Iterator[str]:
    for each in file.moved:
        yield f"{_KINDS[each.kind][1]} {each.from_on} → {each.to_on}{'（暂定）' if file.provisional else ''}"
    if file.firm:
        yield "由暂定改为确定"
    if file.void_cards:
        yield f"不再计入的{'、'.join(_CARDS[card] for card in file.void_cards)}"


def _file(service: str, file: RecountedFile) -> dict[str, object]:
    return {
        "service": service,
        "file_id": file.file_id,
        "street": file.street,
        "number": file.number,
        "moved": [{"date": _KINDS[each.kind][0], "from": each.from_on, "to": each.to_on} for each in file.moved],
        "firm": file.firm,
        "provisional": file.provisional,
        "void_cards": list(file.void_cards),
    }
