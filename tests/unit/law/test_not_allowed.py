"""How a no is named, told and filled in."""

import pytest

from law.not_allowed import Malformed, NotAllowed, WrongDesk


class AlreadyExtended(NotAllowed):
    """The term of a case can be extended once."""

    article = "行政许可法 42"
    sentence = "本办件已延期一次，不能再次延期。"


class SeasonClosed(NotAllowed):
    """The item takes applications in its season only."""

    sentence = "本事项{opens_on}起受理。"


class SMSGatewayAway(NotAllowed):
    """Its name begins with a run of capitals."""


def test_the_reason_is_the_class_name_in_upper_snake_case() -> None:
    assert AlreadyExtended.reason == AlreadyExtended().reason == "ALREADY_EXTENDED"
    assert [each.reason for each in (NotAllowed, WrongDesk, Malformed)] == ["NOT_ALLOWED", "WRONG_DESK", "MALFORMED"]


def test_a_run_of_capitals_is_one_word() -> None:
    assert SMSGatewayAway.reason == "SMS_GATEWAY_AWAY"


@pytest.mark.parametrize(
    ("name", "reason"),
    [("TooLate", "TOO_LATE"), ("SMSGone", "SMS_GONE"), ("Not42Days", "NOT42_DAYS"), ("Late", "LATE")],
)
def test_every_new_refusal_is_named_after_its_class(name: str, reason: str) -> None:
    assert type(name, (NotAllowed,), {}).reason == reason  # type: ignore[attr-defined] # the class is made here


def test_code_reads_the_docstring_and_staff_read_the_sentence() -> None:
    no = AlreadyExtended("days")
    assert str(no) == "days: The term of a case can be extended once."
    assert (no.sentence, no.article, no.field) == ("本办件已延期一次，不能再次延期。", "行政许可法 42", "days")


def test_code_reads_the_first_line_alone() -> None:
    class Late(NotAllowed):
        """The day has passed.

        Nothing more is said.
        """

    assert str(Late()) == "The day has passed."
    assert str(Late("on")) == "on: The day has passed."
    assert str(type("Unsaid", (NotAllowed,), {"__doc__": ""})()) == "UNSAID"


def test_a_sentence_is_filled_in_when_the_no_is_raised() -> None:
    assert SeasonClosed(opens_on="2017年1月3日").sentence == "本事项2017年1月3日起受理。"
    assert SeasonClosed.sentence == "本事项{opens_on}起受理。"


def test_a_wrong_desk_and_a_malformed_paper_are_ways_of_being_not_allowed() -> None:
    assert issubclass(WrongDesk, NotAllowed)
    assert issubclass(Malformed, NotAllowed)
