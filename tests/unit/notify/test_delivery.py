"""行政许可法 44: ten working days from the decision, handed out once, to the applicant or an agent."""

from dataclasses import replace
from datetime import date, timedelta
from functools import reduce
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.cn import ric

from law.identity import ChildAlone, ChildAsAgent, WrongCheckDigit, WrongLength
from law.not_allowed import Malformed
from law.notices import Holiday, Notice
from law.recount import DateKind, MovedDate, RecountCause
from law.workdays import state_council
from services.notify.domain.delivery.collect import (
    AlreadyDelivered,
    Collection,
    NothingToCollect,
    NotTheApplicant,
    collect,
    offer,
    offered_in_time,
    receiver_number,
    require_ready,
)
from services.notify.domain.delivery.open_delivery import (
    DecisionToDeliver,
    decision_to_deliver,
    open_delivery,
    recount_delivery,
)
from services.notify.domain.dossier import BLANK, UNDECIDED, DecisionDelivery, DeliveryStage, Dossier, fold
from services.notify.domain.facts import (
    DeliveryOpened,
    DeliveryWay,
    Fact,
    MessageFailed,
    MessageSent,
    OfferWay,
    ResultDelivered,
    UnsentReason,
)
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


def test_the_ten_days_of_an_open_delivery_follow_a_later_calendar() -> None:
    notice = next(each for each in CALENDAR.notices if each.year == 2016)
    correction = Notice(2016, "国办发明电〔2016〕1号", (Holiday("", (LAST_DAY,)),), amends=notice.number)
    later, cause = CALENDAR.with_notice(correction, "corrected"), RecountCause((correction.number,), "corrected")
    (fact,) = recount_delivery(READY, later, cause, date(2016, 3, 10))
    assert fact.moved == (MovedDate(DateKind.DELIVER, LAST_DAY, date(2016, 3, 16)),)
    moved = fold(Dossier(delivery=READY), fact).delivery
    assert moved.opened is not None
    assert (moved.opened.deliver_by, moved.opened.calendar_version) == (date(2016, 3, 16), "corrected")
    assert recount_delivery(moved, later, cause, date(2016, 3, 10)) == []
    given = collect(READY, IN_PERSON, date(2016, 3, 2), CALENDAR)
    assert recount_delivery(replace(READY, delivered=given), later, cause, date(2016, 3, 10)) == []
    assert recount_delivery(UNDECIDED, later, cause, date(2016, 3, 10)) == []


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
    delivered = DecisionDelivery(OPENED, collect(READY, IN_PERSON, LAST_DAY, CALENDAR))
    stages = [each.stage for each in (UNDECIDED, READY, delivered)]
    assert stages == [DeliveryStage.UNDECIDED, DeliveryStage.READY, DeliveryStage.DELIVERED]


def test_only_a_delivery_that_waits_is_ready() -> None:
    assert require_ready(READY) == OPENED
    with pytest.raises(NothingToCollect):
        require_ready(UNDECIDED)


def test_the_applicant_collects_at_the_window() -> None:
    fact = collect(READY, IN_PERSON, date(2016, 3, 2), CALENDAR)
    assert fact == ResultDelivered(date(2016, 3, 2), DeliveryWay.PICK_UP, True, "aa", "W1", True)


@pytest.mark.parametrize(("today", "on_time"), [(LAST_DAY, True), (date(2016, 3, 16), False)])
def test_it_is_on_time_up_to_the_last_of_the_ten_days(today: date, on_time: bool) -> None:
    assert collect(READY, IN_PERSON, today, CALENDAR).on_time is on_time


def test_before_a_decision_there_is_nothing_to_collect() -> None:
    with pytest.raises(NothingToCollect):
        collect(UNDECIDED, IN_PERSON, LAST_DAY, CALENDAR)


def test_a_decision_is_handed_out_once() -> None:
    delivered = DecisionDelivery(OPENED, collect(READY, IN_PERSON, date(2016, 3, 2), CALENDAR))
    with pytest.raises(AlreadyDelivered) as refusal:
        collect(delivered, IN_PERSON, LAST_DAY, CALENDAR)
    assert "2016-03-02" in refusal.value.sentence


def test_collection_in_person_needs_the_number_of_the_applicant() -> None:
    with pytest.raises(NotTheApplicant) as refusal:
        collect(READY, replace(IN_PERSON, receiver_index="bb"), LAST_DAY, CALENDAR)
    assert refusal.value.field == "receiver_identity_number"


def test_an_agent_collects_under_a_number_of_their_own() -> None:
    fact = collect(READY, replace(IN_PERSON, receiver_index="bb", in_person=False), LAST_DAY, CALENDAR)
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


def told(on: date, template: str = "N07") -> MessageSent:
    """A message that the gateway took on a day."""
    return MessageSent(on, uuid4(), template, "1", "ff", "G1", 1)


def dossier_of(facts: list[Fact]) -> Dossier:
    """The dossier after these facts."""
    return reduce(fold, facts, BLANK)


NO_NUMBER = MessageFailed(date(2016, 3, 1), uuid4(), "N07", UnsentReason.NO_PHONE, 1)
IN_TIME, TOO_LATE = LAST_DAY, LAST_DAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("facts", "collected_on", "offered_on", "on_time"),
    [
        ([OPENED, told(date(2016, 3, 2))], TOO_LATE, date(2016, 3, 2), True),
        ([OPENED, told(IN_TIME)], date(2018, 1, 2), IN_TIME, True),
        ([told(date(2016, 3, 2)), OPENED], TOO_LATE, date(2016, 3, 2), True),  # told before notify knew the number
        ([OPENED, told(TOO_LATE)], TOO_LATE, TOO_LATE, False),
        ([OPENED, told(date(2016, 3, 2), "N01")], TOO_LATE, None, False),  # a message about the acceptance
        ([OPENED, NO_NUMBER], TOO_LATE, None, False),  # nobody was told
        ([OPENED, NO_NUMBER], IN_TIME, None, True),
        ([OPENED, told(TOO_LATE), told(date(2016, 4, 1))], date(2016, 4, 2), TOO_LATE, False),
    ],
)
def test_the_ten_days_are_kept_by_the_first_offer_and_who_comes_later_is_late_himself(
    facts: list[Fact], collected_on: date, offered_on: date | None, on_time: bool
) -> None:
    dossier = dossier_of(facts)
    fact = collect(dossier.delivery, IN_PERSON, collected_on, CALENDAR)
    assert (fact.offered_on, fact.on_time) == (offered_on, on_time)


@pytest.mark.parametrize("way", OfferWay)
def test_a_call_and_the_post_are_offers_where_no_message_could_be_sent(way: OfferWay) -> None:
    dossier = dossier_of([OPENED, NO_NUMBER])
    early, late = offer(dossier.delivery, way, IN_TIME, CALENDAR), offer(dossier.delivery, way, TOO_LATE, CALENDAR)
    assert [(fact.way, fact.on_time) for fact in (early, late)] == [(way, True), (way, False)]
    kept, broken = (
        collect(fold(dossier, each).delivery, IN_PERSON, date(2016, 4, 1), CALENDAR) for each in (early, late)
    )
    assert [(fact.offered_on, fact.on_time) for fact in (kept, broken)] == [(IN_TIME, True), (TOO_LATE, False)]


def test_an_offer_after_a_message_in_time_is_in_time() -> None:
    dossier = dossier_of([OPENED, told(IN_TIME)])
    assert offer(dossier.delivery, OfferWay.CALL, TOO_LATE, CALENDAR).on_time
    assert offered_in_time(dossier.delivery, OPENED, TOO_LATE, CALENDAR)
    assert not offered_in_time(READY, OPENED, TOO_LATE, CALENDAR)


def test_nothing_is_offered_before_a_decision_or_after_the_collection() -> None:
    with pytest.raises(NothingToCollect):
        offer(UNDECIDED, OfferWay.CALL, IN_TIME, CALENDAR)
    delivered = DecisionDelivery(OPENED, collect(READY, IN_PERSON, IN_TIME, CALENDAR))
    with pytest.raises(AlreadyDelivered):
        offer(delivered, OfferWay.MAIL, IN_TIME, CALENDAR)


@settings(max_examples=examples(200))
@given(
    st.lists(st.dates(date(2016, 3, 1), date(2016, 4, 30)), max_size=4), st.dates(date(2016, 3, 1), date(2016, 4, 30))
)
def test_an_offer_more_never_breaks_the_ten_days(offers: list[date], collected_on: date) -> None:
    days = sorted(day for day in offers if day <= collected_on)
    dossier = dossier_of([OPENED, *map(told, days)])
    fact = collect(dossier.delivery, IN_PERSON, collected_on, CALENDAR)
    assert fact.on_time is any(day <= LAST_DAY for day in (*days, collected_on))


def test_no_provisional_last_day_makes_the_office_late_while_a_notice_may_still_move_it() -> None:
    decision = DecisionToDeliver(date(2026, 12, 21), "granted", "N")
    (opened,) = open_delivery(UNDECIDED, decision, CALENDAR)
    latest = CALENDAR.widest.nth(decision.decided_on, 10)
    assert opened.provisional
    assert opened.deliver_by < latest
    waiting = DecisionDelivery(opened)
    for on, on_time in ((latest, True), (latest + timedelta(days=1), False)):
        assert offer(waiting, OfferWay.CALL, on, CALENDAR).on_time is on_time
        assert collect(waiting, IN_PERSON, on, CALENDAR).on_time is on_time
    firm = DecisionDelivery(replace(opened, provisional=False))
    assert not offer(firm, OfferWay.CALL, latest, CALENDAR).on_time
