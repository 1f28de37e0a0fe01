"""即办: an instant matter begins and ends at the window. (行政许可法 34)"""

import pytest

from services.intake.domain.application.accept import NotInstant, complete
from services.intake.domain.application.papers import MaterialsMissing
from services.intake.domain.application.stages import NotAtThisStage
from services.intake.domain.application.state import ApplicationClosing, ApplicationStage
from tests.unit.intake import hall
from tests.unit.intake.hall import INSTANT, NUMBER, PROMISED, RECEIVED_ON, day


def test_an_instant_matter_is_accepted_and_handed_out_on_its_day() -> None:
    accepted, ending = complete(hall.whole(INSTANT), INSTANT, NUMBER, day())
    assert (accepted.accepted_on, accepted.promised_due_on, accepted.legal_due_on) == (RECEIVED_ON,) * 3
    assert accepted.item.route == (), "what ends at the window goes to no desk"
    assert (ending.result_name, ending.window) == ("居住登记信息查询结果", "W1")


def test_it_counts_as_early() -> None:
    state = hall.completed()
    assert state.stage is ApplicationStage.CLOSED
    assert state.closing == ApplicationClosing(RECEIVED_ON, "completed", on_time=True, early=True)


def test_only_an_instant_item_is_decided_at_the_window() -> None:
    with pytest.raises(NotInstant):
        complete(hall.whole(PROMISED), PROMISED, NUMBER, day())


def test_a_missing_paper_is_named() -> None:
    with pytest.raises(MaterialsMissing):
        complete(hall.submitted(item=INSTANT), INSTANT, NUMBER, day())


def test_it_is_completed_once() -> None:
    with pytest.raises(NotAtThisStage):
        complete(hall.completed(), INSTANT, NUMBER, day())
