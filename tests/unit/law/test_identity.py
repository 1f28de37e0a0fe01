"""Numbers of people and organisations: what is accepted, and each way of being wrong."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from law import identity
from law.identity import (
    DateTooEarly,
    FutureDate,
    Identity,
    IdentityKind,
    ImpossibleDate,
    WrongCheckDigit,
    WrongLength,
    WrongLetter,
)
from law.not_allowed import Malformed

TODAY = date(2026, 11, 23)


def with_check_digit(body: str) -> str:
    """A citizen id number of made-up parts, its check digit right."""
    return body + ric.calc_check_digit(body + "0")


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        pytest.param("11010519491231002X", IdentityKind.CITIZEN, id="GB 11643: the standard's example"),
        pytest.param("440105184912310027", IdentityKind.CITIZEN, id="GB 11643: born 1849"),
        pytest.param("440105180001011239", IdentityKind.CITIZEN, id="GB 11643: born on the first day accepted"),
        pytest.param("12441500196720244T", IdentityKind.CREDIT, id="GB 32100: a public institution"),
        pytest.param("13445122747071229R", IdentityKind.CREDIT, id="GB 32100: another"),
        pytest.param("11440105K316057885", IdentityKind.CREDIT, id="GB 32100: a street office"),
        pytest.param("91110000600037341L", IdentityKind.CREDIT, id="GB 32100: a company"),
        pytest.param("K31605788", IdentityKind.ORGANISATION, id="GB 11714: a street office"),
        pytest.param("D2143569X", IdentityKind.ORGANISATION, id="GB 11714: the standard's example"),
    ],
)
def test_a_right_number_is_known_for_what_it_is(value: str, kind: IdentityKind) -> None:
    assert identity.check(value, TODAY) == Identity(kind, value)


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("11010519491231002x", "11010519491231002X"),
        (" 11010519491231002X\n", "11010519491231002X"),
        ("12441500196720244t", "12441500196720244T"),
        ("K3160578-8", "K31605788"),
    ],
)
def test_a_number_is_answered_in_its_normal_form(written: str, normal: str) -> None:
    assert identity.check(written, TODAY).value == normal


@pytest.mark.parametrize(
    ("value", "wrong"),
    [
        pytest.param("", WrongLength, id="GB 11643: nothing"),
        pytest.param("1101051949123100", WrongLength, id="GB 11643: 16 digits"),
        pytest.param("110105491231002", WrongLength, id="GB 11643: 15 digits of the old form"),
        pytest.param("11010519491231002XX", WrongLength, id="GB 11643: 19 signs"),
        pytest.param("1101051949123100AX", WrongLetter, id="GB 11643: a letter in the serial"),
        pytest.param("1101051949A231002X", WrongLetter, id="GB 11643: a letter in the birth date"),
        pytest.param("11010519491231002A", WrongLetter, id="GB 11643: a check digit that is none"),
        pytest.param("1101051949123100２X", WrongLetter, id="GB 11643: a full-width digit"),
        pytest.param("110105194912310O2X", WrongLetter, id="GB 11643: an O for a zero"),
        pytest.param("110105194912310021", WrongCheckDigit, id="GB 11643: another check digit"),
        pytest.param("110105194912310029", WrongCheckDigit, id="GB 11643: yet another"),
        pytest.param(with_check_digit("11010519490230002"), ImpossibleDate, id="GB 11643: 30 February"),
        pytest.param(with_check_digit("11010519000229002"), ImpossibleDate, id="GB 11643: 1900 had no 29 February"),
        pytest.param(with_check_digit("44010518491331002"), ImpossibleDate, id="GB 11643: a thirteenth month"),
        pytest.param("440105184900310020", ImpossibleDate, id="GB 11643: month 00, whatever the check digit"),
        pytest.param(with_check_digit("44010520261124002"), FutureDate, id="GB 11643: born tomorrow"),
        pytest.param(with_check_digit("44010529991231002"), FutureDate, id="GB 11643: born in 2999"),
        pytest.param(with_check_digit("44010517991231002"), DateTooEarly, id="GB 11643: born before 1800"),
        pytest.param("12441500196720244", WrongLength, id="GB 32100: 17 signs"),
        pytest.param("9144010MA59ABCDE", WrongLength, id="GB 32100: 16 signs"),
        pytest.param("12441500196720244S", WrongLetter, id="GB 32100: S is not in its alphabet"),
        pytest.param("91I10000600037341L", WrongLetter, id="GB 32100: an I in the region"),
        pytest.param("12441500196720244U", WrongCheckDigit, id="GB 32100: another check letter"),
        pytest.param("124415001967202440", WrongCheckDigit, id="GB 32100: a digit for the check letter"),
        pytest.param("13445122747071228R", WrongCheckDigit, id="GB 32100: a mistyped digit"),
        pytest.param("K31605789", WrongCheckDigit, id="GB 11714: another check digit"),
        pytest.param("K3160578A", WrongLetter, id="GB 11714: a check digit that is none"),
    ],
)
def test_each_way_of_being_wrong_has_its_own_name(value: str, wrong: type[Malformed]) -> None:
    with pytest.raises(Malformed) as refused:
        identity.check(value, TODAY)
    assert type(refused.value) is wrong


def test_somebody_born_today_has_a_right_number() -> None:
    number = with_check_digit("44010520261123002")
    assert identity.citizen(number, TODAY) == number


def test_somebody_older_than_the_code_of_the_county_has_a_right_number() -> None:
    assert identity.citizen(with_check_digit("44011519300101002"), TODAY)


def test_the_six_reasons_have_six_names_and_six_sentences_without_the_number() -> None:
    wrong = [WrongLength, WrongLetter, WrongCheckDigit, ImpossibleDate, FutureDate, DateTooEarly]
    assert [each.reason for each in wrong] == [
        "WRONG_LENGTH",
        "WRONG_LETTER",
        "WRONG_CHECK_DIGIT",
        "IMPOSSIBLE_DATE",
        "FUTURE_DATE",
        "DATE_TOO_EARLY",
    ]
    assert len({each.sentence for each in wrong}) == len(wrong)
    with pytest.raises(WrongLetter) as refused:
        identity.citizen("1101051949123100AX", TODAY)
    assert refused.value.sentence == "公民身份号码第17位不是允许的数字或字母。"


BIRTHS = st.dates(date(1800, 1, 1), TODAY)


@given(st.integers(110000, 829999), BIRTHS, st.integers(0, 999))
def test_every_real_birth_date_of_every_region_makes_a_citizens_number(region: int, born: date, serial: int) -> None:
    number = with_check_digit(f"{region}{born:%Y%m%d}".zfill(14) + f"{serial:03}")
    assert identity.check(number, TODAY) == Identity(IdentityKind.CITIZEN, number)


@given(BIRTHS, st.integers(0, 999), st.integers(0, 17), st.integers(1, 9))
def test_one_mistyped_digit_is_always_found(born: date, serial: int, place: int, off_by: int) -> None:
    number = with_check_digit(f"440105{born:%Y%m%d}{serial:03}")
    old = number[place]
    new = str((int(old) + off_by) % 10) if old != "X" else "0"
    with pytest.raises(Malformed):
        identity.citizen(number[:place] + new + number[place + 1 :], TODAY)


@given(st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=9, max_size=9), st.sampled_from(["91", "92", "93", "52"]))
def test_every_credit_code_with_its_check_digit_is_right(organisation: str, kind: str) -> None:
    body = f"{kind}440105{organisation}"
    code = body + uscc.calc_check_digit(body)
    assert identity.credit(code) == code


@given(st.text(max_size=25))
def test_whatever_is_typed_is_either_right_or_wrong_in_a_named_way(value: str) -> None:
    try:
        assert identity.check(value, TODAY).value
    except Malformed as no:
        assert no.reason != Malformed.reason


@pytest.mark.parametrize(
    ("today", "child"),
    [
        (date(2016, 3, 14), True),
        (date(2024, 3, 14), True),
        (date(2024, 2, 28), True),
        (date(2024, 3, 15), False),
        (date(2024, 4, 1), False),
        (date(2024, 12, 1), False),
        (date(2023, 12, 31), True),
    ],
)
def test_a_person_is_a_child_until_the_eighth_birthday(today: date, *, child: bool) -> None:
    born_2016_03_15 = with_check_digit("44010520160315123")
    assert identity.is_child(born_2016_03_15, today) is child


def test_a_child_of_a_leap_day_turns_eight_on_the_leap_day() -> None:
    number = with_check_digit("44010520160229123")
    assert [identity.is_child(number, day) for day in (date(2024, 2, 28), date(2024, 2, 29))] == [True, False]
