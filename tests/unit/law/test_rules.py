"""The mark of a rule keeps the function and remembers its article."""

from law.not_allowed import rule


@rule("行政许可法 44")
def doubled(number: int) -> int:
    """Twice the number."""
    return 2 * number


def test_a_marked_function_is_the_same_function_with_its_article() -> None:
    assert doubled(2) == 4
    assert (doubled.__name__, doubled.__doc__) == ("doubled", "Twice the number.")
    assert doubled.__dict__["article"] == "行政许可法 44"


def test_a_rule_that_no_statute_states_has_an_empty_article() -> None:
    @rule()
    def stated_nowhere() -> None: ...

    @rule("民法典 203")
    def stated() -> None: ...

    assert (stated_nowhere.__dict__["article"], stated.__dict__["article"]) == ("", "民法典 203")
