"""How long a matter may take: the promise stays within the law, and every number says where it comes from."""

from collections.abc import Iterator

from catalogue.check.finding import Breach
from catalogue.check.items import ItemDocument


def limit_breaches(item: ItemDocument) -> Iterator[Breach]:
    """What is wrong with the two limits. (优化营商环境条例 36)"""
    yield from _grounds(item)
    yield from _promise(item)


def _grounds(item: ItemDocument) -> Iterator[Breach]:
    for key, limit in (("legal_limit", item.legal_limit), ("promised_limit", item.promised_limit)):
        if limit and not limit.article and not limit.assumed:
            yield Breach((key,), "limit_ground", "时限没有写依据（article），也没有注明是拟定的（assumed: true）。")
        if limit and limit.article and limit.assumed:
            yield Breach((key, "assumed"), "limit_ground", "已写依据的时限不是拟定的，article 与 assumed 只写一个。")


def _promise(item: ItemDocument) -> Iterator[Breach]:
    promised, legal = item.promised_limit, item.legal_limit
    if item.kind == "instant" and promised:
        yield Breach(("promised_limit",), "limit_by_kind", "即办件当场办结，不写承诺时限。")
    if promised and legal and promised.calendar_days > legal.calendar_days:
        sentence = f"承诺时限 {promised.days} {_UNITS[promised.unit]}长于法定时限 {legal.days} {_UNITS[legal.unit]}。"
        yield Breach(("promised_limit", "days"), "promised_within_legal", sentence)


_UNITS = {"working": "个工作日", "calendar": "日"}
