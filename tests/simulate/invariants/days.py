"""Days: every legal date is that of an independent count."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from services.intake.domain.catalogue.item import ClosesOn
from tests.simulate import walk
from tests.simulate.invariants.checked import Checked, Violations, day, ends, same
from tests.simulate.office import ITEMS
from tests.simulate.record import Recorded

_ONE_DAY = timedelta(days=1)
_WITH_TERM = ("case_opened", "term_extended", "term_resumed", "handoff_acknowledged", "case_returned")
"""Facts that have the days of their leg from then on."""


def days_of_intake(checked: Checked) -> Violations:
    """The days of an application are those of an independent count."""
    items = {item.code: item for item in ITEMS.values()}
    for matter in checked.matters:
        submitted = matter.intake[0].body
        whole = day(submitted.received_on)
        yield from same("answer due", day(submitted.answer_due_on), walk.working(whole, 5))
        for fact in matter.intake[1:]:
            body = fact.body
            if fact.kind == "correction_requested":
                yield from same("supply by", day(body.supply_by), walk.calendar(fact.on, 30))
            if fact.kind == "correction_lapsed":
                yield from same("lapsed on", fact.on, day(body.supply_by) + _ONE_DAY)
            if fact.kind == "correction_supplied":
                evening = _evening(fact)
                received = walk.next_working(fact.on + _ONE_DAY) if evening else walk.next_working(fact.on)
                yield from same("supply received", day(body.received_on), received)
            if fact.kind == "correction_supplied" and body.answer_due_on:
                whole = day(body.received_on)
                yield from same("answer due anew", day(body.answer_due_on), walk.working(whole, 5))
            if fact.kind == "application_accepted":
                item = items[submitted.item_code]
                accepted = day(body.accepted_on)
                ends_on = []
                for name, limit in (("promised", item.promised_limit), ("legal", item.legal_limit)):
                    days = limit.days or ({"promised": 1, "legal": 20}[name] if matter.street else 0)
                    ends_on.append(walk.term(accepted, (days, limit.unit == 1)) if days else accepted)
                yield from same("promised", day(body.promised_due_on), min(ends_on))
                yield from same("legal", day(body.legal_due_on), ends_on[1])
                if body.ground == 2 and matter.street:  # what ends at the window is accepted by that
                    yield from same("accepted after its correction", accepted, min(whole, fact.on))
                if body.ground == 3:
                    yield from same("deemed on", fact.on, walk.working(whole, 5) + _ONE_DAY)
                if body.ground == 3 and accepted > whole:
                    yield f"deemed accepted from {accepted}, received on {whole}"


def _evening(fact: Recorded) -> bool:
    recorded = fact.event.recorded_at.ToDatetime()
    return bool((recorded + timedelta(hours=8)).hour >= 18)


def days_of_cases(checked: Checked) -> Violations:
    """The days of a leg, with extension, pauses and returns, are those of an independent count; cards keep them."""
    closing_at_district = {item.code for item in ITEMS.values() if item.closes_on is ClosesOn.DISTRICT_DECISION}
    for matter in checked.matters:
        if not matter.street:
            continue
        referred = dict[int, _Clocks]()
        yield from _days_of_leg(matter.street, _Clocks(), referred)
        one_end = matter.intake[0].body.item_code in closing_at_district
        for facts in matter.districts.values():
            clocks = referred[facts[0].body.attempt] if one_end else _Clocks()
            yield from _days_of_leg(facts, clocks, {})
        if matter.street_case is not None:
            yield from _row_has_last_term(matter.street_case, matter.street)


def _days_of_leg(facts: Sequence[Recorded], clocks: "_Clocks", referred: "dict[int, _Clocks]") -> Violations:
    """The days of one leg, whose clocks were moved so at its beginning; `referred` takes those of each referral."""
    term = facts[0].body.term
    paused_on = referred_on = None
    closed = False
    for fact in facts:
        body = fact.body
        if fact.kind == "term_extended":
            clocks.extend(day(body.term.ledger.extended_on), body.days)
        if fact.kind == "term_paused":
            paused_on = day(body.paused_on)
        if fact.kind == "term_resumed":
            assert paused_on is not None
            clocks.stand(_PROCEDURE, paused_on, day(body.resumed_on))
            paused_on = None
        if fact.kind == "case_referred":
            referred_on, referred[body.attempt] = fact.on, deepcopy(clocks)
        if fact.kind == "case_returned" and referred_on is not None:
            paused_on, returned_on = None, day(body.returned_on)
            if returned_on > referred_on:
                clocks.stand(_RETURN, referred_on + _ONE_DAY, returned_on)
        if fact.kind in _WITH_TERM and body.HasField("term"):
            term = body.term
            yield from _term_is_right(fact.kind, term, clocks)
        if fact.kind == "card_issued":
            due = {1: day(term.warn_on), 2: day(term.yellow_on), 3: day(term.red_on)}[body.level]
            yield from same(f"card {body.level}", day(body.due_on), due)
            if fact.on < due:
                yield f"card {body.level} of {due} on {fact.on}"
            if paused_on is not None or closed:
                yield f"card {body.level} while the clock stands"
        closed = (closed or ends(fact)) and fact.kind != "case_returned"


@dataclass
class _Moved:
    extended_by: int = 0
    pauses: list[tuple[date, date]] = field(default_factory=list)


@dataclass(frozen=True, order=True)
class _Entry:
    """An act that moved a term, by its own day; of one day a return comes first and an extension last."""

    on: date
    place: int
    first_on: date
    last_on: date
    extended_by: int = 0


_RETURN, _PROCEDURE, _EXTENSION = range(3)


@dataclass
class _Clocks:
    entries: list[_Entry] = field(default_factory=list)

    def extend(self, on: date, days: int) -> None:
        """Days more."""
        self.entries.append(_Entry(on, _EXTENSION, on, on, days))

    def stand(self, place: int, first_on: date, last_on: date) -> None:
        """Days that do not count."""
        self.entries.append(_Entry(last_on if place == _RETURN else first_on, place, first_on, last_on))

    def last_days(self, term: Any) -> dict[str, date]:
        """Both last days. Each act moves the law; a promise that was broken before its day it does not move."""
        promised, legal = _Moved(), _Moved()
        for entry in sorted(self.entries):
            kept = entry.first_on <= min(_last_days(term, promised, legal).values())
            for moved in (promised, legal) if kept else (legal,):
                if entry.place == _EXTENSION:
                    moved.extended_by += entry.extended_by
                else:
                    moved.pauses.append((entry.first_on, entry.last_on))
        return _last_days(term, promised, legal)


def _last_days(term: Any, promised: _Moved, legal: _Moved) -> dict[str, date]:
    limits = (("promised", term.promised_limit, promised), ("legal", term.legal_limit, legal))
    return {
        name: walk.term(day(term.starts_on), (limit.days, limit.unit == 1), moved.extended_by, moved.pauses)
        for name, limit, moved in limits
    }


def _term_is_right(kind: str, term: Any, clocks: _Clocks) -> Violations:
    ends_on = clocks.last_days(term)
    yield from same(f"{kind} promised", day(term.promised_due_on), min(ends_on.values()))
    yield from same(f"{kind} legal", day(term.legal_due_on), ends_on["legal"])
    yield from same(f"{kind} yellow", day(term.yellow_on), day(term.promised_due_on) + _ONE_DAY)
    yield from same(f"{kind} red", day(term.red_on), day(term.legal_due_on) + _ONE_DAY)


def _row_has_last_term(case: Any, facts: Sequence[Recorded]) -> Violations:
    with_term = [fact.body.term for fact in facts if fact.kind in _WITH_TERM and fact.body.HasField("term")]
    for name in ("promised_due_on", "legal_due_on", "warn_on", "yellow_on", "red_on"):
        yield from same(f"row {name}", case[name], day(getattr(with_term[-1], name)))


def days_of_delivery(checked: Checked) -> Violations:
    """A result is to be delivered within ten working days."""
    for matter in checked.matters:
        opened = matter.fact(matter.dossier, "delivery_opened")
        if opened is not None:
            yield from same("deliver by", day(opened.body.deliver_by), walk.working(opened.on, 10))
