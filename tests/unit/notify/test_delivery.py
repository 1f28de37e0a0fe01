"""行政许可法 44: ten working days from the decision, handed out once, to the applicant or an agent."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.cn import ric

from law.identity import ChildAlone, ChildAsAgent, WrongCheckDigit, WrongLength
from law.not_allowed import Malformed
from law.workdays import state_council
from services.notify.domain.delivery.collect import (
    AlreadyDelivered,
    Collection,
    NothingToCollect,
    NotTheApplicant,
    collect,
    receiver_number,
    require_ready,
)
from services.notify.domain.delivery.open_delivery import DecisionToDeliver, decision_to_deliver, open_delivery
from services.notify.domain.dossier import UNDECIDED, DecisionDelivery, DeliveryStage
from services.notify.domain.facts import DeliveryOpened, DeliveryWay, ResultDelivered
from services.notify.domain.matter import KnownMatter
from tests.support.examples import examples

CALENDAR = state_council()
DECISION = DecisionToDeliver(date(2016, 3, 1), "granted", "N")
LAST_DAY = date(2016, 3, 15)
OPENED = DeliveryOpened(date(2016, 3, 1), "N", "granted", LAST_DAY, False)
READY = DecisionDelivery(OPENED)
IN_PERSON = Collection("aa", "aa", True, "W1")


def opened(decision: DecisionToDeliver) -> DeliveryOpened:
    (fact,) = open_delivery(UNDECIDED, decision, CALENDAR)
    return fact


@pytest.mark.parametrize(
    ("decided_on", "deliver_by"),
    [
        (date(2016, 3, 1), date(2016, 3, 15)),
        (date(2016, 2, 4), date(2016, 2, 23)),  # over 春节, with a Saturday and a Sunday worked
        (date(2016, 9, 28), date(2016, 10, 17)),  # over 国庆, again with a weekend worked
    ],
)
def test_a_decision_is_delivered_within_ten_working_days(decided_on: date, deliver_by: date) -> None:
    fact = opened(replace(DECISION, decided_on=decided_on))
    assert (fact.occurred_on, fact.deliver_by, fact.provisional) == (decided_on, deliver_by, False)


@settings(max_examples=examples(100))
@given(st.dates(date(2016, 1, 1), date(2025, 11, 30)))
def test_the_last_day_is_the_tenth_working_day_after_the_decision(decided_on: date) -> None:
    fact = opened(replace(DECISION, decided_on=decided_on))
    assert CALENDAR.works(fact.deliver_by)
    assert CALENDAR.working_days(decided_on, fact.deliver_by) == 10


def test_the_delivery_carries_number_and_outcome_of_the_decision() -> None:
    fact = opened(DecisionToDeliver(date(2016, 3, 1), "refused", "440105"))
    assert (fact.number, fact.outcome) == ("440105", "refused")


def test_a_delivery_is_opened_once() -> None:
    assert open_delivery(READY, DECISION, CALENDAR) == []
    assert open_delivery(READY, replace(DECISION, decided_on=date(2016, 3, 2)), CALENDAR) == []


def test_a_last_day_in_a_year_without_a_notice_is_provisional() -> None:
    last_year = max(notice.year for notice in CALENDAR.notices)
    assert opened(DecisionToDeliver(date(last_year, 12, 28), "refused", "N")).provisional


KNOWN = KnownMatter(number="N", outcome="granted", decided_on=date(2016, 3, 1))


def test_a_delivery_opens_when_number_and_decision_are_known() -> None:
    assert decision_to_deliver(KNOWN) == DECISION


@pytest.mark.parametrize(
    "matter",
    [KnownMatter(), replace(KNOWN, number=None), replace(KNOWN, decided_on=None), replace(KNOWN, outcome=None)],
    ids=["nothing", "no number", "no day", "no outcome"],
)
def test_before_both_are_known_no_delivery_opens(matter: KnownMatter) -> None:
    assert decision_to_deliver(matter) is None


def test_a_withdrawn_matter_that_was_decided_is_delivered() -> None:
    assert decision_to_deliver(replace(KNOWN, withdrawn=True)) == DECISION


def test_the_stages_of_a_delivery_follow_its_facts() -> None:
    delivered = DecisionDelivery(OPENED, collect(READY, IN_PERSON, LAST_DAY))
    stages = [each.stage for each in (UNDECIDED, READY, delivered)]
    assert stages == [DeliveryStage.UNDECIDED, DeliveryStage.READY, DeliveryStage.DELIVERED]


def test_only_a_delivery_that_waits_is_ready() -> None:
    assert require_ready(READY) == OPENED
    with pytest.raises(NothingToCollect):
        require_ready(UNDECIDED)


def test_the_applicant_collects_at_the_window() -> None:
    fact = collect(READY, IN_PERSON, date(2016, 3, 2))
    assert fact == ResultDelivered(date(2016, 3, 2), DeliveryWay.PICK_UP, True, "aa", "W1", True)


@pytest.mark.parametrize(("today", "on_time"), [(LAST_DAY, True), (date(2016, 3, 16), False)])
def test_it_is_on_time_up_to_the_last_of_the_ten_days(today: date, on_time: bool) -> None:
    assert collect(READY, IN_PERSON, today).on_time is on_time


def test_before_a_decision_there_is_nothing_to_collect() -> None:
    with pytest.raises(NothingToCollect):
        collect(UNDECIDED, IN_PERSON, LAST_DAY)


def test_a_decision_is_handed_out_once() -> None:
    delivered = DecisionDelivery(OPENED, collect(READY, IN_PERSON, date(2016, 3, 2)))
    with pytest.raises(AlreadyDelivered) as refusal:
        collect(delivered, IN_PERSON, LAST_DAY)
    assert "2016-03-02" in refusal.value.sentence


def test_collection_in_person_needs_the_number_of_the_applicant() -> None:
    with pytest.raises(NotTheApplicant) as refusal:
        collect(READY, replace(IN_PERSON, receiver_index="bb"), LAST_DAY)
    assert refusal.value.field == "receiver_identity_number"


def test_an_agent_collects_under_a_number_of_their_own() -> None:
    fact = collect(READY, replace(IN_PERSON, receiver_index="bb", in_person=False), LAST_DAY)
    assert (fact.in_person, fact.receiver_index) == (False, "bb")


def test_the_number_is_taken_in_its_normal_form() -> None:
    assert receiver_number(" 11010519491231002x ", True, LAST_DAY) == "11010519491231002X"
    assert receiver_number("11010519491231002x", False, LAST_DAY) == "11010519491231002X"


@pytest.mark.parametrize("in_person", [True, False])
@pytest.mark.parametrize(("number", "refusal"), [("440105184912310028", WrongCheckDigit), ("4401051849", WrongLength)])
def test_a_mistyped_number_is_refused_at_its_field(number: str, refusal: type[Malformed], in_person: bool) -> None:
    with pytest.raises(refusal) as refused:
        receiver_number(number, in_person, LAST_DAY)
    assert refused.value.field == "receiver_identity_number"


def test_an_organisation_collects_by_its_code_and_an_agent_is_a_person() -> None:
    assert receiver_number("12441500196720244T", True, LAST_DAY) == "12441500196720244T"
    with pytest.raises(Malformed):
        receiver_number("12441500196720244T", False, LAST_DAY)


@pytest.mark.parametrize(("in_person", "refusal"), [(True, ChildAlone), (False, ChildAsAgent)])
def test_a_child_under_eight_collects_for_nobody(in_person: bool, refusal: type[Malformed]) -> None:
    number = "44010520080315001"
    number += ric.calc_check_digit(number + "0")
    with pytest.raises(refusal) as refused:
        receiver_number(number, in_person, date(2016, 3, 14))
    assert refused.value.field == "receiver_identity_number"
    assert receiver_number(number, in_person, date(2016, 3, 15)) == number
