"""Open and closed files of every kind across a new year, and their dates by a day walk of its own."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import reduce
from itertools import cycle, islice
from random import Random
from typing import Any
from uuid import UUID

from onewindow.catalogue.v1.catalogue_pb2 import HolidayNotice as NoticeMessage
from uuid_utils.compat import uuid7

from chassis.event_store import Author, FileKey, FileRepository
from chassis.event_store.model import Loaded
from law.notices import statutory_days
from law.recount import DateKind
from law.workdays import Calendar, state_council
from protocol.identifiers import district_leg_id, street_leg_id
from services.approval.domain.case.decide import Decide, decide
from services.approval.domain.case.facts import Fact, Outcome, TermExtended, TermPaused, TermResumed, VaultText
from services.approval.domain.case.facts import SpecialProcedure as Procedure
from services.approval.domain.case.item import AcceptedItem, ClosesOn, ItemKind, Limit, LimitUnit
from services.approval.domain.case.open_case import (
    Acceptance,
    AcceptanceGround,
    open_district_leg,
    open_street_leg,
)
from services.approval.domain.case.refer import Refer, refer
from services.approval.domain.case.state import Case, fold
from services.intake.domain.application.accept import accept
from services.intake.domain.application.correction import CorrectionNotice, request_correction
from services.intake.domain.application.due_dates import DueDates, OfficeDay
from services.intake.domain.application.state import BLANK
from services.intake.domain.application.submit import submit
from services.intake.domain.catalogue.item import HolidayNotice
from services.notify.domain.delivery.open_delivery import DecisionToDeliver, open_delivery
from services.notify.domain.dossier import UNDECIDED
from services.notify.domain.facts import DeliveryWay, ResultDelivered
from tests.unit.approval.matters import DECISION, HEAD, PROMISED, REFERRAL, STREET
from tests.unit.intake import hall

YEAR = 2027
TODAY = date(2026, 12, 31)
CALENDAR: Calendar = state_council()
OFF = tuple(
    sorted(
        {*statutory_days(YEAR), *(date(2027, 1, day) for day in (2, 3)), *(date(2027, 2, day) for day in range(5, 12))}
    )
)
"""Rest of 2027 as a notice of these tests orders it."""
NUMBER = "国办发明电〔2026〕9号"
MAKEUP = (date(2027, 2, 13), date(2027, 2, 20))
DISTRICT = "440105"
_ONE_DAY = timedelta(days=1)
_OFFICE = Author("office", None)
_SATURDAY = 5
_WORKING, _CALENDAR = LimitUnit.WORKING_DAYS, LimitUnit.CALENDAR_DAYS
_LIMITS = (
    (Limit(5, _WORKING, ""), Limit(20, _WORKING, "行政许可法 42")),
    (Limit(10, _WORKING, ""), Limit(30, _CALENDAR, "行政许可法 42")),
    (Limit(10, _CALENDAR, ""), Limit(20, _WORKING, "行政许可法 42")),
    (Limit(15, _CALENDAR, ""), Limit(45, _CALENDAR, "行政许可法 42")),
)
KINDS = (
    *("waiting", "corrected", "running", "paused", "resumed", "extended", "referred", "at district"),
    *("to deliver", "answered", "decided", "delivered"),
)


def works(on: date, off: Iterable[date], makeup: Iterable[date]) -> bool:
    """True for a day that is worked, by the lists of a notice and the week alone."""
    if on in off:
        return False
    return on in makeup or on.weekday() < _SATURDAY


def by_notice(off: Iterable[date] = OFF, makeup: Iterable[date] = MAKEUP) -> Callable[[date], bool]:
    """Worked days of 2026 as the product ships them, of 2027 by the lists of its notice."""
    rest, made_up = frozenset(off), frozenset(makeup)
    known = {day: CALENDAR.day(day).works for day in _days(date(2026, 1, 1), date(2026, 12, 31))}
    return lambda on: known[on] if on.year < YEAR else works(on, rest, made_up)


def walked(start: date, limit: Limit, worked: Callable[[date], bool], still: Sequence[tuple[date, date]] = ()) -> date:
    """The last day of a limit, one day after the other."""
    on, left = start, limit.days
    while left:
        on += _ONE_DAY
        if any(first <= on <= last for first, last in still):
            continue
        if limit.unit is _CALENDAR or worked(on):
            left -= 1
    while not worked(on) or any(first <= on <= last for first, last in still):
        on += _ONE_DAY
    return on


def notice(off: Sequence[date] = OFF, makeup: Sequence[date] = MAKEUP) -> HolidayNotice:
    """The holidays of 2027."""
    return HolidayNotice(YEAR, NUMBER, tuple(sorted(off)), tuple(makeup))


def message(published: HolidayNotice) -> NoticeMessage:
    """The same as a request has it."""
    return NoticeMessage(
        year=published.year,
        number=published.number,
        days_off=[str(day) for day in published.days_off],
        makeup_days=[str(day) for day in published.makeup_days],
    )


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file as it was made, with its dates by a walk over days that are worked."""

    service: str
    key: FileKey
    kind: str
    facts: tuple[Any, ...]
    dates: Callable[[Callable[[date], bool]], Mapping[DateKind, date]]
    open: bool = True


def files(count: int, seed: int = 7) -> list[KnownFile]:
    """So many files of all kinds, in turn; their days lie around the new year."""
    random = Random(seed)
    made: list[KnownFile] = []
    for kind in islice(cycle(KINDS), count):
        made.extend(_made(kind, date(2026, 12, 1) + _ONE_DAY * random.randrange(31), random))
    return made


def _made(kind: str, on: date, random: Random) -> list[KnownFile]:
    if kind in ("waiting", "corrected", "answered"):
        return [_application(kind, on)]
    if kind in ("to deliver", "delivered"):
        return [_dossier(kind, on)]
    return _legs(kind, on, random.choice(_LIMITS))


def _application(kind: str, on: date) -> KnownFile:
    key = FileKey(STREET.district, STREET.street, uuid7())
    day = OfficeDay(on, DueDates(CALENDAR))
    marks = replace(hall.marks(), serial_number=key.file_id.hex)
    papers = ("M01", "M02") if kind != "corrected" else ()
    facts: list[Any] = [submit(hall.handed_in(*papers), hall.PROMISED, marks, day)]
    received_on = facts[0].received_on
    if kind == "waiting":
        limit = Limit(5, _WORKING, "")
        return KnownFile(
            "intake", key, kind, tuple(facts), lambda worked: {DateKind.ANSWER: walked(received_on, limit, worked)}
        )
    state = hall.after(BLANK, facts)
    if kind == "answered":
        facts.append(accept(state, hall.PROMISED, f"{key.file_id.hex}N", day))
        return KnownFile("intake", key, kind, tuple(facts), lambda _worked: {}, open=False)
    notice = CorrectionNotice("440105008补告〔2026〕0001号", tuple((code, hall.REASON) for code in ("M01", "M02")))
    facts.append(request_correction(state, notice, hall.PROMISED, day))
    limit = Limit(30, _CALENDAR, "")
    return KnownFile("intake", key, kind, tuple(facts), lambda worked: {DateKind.SUPPLY: walked(on, limit, worked)})


def _dossier(kind: str, on: date) -> KnownFile:
    key = FileKey(STREET.district, STREET.street, uuid7())
    facts: list[Any] = list(open_delivery(UNDECIDED, DecisionToDeliver(on, "granted", key.file_id.hex), CALENDAR))
    if kind == "delivered":
        facts.append(ResultDelivered(on, DeliveryWay.PICK_UP, True, "ab", "W1", True))
    limit = Limit(10, _WORKING, "")
    return KnownFile(
        "notify",
        key,
        kind,
        tuple(facts),
        lambda worked: {DateKind.DELIVER: walked(on, limit, worked)},
        open=kind == "to deliver",
    )


def _legs(kind: str, on: date, limits: tuple[Limit, Limit]) -> list[KnownFile]:
    application = uuid7()
    referred_matter = kind in ("referred", "at district")
    item = _item(limits, referred=referred_matter)
    street = FileKey(STREET.district, STREET.street, street_leg_id(application))
    facts: list[Fact] = list(open_street_leg(None, _acceptance(application, item, on), CALENDAR))
    still: tuple[tuple[date, date], ...] = ()
    longer, case = 0, _folded(facts)
    if kind in ("paused", "resumed"):
        first, last = on + 2 * _ONE_DAY, on + 9 * _ONE_DAY
        facts.append(TermPaused(first, application, Procedure.APPRAISAL, first, 10, VaultText("pause.1.reason", "0f")))
        if kind == "resumed":
            still = ((first, last),)
            facts.append(TermResumed(last, application, first, last, _term(case, limits, still)))
    elif kind == "extended":
        longer = 5
        term = _term(case, tuple(replace(limit, days=limit.days + longer) for limit in limits), ())
        facts.append(TermExtended(on + _ONE_DAY, application, longer, VaultText("extension.reason", "0f"), term))
    elif kind == "decided":
        facts.append(decide(case, Decide(HEAD, Outcome.GRANTED, "", "决1号"), on + _ONE_DAY))
    made = [
        KnownFile(
            "approval",
            street,
            kind,
            tuple(facts),
            lambda worked: _limit_dates(on, limits, longer, still, worked),
            open=kind != "decided",
        )
    ]
    if referred_matter:
        referred = refer(case, Refer(HEAD, "0f" * 32), on + _ONE_DAY)
        made[0] = replace(made[0], facts=(*facts, referred))
        if kind == "at district":
            leg = FileKey(DISTRICT, f"{DISTRICT}000", district_leg_id(application, 1))
            opened = open_district_leg(None, referred, STREET, CALENDAR)
            start = opened[0].term.starts_on
            made.append(
                KnownFile(
                    "approval", leg, kind, tuple(opened), lambda worked: _limit_dates(start, limits, 0, (), worked)
                )
            )
    return made


def _item(limits: tuple[Limit, Limit], *, referred: bool) -> AcceptedItem:
    return replace(
        PROMISED,
        promised_limit=limits[0],
        legal_limit=limits[1],
        route=(REFERRAL if referred else DECISION,),
        kind=ItemKind.FORWARDED if referred else ItemKind.PROMISED,
        closes_on=ClosesOn.DISTRICT_DECISION if referred else ClosesOn.DECISION,
        refers_to="public_security" if referred else "",
    )


def _limit_dates(
    on: date,
    limits: Sequence[Limit],
    longer: int,
    still: Sequence[tuple[date, date]],
    worked: Callable[[date], bool],
) -> dict[DateKind, date]:
    """Both last days, the promise never after the law, and the days of the lamp behind them."""
    promised, legal = (walked(on, replace(limit, days=limit.days + longer), worked, still) for limit in limits)
    promised = min(promised, legal)
    return {
        DateKind.PROMISED: promised,
        DateKind.LEGAL: legal,
        DateKind.YELLOW: promised + _ONE_DAY,
        DateKind.RED: legal + _ONE_DAY,
    }


def _term(case: Case, limits: Sequence[Limit], still: tuple[tuple[date, date], ...]) -> Any:  # the term of a fact
    dates = _limit_dates(case.term.starts_on, limits, 0, still, lambda on: CALENDAR.day(on).works)
    return replace(
        case.term,
        promised_due_on=dates[DateKind.PROMISED],
        legal_due_on=dates[DateKind.LEGAL],
        yellow_on=dates[DateKind.YELLOW],
        red_on=dates[DateKind.RED],
        provisional=dates[DateKind.LEGAL].year >= YEAR,
        early_before=None,
        ledger=None,  # as releases up to 0.2 wrote it: what moved the dates follows from the facts
    )


def _acceptance(application: UUID, item: AcceptedItem, on: date) -> Acceptance:
    due = {
        limit: walked(on, limit, lambda day: CALENDAR.day(day).works)
        for limit in (item.promised_limit, item.legal_limit)
    }
    legal = due[item.legal_limit]
    return Acceptance(
        application_id=application,
        occurred_on=on,
        number=application.hex,
        ground=AcceptanceGround.COMPLETE,
        item=item,
        received_on=on,
        accepted_on=on,
        promised_due_on=min(due[item.promised_limit], legal),
        legal_due_on=legal,
        provisional=legal.year >= YEAR,
        calendar_version=CALENDAR.version,
        window="W1",
        materials=(),
    )


def _folded(facts: Iterable[Fact]) -> Case:
    case = reduce(fold, facts, None)
    assert case is not None
    return case


def _days(first: date, last: date) -> Iterable[date]:
    return (first + _ONE_DAY * step for step in range((last - first).days + 1))


async def write(repository: FileRepository[Any, Any], known: Sequence[KnownFile], batch: int = 500) -> None:
    """Writes the files as the service would have."""
    unit_of_work = repository.unit_of_work
    for begin in range(0, len(known), batch):
        changes = [
            unit_of_work.prepare(
                each.key,
                Loaded(0),
                unit_of_work.fold([]),
                list(each.facts),
                Author("office", None, each.facts[-1].occurred_on),
            )
            for each in known[begin : begin + batch]
        ]
        await repository.store.append_many([each.change for each in changes], changes[0].recorded_at)
