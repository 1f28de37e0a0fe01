"""Random histories of an application against a walk day by day, from its receipt to both limits."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from hypothesis import event, given, settings
from hypothesis import strategies as st

from law.not_allowed import NotAllowed
from services.intake.domain.application.accept import accept
from services.intake.domain.application.correction import CorrectionNotice, request_correction, supply_correction
from services.intake.domain.application.deem import deem
from services.intake.domain.application.facts import AcceptanceGround, ApplicationAccepted
from services.intake.domain.application.state import BLANK, Application
from services.intake.domain.application.submit import submit
from services.intake.domain.catalogue.item import CatalogueItem, Limit, LimitUnit
from tests.support.day_walk import ONE_DAY, DayBook, Portion, WalkedMatter, walk, written_notices
from tests.support.examples import examples
from tests.unit.intake import hall
from tests.unit.intake.hall import NUMBER, PROMISED, REASON, papers

BOOK = DayBook(written_notices())
ANSWER, SUPPLY = Portion(5, working=True), Portion(30, working=False)
ACTS = ("request", "supply", "supply", "accept", "deem")
steps = st.lists(
    st.tuples(
        st.sampled_from(ACTS),
        st.sets(st.sampled_from(["M01", "M02", "M04"]), min_size=1),
        st.integers(0, 8),
        st.booleans(),
    ),
    min_size=2,
    max_size=10,
)
limits = st.builds(Limit, st.integers(1, 25), st.sampled_from(LimitUnit), st.just("行政许可法 42"))


@dataclass
class WalkedApplication:
    """An application as the walk has it."""

    whole_since: date
    answer_by: date | None
    supply_by: date | None = None
    open_demands: frozenset[str] = frozenset()
    corrected: bool = False


def counts_from(on: date, *, after_hours: bool) -> date:
    """The day from which a receipt counts: after closing or on a day of rest the next working day."""
    on += ONE_DAY * after_hours
    while not BOOK.works(on):
        on += ONE_DAY
    return on


def last_of(portion: Portion, from_on: date) -> date:
    """The last day of so many days."""
    return walk(from_on, [portion], (), BOOK).last


def walked(limit: Limit) -> Portion:
    """A limit as the walk takes it."""
    return Portion(limit.days, limit.unit is LimitUnit.WORKING_DAYS)


@given(
    st.dates(date(2015, 11, 1), date(2017, 2, 10)),
    st.booleans(),
    st.sets(st.sampled_from(["M01", "M02"])),
    limits,
    limits,
    steps,
)
@settings(max_examples=examples(300), deadline=None)
def test_the_days_of_any_application_are_the_walked_ones(
    on: date,
    late: bool,
    brought: set[str],
    promised: Limit,
    legal: Limit,
    told: list[tuple[str, set[str], int, bool]],
) -> None:
    item = replace(PROMISED, promised_limit=promised, legal_limit=legal, effective_to=None)
    first = submit(hall.handed_in(*sorted(brought), item=item), item, hall.marks(), hall.day(on, after_hours=late))
    state = hall.after(BLANK, [first])
    received = counts_from(on, after_hours=late)
    mine = WalkedApplication(received, last_of(ANSWER, received))
    for name, codes, gap, evening in told:
        check(state, mine)
        on += timedelta(days=gap)
        try:
            state = act(name, state, item, sorted(codes), (on, evening), mine)
        except NotAllowed:
            continue
        event(name)
        if state.acceptance is not None:
            return


def act(
    name: str,
    state: Application,
    item: CatalogueItem,
    codes: Iterable[str],
    at: tuple[date, bool],
    mine: WalkedApplication,
) -> Application:
    """The application after the act, walked as well; raises NotAllowed, and then nothing was walked."""
    (on, evening), codes = at, list(codes)
    day = hall.day(on, after_hours=evening)
    match name:
        case "request":
            demanded = codes if mine.corrected else sorted({*codes, *state.missing})
            asked = request_correction(
                state, CorrectionNotice("1", tuple((code, REASON) for code in demanded)), item, day
            )
            mine.supply_by, mine.answer_by = last_of(SUPPLY, on), None
            mine.open_demands, mine.corrected = frozenset(demanded), True
            return hall.after(state, [asked])
        case "supply":
            came = supply_correction(state, papers(*codes), item, day)
            assert mine.supply_by is not None and on <= mine.supply_by
            mine.open_demands -= frozenset(codes)
            if not mine.open_demands:
                mine.whole_since = counts_from(on, after_hours=evening)
                mine.answer_by = last_of(ANSWER, mine.whole_since)
            return hall.after(state, [came])
        case "accept":
            fact = accept(state, item, NUMBER, day)
            assert mine.answer_by is not None and on <= mine.answer_by
            effective = min(mine.whole_since, on) if mine.corrected else on
            return accepted(state, item, fact, effective)
        case _:
            fact = deem(state, item, NUMBER, day)
            assert mine.answer_by is not None and on > mine.answer_by
            assert fact.ground is AcceptanceGround.DEEMED
            return accepted(state, item, fact, mine.whole_since)


def accepted(state: Application, item: CatalogueItem, fact: ApplicationAccepted, effective: date) -> Application:
    """The acceptance, by a click or by time, with both dates from the day on which it takes effect."""
    dates = WalkedMatter(effective, walked(item.promised_limit), walked(item.legal_limit)).dates(BOOK)
    assert fact.accepted_on == effective
    assert fact.received_on <= fact.accepted_on
    assert (fact.promised_due_on, fact.legal_due_on, fact.early_before) == (dates.promised, dates.legal, dates.early)
    assert fact.promised_due_on <= fact.legal_due_on
    assert BOOK.works(fact.promised_due_on)
    assert BOOK.works(fact.legal_due_on)
    return hall.after(state, [fact])


def check(state: Application, mine: WalkedApplication) -> None:
    """That the open day of the application is the walked one."""
    assert state.whole_since == mine.whole_since
    assert state.answer_due_on == mine.answer_by
    if mine.answer_by is None:
        assert state.correction is not None
        assert state.correction.supply_by == mine.supply_by
        assert frozenset(state.still_missing) == mine.open_demands


@given(st.dates(date(2015, 11, 1), date(2017, 2, 10)), st.booleans(), st.integers(0, 9), limits, limits)
@settings(max_examples=examples(150), deadline=None)
def test_after_a_correction_a_click_and_the_silence_of_the_office_give_the_same_days(
    on: date, evening: bool, gap: int, promised: Limit, legal: Limit
) -> None:
    item = replace(PROMISED, promised_limit=promised, legal_limit=legal)
    begun = submit(hall.handed_in("M01", item=item), item, hall.marks(), hall.day(on))
    state = hall.after(BLANK, [begun])
    state = hall.after(
        state, [request_correction(state, CorrectionNotice("1", (("M02", REASON),)), item, hall.day(on))]
    )
    came = on + timedelta(days=gap)
    state = hall.after(state, [supply_correction(state, papers("M02"), item, hall.day(came, after_hours=evening))])
    assert state.whole_since is not None
    assert state.answer_due_on is not None
    clicked = accept(state, item, NUMBER, hall.day(state.answer_due_on))
    silent = deem(state, item, NUMBER, hall.day(state.answer_due_on + ONE_DAY))
    assert clicked.accepted_on == silent.accepted_on == counts_from(came, after_hours=evening)
    assert (clicked.promised_due_on, clicked.legal_due_on) == (silent.promised_due_on, silent.legal_due_on)
