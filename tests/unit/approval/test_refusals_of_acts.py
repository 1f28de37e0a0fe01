"""Every refusal of a case: the act that meets the obstacle, the article, the field and the sentence that staff read."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

import pytest

from law.not_allowed import Malformed, NotAllowed
from law.procedures import PausesOverlap
from law.term_clock import TooFarAhead
from services.approval.domain.case.decide import Decide, DecidedByDistrict, ReasonsMissing, StepsNotFinished, decide
from services.approval.domain.case.extend import Extend, extend
from services.approval.domain.case.facts import Fact, Opinion, Outcome
from services.approval.domain.case.refer import NotForReferral, ReviewNotFinished
from services.approval.domain.case.stages import (
    AlreadyExtended,
    AlreadyWithdrawn,
    CaseAct,
    ExtensionTooLong,
    NotWithDistrict,
    TermIsOver,
)
from services.approval.domain.case.steps import (
    CompleteStep,
    NotClaimed,
    NothingToRelease,
    RemarkMissing,
    SameStaffTwice,
    claim,
    complete_step,
    release,
)
from services.approval.domain.supervision.supervision_order import (
    DueBeforeToday,
    SupervisionOrder,
    issue_supervision_order,
)
from services.approval.handoff.domain.acknowledge import Acknowledgement, ReceiptDateImpossible, acknowledge, progress
from services.approval.handoff.domain.district_decide import (
    AlreadyReturned,
    DecidedOtherwise,
    DecisionDateImpossible,
    DecisionReport,
    DistrictReasonsMissing,
    district_decide,
)
from services.approval.handoff.domain.return_case import (
    AlreadyDecided,
    ReturnDateImpossible,
    ReturnReasonsMissing,
    ReturnReport,
    return_case,
)
from tests.unit.approval.acts import DIGEST, TODAY, by, claimed, district_legs, paused, resumed
from tests.unit.approval.matters import (
    CALENDAR,
    FIELD_CHECK,
    FORWARDED,
    HEAD,
    PROMISED,
    REVIEWER,
    after,
    leg,
    opened,
    received,
    reviewed,
)

TWO_STAFF = opened(replace(PROMISED, route=(FIELD_CHECK,)))
CHECKED_ONCE = after(
    claimed(TWO_STAFF, REVIEWER),
    [complete_step(claimed(TWO_STAFF, REVIEWER), CompleteStep(REVIEWER, Opinion.AGREE), TODAY)],
)
EXTENDED = after(opened(), [extend(opened(), Extend(HEAD, 1, DIGEST), TODAY, CALENDAR)])

ROWS: list[tuple[type[NotAllowed], Callable[[], object], str, str, str]] = [
    (
        SameStaffTwice,
        lambda: claim(CHECKED_ONCE, REVIEWER, TODAY),
        "行政许可法 34",
        "",
        "该环节须由两名以上工作人员办理，您已提交过意见，请由另一名工作人员办理。",
    ),
    (NothingToRelease, lambda: release(opened(), REVIEWER, TODAY), "", "", "该环节尚未领办，无需退领。"),
    (
        NotClaimed,
        lambda: complete_step(opened(), CompleteStep(REVIEWER, Opinion.AGREE), TODAY),
        "",
        "",
        "请先领办该环节，再提交审查意见。",
    ),
    (
        RemarkMissing,
        lambda: complete_step(claimed(opened(), REVIEWER), CompleteStep(REVIEWER, Opinion.DISAGREE), TODAY),
        "",
        "remark",
        "审查意见为不同意的，应当写明理由。",
    ),
    (
        StepsNotFinished,
        lambda: decide(opened(), Decide(HEAD, Outcome.GRANTED, "", "1"), TODAY),
        "行政许可法 34",
        "",
        "审查环节尚未全部完成，不能作出决定。",
    ),
    (
        ReasonsMissing,
        lambda: decide(reviewed(), Decide(HEAD, Outcome.REFUSED, "", "1"), TODAY),
        "行政许可法 38",
        "reasons",
        "作出不予许可的决定，应当说明理由。",
    ),
    (
        DecidedByDistrict,
        lambda: decide(reviewed(FORWARDED), Decide(HEAD, Outcome.GRANTED, "", "1"), TODAY),
        "行政许可法 35",
        "outcome",
        "本事项由上级机关决定，街道只能转报或者依法不予许可。",
    ),
    (
        AlreadyExtended,
        lambda: extend(EXTENDED, Extend(HEAD, 1, DIGEST), TODAY, CALENDAR),
        "行政许可法 42",
        "",
        "办理期限只能延长一次。",
    ),
    (
        ExtensionTooLong,
        lambda: extend(opened(), Extend(HEAD, 11, DIGEST), TODAY, CALENDAR),
        "行政许可法 42",
        "days",
        "延长期限不得超过10个工作日。",
    ),
    (
        TermIsOver,
        lambda: extend(opened(), Extend(HEAD, 1, DIGEST), date(2016, 3, 30), CALENDAR),
        "行政许可法 42",
        "",
        "法定期限已于2016-03-29届满，不能再延长。",
    ),
    (
        PausesOverlap,
        lambda: by(HEAD)[CaseAct.PAUSE](resumed(paused(opened()), TODAY), TODAY),
        "行政许可法 45",
        "first_on",
        "2016-03-10至2016-03-10已不计入期限，特别程序的日期不能与之重叠。",
    ),
    (
        ReviewNotFinished,
        lambda: by(HEAD)[CaseAct.REFER](opened(FORWARDED), TODAY),
        "行政许可法 35",
        "",
        "街道审查环节尚未全部完成，不能转报。",
    ),
    (
        NotForReferral,
        lambda: by(HEAD)[CaseAct.REFER](reviewed(), TODAY),
        "",
        "",
        "本事项由街道作出决定，无需转报。",
    ),
    (
        DueBeforeToday,
        lambda: issue_supervision_order(received(), SupervisionOrder("o-1", DIGEST, date(2016, 3, 9)), TODAY),
        "",
        "due_on",
        "督办期限不能早于今日。",
    ),
    (
        TooFarAhead,
        lambda: issue_supervision_order(received(), SupervisionOrder("o-1", DIGEST, date(2201, 1, 1)), TODAY),
        "",
        "due_on",
        "日期不能晚于2200-12-31。",
    ),
    (NotWithDistrict, lambda: progress(opened(), "r-1", "REVIEWING", TODAY), "", "", "该件不由区审批系统办理。"),
    (
        ReceiptDateImpossible,
        lambda: acknowledge(leg(), Acknowledgement("Q-1", date(2016, 3, 12)), TODAY, CALENDAR),
        "",
        "received_on",
        "区接收日期不能晚于2016-03-11。",
    ),
    (
        DistrictReasonsMissing,
        lambda: district_decide(received(), DecisionReport("r-1", Outcome.REFUSED, TODAY), TODAY),
        "行政许可法 38",
        "reasons",
        "区作出不予许可的决定，应当说明理由。",
    ),
    (
        DecidedOtherwise,
        lambda: district_decide(
            district_legs()["granted"], DecisionReport("r-2", Outcome.REFUSED, TODAY, DIGEST), TODAY
        ),
        "",
        "outcome",
        "该件区办理结果已登记，且与本次报送不一致。",
    ),
    (
        AlreadyReturned,
        lambda: district_decide(district_legs()["returned"], DecisionReport("r-2", Outcome.GRANTED, TODAY), TODAY),
        "",
        "",
        "该次转报已由区退回街道，不能再登记办理结果。",
    ),
    (
        AlreadyWithdrawn,
        lambda: district_decide(district_legs()["withdrawn"], DecisionReport("r-2", Outcome.GRANTED, TODAY), TODAY),
        "",
        "",
        "申请人已于2016-03-10撤回申请，不能再登记区办理结果。",
    ),
    (
        DecisionDateImpossible,
        lambda: district_decide(received(), DecisionReport("r-2", Outcome.GRANTED, date(2016, 3, 7)), TODAY),
        "",
        "decided_on",
        "区作出决定的日期应在2016-03-08至2016-03-10之间。",
    ),
    (
        ReturnDateImpossible,
        lambda: return_case(received(), ReturnReport("r-2", DIGEST, date(2016, 3, 11)), TODAY),
        "",
        "returned_on",
        "区退回的日期应在2016-03-08至2016-03-10之间。",
    ),
    (
        ReturnReasonsMissing,
        lambda: return_case(received(), ReturnReport("r-1", ""), TODAY),
        "",
        "reasons",
        "区退回转报件，应当说明理由。",
    ),
    (
        AlreadyDecided,
        lambda: return_case(district_legs()["granted"], ReturnReport("r-2", DIGEST), TODAY),
        "",
        "",
        "该件区已作出决定，不能退回。",
    ),
]


@pytest.mark.parametrize(
    ("refusal", "act", "article", "field", "sentence"), [pytest.param(*row, id=row[0].__name__) for row in ROWS]
)
def test_the_act_is_refused_with_its_article_its_field_and_its_sentence(
    refusal: type[NotAllowed], act: Callable[[], object], article: str, field: str, sentence: str
) -> None:
    with pytest.raises(NotAllowed) as refused:
        act()
    assert type(refused.value) is refusal
    assert (refused.value.article, refused.value.field, refused.value.sentence) == (article, field, sentence)


def test_each_refusal_is_read_in_a_sentence_of_its_own() -> None:
    sentences = [row[4] for row in ROWS]
    assert len(set(sentences)) == len(sentences)


@pytest.mark.parametrize(
    "refusal", [DueBeforeToday, ReceiptDateImpossible, DecisionDateImpossible, ReturnDateImpossible, TooFarAhead]
)
def test_a_date_that_cannot_be_is_malformed_and_not_a_matter_of_the_stage(refusal: type[NotAllowed]) -> None:
    assert issubclass(refusal, Malformed)


NOT_HANDED_OVER: list[Callable[[], Sequence[Fact] | Fact]] = [
    lambda: district_decide(opened(), DecisionReport("r-1", Outcome.REFUSED, TODAY), TODAY),
    lambda: return_case(opened(), ReturnReport("r-1", ""), TODAY),
    lambda: progress(leg(replace(FORWARDED, refers_to="")), "r-1", "REVIEWING", TODAY),
    lambda: issue_supervision_order(opened(), SupervisionOrder("o-1", DIGEST, date(2016, 3, 9)), TODAY),
]


@pytest.mark.parametrize("report", NOT_HANDED_OVER, ids=["decision", "return", "progress", "order"])
def test_a_leg_that_was_not_handed_over_is_refused_before_anything_else_is_checked(
    report: Callable[[], object],
) -> None:
    with pytest.raises(NotWithDistrict):
        report()
