"""Kinds of numbers by their shape, birthdays in them, and the sentences that staff read when one is wrong."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from law import identity
from law.identity import (
    DateTooEarly,
    FutureDate,
    IdentityKind,
    ImpossibleDate,
    WrongCheckDigit,
    WrongLength,
    WrongLetter,
)
from law.not_allowed import Malformed

TODAY = date(2026, 11, 23)
CITIZEN, CREDIT, ORGANISATION = IdentityKind.CITIZEN, IdentityKind.CREDIT, IdentityKind.ORGANISATION
CREDIT_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def citizen_born(written: str) -> str:
    """A citizen id number with this birthday, its check digit right."""
    body = f"440105{written}002"
    return body + ric.calc_check_digit(body + "0")


def _another(digit: str) -> str:
    return "1" if digit != "1" else "2"


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("", CITIZEN),
        ("1", CITIZEN),
        ("110105491231002", CITIZEN),  # fifteen digits of the old form
        ("11010519491231002", CITIZEN),
        ("1101051949123100", CITIZEN),
        ("11010519491231002X", CITIZEN),
        ("11010519491231002x", CITIZEN),
        ("110105194912310020", CITIZEN),  # a wrong check digit
        ("110105194913310021", CITIZEN),  # a thirteenth month, but the year of a birth
        ("11010519491331002X", CREDIT),  # the same with the check sign of a credit code
        ("11010518491231002X", CITIZEN),
        ("11010520491231002X", CITIZEN),
        ("91110000600037341L", CREDIT),
        ("91110000600037341l", CREDIT),
        ("9111000060003734", CITIZEN),  # sixteen digits without a letter
        ("9144010MA59ABCDE", CREDIT),  # sixteen signs with letters
        ("12441500196720244T", CREDIT),
        ("911101051949123100", CREDIT),  # no region begins with 9
        ("K31605788", ORGANISATION),
        ("K3160578-8", ORGANISATION),
        ("k3160578-8", ORGANISATION),
        ("K316057-88", CREDIT),  # a hyphen in the wrong place
        ("K3160578", CREDIT),
        ("123456789", ORGANISATION),
        ("12345678", CITIZEN),
    ],
)
def test_the_kind_of_a_number_follows_from_its_shape(value: str, kind: IdentityKind) -> None:
    assert identity.kind_of(value) is kind


@pytest.mark.parametrize(
    ("year", "leap"),
    [(1800, False), (1804, True), (1900, False), (1904, True), (2000, True), (2016, True), (2017, False), (2024, True)],
)
def test_29_february_is_a_birthday_in_leap_years_alone(year: int, leap: bool) -> None:
    number = citizen_born(f"{year}0229")
    if leap:
        assert identity.citizen(number, TODAY) == number
        return
    with pytest.raises(ImpossibleDate) as refused:
        identity.citizen(number, TODAY)
    assert refused.value.field == "value"


@pytest.mark.parametrize(
    ("month", "last"),
    list(enumerate((31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31), start=1)),
)
def test_each_month_has_its_last_day_and_no_day_after_it(month: int, last: int) -> None:
    assert identity.born_on(citizen_born(f"1985{month:02}{last:02}")) == date(1985, month, last)
    for day in (0, last + 1, 32, 99):
        with pytest.raises(ImpossibleDate):
            identity.born_on(citizen_born(f"1985{month:02}{day:02}"))


@pytest.mark.parametrize("month", ["00", "13", "20", "99"])
def test_a_month_that_no_calendar_has_is_an_impossible_date(month: str) -> None:
    with pytest.raises(ImpossibleDate):
        identity.born_on(citizen_born(f"1985{month}15"))


@pytest.mark.parametrize(
    ("born", "wrong"),
    [
        (date(1799, 12, 31), DateTooEarly),
        (date(1800, 1, 1), None),
        (TODAY - timedelta(days=1), None),
        (TODAY, None),
        (TODAY + timedelta(days=1), FutureDate),
    ],
)
def test_a_birthday_lies_between_1800_and_today(born: date, wrong: type[Malformed] | None) -> None:
    number = citizen_born(f"{born:%Y%m%d}")
    if wrong is None:
        assert identity.citizen(number, TODAY) == number
        return
    with pytest.raises(wrong) as refused:
        identity.citizen(number, TODAY)
    assert refused.value.field == "value"


def test_the_date_is_checked_before_the_check_digit() -> None:
    with pytest.raises(FutureDate):
        identity.citizen(citizen_born("20261124")[:-1] + _another(citizen_born("20261124")[-1]), TODAY)
    with pytest.raises(ImpossibleDate):
        identity.citizen("440105198502300021", TODAY)


@pytest.mark.parametrize(
    ("value", "wrong", "sentence"),
    [
        ("4401", WrongLength, "公民身份号码应为18位，现为4位。"),
        ("9144010MA59ABCDE", WrongLength, "统一社会信用代码应为18位，现为16位。"),
        ("4401051985A2030021", WrongLetter, "公民身份号码第11位不是允许的数字或字母。"),
        ("A40105198502030021", WrongLetter, "公民身份号码第1位不是允许的数字或字母。"),
        ("I1110000600037341L", WrongLetter, "统一社会信用代码第1位不是允许的数字或字母。"),
        ("9111A000600037341L", WrongLetter, "统一社会信用代码第5位不是允许的数字或字母。"),
        ("K316057_8", WrongLetter, "组织机构代码第8位不是允许的数字或字母。"),
        ("K31605789", WrongCheckDigit, "组织机构代码的校验码不符，请逐位核对。"),
        ("91110000600037341M", WrongCheckDigit, "统一社会信用代码的校验码不符，请逐位核对。"),
        ("110105194912310021", WrongCheckDigit, "公民身份号码的校验码不符，请逐位核对。"),
        ("440105198513010021", ImpossibleDate, "号码中的出生日期不存在。"),
        (citizen_born("20270101"), FutureDate, "号码中的出生日期晚于今天。"),
        (citizen_born("17991231"), DateTooEarly, "号码中的出生日期早于1800年1月1日。"),
    ],
)
def test_a_wrong_number_is_answered_in_a_sentence_that_helps_to_correct_it(
    value: str, wrong: type[Malformed], sentence: str
) -> None:
    with pytest.raises(wrong) as refused:
        identity.check(value, TODAY)
    assert (refused.value.field, refused.value.sentence) == ("value", sentence)
    assert value not in str(refused.value)


def test_an_organisation_code_of_the_wrong_length_says_so_by_its_own_name() -> None:
    with pytest.raises(WrongLength) as refused:
        identity.organisation("K3160578")
    assert refused.value.sentence == "组织机构代码应为9位，现为8位。"


@pytest.mark.parametrize("value", ["K316057-88", "-K31605788", "K3160578--8", "K31605788-"])
def test_a_hyphen_stands_before_the_check_digit_alone(value: str) -> None:
    with pytest.raises(Malformed):
        identity.organisation(value)


def test_letters_of_other_scripts_are_not_made_capitals() -> None:
    with pytest.raises(WrongLetter):
        identity.citizen("11010519491231002ｘ", TODAY)
    with pytest.raises(WrongLength):  # ß would become two letters
        identity.credit("ß111000060003734")


@pytest.mark.parametrize("sign", "IOSVZ")
def test_a_credit_code_has_no_letter_that_looks_like_a_digit(sign: str) -> None:
    with pytest.raises(WrongLetter):
        identity.credit(f"9111000060003734{sign}L")


@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=8, max_size=8))
def test_an_organisation_code_has_exactly_one_check_digit(body: str) -> None:
    right = []
    for digit in "0123456789X":
        try:
            right.append(identity.organisation(body + digit))
        except WrongCheckDigit:
            continue
    assert len(right) == 1


@given(st.text(CREDIT_SIGNS, min_size=9, max_size=9))
def test_a_credit_code_has_exactly_one_check_sign(organisation: str) -> None:
    body = f"91440105{organisation}"
    right = []
    for sign in CREDIT_SIGNS:
        try:
            right.append(identity.credit(body + sign))
        except WrongCheckDigit:
            continue
    assert right == [body + uscc.calc_check_digit(body)]


@given(st.dates(date(1800, 1, 1), TODAY), st.integers(0, 999))
def test_the_normal_form_of_a_normal_form_is_itself(born: date, serial: int) -> None:
    body = f"440105{born:%Y%m%d}{serial:03}"
    number = body + ric.calc_check_digit(body + "0")
    written = f" \t{number.lower()}\n"
    assert identity.check(written, TODAY).value == number
    assert identity.check(number, TODAY) == identity.check(written, TODAY)


@given(st.text("0123456789X", min_size=18, max_size=18))
def test_eighteen_digits_are_never_taken_for_an_organisation_code(value: str) -> None:
    assert identity.kind_of(value) in (CITIZEN, CREDIT)


@given(st.dates(date(1800, 1, 1), TODAY), st.text("0123456789", min_size=3, max_size=3), st.sampled_from("0123456789X"))
def test_a_number_with_a_birthday_in_its_place_is_a_citizens_whatever_its_check_digit(
    born: date, serial: str, digit: str
) -> None:
    assert identity.kind_of(f"440105{born:%Y%m%d}{serial}{digit}") is CITIZEN
