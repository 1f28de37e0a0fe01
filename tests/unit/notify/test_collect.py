"""行政许可法 44: what was decided is handed out once, to the applicant or an agent."""

from dataclasses import replace
from datetime import date

import pytest

from law.identity import WrongCheckDigit, WrongLength
from law.not_allowed import Malformed
from services.notify.domain.collect import Collection, NotTheApplicant, collect, receiver
from services.notify.domain.dossier import BLANK, Dossier, fold
from services.notify.domain.facts import DeliveryOpened
from services.notify.domain.stages import AlreadyDelivered, NothingToCollect
from services.notify.domain.words import DeliveryWay

LAST_DAY = date(2016, 3, 15)
READY = fold(BLANK, DeliveryOpened(date(2016, 3, 1), "N", "granted", LAST_DAY, False))
IN_PERSON = Collection("aa", "aa", True, "W1")


def test_the_applicant_collects_at_the_window() -> None:
    fact = collect(READY, IN_PERSON, date(2016, 3, 2))
    assert (fact.way, fact.in_person, fact.receiver_index, fact.window) == (DeliveryWay.PICK_UP, True, "aa", "W1")


@pytest.mark.parametrize(("today", "on_time"), [(LAST_DAY, True), (date(2016, 3, 16), False)])
def test_it_is_on_time_up_to_the_last_of_the_ten_days(today: date, on_time: bool) -> None:
    assert collect(READY, IN_PERSON, today).on_time is on_time


def test_before_a_decision_there_is_nothing_to_collect() -> None:
    with pytest.raises(NothingToCollect):
        collect(BLANK, IN_PERSON, LAST_DAY)


def test_it_is_handed_out_once() -> None:
    delivered: Dossier = fold(READY, collect(READY, IN_PERSON, date(2016, 3, 2)))
    with pytest.raises(AlreadyDelivered) as refusal:
        collect(delivered, IN_PERSON, LAST_DAY)
    assert "2016-03-02" in refusal.value.sentence


def test_who_comes_in_person_is_the_applicant() -> None:
    with pytest.raises(NotTheApplicant) as refusal:
        collect(READY, replace(IN_PERSON, receiver_index="bb"), LAST_DAY)
    assert refusal.value.field == "receiver_identity_number"


def test_an_agent_collects_under_a_number_of_their_own() -> None:
    fact = collect(READY, replace(IN_PERSON, receiver_index="bb", in_person=False), LAST_DAY)
    assert (fact.in_person, fact.receiver_index) == (False, "bb")


def test_the_number_is_taken_in_its_normal_form() -> None:
    assert receiver(" 11010519491231002x ", True, LAST_DAY) == "11010519491231002X"


@pytest.mark.parametrize(("number", "refusal"), [("440105184912310028", WrongCheckDigit), ("4401051849", WrongLength)])
def test_a_mistyped_number_is_told_at_its_field(number: str, refusal: type[Malformed]) -> None:
    with pytest.raises(refusal) as told:
        receiver(number, True, LAST_DAY)
    assert told.value.field == "receiver_identity_number"


def test_an_agent_is_a_person() -> None:
    with pytest.raises(Malformed):
        receiver("12441500196720244T", False, LAST_DAY)
