"""The applicant and the agent: numbers in their normal form, names and numbers masked. (行政许可法 29)"""

from datetime import date

import pytest
from stdnum.cn import ric

from law.identity import ChildAlone, ChildAsAgent, FutureDate, ImpossibleDate, WrongCheckDigit, WrongLength
from law.not_allowed import Malformed
from services.intake.domain.application.applicant import (
    Agent,
    AgentIsApplicant,
    Applicant,
    People,
    WrongIdentityNumber,
    mask_name,
    mask_number,
)
from services.intake.domain.application.facts import ApplicantKind
from tests.unit.intake.hall import AGENT, CREDIT_CODE, PERSON, RECEIVED_ON


def people(number: str, kind: ApplicantKind = ApplicantKind.PERSON, agent: str = "") -> People:
    return People(Applicant(kind, "张三丰", number), Agent("李四", agent) if agent else None)


@pytest.mark.parametrize(
    ("number", "kind", "wrong"),
    [
        ("110105194912310021", ApplicantKind.PERSON, WrongCheckDigit),
        ("110105190002300029", ApplicantKind.PERSON, ImpossibleDate),
        ("440105209901010017", ApplicantKind.PERSON, FutureDate),
        ("440105000000000022", ApplicantKind.PERSON, ImpossibleDate),
        ("4401051990O1010022X", ApplicantKind.PERSON, WrongLength),
        (CREDIT_CODE, ApplicantKind.PERSON, WrongIdentityNumber),
        (PERSON, ApplicantKind.ENTERPRISE, WrongIdentityNumber),
    ],
)
def test_a_wrong_number_of_the_applicant_names_its_field(
    number: str, kind: ApplicantKind, wrong: type[Malformed]
) -> None:
    with pytest.raises(wrong) as refused:
        people(number, kind).checked(RECEIVED_ON)
    assert refused.value.field == "applicant.identity_number"


@pytest.mark.parametrize(
    ("number", "wrong"), [("110105194912310021", WrongCheckDigit), (CREDIT_CODE, WrongIdentityNumber)]
)
def test_a_wrong_number_of_the_agent_names_its_field(number: str, wrong: type[Malformed]) -> None:
    with pytest.raises(wrong) as refused:
        people(PERSON, agent=number).checked(RECEIVED_ON)
    assert refused.value.field == "agent.identity_number"


def test_the_sentence_says_which_number_is_expected() -> None:
    with pytest.raises(WrongIdentityNumber) as refused:
        people(PERSON, ApplicantKind.ENTERPRISE).checked(RECEIVED_ON)
    assert refused.value.sentence == "此类申请人应填写统一社会信用代码或组织机构代码。"


@pytest.mark.parametrize(
    ("number", "kind", "normal"),
    [
        (" 11010519491231002x ", ApplicantKind.PERSON, PERSON),
        (PERSON, ApplicantKind.OTHER, PERSON),
        (CREDIT_CODE, ApplicantKind.ENTERPRISE, CREDIT_CODE),
        (CREDIT_CODE, ApplicantKind.OTHER, CREDIT_CODE),
        ("12345678-8", ApplicantKind.ENTERPRISE, "123456788"),
    ],
)
def test_a_number_is_stored_in_its_normal_form(number: str, kind: ApplicantKind, normal: str) -> None:
    assert people(number, kind).checked(RECEIVED_ON).applicant.identity_number == normal


def test_both_numbers_are_in_normal_form_and_everything_else_stays() -> None:
    given = People(
        Applicant(ApplicantKind.PERSON, "张三丰", " 11010519491231002x", "13800000000", "滨江西路1号"),
        Agent("李四", " 110105195001010039 ", "13900000000"),
    )
    checked = given.checked(RECEIVED_ON)
    assert checked.applicant == Applicant(ApplicantKind.PERSON, "张三丰", PERSON, "13800000000", "滨江西路1号")
    assert checked.agent == Agent("李四", AGENT, "13900000000")
    assert people(PERSON).checked(RECEIVED_ON).agent is None


def test_a_number_of_tomorrow_is_a_fault_today_and_right_later() -> None:
    born = "440105201609150015"
    with pytest.raises(FutureDate):
        people(born).checked(date(2016, 9, 14))


def test_names_and_numbers_are_masked_whatever_their_length() -> None:
    assert [mask_name(name) for name in ("", "张", "张三", "欧阳修文")] == ["*", "*", "张*", "欧***"]
    assert mask_number(PERSON) == "110105**********2X"
    assert mask_number("1234567") == "*******"
    assert mask_number("123456789") == "123456*89"
    assert mask_number(CREDIT_CODE) == "124415**********4T"


@pytest.mark.parametrize("number", [PERSON, PERSON.lower()])
def test_an_agent_is_another_person_than_the_applicant(number: str) -> None:
    with pytest.raises(AgentIsApplicant) as refused:
        people(PERSON, agent=number).checked(RECEIVED_ON)
    assert (refused.value.field, refused.value.article) == ("agent.identity_number", "行政许可法 29")


def born(on: date) -> str:
    """A made-up citizen's number with this birthday."""
    body = f"440105{on:%Y%m%d}002"
    return body + ric.calc_check_digit(body + "0")


@pytest.mark.parametrize(
    ("birthday", "child"),
    [
        (date(2016, 6, 1), True),
        (date(2008, 9, 15), True),
        (date(2008, 9, 14), False),
        (date(1960, 1, 1), False),
    ],
)
def test_a_child_under_eight_acts_through_its_guardian(birthday: date, child: bool) -> None:
    today = date(2016, 9, 14)
    number = born(birthday)
    guardian = people(number, agent=PERSON)
    assert guardian.checked(today) == guardian
    if not child:
        for each in (people(number), people(PERSON, agent=number)):
            assert each.checked(today) == each
        return
    with pytest.raises(ChildAlone) as alone:
        people(number).checked(today)
    with pytest.raises(ChildAsAgent) as acting:
        people(PERSON, agent=number).checked(today)
    assert (alone.value.field, acting.value.field) == ("agent", "agent.identity_number")


@pytest.mark.parametrize(("today", "child"), [(date(2016, 2, 28), True), (date(2016, 2, 29), False)])
def test_who_is_born_on_29_february_turns_eight_on_that_day(today: date, child: bool) -> None:
    number = born(date(2008, 2, 29))
    if child:
        with pytest.raises(ChildAlone):
            people(number).checked(today)
    else:
        assert people(number).checked(today) == people(number)


def test_an_organ_is_no_child() -> None:
    organ = people(CREDIT_CODE, ApplicantKind.ENTERPRISE)
    assert organ.checked(date(2016, 9, 14)) == organ
