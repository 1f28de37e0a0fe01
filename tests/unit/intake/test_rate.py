"""好差评: the one rating of a closed matter. (GB/T 39734, 39735)"""

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
    assert rate(hall.completed(), grade, None, RECEIVED_ON) == ServiceRated(RECEIVED_ON, grade, "W1", None)


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
