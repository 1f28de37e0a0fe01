"""Days: every legal date is that of an independent count."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from tests.simulate import walk
from tests.simulate.invariants.checked import Checked, Violations, day, ends, same
from tests.simulate.office import ITEMS
from tests.simulate.record import Recorded

_ONE_DAY = timedelta(days=1)


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
    """The days of a leg, with extension and pauses, are those of an independent count; cards come on their days."""
    for matter in checked.matters:
        for facts in (matter.street, *matter.districts.values()):
            if facts:
                yield from _days_of_leg(facts)
        case = matter.street_case
        if case is not None and matter.street:
            yield from _row_has_last_term(case, matter.street)


def _days_of_leg(facts: Sequence[Recorded]) -> Violations:
    term = facts[0].body.term
    moved = {"promised": _Moved(), "legal": _Moved()}
    paused_on = None
    closed = False
    for fact in facts:
        body = fact.body
        if fact.kind == "term_extended":  # a promise that was broken before is not moved
            moved["legal"].extended_by += body.days
            moved["promised"].extended_by += body.days if fact.on <= day(term.promised_due_on) else 0
        if fact.kind == "term_paused":
            paused_on = day(body.paused_on)
        if fact.kind == "term_resumed":
            assert paused_on is not None
            moved["legal"].pauses.append((paused_on, fact.on))
            moved["promised"].pauses += [(paused_on, fact.on)] if paused_on <= day(term.promised_due_on) else []
            paused_on = None
        if fact.kind in ("case_opened", "term_extended", "term_resumed", "handoff_acknowledged"):
            term = body.term
            yield from _term_is_right(fact.kind, term, moved)
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


def _term_is_right(kind: str, term: Any, moved: dict[str, _Moved]) -> Violations:
    starts_on = day(term.starts_on)
    ends_on = {
        name: walk.term(starts_on, (limit.days, limit.unit == 1), moved[name].extended_by, moved[name].pauses)
        for name, limit in (("promised", term.promised_limit), ("legal", term.legal_limit))
    }
    yield from same(f"{kind} promised", day(term.promised_due_on), min(ends_on.values()))
    yield from same(f"{kind} legal", day(term.legal_due_on), ends_on["legal"])
    yield from same(f"{kind} yellow", day(term.yellow_on), day(term.promised_due_on) + _ONE_DAY)
    yield from same(f"{kind} red", day(term.red_on), day(term.legal_due_on) + _ONE_DAY)


def _row_has_last_term(case: Any, facts: Sequence[Recorded]) -> Violations:
    with_term = [fact.body.term for fact in facts if fact.kind in ("case_opened", "term_extended", "term_resumed")]
    for name in ("promised_due_on", "legal_due_on", "warn_on", "yellow_on", "red_on"):
        yield from same(f"row {name}", case[name], day(getattr(with_term[-1], name)))


def days_of_delivery(checked: Checked) -> Violations:
    """A result is to be delivered within ten working days."""
    for matter in checked.matters:
        opened = matter.fact(matter.dossier, "delivery_opened")
        if opened is not None:
            yield from same("deliver by", day(opened.body.deliver_by), walk.working(opened.on, 10))
