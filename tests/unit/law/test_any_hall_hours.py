"""Properties of any hours of a hall, on any day."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from chassis.clock import SHANGHAI
from law.hall_hours import (
    HallClosure,
    HallHours,
    OpeningHours,
    ServiceDay,
    next_day_of_hours,
    next_open_at,
    received_on,
)
from law.workdays import DayKind
from tests.support.examples import examples
from tests.unit.law.test_hall_hours import (
    CALENDAR,
    PLAIN,
    SERVED,
)

TIMES = st.builds(lambda minutes: time(minutes // 60, minutes % 60), st.integers(0, 24 * 60 - 1))
DAYS = st.dates(date(2007, 1, 1), date(2028, 1, 31))
SPANS = st.tuples(TIMES, TIMES).filter(lambda span: span[0] < span[1])
EFFECTIVE = st.one_of(st.none(), DAYS)


@st.composite
def any_hours(draw: st.DrawFn) -> HallHours:
    """Any hours and closures, also those that could not be published."""
    opening = st.builds(
        lambda kind, span, first, last: OpeningHours(kind, span[0], span[1], first, last),
        st.sampled_from(ServiceDay),
        SPANS,
        EFFECTIVE,
        EFFECTIVE,
    )
    closure = st.builds(
        lambda weekday, span, first, last: HallClosure("停电", weekday, span[0], span[1], first, last),
        st.integers(0, 7),
        st.one_of(SPANS, st.just((None, None))),
        DAYS,
        EFFECTIVE,
    )
    hours = HallHours(tuple(draw(st.lists(opening, max_size=5))), tuple(draw(st.lists(closure, max_size=3))))
    return hours.or_until(draw(TIMES.filter(lambda closing: closing > time.min)))


INSTANTS = st.datetimes(datetime(2007, 1, 1), datetime(2028, 1, 31), timezones=st.just(SHANGHAI))


def serves(hours: HallHours, on: date) -> bool:
    """True for a day on which a receipt may count, said once more without the rule: worked, or a served rest day."""
    day = CALENDAR.day(on)
    if day.works:
        return True
    kind = {6: ServiceDay.SATURDAY, 7: ServiceDay.SUNDAY}.get(on.isoweekday())
    return day.kind is not DayKind.HOLIDAY and any(each.day is kind and each.in_force(on) for each in hours.hours)


@settings(max_examples=examples(500))
@given(any_hours(), INSTANTS)
def test_every_receipt_counts_on_a_day_of_the_hall_and_no_earlier_one_is_left_out(
    hours: HallHours, instant: datetime
) -> None:
    received = received_on(instant, hours, CALENDAR)
    assert serves(hours, received)
    assert received >= instant.date()
    between = (instant.date() + timedelta(days=n) for n in range(1, (received - instant.date()).days))
    assert not any(serves(hours, on) for on in between)


@settings(max_examples=examples(500))
@given(any_hours(), INSTANTS, st.timedeltas(timedelta(0), timedelta(days=12)))
def test_a_later_receipt_never_counts_on_an_earlier_day(hours: HallHours, instant: datetime, later: timedelta) -> None:
    assert received_on(instant, hours, CALENDAR) <= received_on(instant + later, hours, CALENDAR)


@settings(max_examples=examples(300))
@given(
    any_hours(),
    INSTANTS,
    st.lists(st.builds(HallClosure, st.just("停电"), st.integers(0, 7), st.none(), st.none(), DAYS)),
)
def test_no_closure_moves_a_day_of_receipt(hours: HallHours, instant: datetime, closures: list[HallClosure]) -> None:
    closed = replace(hours, closures=(*hours.closures, *closures))
    assert received_on(instant, closed, CALENDAR) == received_on(instant, hours, CALENDAR)


@settings(max_examples=examples(300))
@given(any_hours(), INSTANTS)
def test_windows_open_within_hours_of_their_day_and_outside_of_closures(hours: HallHours, instant: datetime) -> None:
    opens = next_open_at(instant, hours, CALENDAR)
    if opens is None:
        return
    assert opens >= instant
    assert any(each.opens_at <= opens.time() < each.closes_at for each in hours.of_day(opens.date(), CALENDAR))
    for closure in hours.closures:
        if closure.falls_on(opens.date()):
            assert closure.begins_at is not None
            assert closure.ends_at is not None
            assert not closure.begins_at <= opens.time() < closure.ends_at


def test_the_next_day_of_hours_is_a_served_saturday_or_the_next_working_day() -> None:
    friday = date(2016, 3, 4)
    assert [next_day_of_hours(friday, hours, CALENDAR).day for hours in (PLAIN, SERVED)] == [7, 5]
