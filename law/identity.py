"""Numbers that name a person or an organisation: length, letters, birth date, check digit, each wrong in its own way.

Small letters are taken as capitals (x is how many keyboards give the last sign of an id number) and blanks around the
number are dropped; the answer is always the normal form. The region code is not checked against a table of regions:
codes of counties change, and a person keeps the number with the old one.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from stdnum.cn import ric, uscc

from law.not_allowed import Malformed

_DIGITS = "0123456789"
_CREDIT_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # no I O S V Z
_ORGANISATION_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_EARLIEST_BIRTH = date(1800, 1, 1)
_BIRTHDAY = re.compile(r"[^9].{5}[12][0-9]{3}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])")  # a region never begins with 9
_BIRTH_YEAR = re.compile(r"[^9].{5}(18|19|20)")

_CHILD_UNDER = 8
"""Years; a younger child has no capacity of its own. (民法典 20)"""


class IdentityKind(StrEnum):
    """Kinds of identity numbers."""

    CITIZEN = "公民身份号码"
    CREDIT = "统一社会信用代码"
    ORGANISATION = "组织机构代码"


class WrongLength(Malformed):
    """The number has too many or too few signs."""

    sentence = "{kind}应为{length}位，现为{actual}位。"


class WrongLetter(Malformed):
    """A sign of the number may not stand where it stands."""

    sentence = "{kind}第{place}位不是允许的数字或字母。"


class WrongCheckDigit(Malformed):
    """The last sign does not follow from the others: at least one of them is mistyped."""

    sentence = "{kind}的校验码不符，请逐位核对。"


class ImpossibleDate(Malformed):
    """The number names a birthday that no calendar has."""

    sentence = "号码中的出生日期不存在。"


class FutureDate(Malformed):
    """The number names a birthday that is still to come."""

    sentence = "号码中的出生日期晚于今天。"


class DateTooEarly(Malformed):
    """The number names a birthday before 1800."""

    sentence = "号码中的出生日期早于1800年1月1日。"


class ChildAlone(Malformed):
    """A child under eight acts through its guardian, who is named as the agent. (民法典 20, 23)"""

    article = "民法典 20"
    sentence = "申请人未满八周岁，应由其监护人作为代理人办理。"


class ChildAsAgent(Malformed):
    """A child under eight acts for nobody. (民法典 20)"""

    article = "民法典 20"
    sentence = "代理人未满八周岁，不能代为办理。"


@dataclass(frozen=True, slots=True)
class Identity:
    """A number that is well formed, in its normal form."""

    kind: IdentityKind
    value: str


def check(value: str, today: date) -> Identity:
    """The number in its normal form, checked as the kind that its shape shows; raises a Malformed for each mistake."""
    match kind_of(value):
        case IdentityKind.CITIZEN:
            return Identity(IdentityKind.CITIZEN, citizen(value, today))
        case IdentityKind.CREDIT:
            return Identity(IdentityKind.CREDIT, credit(value))
        case IdentityKind.ORGANISATION:
            return Identity(IdentityKind.ORGANISATION, organisation(value))


def citizen(value: str, today: date) -> str:
    """The citizen id number (GB 11643) in its normal form; raises a Malformed for each way of being wrong."""
    number = _written(value, _CITIZEN)
    born = born_on(number)
    if born < _EARLIEST_BIRTH:
        raise DateTooEarly("value")
    if born > today:
        raise FutureDate("value")
    return _checked(number, _CITIZEN)


def credit(value: str) -> str:
    """The unified social credit code (GB 32100) in its normal form; raises a Malformed for each way of being wrong."""
    return _checked(_written(value, _CREDIT), _CREDIT)


def organisation(value: str) -> str:
    """The organisation code (GB 11714) in its normal form, without its hyphen; raises a Malformed as above."""
    return _checked(_written(re.sub(r"-(?=.\s*$)", "", value), _ORGANISATION), _ORGANISATION)


def born_on(number: str) -> date:
    """The birth date that a citizen id number names; raises ImpossibleDate."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise ImpossibleDate("value") from None


def is_child(number: str, today: date) -> bool:
    """True for a person before the eighth birthday, by a citizen id number. (民法典 20)"""
    born = born_on(number)
    return (today.year - born.year) - ((today.month, today.day) < (born.month, born.day)) < _CHILD_UNDER


def kind_of(value: str) -> IdentityKind:
    """Kind of a number by its shape alone, also where the number is wrong.

    Eighteen signs can be either: a citizen's where a birthday stands in its place, at least the years of one; else a
    credit code. One in eleven or thirty-one mistyped numbers has the other's check digit, so that proves little.
    """
    number = _normal(value)
    if re.fullmatch(r"[^-]{9}|[^-]{8}-[^-]", number):
        return IdentityKind.ORGANISATION
    if len(number) != len(_CITIZEN.signs):
        return IdentityKind.CREDIT if re.search(r"[A-Z].", number) else IdentityKind.CITIZEN
    if _BIRTHDAY.match(number):
        return IdentityKind.CITIZEN
    return IdentityKind.CITIZEN if _BIRTH_YEAR.match(number) and not _is_credit(number) else IdentityKind.CREDIT


@dataclass(frozen=True, slots=True)
class _Standard:
    kind: IdentityKind
    signs: tuple[str, ...]
    """What may stand at each place."""
    check_digit: Callable[[str], str]


def _organisation_check_digit(number: str) -> str:
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(_ORGANISATION_SIGNS.index(sign) * weight for sign, weight in zip(number, weights, strict=False))
    return (_DIGITS + "X")[-total % 11]


_CITIZEN = _Standard(IdentityKind.CITIZEN, (_DIGITS,) * 17 + (_DIGITS + "X",), ric.calc_check_digit)
_CREDIT = _Standard(
    IdentityKind.CREDIT, (_CREDIT_SIGNS,) * 2 + (_DIGITS,) * 6 + (_CREDIT_SIGNS,) * 10, uscc.calc_check_digit
)
_ORGANISATION = _Standard(
    IdentityKind.ORGANISATION, (_ORGANISATION_SIGNS,) * 8 + (_DIGITS + "X",), _organisation_check_digit
)


def _normal(value: str) -> str:
    number = value.strip()
    return number.upper() if number.isascii() else number  # other scripts have letters that turn into Latin capitals


def _written(value: str, standard: _Standard) -> str:
    number = _normal(value)
    if len(number) != len(standard.signs):
        raise WrongLength("value", kind=standard.kind, length=len(standard.signs), actual=len(number))
    for place, (sign, allowed) in enumerate(zip(number, standard.signs, strict=True), start=1):
        if sign not in allowed:
            raise WrongLetter("value", kind=standard.kind, place=place)
    return number


def _checked(number: str, standard: _Standard) -> str:
    if number[-1] != standard.check_digit(number):
        raise WrongCheckDigit("value", kind=standard.kind)
    return number


def _is_credit(number: str) -> bool:
    try:
        return bool(credit(number))
    except Malformed:
        return False
