"""退回: after any number of returns the street has the days that it had left, by a walk day by day."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.approval.domain.case.due_dates import first_term
from services.approval.domain.case.item import AcceptedItem, Limit, LimitUnit
from services.approval.domain.case.open_case import open_district_leg
from services.approval.domain.case.refer import Refer, refer
from services.approval.domain.case.state import Case
from services.approval.handoff.domain.return_case import ReturnReport, return_case, return_on_street_leg
from tests.support.examples import examples
from tests.unit.approval.matters import CALENDAR, FORWARDED, HEAD, RESIDENCE, STREET, after, reviewed

_ONE_DAY = timedelta(days=1)
WORKING, CALENDAR_DAYS = LimitUnit.WORKING_DAYS, LimitUnit.CALENDAR_DAYS
limits = st.builds(Limit, st.integers(1, 40), st.sampled_from(LimitUnit), st.just("行政许可法 42"))
rounds = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=3)


@dataclass
class Walk:
    """One clock, walked day by day without the law's own code."""

    limit: Limit
    start: date
    spans: list[tuple[date, date]] = field(default_factory=list)

    def _stands(self, on: date) -> bool:
        return any(first <= on <= last for first, last in self.spans)

    def _counts(self, on: date) -> bool:
        works = CALENDAR.day(on).works
        return not self._stands(on) and (works or self.limit.unit is CALENDAR_DAYS)

    def left(self, on: date) -> int:
        """Days left at the end of a day, by count; below 0 when more have passed."""
        days = (self.start + timedelta(days=n) for n in range(1, (on - self.start).days + 1))
        return self.limit.days - sum(map(self._counts, days))

    def due_on(self) -> date:
        """The last day."""
        on, left = self.start, self.limit.days
        while left:
            on += _ONE_DAY
            left -= self._counts(on)
        while self.limit.unit is CALENDAR_DAYS and (not CALENDAR.day(on).works or self._stands(on)):
            on += _ONE_DAY
        return on


def street_leg(item: AcceptedItem, start: date, promised: Limit, legal: Limit) -> Case:
    """A reviewed matter that was accepted on that day with these limits."""
    return replace(reviewed(item), term=first_term(start, promised, legal, CALENDAR))


def sent_and_returned(street: Case, referred_on: date, returned_on: date, reported_on: date) -> tuple[Case, Case]:
    """The street's leg as it was referred, and after the return."""
    referral = refer(street, Refer(HEAD, "0f"), referred_on)
    leg = after(None, open_district_leg(None, referral, STREET, CALENDAR))
    away = after(street, [referral])
    report = ReturnReport("r-1", "0f", returned_on)
    (told,) = return_case(leg, report, reported_on)
    return away, after(away, return_on_street_leg(away, told, CALENDAR))


@given(st.dates(date(2015, 11, 1), date(2017, 2, 28)), limits, limits, rounds, st.sampled_from([FORWARDED, RESIDENCE]))
@settings(max_examples=examples(300), deadline=None)
def test_after_every_return_both_limits_have_the_days_that_were_left_at_the_referral(
    start: date, promised: Limit, legal: Limit, gone: Sequence[tuple[int, int]], item: AcceptedItem
) -> None:
    street = street_leg(item, start, promised, legal)
    promise, law, broken, on = Walk(promised, start), Walk(legal, start), False, start
    for until_referral, at_district in gone:
        referred_on = on + timedelta(days=until_referral)
        on = referred_on + timedelta(days=at_district)
        left, before = (promise.left(referred_on), law.left(referred_on)), street.term
        away, street = sent_and_returned(street, referred_on, on, on + timedelta(days=5))
        if on > referred_on:
            law.spans.append((referred_on + _ONE_DAY, on))
            if referred_on < before.promised_due_on:
                promise.spans.append(law.spans[-1])
                assert promise.left(on) == left[0]
        assert law.left(on) == left[1]
        broken = broken or (not away.closed and referred_on <= before.promised_due_on < on)
        assert street.term.legal_due_on == law.due_on()
        assert street.term.promised_due_on == min(promise.due_on(), law.due_on())
        assert street.term.promised_due_on >= before.promised_due_on
        assert street.term.legal_due_on >= before.legal_due_on
        assert street.ledger.promise_broken is broken
        if broken or before.promised_due_on < referred_on:
            assert not street.punctuality(on)[0], "a broken promise is never kept again"


@pytest.mark.parametrize(
    ("limit", "returned_on", "due_on"),
    [
        (Limit(10, WORKING, "行政许可法 42"), date(2016, 10, 12), date(2016, 10, 19)),
        (Limit(10, WORKING, "行政许可法 42"), date(2016, 9, 30), date(2016, 10, 12)),  # nothing is out of it
        (Limit(12, CALENDAR_DAYS, "行政许可法 42"), date(2016, 10, 7), date(2016, 10, 12)),
        (Limit(12, CALENDAR_DAYS, "行政许可法 42"), date(2016, 10, 10), date(2016, 10, 17)),  # the 15th is a Saturday
    ],
)
def test_over_a_holiday(limit: Limit, returned_on: date, due_on: date) -> None:
    """Accepted on 23 September 2016, five days left on the 30th; the 8th and 9th of October are worked."""
    street = street_leg(RESIDENCE, date(2016, 9, 23), limit, limit)
    _, street = sent_and_returned(street, date(2016, 9, 30), returned_on, returned_on)
    assert street.term.legal_due_on == due_on


@pytest.mark.parametrize("unit", LimitUnit)
def test_over_the_turn_of_the_year(unit: LimitUnit) -> None:
    """Five days are left on 30 December 2016; the return comes on 3 January 2017."""
    start = date(2016, 12, 26)
    limit = Limit(9, unit, "行政许可法 42")
    _, street = sent_and_returned(
        street_leg(RESIDENCE, start, limit, limit), date(2016, 12, 30), date(2017, 1, 3), date(2017, 1, 4)
    )
    expected = date(2017, 1, 10) if unit is WORKING else date(2017, 1, 9)  # the 8th is a Sunday
    assert street.term.legal_due_on == expected
