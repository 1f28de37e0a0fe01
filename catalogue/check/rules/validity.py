"""When an item is in force and when it is open: periods run forward, do not overlap and lie in its validity."""

from collections.abc import Iterator
from datetime import date

from catalogue.check.finding import Breach
from catalogue.check.items import ItemDocument


def validity_breaches(item: ItemDocument) -> Iterator[Breach]:
    """What is wrong with the dates of the item."""
    if item.effective_to and item.effective_to < item.effective_from:
        yield Breach(("effective_to",), "effective_dates", "失效日早于生效日。")
    if item.status == "cancelled" and not item.effective_to:
        yield Breach(("effective_to",), "effective_dates", "已取消的事项要写失效日。")
    yield from _seasons(item)


def _seasons(item: ItemDocument) -> Iterator[Breach]:
    for position, season in enumerate(item.seasons):
        if season.open_to < season.open_from:
            yield Breach(("season", position, "open_to"), "season_backwards", "截止收件日早于开始收件日。")
        if any(season.open_from in other or other.open_from in season for other in item.seasons[:position]):
            yield Breach(("season", position), "season_overlap", "与前面的收件期重叠。")
        if season.open_to < item.effective_from or season.open_from > (item.effective_to or date.max):
            yield Breach(("season", position), "season_in_force", "收件期不在事项有效期内。")
