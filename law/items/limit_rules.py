"""Rules of an item's limits: grounds, the law's ceilings, the promise against the law, the parts against the whole.

Two limits of one unit are compared by their numbers. Of different units neither is longer in itself: 10 working days
are 14 days in most weeks and 19 over a Spring Festival. So the last days are computed from every acceptance day of the
years whose holidays are published. A limit that ends later on more than half of the days of any one year is too long.
One that ends later on fewer days is published with a finding that names the days, and on these days the earlier date
is promised.

Example: a promise of 10 working days against 15 calendar days ends later on 32 days of 2016, around its long holidays:
accepted on 29 January, the promise ends on 17 February and the law's limit on the 14th.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Final, TypeAlias

from law import terms
from law.items.item import Breach, FieldPath, ItemFinding, NamedPart, PublicItem, PublicLimit
from law.not_allowed import rule
from law.terms import StatutoryLimit, Unit
from law.workdays import Calendar, state_council

Breaches: TypeAlias = Iterator[Breach]
_Days: TypeAlias = tuple[int, Unit]

LICENCE: Final = "行政许可"
_ONE_DAY: Final = timedelta(days=1)
_NAMED_FIRST: Final = 3
"""Days that a sentence names; all of them are in the finding."""
_BRACKET: Final = r"(?:[（(〔][^（(〔）)〕]*[）)〕])?"
CITES_ARTICLE: Final = re.compile(
    rf"[\u4e00-\u9fff](?:法|条例|办法|规定|细则|决定)》?{_BRACKET}\s*(?:第[0-9〇零一二三四五六七八九十百千]+条|[0-9]+)"
)
"""A law or regulation by its name, with an article: 第三条 alone is of no law."""
_PLACE: Final = r"\s*(?:第[0-9〇零一二三四五六七八九十百千]+[条款项]|[0-9]+)[^、，,和及与；;]*"
_LICENCE_LAW: Final = re.compile(rf"行政许可法》?{_PLACE}(?:[、，,和及与]{_PLACE})*")
"""Articles of 行政许可法, in whatever spelling of its name."""
_BOTH_LEVELS: Final = StatutoryLimit(
    terms.FIRST_REVIEW.days + terms.DECISION.days, Unit.WORKING, f"{terms.DECISION.article}, 43"
)
"""A licence from acceptance at the street to the district's decision: the review, and then the decision."""
_DECIDED: Final = "行政许可法第四十二条规定自受理之日起20个工作日（联合办理45个工作日）内决定。"
_REVIEWED: Final = "行政许可法第四十三条规定下级机关自受理之日起20个工作日内审查完毕。"
_BOTH: Final = "行政许可法第四十二条、第四十三条规定下级审查20个工作日、上级决定20个工作日。"


@dataclass(frozen=True, slots=True)
class _Ceiling:
    """Days that 行政许可法 allows for a part of a licence."""

    limit: StatutoryLimit
    joint: StatutoryLimit | None
    """The days that it allows where organs handle a matter together; None where it knows no joint handling."""
    sentence: str


_REVIEW: Final = _Ceiling(terms.FIRST_REVIEW, None, _REVIEWED)
_DECISION: Final = _Ceiling(terms.DECISION, terms.JOINT_DECISION, _DECIDED)
_REVIEW_AND_DECISION: Final = _Ceiling(_BOTH_LEVELS, None, _BOTH)


@dataclass(frozen=True, slots=True)
class _Overrun:
    """One limit, or several one after the other, ends later than another."""

    days: tuple[date, ...] = ()
    """Acceptance days of the published years on which it does; empty where the numbers alone say so."""
    refused: bool = True


@rule("行政许可法 35, 43")
def limits_name_their_part(item: PublicItem) -> Breaches:
    """Limits of parts belong to what goes to the district, and no part is named twice."""
    own = {"referral": "street_part", "district_decision": "whole"}.get(item.closes_on)
    for name in ("street_part", "district_part", "whole"):
        part = getattr(item, name)
        if part is None:
            continue
        if item.kind != "forwarded":
            yield Breach((name,), "limit_part", f"只有上报件才分写街道、区级和全程的时限，现写了{part}。")
        elif name == own:
            named = {"street_part": "街道环节", "whole": "全程"}[name]
            sentence = f"按该办结节点，{named}时限就是 legal_limit 和 promised_limit，不另写；现写了{part}。"
            yield Breach((name,), "limit_part", sentence)
        elif part.legal is None and part.promised is None:
            yield Breach((name,), "limit_part", f"现为{part}：法定（legal）和承诺（promised）至少写一项。")


@rule("优化营商环境条例 36")
def limits_have_a_ground(item: PublicItem) -> Breaches:
    """A limit cites its article or says that it is assumed; only what is done on the spot has none."""
    for field, limit in _limits(item):
        if limit.days < 1:
            yield Breach((*field, "days"), "limit_days", f"时限至少1天，现为 {limit.days}；没有时限的不写这一项。")
        elif not limit.article and not limit.assumed:
            sentence = f"时限 {limit}没有写依据（article），也没有注明是拟定的（assumed: true）。"
            yield Breach(field, "limit_ground", sentence)
        if limit.article and limit.assumed:
            sentence = f"时限 {limit}已写依据「{limit.article}」，就不是拟定的：article 与 assumed: true 只写一个。"
            yield Breach((*field, "assumed"), "limit_ground", sentence)
    for key, limit_of in (("legal_limit", item.legal_limit), ("promised_limit", item.promised_limit)):
        if limit_of is None and item.kind != "instant":
            yield Breach((key, "days"), "limit_by_kind", "只有即办件的时限可以为0，现为 0。")
    if item.kind == "instant" and item.promised_limit:
        sentence = f"即办件当场办结，不写承诺时限，现写了 {item.promised_limit}。"
        yield Breach(("promised_limit",), "limit_by_kind", sentence)


@rule("行政许可法 42, 43")
def licence_is_decided_in_time(item: PublicItem) -> Breaches:
    """A licence is reviewed in twenty working days and decided in twenty, jointly in forty-five.

    A longer limit names the law or regulation that allows it, with its article.
    """
    if item.nature != LICENCE:
        return
    for part in item.parts():
        if part.legal is not None and (sentence := _beyond(part.legal, _ceiling(item, part))):
            yield Breach((*part.legal_field, "days"), "licence_within_law", f"法定时限 {part.legal}过长：{sentence}")


@rule("优化营商环境条例 36")
def promise_is_within_the_law(item: PublicItem) -> Breaches:
    """The promise of a part, or of the whole, is not longer than the law's limit of the same.

    In another unit: it does not end later on more than half of the days of a year.
    """
    for part in item.parts():
        if part.promised and part.legal and (over := _overrun([part.promised], part.legal)) and over.refused:
            sentence = _promise_too_long(part, part.promised, part.legal, over)
            yield Breach((*part.promised_field, "days"), "promised_within_legal", sentence)


@rule("行政许可法 35, 42, 43")
def parts_fit_the_whole(item: PublicItem) -> Breaches:
    """The street's part and the district's, one after the other, are not longer than the whole, in law and as promised.

    In different units: they do not end later on more than half of the days of a year.
    """
    yield from (
        Breach(field, "parts_within_whole", f"{compared}{_most(over)}。")
        for field, compared, over in _compared_parts(item)
        if over.refused
    )


@rule("优化营商环境条例 36")
def promise_ends_late_on_some_days(item: PublicItem) -> Iterator[ItemFinding]:
    """A promise in another unit than the law's limit ends later on some days; the earlier date is promised on these."""
    for part in item.parts():
        if part.promised and part.legal and (over := _overrun([part.promised], part.legal)) and not over.refused:
            sentence = f"{part.title}承诺时限 {part.promised}有时晚于法定时限 {part.legal}：{_named(over.days)}"
            sentence += "；这些天受理的，按法定的末日承诺。"
            yield ItemFinding((*part.promised_field, "days"), "promised_within_legal", sentence, over.days)


@rule("行政许可法 35, 42, 43")
def parts_end_after_the_whole_on_some_days(item: PublicItem) -> Iterator[ItemFinding]:
    """Parts in another unit than the whole end later on some days; the whole's last day holds on these."""
    for field, compared, over in _compared_parts(item):
        if not over.refused:
            sentence = f"{compared.replace('长于', '有时晚于')}：{_named(over.days)}；这些天受理的，以全程的末日为准。"
            yield ItemFinding(field, "parts_within_whole", sentence, over.days)


@rule("行政许可法 42")
def district_has_a_limit(item: PublicItem) -> Iterator[ItemFinding]:
    """Without a named limit the district has twenty working days after a referral that closes the street's matter."""
    if item.closes_on != "referral":
        return
    _, district, whole = item.parts()
    if district.legal is None and (whole.legal is None or district.promised is None):
        sentence = "没有写区级环节的法定时限：暂按行政许可法第四十二条的20个工作日计（拟定）"
        sentence += f"，且不晚于全程法定时限 {whole.legal}。" if whole.legal else "。"
        yield ItemFinding(("district_part",), "district_limit_assumed", sentence)


def _limits(item: PublicItem) -> Iterator[tuple[FieldPath, PublicLimit]]:
    """Every limit that the item names, with its field."""
    for part in item.parts():
        for field, limit in ((part.legal_field, part.legal), (part.promised_field, part.promised)):
            if limit:
                yield field, limit


def _ceiling(item: PublicItem, part: NamedPart) -> _Ceiling:
    if item.kind != "forwarded":
        return _DECISION
    return {"street": _REVIEW, "district": _DECISION}.get(part.name, _REVIEW_AND_DECISION)


def _beyond(legal: PublicLimit, ceiling: _Ceiling) -> str:
    """The sentence on a limit that 行政许可法 does not allow and no other law is named for; empty for a lawful one."""
    if not _overrun([legal], PublicLimit(ceiling.limit.days, ceiling.limit.unit)):
        return ""
    if cites_licence_law_alone(legal.article):
        joint = ceiling.joint
        return "" if joint and (legal.days, legal.unit) == (joint.days, joint.unit) else ceiling.sentence
    if CITES_ARTICLE.search(legal.article):
        return ""
    return f"超过{ceiling.limit.days}个工作日的行政许可应写明另有规定的法律法规及其条款。"


def cites_licence_law_alone(article: str) -> bool:
    """True for articles of 行政许可法 and of no other law, with brackets or its full name or words before it."""
    others, cited = _LICENCE_LAW.subn("", article)
    return bool(cited) and not CITES_ARTICLE.search(others)


def _compared_parts(item: PublicItem) -> Iterator[tuple[FieldPath, str, _Overrun]]:
    """Parts that end later than the whole, in law and as promised, with the field and the words that compare them."""
    street, district, whole = item.parts()
    yield from _against(
        "法定",
        (street.legal, district.legal),
        whole.legal,
        (street.legal_field, district.legal_field, whole.legal_field),
    )
    ceiling, field = whole.promised, whole.promised_field
    if ceiling is None:
        ceiling, field = whole.legal, whole.legal_field
    fields = (street.promised_field, district.promised_field, field)
    yield from _against("承诺", (street.promised, district.promised), ceiling, fields)


def _against(
    kind: str,
    parts: tuple[PublicLimit | None, PublicLimit | None],
    whole: PublicLimit | None,
    fields: tuple[FieldPath, FieldPath, FieldPath],
) -> Iterator[tuple[FieldPath, str, _Overrun]]:
    if whole is None:
        return
    found = False
    for title, part, field in zip(("街道", "区级"), parts, fields[:2], strict=True):
        if part and (over := _overrun([part], whole)):
            found = True
            yield (*field, "days"), f"{title}{kind}时限 {part}长于全程时限 {whole}", over
    street, district = parts
    if not found and street and district and (over := _overrun([street, district], whole)):
        yield (*fields[2], "days"), f"街道{kind} {street}加区级{kind} {district}长于全程时限 {whole}", over


def _promise_too_long(part: NamedPart, promised: PublicLimit, legal: PublicLimit, over: _Overrun) -> str:
    sentence = f"{part.title}承诺时限 {promised}长于法定时限 {legal}{_most(over)}"
    if over.days:
        late = next(day for day in over.days if day.year == _worst(over.days)[0])
        ends = (_last_day(late, limit.days, limit.unit) for limit in (promised, legal))
        sentence += "，例如{}受理，承诺到{}，法定到{}".format(late, *ends)
    return f"{sentence}。"


def _most(over: _Overrun) -> str:
    return "：{}年有{}天受理的都是如此".format(*_worst(over.days)) if over.days else ""


def _worst(days: Sequence[date]) -> tuple[int, int]:
    """The first year in which more than half of the days are late, with their number."""
    years = Counter(day.year for day in days)
    return next((year, count) for year, count in sorted(years.items()) if _more_than_half(year, count))


def _more_than_half(year: int, count: int) -> bool:
    return 2 * count > (date(year + 1, 1, 1) - date(year, 1, 1)).days


def _named(days: Sequence[date]) -> str:
    """The days in words: how many in the latest year that has some, the first of them, and how many in all years."""
    last = [day for day in days if day.year == days[-1].year]
    first = "、".join(f"{day.month}月{day.day}日" for day in last[:_NAMED_FIRST])
    more = "等" if len(last) > _NAMED_FIRST else ""
    spoken = f"{last[0].year}年{first}{more}{len(last)}天"
    years = state_council().first_day.year, _known_until(state_council()).year
    return f"{spoken}，{years[0]}年至{years[1]}年共{len(days)}天"


def _overrun(limits: Sequence[PublicLimit], ceiling: PublicLimit) -> _Overrun | None:
    """How far limits, one after the other, end later than a ceiling; None when they never do."""
    if {limit.unit for limit in limits} == {ceiling.unit}:
        return _Overrun() if sum(limit.days for limit in limits) > ceiling.days else None
    if min(limit.days for limit in (*limits, ceiling)) < 1:
        return None  # no limit at all, of which another rule speaks
    late = _late_days(tuple((limit.days, limit.unit) for limit in limits), (ceiling.days, ceiling.unit))
    years = Counter(day.year for day in late)
    refused = any(_more_than_half(year, count) for year, count in years.items())
    return _Overrun(late, refused) if late else None


@lru_cache(maxsize=256)
def _late_days(limits: tuple[_Days, ...], ceiling: _Days) -> tuple[date, ...]:
    """Acceptance days on which the limits, one after the other, end later than the ceiling.

    Days are those from which both ends are known, so that no later notice moves them: about 7,000, in a fifth of a
    second.
    """
    calendar = state_council()
    late, start, until = [], calendar.first_day, _known_until(calendar)
    while start <= until:
        end = start
        for limit in limits:
            end = _last_day(end, *limit)
        if until >= end > _last_day(start, *ceiling):
            late.append(start)
        start += _ONE_DAY
    return tuple(late)


def _last_day(start: date, days: int, unit: Unit) -> date:
    """The last day of a limit without pauses, as `law.term_clock.due_on` gives it, in a third of the time.

    A publication walks about 7,000 days for each pair of limits while a call waits.
    """
    if unit is Unit.WORKING:
        return state_council().nth(start, days)
    return state_council().nth(start + timedelta(days=days - 1), 1)


@cache
def _known_until(calendar: Calendar) -> date:
    """The last day that no later notice can order any more."""
    last = date(max(notice.year for notice in calendar.notices if not notice.amends), 12, 31)
    while not calendar.knows(last, last):
        last -= _ONE_DAY
    return last
