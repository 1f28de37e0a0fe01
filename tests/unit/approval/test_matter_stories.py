"""一件事: whole matters from acceptance to their end, act by act, on both legs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from law.desk import Actor, Place
from law.workdays import state_council
from services.approval.domain.case.decide import Decide, decide
from services.approval.domain.case.extend import Extend, extend
from services.approval.domain.case.facts import (
    CardLevel,
    CaseReferred,
    CaseWithdrawn,
    Fact,
    Opinion,
    Outcome,
    SpecialProcedure,
)
from services.approval.domain.case.item import AcceptedItem
from services.approval.domain.case.open_case import open_district_leg, open_street_leg
from services.approval.domain.case.pause import PauseTerm, ResumeTerm, pause, resume
from services.approval.domain.case.refer import Refer, refer
from services.approval.domain.case.state import Case, CaseClosing, CaseStage, fold
from services.approval.domain.case.steps import CompleteStep, claim, complete_step, release
from services.approval.domain.case.withdraw import withdraw, withdrawal_on_street_leg
from services.approval.domain.supervision.cards import issue_cards
from services.approval.handoff.domain.acknowledge import Acknowledgement, acknowledge, progress
from services.approval.handoff.domain.district_decide import DecisionReport, decision_on_street_leg, district_decide
from services.approval.handoff.domain.return_case import ReturnReport, return_case, return_on_street_leg
from tests.unit.approval.matters import (
    ACCEPTED_ON,
    CALENDAR,
    FIELD_CHECK,
    FORWARDED,
    HEAD,
    OTHER,
    PROMISED,
    RESIDENCE,
    REVIEW,
    REVIEWER,
    STREET,
    accepted,
)


@dataclass
class File:
    """One case file: facts are appended, and the state follows."""

    case: Case | None = None
    kinds: tuple[str, ...] = ()

    def append(self, facts: Sequence[Fact]) -> None:
        """Append facts that an act decided."""
        for fact in facts:
            self.case = fold(self.case, fact)
            self.kinds += (type(fact).__name__,)

    @property
    def now(self) -> Case:
        """The case as it stands."""
        assert self.case is not None
        return self.case


def street_of(item: AcceptedItem) -> File:
    """The street's file of an accepted matter."""
    file = File()
    file.append(open_street_leg(None, accepted(item), CALENDAR))
    return file


def review(file: File, on: date, *reviewers: Actor) -> None:
    """These reviewers agree, one after the other."""
    for reviewer in reviewers:
        file.append([claim(file.now, reviewer, on)])
        file.append([complete_step(file.now, CompleteStep(reviewer, Opinion.AGREE), on)])


def district_of(file: File, referred: CaseReferred) -> File:
    """The district's file of a referral."""
    leg = File()
    place = Place(STREET.district, STREET.street)
    leg.append(open_district_leg(None, referred, place, CALENDAR))
    assert leg.now.number == file.now.number
    return leg


def test_a_promised_matter_is_reviewed_by_two_and_granted_in_time() -> None:
    file = street_of(replace(PROMISED, route=(REVIEW, FIELD_CHECK)))
    file.append([claim(file.now, OTHER, date(2016, 3, 1))])
    file.append([release(file.now, OTHER, date(2016, 3, 1))])
    review(file, date(2016, 3, 2), REVIEWER)
    review(file, date(2016, 3, 3), REVIEWER, OTHER)
    assert (file.now.stage, len(file.now.opinions)) == (CaseStage.DECISION, 3)
    file.append([decide(file.now, Decide(HEAD, Outcome.GRANTED, "", "决1号"), date(2016, 3, 4))])
    case = file.now
    assert (case.closing, case.closed_on, case.on_time, case.early) == (
        CaseClosing.GRANTED,
        date(2016, 3, 4),
        True,
        True,
    )
    assert issue_cards(case, date(2016, 4, 1), state_council()) == []


def test_a_matter_with_a_hearing_and_an_extension_keeps_its_promise_on_the_moved_day() -> None:
    file = street_of(PROMISED)
    review(file, date(2016, 3, 2), REVIEWER)
    file.append(pause(file.now, PauseTerm(HEAD, SpecialProcedure.HEARING, 5, "0f"), date(2016, 3, 3), CALENDAR))
    assert issue_cards(file.now, date(2016, 3, 9), state_council()) == []
    file.append([resume(file.now, ResumeTerm(HEAD), date(2016, 3, 9), CALENDAR)])
    assert file.now.term.promised_due_on == date(2016, 3, 22), "five working days did not count"
    file.append([extend(file.now, Extend(HEAD, 3, "0f"), date(2016, 3, 21), CALENDAR)])
    assert file.now.term.promised_due_on == date(2016, 3, 25)
    file.append([decide(file.now, Decide(HEAD, Outcome.REFUSED, "0f", "决2号"), date(2016, 3, 25))])
    assert (file.now.on_time, file.now.early, file.now.closing) == (True, False, CaseClosing.REFUSED)
    assert file.kinds[-4:] == ("TermPaused", "TermResumed", "TermExtended", "CaseDecided")


def test_a_matter_that_nobody_decides_gets_all_its_cards_and_is_late() -> None:
    file = street_of(PROMISED)
    for on in (date(2016, 3, 11), date(2016, 3, 16), date(2016, 3, 30)):
        file.append(issue_cards(file.now, on, state_council()))
    assert {*file.now.cards} == {*CardLevel}
    review(file, date(2016, 4, 1), REVIEWER)
    file.append([decide(file.now, Decide(HEAD, Outcome.GRANTED, "", "决3号"), date(2016, 4, 1))])
    assert (file.now.on_time, file.now.early) == (False, False)


def test_a_forwarded_matter_closes_by_the_referral_and_the_district_decides_later() -> None:
    street = street_of(FORWARDED)
    review(street, date(2016, 3, 2), REVIEWER)
    referred = refer(street.now, Refer(HEAD, "0f"), date(2016, 3, 8))
    street.append([referred])
    assert (street.now.closing, street.now.on_time) == (CaseClosing.REFERRED, True)
    district = district_of(street, referred)
    receipt = Acknowledgement("Q-1", date(2016, 3, 9))
    district.append(acknowledge(district.now, receipt, date(2016, 3, 9), CALENDAR))
    district.append([progress(district.now, "r-1", "REVIEWING", date(2016, 3, 10))])
    decided = district_decide(district.now, DecisionReport("r-2", Outcome.GRANTED, ON_TIME), ON_TIME)
    district.append(decided)
    street.append(decision_on_street_leg(street.now, decided[0]))
    assert (district.now.closing, district.now.on_time) == (CaseClosing.GRANTED, True)
    assert street.now.closing is CaseClosing.REFERRED, "it stays closed as it was"
    assert street.kinds[-1] == "DistrictDecided", "the decision is on its file all the same"


ON_TIME = date(2016, 4, 7)
"""The last of twenty working days after 9 March, with the Tomb Sweeping holiday."""


def test_a_matter_goes_back_to_the_street_and_up_again() -> None:
    street = street_of(RESIDENCE)
    review(street, date(2016, 3, 2), REVIEWER)
    first = refer(street.now, Refer(HEAD, "0f"), date(2016, 3, 3))
    street.append([first])
    one = district_of(street, first)
    back = return_case(one.now, ReturnReport("r-1", "0e"), date(2016, 3, 7))
    one.append(back)
    street.append(return_on_street_leg(street.now, back[0], CALENDAR))
    assert (one.now.closing, street.now.stage) == (CaseClosing.RETURNED, CaseStage.RETURNED)
    second = refer(street.now, Refer(HEAD, "0d"), date(2016, 3, 8))
    street.append([second])
    two = district_of(street, second)
    assert (two.now.referral.attempt, street.now.stage) == (2, CaseStage.REFERRED)
    decided = district_decide(
        two.now, DecisionReport("r-2", Outcome.REFUSED, date(2016, 3, 14), "0c"), date(2016, 3, 14)
    )
    two.append(decided)
    street.append(decision_on_street_leg(street.now, decided[0]))
    assert (street.now.closing, street.now.closed_on, street.now.on_time) == (
        CaseClosing.REFUSED,
        date(2016, 3, 14),
        True,
    )
    assert return_on_street_leg(street.now, back[0], CALENDAR) == [], "the old return no longer counts"


def test_a_withdrawal_ends_both_legs_and_what_the_district_says_later_is_refused_elsewhere() -> None:
    street = street_of(RESIDENCE)
    review(street, date(2016, 3, 2), REVIEWER)
    referred = refer(street.now, Refer(HEAD, "0f"), date(2016, 3, 3))
    street.append([referred])
    district = district_of(street, referred)
    assert withdraw(street.now, date(2016, 3, 4)) == [], "the district's leg says it"
    ended = withdraw(district.now, date(2016, 3, 4))
    district.append(ended)
    assert isinstance(ended[0], CaseWithdrawn)
    street.append(withdrawal_on_street_leg(street.now, ended[0]))
    for file in (street, district):
        assert (file.now.closing, file.now.on_time) == (CaseClosing.WITHDRAWN, None)
        assert withdraw(file.now, date(2016, 3, 5)) == []
    assert acknowledge(district.now, Acknowledgement("Q-1", date(2016, 3, 4)), date(2016, 3, 4), CALENDAR) == []


def test_every_fact_of_a_matter_carries_its_application() -> None:
    street = street_of(FORWARDED)
    assert street.now.application_id == accepted(FORWARDED).application_id
    assert street.now.term.starts_on == ACCEPTED_ON
