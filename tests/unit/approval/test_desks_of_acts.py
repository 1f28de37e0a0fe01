"""Each act by each post, line and claim: the desk it belongs to, and WrongDesk for every other."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from law.desk import Actor, Level, Place, Post
from law.not_allowed import WrongDesk
from services.approval.domain.case.item import Line
from services.approval.domain.case.stages import CaseAct, ClaimedByAnother
from services.approval.domain.case.state import Case
from tests.unit.approval.acts import TODAY, by, claimed, ordered, paused
from tests.unit.approval.matters import (
    DISTRICT,
    FORWARDED,
    HEAD,
    OTHER,
    OTHER_HEAD,
    PROMISED,
    REVIEWER,
    leg,
    opened,
    reviewed,
    staff,
)

IN_REVIEW, BEFORE_THE_HEAD, PAUSED = opened(FORWARDED), reviewed(FORWARDED), paused(opened(FORWARDED))
REVIEWERS, HEADS, BOTH = {Post.REVIEWER}, {Post.HEAD}, {Post.REVIEWER, Post.HEAD}

# The act, a case at a stage where it works, and the posts that may do it.
DESKS: list[tuple[CaseAct, Case, set[Post]]] = [
    (CaseAct.CLAIM, IN_REVIEW, REVIEWERS),
    (CaseAct.CLAIM, BEFORE_THE_HEAD, HEADS),
    (CaseAct.REFER, BEFORE_THE_HEAD, HEADS),
    (CaseAct.DECIDE, BEFORE_THE_HEAD, HEADS),
    (CaseAct.EXTEND, IN_REVIEW, HEADS),
    (CaseAct.EXTEND, BEFORE_THE_HEAD, HEADS),
    (CaseAct.PAUSE, IN_REVIEW, BOTH),
    (CaseAct.PAUSE, BEFORE_THE_HEAD, BOTH),
    (CaseAct.APPROVE_PAUSE, ordered(IN_REVIEW), HEADS),
    (CaseAct.DECLINE_PAUSE, ordered(IN_REVIEW), HEADS),
    (CaseAct.RESUME, PAUSED, BOTH),
]
ROWS = [
    pytest.param(act, case, post, post in posts, id=f"{act.name} at {case.stage} by {post}")
    for act, case, posts in DESKS
    for post in Post
]


@pytest.mark.parametrize(("act", "case", "post", "allowed"), ROWS)
def test_an_act_belongs_to_its_post(act: CaseAct, case: Case, post: Post, allowed: bool) -> None:
    deed = by(staff("NH500", post))[act]
    if allowed:
        assert len(deed(case, TODAY)) == 1
        return
    with pytest.raises(WrongDesk) as refused:
        deed(case, TODAY)
    assert refused.value.sentence == "此项不由本岗位办理。"


@pytest.mark.parametrize(("act", "case", "posts"), DESKS)
def test_one_of_several_posts_is_enough(act: CaseAct, case: Case, posts: set[Post]) -> None:
    (post, *_) = posts
    assert by(staff("NH501", post, Post.CLERK, Post.SUPERVISOR))[act](case, TODAY)


@pytest.mark.parametrize(("act", "case", "posts"), DESKS)
def test_an_actor_without_a_post_does_nothing(act: CaseAct, case: Case, posts: set[Post]) -> None:
    with pytest.raises(WrongDesk):
        by(staff("NH502"))[act](case, TODAY)


LINES: list[tuple[Iterable[str] | None, bool]] = [
    (None, True),
    ((), False),
    (("CIVIL_AFFAIRS",), True),
    (("LABOUR", "CIVIL_AFFAIRS"), True),
    (("LABOUR",), False),
    (("民政",), False),
]


@pytest.mark.parametrize(("lines", "served"), LINES)
@pytest.mark.parametrize(("act", "case", "posts"), DESKS)
def test_a_desk_acts_on_the_lines_that_it_serves(
    act: CaseAct, case: Case, posts: set[Post], lines: Iterable[str] | None, served: bool
) -> None:
    deed = by(staff("NH503", *posts, lines=lines))[act]
    if served:
        assert deed(case, TODAY)
        return
    with pytest.raises(WrongDesk):
        deed(case, TODAY)


@pytest.mark.parametrize("line", Line)
def test_every_line_is_served_by_its_own_name(line: Line) -> None:
    actor = staff("NH504", Post.REVIEWER, lines=[PROMISED.line.name])
    deed = by(actor)[CaseAct.PAUSE]
    if line is PROMISED.line:
        assert deed(opened(PROMISED), TODAY)
        return
    with pytest.raises(WrongDesk):
        by(staff("NH505", Post.REVIEWER, lines=[line.name]))[CaseAct.PAUSE](opened(PROMISED), TODAY)


TAKEN: list[tuple[CaseAct, Case, Actor, Actor]] = [
    (CaseAct.CLAIM, IN_REVIEW, REVIEWER, OTHER),
    (CaseAct.RELEASE, IN_REVIEW, REVIEWER, OTHER),
    (CaseAct.COMPLETE_STEP, IN_REVIEW, REVIEWER, OTHER),
    (CaseAct.CLAIM, BEFORE_THE_HEAD, HEAD, OTHER_HEAD),
    (CaseAct.RELEASE, BEFORE_THE_HEAD, HEAD, OTHER_HEAD),
    (CaseAct.REFER, BEFORE_THE_HEAD, HEAD, OTHER_HEAD),
    (CaseAct.DECIDE, BEFORE_THE_HEAD, HEAD, OTHER_HEAD),
]


@pytest.mark.parametrize(("act", "case", "holder", "other"), TAKEN)
def test_a_step_that_is_taken_is_for_its_holder_alone(act: CaseAct, case: Case, holder: Actor, other: Actor) -> None:
    taken = claimed(case, holder)
    assert by(holder)[act](taken, TODAY)
    with pytest.raises(ClaimedByAnother) as refused:
        by(other)[act](taken, TODAY)
    assert refused.value.sentence == f"该环节已由工号{holder.staff_no}领办。"


@pytest.mark.parametrize("act", [CaseAct.EXTEND, CaseAct.PAUSE])
def test_the_term_is_the_heads_to_change_also_while_another_has_the_step(act: CaseAct) -> None:
    assert by(HEAD)[act](claimed(IN_REVIEW, REVIEWER), TODAY)


def test_the_post_is_checked_before_the_claim() -> None:
    with pytest.raises(WrongDesk):
        by(REVIEWER)[CaseAct.DECIDE](claimed(BEFORE_THE_HEAD, OTHER_HEAD), TODAY)


@pytest.mark.parametrize("act", [CaseAct.CLAIM, CaseAct.DECIDE])
def test_a_leg_at_the_districts_desks_is_decided_by_a_head_there(act: CaseAct) -> None:
    case = leg(replace(FORWARDED, refers_to=""))
    head = staff("HZ900", Post.HEAD, place=DISTRICT)
    assert (head.place.level, case.handed_over) == (Level.DISTRICT, False)
    assert by(head)[act](case, TODAY)
    with pytest.raises(WrongDesk):
        by(staff("HZ100", Post.REVIEWER, place=DISTRICT))[act](case, TODAY)


def test_the_place_of_the_head_gives_the_district_of_the_referral() -> None:
    other = Place.of_street("440106001")
    (fact,) = by(staff("TH900", Post.HEAD, place=other))[CaseAct.REFER](BEFORE_THE_HEAD, TODAY)
    assert getattr(fact, "linked_place", None) == Place.of_district("440106")
