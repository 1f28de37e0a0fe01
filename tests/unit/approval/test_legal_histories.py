"""Random legal histories of a matter against a walk day by day: every stored date, and how the matter ends."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from law.workdays import Calendar
from services.approval.domain.case.due_dates import recomputed_term
from services.approval.domain.case.item import AcceptedItem, Extension, Limit, LimitUnit, PartLimits
from services.approval.domain.case.state import Case
from tests.support.day_walk import (
    WalkedDates,
)
from tests.support.examples import examples
from tests.unit.approval.matters import (
    DECISION,
    FORWARDED,
    PROMISED,
    REFERRAL,
    RESIDENCE,
)
from tests.unit.approval.walked_history import ACTS, Later, act, begun
from tests.unit.approval.walked_leg import ALMANACS, WalkedLeg, stored

NEVER_EARLIER = {*ACTS} - {"publish"}
limits = st.builds(Limit, st.integers(1, 25), st.sampled_from(LimitUnit), st.just("行政许可法 42"))
parts = st.none() | st.builds(PartLimits, limits, st.none() | limits)
items = st.one_of(
    st.builds(lambda: replace(PROMISED, route=(DECISION,))),
    st.builds(lambda: replace(RESIDENCE, route=(REFERRAL,))),
    st.builds(lambda part, whole: replace(FORWARDED, route=(REFERRAL,), district_part=part, whole=whole), parts, parts),
)
extensions = st.none() | st.builds(Extension, st.integers(0, 15), st.sampled_from(LimitUnit), st.just("本法"))
beginnings = st.one_of(
    *(st.tuples(st.just(years), st.dates(first, last)) for years, (first, last, _) in ALMANACS.items())
)
steps = st.lists(
    st.tuples(
        st.sampled_from([*ACTS, "pause", "resume", "resume", "refer", "refer"]),
        st.integers(0, 9),
        st.tuples(st.integers(0, 7), st.integers(0, 13)),
    ),
    min_size=3,
    max_size=12,
)


@given(beginnings, items, limits, limits, extensions, steps)
@settings(max_examples=examples(400), deadline=None)
def test_every_stored_date_of_any_legal_history_is_the_walked_one(
    beginning: tuple[str, date],
    item: AcceptedItem,
    promised: Limit,
    legal: Limit,
    extension: Extension | None,
    told: list[tuple[str, int, Later]],
) -> None:
    years, on = beginning
    almanacs = ALMANACS[years][-1]
    history = begun(almanacs, on, replace(item, promised_limit=promised, legal_limit=legal, extension=extension))
    history.check()
    for name, gap, later in told:
        history.today += timedelta(days=gap)
        before, were = stored(history.street.term), replace(history.walked)
        version = history.street.term.calendar_version
        if not act(history, name, later):
            continue
        history.check()
        dates = stored(history.street.term)
        if name in NEVER_EARLIER and history.now.calendar.version == version:
            _not_earlier(before, dates)
        if name not in {"publish", "extend"} and history.now.calendar.version == version:
            assert dates.warn >= before.warn
        if history.now.calendar.version == version:
            _stays_broken(were, history.walked)
        if name == "extend" and history.today > before.promised:
            assert dates.promised == before.promised or history.street.ledger.promise_broken
            assert history.street.punctuality(history.today) == (False, False)


def _stays_broken(were: WalkedLeg, now: WalkedLeg) -> None:
    """That nothing keeps a broken promise, except an act that by its own day came before it was broken."""
    told = now.entries[len(were.entries) :]
    if all(entry.day > were.dates.promised for entry in told if entry.kind != "return"):
        judged = [entry for entry in told if entry.span is None or entry.span.first > were.dates.promised]
        if judged:
            assert now.dates.promised == were.dates.promised or now.broken
    breaking = [entry.day for entry in were.entries if entry.ran or entry.extension is not None]
    if were.broken and not any(entry.day <= max(breaking) for entry in told):
        assert now.broken


@given(beginnings, items, limits, limits, extensions, steps)
@settings(max_examples=examples(150), deadline=None)
def test_dates_and_promise_do_not_depend_on_the_order_in_which_acts_came_on_file(
    beginning: tuple[str, date],
    item: AcceptedItem,
    promised: Limit,
    legal: Limit,
    extension: Extension | None,
    told: list[tuple[str, int, Later]],
) -> None:
    years, on = beginning
    almanacs = ALMANACS[years][-1]
    history = begun(almanacs, on, replace(item, promised_limit=promised, legal_limit=legal, extension=extension))
    for name, gap, later in told:
        history.today += timedelta(days=gap)
        act(history, name, later)
    for almanac in almanacs:
        _order_is_nothing(history.street, almanac.calendar)


def _order_is_nothing(case: Case, calendar: Calendar) -> None:
    term = recomputed_term(case, calendar)
    assert term.ledger is not None
    for entered in permutations(case.ledger.standstills):
        other = recomputed_term(case, calendar, replace(case.ledger, standstills=entered))
        assert other.ledger is not None
        assert {*other.ledger.standstills} == {*term.ledger.standstills}
        assert replace(other, ledger=term.ledger) == term
        assert replace(other.ledger, standstills=term.ledger.standstills) == term.ledger
    assert recomputed_term(case, calendar, term.ledger) == term, "what was judged once is judged the same again"


def _not_earlier(before: WalkedDates, dates: WalkedDates) -> None:
    assert dates.promised >= before.promised
    assert dates.legal >= before.legal
    assert dates.yellow >= before.yellow
    assert dates.red >= before.red
    assert dates.early >= before.early
