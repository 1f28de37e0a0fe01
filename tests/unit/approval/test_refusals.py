"""不予办理的理由: reasons that callers read are names of the contract, with a sentence for the clerk.

A reason is the class name in capitals, so that renaming a class changes an answer of the service. This list changes
together with the handbook of those who call.
"""

import inspect
import re

import pytest

from law import procedures
from law.not_allowed import Malformed, NotAllowed
from services.approval.domain.case import decide, extend, pause, refer, stages, steps
from services.approval.domain.supervision import supervision_order
from services.approval.handoff.domain import acknowledge, district_decide, return_case

MODULES = (
    *(steps, decide, extend, pause, refer, stages, supervision_order),
    *(acknowledge, district_decide, return_case, procedures),
)
REASONS = {
    "ALREADY_DECIDED": "",
    "ALREADY_EXTENDED": "行政许可法 42",
    "APPROVAL_DAY_IMPOSSIBLE": "行政许可法 42",
    "APPROVAL_MALFORMED": "行政许可法 42",
    "APPROVAL_MISSING": "行政许可法 42",
    "APPROVAL_NOT_NEEDED": "行政许可法 42",
    "ALREADY_RETURNED": "",
    "ALREADY_WITHDRAWN": "",
    "BEGINS_AFTER_TERM": "行政许可法 45",
    "BEGINS_AHEAD": "",
    "BEGINS_TOO_EARLY": "行政许可法 45",
    "CLAIMED_BY_ANOTHER": "",
    "DECIDED_BY_DISTRICT": "行政许可法 35",
    "DECIDED_OTHERWISE": "",
    "DECISION_DATE_IMPOSSIBLE": "",
    "DISTRICT_REASONS_MISSING": "行政许可法 38",
    "DUE_BEFORE_TODAY": "",
    "ENDS_AHEAD": "",
    "ENDS_BEFORE_BEGINNING": "",
    "EXPECTED_BEFORE_BEGINNING": "",
    "EXPECTED_END_MISSING": "行政许可法 45",
    "EXTENSION_TOO_LONG": "行政许可法 42",
    "NO_EXTENSION": "行政许可法 42",
    "NOTHING_TO_RELEASE": "",
    "NOT_AT_THIS_STAGE": "",
    "NO_PROCEDURE_WAITS": "行政许可法 45",
    "NOT_CLAIMED": "",
    "NOT_FOR_REFERRAL": "",
    "NOT_WITH_DISTRICT": "",
    "PAUSES_OVERLAP": "行政许可法 45",
    "PROCEDURE_NOT_OF_ITEM": "行政许可法 45",
    "PROCEDURE_WAITS": "行政许可法 45",
    "REASONS_MISSING": "行政许可法 38",
    "RECEIPT_DATE_IMPOSSIBLE": "",
    "REMARK_MISSING": "",
    "RETURNED_OTHERWISE": "",
    "RETURN_DATE_IMPOSSIBLE": "",
    "RETURN_REASONS_MISSING": "",
    "REVIEW_NOT_FINISHED": "行政许可法 35",
    "SAME_STAFF_TWICE": "行政许可法 34",
    "STEPS_NOT_FINISHED": "行政许可法 34",
    "TERM_IS_OVER": "行政许可法 42",
}
"""Every reason, with the article that is sent along."""
MALFORMED = {
    *("DECISION_DATE_IMPOSSIBLE", "DUE_BEFORE_TODAY", "RECEIPT_DATE_IMPOSSIBLE", "RETURN_DATE_IMPOSSIBLE"),
    *("APPROVAL_DAY_IMPOSSIBLE", "APPROVAL_MALFORMED", "APPROVAL_NOT_NEEDED"),
    *("EXPECTED_BEFORE_BEGINNING", "EXPECTED_END_MISSING", "PROCEDURE_NOT_OF_ITEM"),
}
"""Those that say that a value is impossible, not that the act is: INVALID_ARGUMENT instead of FAILED_PRECONDITION."""


def refusals() -> dict[str, type[NotAllowed]]:
    """The refusals that approval defines, by reason."""
    found = {}
    for module in MODULES:
        for _, kind in inspect.getmembers(module, inspect.isclass):
            if issubclass(kind, NotAllowed) and kind.__module__ == module.__name__:
                found[kind.reason] = kind
    return found


def test_the_reasons_are_those_that_callers_know() -> None:
    assert {reason: kind.article for reason, kind in refusals().items()} == REASONS


def test_impossible_values_are_told_from_forbidden_acts() -> None:
    assert {reason for reason, kind in refusals().items() if issubclass(kind, Malformed)} == MALFORMED


@pytest.mark.parametrize("reason", REASONS)
def test_a_clerk_reads_a_whole_sentence_in_chinese(reason: str) -> None:
    sentence = refusals()[reason].sentence
    assert sentence.endswith("。")
    assert re.search(r"[\u4e00-\u9fff]", sentence)
    assert not re.search(r"[A-Za-z]", re.sub(r"\{\w+\}", "", sentence)), "no English word"


@pytest.mark.parametrize("reason", REASONS)
def test_a_refusal_says_what_it_means(reason: str) -> None:
    assert inspect.getdoc(refusals()[reason])
