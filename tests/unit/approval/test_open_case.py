"""立案: a leg begins. (行政许可法 42, 43)"""

from dataclasses import replace
from datetime import date
from uuid import uuid5

import pytest

from services.approval.domain.case.facts import Leg
from services.approval.domain.case.item import HEAD_DECIDES, ItemKind
from services.approval.domain.case.open_case import DISTRICT_LIMIT, AcceptanceGround, open_district_leg, open_street_leg
from services.approval.domain.case.state import CaseStage
from tests.unit.approval.matters import (
    APPLICATION,
    CALENDAR,
    FORWARDED,
    PROMISED,
    RESIDENCE,
    STREET,
    accepted,
    leg,
    opened,
    opening,
    referral,
)

INSTANT = replace(PROMISED, kind=ItemKind.INSTANT, route=(), promised_limit=replace(PROMISED.promised_limit, days=0))


def test_acceptance_opens_the_streets_leg_at_its_first_step() -> None:
    case = opened()
    assert (case.leg, case.stage, case.step) == (Leg.STREET, CaseStage.REVIEW, PROMISED.route[0])


def test_its_last_days_are_those_that_the_applicant_was_told() -> None:
    told = replace(accepted(), promised_due_on=date(2016, 3, 16), legal_due_on=date(2016, 3, 30), calendar_version="x")
    term = open_street_leg(None, told, CALENDAR)[0].term
    assert (term.promised_due_on, term.yellow_on) == (date(2016, 3, 16), date(2016, 3, 17))
    assert (term.legal_due_on, term.red_on, term.calendar_version) == (date(2016, 3, 30), date(2016, 3, 31), "x")


def test_the_lamp_warns_with_a_fifth_of_the_limit_left() -> None:
    assert opening().term.warn_on == date(2016, 3, 11)


def test_a_case_is_opened_once() -> None:
    assert open_street_leg(opened(), accepted(), CALENDAR) == []


@pytest.mark.parametrize("ground", [AcceptanceGround.COMPLETE, AcceptanceGround.CORRECTED])
def test_an_instant_matter_is_decided_at_the_window_and_opens_no_case(ground: AcceptanceGround) -> None:
    assert open_street_leg(None, accepted(INSTANT, ground), CALENDAR) == []


def test_an_instant_matter_that_time_accepted_waits_for_the_head() -> None:
    (fact,) = open_street_leg(None, accepted(INSTANT, AcceptanceGround.DEEMED), CALENDAR)
    assert fact.term.promised_due_on == accepted(INSTANT).promised_due_on
    assert opened(replace(INSTANT, kind=ItemKind.PROMISED)).step == HEAD_DECIDES


def test_the_districts_leg_has_twenty_working_days_from_the_referral() -> None:
    case = leg(FORWARDED, date(2016, 3, 8))
    assert case.term.promised_limit == DISTRICT_LIMIT == case.term.legal_limit
    assert case.term.promised_due_on == date(2016, 4, 6)


def test_where_the_street_waits_for_the_decision_the_district_has_the_items_own_limits() -> None:
    assert leg(RESIDENCE).term.promised_limit == RESIDENCE.promised_limit
    assert leg(RESIDENCE).term.legal_limit == RESIDENCE.legal_limit


def test_the_districts_leg_knows_the_other_one_and_what_was_handed_in() -> None:
    case = leg()
    assert (case.referral.case_id, case.referral.place) == (uuid5(APPLICATION, "street"), STREET)
    assert (case.materials, case.received_on, case.number) == (
        opened().materials,
        opened().received_on,
        opened().number,
    )


def test_a_leg_of_the_districts_own_system_is_no_desks_work() -> None:
    assert leg().stage is CaseStage.REFERRED
    assert leg().step is None


def test_a_leg_without_a_destination_waits_at_the_districts_desks() -> None:
    case = leg(replace(FORWARDED, refers_to=""))
    assert (case.stage, case.step, case.handed_over) == (CaseStage.DECISION, HEAD_DECIDES, False)


def test_the_districts_leg_is_opened_once() -> None:
    assert open_district_leg(leg(), referral(), STREET, CALENDAR) == []
