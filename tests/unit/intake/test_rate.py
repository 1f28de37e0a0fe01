"""好差评: the one rating of a closed matter. (GB/T 39734, 39735)"""

from dataclasses import replace
from datetime import date

import pytest

from services.intake.domain.application.facts import ServiceRated
from services.intake.domain.application.stages import NotAtThisStage
from services.intake.domain.application.state import Application, ApplicationClosing
from services.intake.domain.application.withdraw_and_rate import RatedBefore, rate
from tests.unit.intake import hall
from tests.unit.intake.hall import REASON, RECEIVED_ON

GRANTED = ApplicationClosing(date(2016, 9, 29), "granted", on_time=True, early=False)


@pytest.mark.parametrize("grade", [1, 2, 3, 4, 5])
def test_a_rating_has_its_grade_and_the_window_that_served(grade: int) -> None:
    rated = ServiceRated(RECEIVED_ON, grade, "W1", None, "completed", RECEIVED_ON)
    assert rate(hall.completed(), grade, None, RECEIVED_ON) == rated


@pytest.mark.parametrize("outcome", ["granted", "refused", "referred"])
def test_a_matter_that_approval_closed_is_rated_as_well(outcome: str) -> None:
    state = hall.accepted().closed_by(ApplicationClosing(date(2016, 9, 29), outcome))
    assert rate(state, 2, REASON, RECEIVED_ON).remark is REASON


def test_a_closed_matter_is_rated_once() -> None:
    state = hall.completed()
    rated = hall.after(state, [rate(state, 1, None, RECEIVED_ON)])
    for grade in (1, 5):
        with pytest.raises(RatedBefore) as refused:
            rate(rated, grade, None, RECEIVED_ON)
        assert (refused.value.article, refused.value.sentence) == ("GB/T 39734", "该办件已经评价，一事一评。")


@pytest.mark.parametrize(
    "state",
    [
        Application(),
        hall.submitted(),
        hall.demanded("M01", "M02"),
        hall.accepted(),
        hall.accepted().closed_by(None),
        hall.accepted().closed_by(ApplicationClosing(RECEIVED_ON, "withdrawn")),
    ],
)
def test_nothing_is_rated_that_is_not_closed(state: Application) -> None:
    with pytest.raises(NotAtThisStage):
        rate(state, 1, None, RECEIVED_ON)


LATER = date(2016, 10, 20)
REFERRED = ApplicationClosing(date(2016, 9, 29), "referred", on_time=True)
DECIDED_BY_DISTRICT = replace(REFERRED, district_outcome="granted", district_decided_on=date(2016, 10, 12))


def rated_at_the_referral() -> Application:
    """A matter that its referral closed, and that was rated then; as it is on file."""
    accepted = hall.accepted()
    return hall.after(accepted, [rate(accepted.closed_by(REFERRED), 5, REASON, RECEIVED_ON)])


@pytest.mark.parametrize("closing", [REFERRED, DECIDED_BY_DISTRICT])
def test_the_end_by_a_referral_has_one_rating_whatever_the_district_decides(closing: ApplicationClosing) -> None:
    with pytest.raises(RatedBefore):
        rate(rated_at_the_referral().closed_by(closing), 1, None, RECEIVED_ON)


@pytest.mark.parametrize("closing", [GRANTED, replace(GRANTED, outcome="refused"), replace(REFERRED, closed_on=LATER)])
def test_an_end_after_a_return_is_rated_anew_and_once(closing: ApplicationClosing) -> None:
    on_file = rated_at_the_referral()
    with pytest.raises(NotAtThisStage):  # the matter is returned, and open
        rate(on_file, 1, None, RECEIVED_ON)
    ended = on_file.closed_by(closing)
    assert ended.remark_name != "rating.remark"
    again = rate(ended, 1, None, LATER)
    with pytest.raises(RatedBefore):
        rate(hall.after(on_file, [again]).closed_by(closing), 2, None, LATER)


def test_a_rating_from_before_ends_were_on_file_stays_the_one() -> None:
    rated = hall.after(hall.accepted(), [ServiceRated(RECEIVED_ON, 1, "W1", None)])
    with pytest.raises(RatedBefore):
        rate(rated.closed_by(GRANTED), 2, None, LATER)
