"""转报: the street sends opinion and all materials to the district. (行政许可法 35, 43)"""

import hashlib
from dataclasses import replace
from datetime import date
from uuid import uuid5

import pytest

from law.desk import Post
from law.not_allowed import WrongDesk
from services.approval.domain.case.item import Step, StepKind, StepPost
from services.approval.domain.case.refer import NotForReferral, Refer, ReviewNotFinished, package_digest, refer
from services.approval.domain.case.stages import ClaimedByAnother, NotAtThisStage
from services.approval.domain.case.state import CaseClosing, CaseStage
from services.approval.domain.case.steps import claim
from services.approval.handoff.domain.return_case import ReturnReport, return_case, return_on_street_leg
from tests.unit.approval.matters import (
    APPLICATION,
    CALENDAR,
    DISTRICT,
    FORWARDED,
    HEAD,
    OTHER_HEAD,
    PROMISED,
    RESIDENCE,
    REVIEWER,
    after,
    leg,
    opened,
    referral,
    referred,
    reviewed,
    staff,
)

ON = date(2016, 3, 8)
COMMAND = Refer(HEAD, "0f" * 32)


def test_a_reviewed_matter_goes_to_the_districts_leg() -> None:
    fact = referral()
    assert (fact.linked_case_id, fact.linked_place, fact.attempt) == (uuid5(APPLICATION, "district/1"), DISTRICT, 1)
    assert (fact.destination, fact.opinion.name, fact.materials) == (
        "housing",
        "referral.1.opinion",
        opened().materials,
    )


def test_the_street_closes_by_it_where_the_item_says_so() -> None:
    case = referred()
    assert (case.stage, case.closing, case.closed_on) == (CaseStage.CLOSED, CaseClosing.REFERRED, ON)
    assert (case.on_time, case.early) == (True, True)


def test_a_referral_after_the_last_day_is_late() -> None:
    assert referred(on=date(2016, 3, 15)).early is False
    assert referred(on=date(2016, 3, 16)).on_time is False


def test_where_the_street_waits_for_the_district_it_stays_open() -> None:
    case = referred(RESIDENCE)
    assert (case.stage, case.closed_on, case.on_time) == (CaseStage.REFERRED, None, None)


def test_the_package_has_one_digest_on_both_sides() -> None:
    case = reviewed(FORWARDED)
    lines = f"{case.number}\n{case.item.code}\n3\nhousing\nM01\t1\t\nM02\t2\t{'ab' * 32}"
    assert referral().package_digest == package_digest(case) == hashlib.sha256(lines.encode()).hexdigest()


def test_the_review_comes_first() -> None:
    with pytest.raises(ReviewNotFinished) as refused:
        refer(opened(FORWARDED), COMMAND, ON)
    assert refused.value.article == "行政许可法 35"


def test_what_the_street_decides_is_not_referred() -> None:
    with pytest.raises(NotForReferral):
        refer(reviewed(PROMISED), COMMAND, ON)


def test_the_post_that_the_route_names_refers() -> None:
    with pytest.raises(WrongDesk):
        refer(reviewed(FORWARDED), Refer(REVIEWER, "0f"), ON)
    route = (FORWARDED.route[0], Step("S9", "转报", StepKind.REFER, StepPost.REVIEWER))
    case = reviewed(replace(FORWARDED, route=route))
    assert refer(case, Refer(REVIEWER, "0f"), ON).attempt == 1
    with pytest.raises(WrongDesk):
        refer(case, Refer(staff("NH009", Post.CLERK), "0f"), ON)


def test_a_head_does_not_refer_what_another_head_has_taken() -> None:
    case = reviewed(FORWARDED)
    case = after(case, [claim(case, OTHER_HEAD, ON)])
    with pytest.raises(ClaimedByAnother):
        refer(case, COMMAND, ON)


def test_a_matter_is_not_referred_twice() -> None:
    with pytest.raises(NotAtThisStage):
        refer(referred(RESIDENCE), COMMAND, ON)


def test_a_returned_matter_is_referred_again_as_the_next_attempt() -> None:
    district = leg(RESIDENCE)
    returned = return_case(district, ReturnReport("r-1", "0f"), ON)
    case = after(referred(RESIDENCE), return_on_street_leg(referred(RESIDENCE), returned[0], CALENDAR))
    fact = refer(case, COMMAND, date(2016, 3, 10))
    assert (fact.attempt, fact.linked_case_id) == (2, uuid5(APPLICATION, "district/2"))
    assert fact.opinion.name == "referral.2.opinion"
