"""Proof of the days of a leg: the walk that ends on the stored day, by the clock that gives it. (行政许可法 42, 45)

Several clocks bound a leg: its promise, its limit in law and, for a part of the district, the limits of both levels
together. The earliest last day holds, so its clock is the one that is proven.

Example: 15 calendar days are promised and the law allows 10 working days, which end first. The promised day is proven
by the ten working days, and the proof says so.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from law import term_clock
from law.term_clock import Due, TermClock
from law.term_proof import ProvenDay, proof
from law.workdays import Calendar
from services.approval.domain.case.due_dates import clocks_of_both_levels, recomputed_term
from services.approval.domain.case.state import Case

_BY_LAW = "法定期限先到，承诺期限以法定期限的最后一日为准"
_BY_BOTH_LEVELS = "两级合并计算的期限先到，以其最后一日为准"


@dataclass(frozen=True, slots=True)
class LimitProof:
    """Proof of one last day."""

    days: tuple[ProvenDay, ...]
    due: Due
    rule: str = ""
    """Why another limit than its own gives the day; empty where its own does."""


@dataclass(frozen=True, slots=True)
class _Bound:
    clock: TermClock
    unextended: int
    rule: str = ""


def prove_term(case: Case, calendar: Calendar) -> tuple[LimitProof, LimitProof]:
    """The proofs of the promised and of the legal last day, by a calendar; raises BeforeFirstNotice."""
    term, both = case.term, clocks_of_both_levels(case.term)
    names = {kind.code: kind.name for kind in case.item.procedures}
    legal = [_Bound(case.clocks.legal, term.legal_limit.days)]
    promised = [
        _Bound(case.clocks.promised, term.promised_limit.days),
        _Bound(legal[0].clock, legal[0].unextended, _BY_LAW),
    ]
    if both is not None and term.whole is not None:
        of_law = term.whole.legal_limit
        if of_law is not None:
            legal.append(_Bound(both.legal, of_law.days, _BY_BOTH_LEVELS))
        limit = term.whole.promised_limit or of_law
        promised += [_Bound(both.promised, limit.days if limit else 0, _BY_BOTH_LEVELS)]
        promised += [_Bound(each.clock, each.unextended, _BY_BOTH_LEVELS) for each in legal[1:]]
    return _earliest(promised, calendar, names), _earliest(legal, calendar, names)


def ends_as_stored(case: Case, proven: tuple[LimitProof, LimitProof], calendar: Calendar) -> bool:
    """True when both proofs end on the days on file, and what the acts did to the promise is on file as it was."""
    days = case.term.promised_due_on, case.term.legal_due_on
    return days == tuple(each.due.due_on for each in proven) and recomputed_term(case, calendar).ledger == case.ledger


def _earliest(bounds: Iterable[_Bound], calendar: Calendar, names: Mapping[str, str]) -> LimitProof:
    def ends_on(found: tuple[_Bound, Due]) -> date:
        return found[1].due_on

    bound, due = min(((each, term_clock.due(each.clock, calendar)) for each in bounds), key=ends_on)
    days = proof(bound.clock, calendar, unextended=bound.unextended, names=names)
    return LimitProof(days, due, bound.rule)
