"""准予 or 不予: the term ends. (行政许可法 37, 38)"""

from datetime import date

import pytest

from law.not_allowed import WrongDesk
from services.approval.domain.case.decide import Decide, DecidedByDistrict, ReasonsMissing, StepsNotFinished, decide
from services.approval.domain.case.facts import Outcome
from services.approval.domain.case.stages import ClaimedByAnother, NotAtThisStage
from services.approval.domain.case.state import Case, CaseClosing, CaseStage
from services.approval.domain.case.steps import claim
from tests.unit.approval.matters import FORWARDED, HEAD, OTHER_HEAD, REVIEWER, after, opened, reviewed

ON = date(2016, 3, 10)
GRANT = Decide(HEAD, Outcome.GRANTED, "", "440105008〔2016〕决1号")
REFUSE = Decide(HEAD, Outcome.REFUSED, "0f", "440105008〔2016〕决1号")


def decided(on: date) -> Case:
    return after(reviewed(), [decide(reviewed(), GRANT, on)])


def test_the_head_grants_without_taking_the_step_first() -> None:
    case = decided(ON)
    assert (case.stage, case.closing, case.closed_on) == (CaseStage.CLOSED, CaseClosing.GRANTED, ON)
    assert case.decision.number == "440105008〔2016〕决1号"


@pytest.mark.parametrize(
    ("on", "on_time", "early"),
    [
        (date(2016, 3, 14), True, True),
        (date(2016, 3, 15), True, False),
        (date(2016, 3, 16), False, False),
    ],
)
def test_the_last_day_is_on_time_and_the_day_before_it_is_early(on: date, on_time: bool, early: bool) -> None:
    assert (decided(on).on_time, decided(on).early) == (on_time, early)


def test_a_refusal_gives_its_reasons() -> None:
    with pytest.raises(ReasonsMissing) as refused:
        decide(reviewed(), Decide(HEAD, Outcome.REFUSED, "", ""), ON)
    assert (refused.value.article, refused.value.reason) == ("行政许可法 38", "REASONS_MISSING")


def test_the_fact_has_the_digest_of_the_reasons() -> None:
    reasons = decide(reviewed(), REFUSE, ON).reasons
    assert reasons is not None and (reasons.name, reasons.digest) == ("decision.reasons", "0f")


def test_the_review_comes_first() -> None:
    with pytest.raises(StepsNotFinished):
        decide(opened(), GRANT, ON)


def test_only_a_head_decides() -> None:
    with pytest.raises(WrongDesk):
        decide(reviewed(), Decide(REVIEWER, Outcome.GRANTED, "", ""), ON)


def test_a_head_does_not_decide_what_another_head_has_taken() -> None:
    case = after(reviewed(), [claim(reviewed(), OTHER_HEAD, ON)])
    with pytest.raises(ClaimedByAnother):
        decide(case, GRANT, ON)


def test_the_street_cannot_grant_what_the_district_decides() -> None:
    with pytest.raises(DecidedByDistrict):
        decide(reviewed(FORWARDED), GRANT, ON)


def test_the_street_may_refuse_what_it_would_otherwise_refer() -> None:
    case = after(reviewed(FORWARDED), [decide(reviewed(FORWARDED), REFUSE, ON)])
    assert (case.closing, case.on_time) == (CaseClosing.REFUSED, True)


def test_a_case_is_decided_once() -> None:
    with pytest.raises(NotAtThisStage):
        decide(decided(ON), REFUSE, ON)
