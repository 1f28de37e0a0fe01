"""Any legal sequence of acts: answered once, corrected once, closed once; and the dates keep their order."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from law.not_allowed import NotAllowed
from law.workdays import state_council
from services.intake.domain.application.accept import accept, complete
from services.intake.domain.application.correction import (
    CorrectionNotice,
    WindowCorrection,
    correct_on_the_spot,
    lapse,
    request_correction,
    supply_correction,
)
from services.intake.domain.application.decline import Decline, decline
from services.intake.domain.application.deem import deem
from services.intake.domain.application.due_dates import OfficeDay
from services.intake.domain.application.facts import (
    AcceptanceGround,
    ApplicationAccepted,
    ApplicationFact,
    CorrectionRequested,
    DeclineGround,
    ServiceRated,
)
from services.intake.domain.application.receive_material import ArrivedPaper, receive_material
from services.intake.domain.application.state import BLANK, Application, ApplicationStage, merged
from services.intake.domain.application.submit import submit
from services.intake.domain.application.withdraw_and_rate import rate, withdraw
from services.intake.domain.catalogue.item import CatalogueItem
from tests.support.examples import examples
from tests.unit.intake import hall
from tests.unit.intake.hall import INSTANT, NUMBER, PROMISED, REASON, papers

ACTS = ("accept", "complete", "decline", "correct", "request", "supply", "deem", "lapse", "receive", "withdraw", "rate")
STEPS = st.lists(
    st.tuples(
        st.sampled_from(ACTS),
        st.sets(st.sampled_from(["M01", "M02", "M03", "M04"])),
        st.tuples(st.integers(0, 9), st.booleans()),
    ),
    max_size=14,
)
Steps = list[tuple[str, set[str], tuple[int, bool]]]
ENDED = {ApplicationStage.DECLINED, ApplicationStage.WITHDRAWN, ApplicationStage.LAPSED, ApplicationStage.CLOSED}


def act(name: str, state: Application, item: CatalogueItem, codes: Sequence[str], day: OfficeDay) -> ApplicationFact:
    match name:
        case "accept":
            return accept(state, item, NUMBER, day)
        case "complete":
            return complete(state, item, NUMBER, day)[1]
        case "decline":
            return decline(state, Decline(DeclineGround.NOT_NEEDED, REASON, None, "1"), day.on, state_council())
        case "correct":
            return correct_on_the_spot(state, WindowCorrection(papers(*codes), REASON), item, day)
        case "request":
            return request_correction(state, CorrectionNotice("1", tuple((code, REASON) for code in codes)), item, day)
        case "supply":
            return supply_correction(state, papers(*codes), item, day)
        case "deem":
            return deem(state, item, NUMBER, day)
        case "lapse":
            return lapse(state, day.on, state_council())
        case "receive":
            return receive_material(
                state, ArrivedPaper(codes[0] if codes else "M01", "12" * 32, 1, "image/png"), item, day.on
            )
        case "withdraw":
            return withdraw(state, None, day.on)
    return rate(state, 3, None, day.on)


def played(item: CatalogueItem, steps: Steps) -> list[ApplicationFact]:
    """The facts of a story: what was not allowed has left none."""
    on = date(2016, 9, 2)
    begun = hall.day(on, after_hours=bool(steps) and steps[0][2][1])
    story: list[ApplicationFact] = [submit(hall.handed_in(item=item), item, hall.marks(), begun)]
    for name, codes, (passed, late) in steps:
        on += timedelta(days=passed)
        day = hall.day(on, after_hours=late)
        state = hall.after(BLANK, story)
        try:
            fact = act(name, state, item, sorted(codes), day)
        except NotAllowed:
            continue
        if name == "complete":
            story.extend(complete(state, item, NUMBER, day))
        else:
            story.append(fact)
    return story


@settings(max_examples=examples(150))
@given(st.sampled_from([PROMISED, INSTANT]), STEPS)
def test_any_story_is_answered_once_and_ends_once(item: CatalogueItem, steps: Steps) -> None:
    story = played(item, steps)
    stages = [hall.after(BLANK, story[:end]).stage for end in range(1, len(story) + 1)]
    ends = [place for place, stage in enumerate(stages) if stage in ENDED]
    after_the_end = story[ends[0] + 1 :] if ends else []
    assert all(isinstance(fact, ServiceRated) for fact in after_the_end), "an end is an end"
    for kind in (ApplicationAccepted, ServiceRated):
        assert sum(isinstance(fact, kind) for fact in story) <= 1


@settings(max_examples=examples(150))
@given(st.sampled_from([PROMISED, INSTANT]), STEPS)
def test_everything_is_demanded_once_in_any_story(item: CatalogueItem, steps: Steps) -> None:
    demands = [fact for fact in played(item, steps) if isinstance(fact, CorrectionRequested)]
    assert [fact.supplement for fact in demands] == list(range(len(demands)))
    assert len({fact.letter_number for fact in demands}) <= 1
    named = [{shortfall.material_code for shortfall in fact.shortfalls} for fact in demands]
    assert all(later <= earlier for earlier, later in pairwise(named)), "a supplement adds nothing"


@settings(max_examples=examples(200))
@given(
    st.dates(date(2015, 10, 8), date(2026, 10, 30)),
    st.booleans(),
    st.lists(st.tuples(st.integers(0, 20), st.booleans()), max_size=2),
    st.integers(0, 12),
)
def test_a_corrected_matter_has_the_same_dates_whoever_accepts_it(
    first: date, late: bool, again: list[tuple[int, bool]], clicked_after: int
) -> None:
    """By the desk on any of the five days, or by the law when nobody does."""
    state, demand = hall.submitted(on=hall.day(first)), CorrectionNotice("1", (("M01", REASON), ("M02", REASON)))
    state = hall.after(state, [request_correction(state, demand, PROMISED, hall.day(first))])
    on, after_hours = first, late
    state = hall.after(
        state, [supply_correction(state, papers("M01", "M02"), PROMISED, hall.day(on, after_hours=late))]
    )
    for days, after_hours in again:
        notice = CorrectionNotice("2", (("M02", REASON),))
        state = hall.after(state, [request_correction(state, notice, PROMISED, hall.day(on))])
        on += timedelta(days=days)
        supply = supply_correction(state, papers("M02"), PROMISED, hall.day(on, after_hours=after_hours))
        state = hall.after(state, [supply])
    assert state.whole_since == hall.day(on, after_hours=after_hours).received_on
    assert state.answer_due_on is not None
    clicked_on = min(max(on, state.whole_since) + timedelta(days=clicked_after), state.answer_due_on)
    by_click = accept(state, PROMISED, NUMBER, hall.day(clicked_on))
    by_law = deem(state, PROMISED, NUMBER, hall.day(state.answer_due_on + timedelta(days=1)))
    for date_of in ("received_on", "accepted_on", "promised_due_on", "legal_due_on", "provisional"):
        assert getattr(by_click, date_of) == getattr(by_law, date_of)
    assert by_click.accepted_on == state.whole_since
    assert (by_click.occurred_on, by_click.ground) == (clicked_on, AcceptanceGround.CORRECTED)


@settings(max_examples=examples(150))
@given(st.sampled_from([PROMISED, INSTANT]), STEPS)
def test_dates_keep_their_order_in_any_story(item: CatalogueItem, steps: Steps) -> None:
    state = hall.after(BLANK, played(item, steps))
    assert (state.answer_due_on is not None) == (state.stage is ApplicationStage.SUBMITTED), (
        "an answer is due while it is waited for"
    )
    if state.acceptance is not None:
        accepted = state.acceptance
        assert state.received_on <= accepted.accepted_on <= accepted.occurred_on
        assert accepted.accepted_on <= accepted.promised_due_on <= accepted.legal_due_on
    if state.closing is not None:
        assert state.received_on <= state.closing.closed_on


@settings(max_examples=examples(100))
@given(STEPS)
def test_nothing_is_accepted_by_a_desk_while_a_needed_paper_is_missing(steps: Steps) -> None:
    story = played(PROMISED, steps)
    state = hall.after(BLANK, story)
    if state.acceptance is not None and state.acceptance.ground.name != "DEEMED":
        there = {paper.material_code for paper in state.acceptance.materials}
        assert {"M01", "M02"} <= there


@given(st.sets(st.sampled_from(["M01", "M02", "M03"])), st.sets(st.sampled_from(["M01", "M02", "M03"])))
def test_papers_handed_in_again_take_the_place_of_the_earlier_ones(first: set[str], second: set[str]) -> None:
    codes = [paper.material_code for paper in merged(papers(*sorted(first)), papers(*sorted(second)))]
    assert sorted(codes) == sorted(first | second)
