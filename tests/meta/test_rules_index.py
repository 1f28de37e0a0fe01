"""docs/rules.md holds what the code holds; a rule that no test names is found."""

import pytest

from tests.meta.conftest import Seed
from tools import rules_index
from tools.check import ROOT

TREE = {
    "law/not_allowed.py": 'class NotAllowed(Exception):\n    """No."""\n',
    "services/approval/domain/extension.py": (
        '"""One extension of at most ten working days. (行政许可法 42)"""\n\n'
        "from law.not_allowed import NotAllowed\n\n\n"
        'class AlreadyExtended(NotAllowed):\n    """The term of a case can be extended once."""\n\n'
        '    sentence = "期限已延长过一次。"\n\n\n'
        'class NoReason(AlreadyExtended):\n    """An extension has a reason."""\n\n    article = "行政许可法 43"\n'
    ),
    "tests/unit/approval/test_extension.py": (
        "def test_a_second_extension_is_refused():\n    assert AlreadyExtended\n\n\n"
        "def test_a_reason_is_asked_for():\n    assert extension.NoReason\n"
    ),
}


def test_the_page_names_sentence_article_act_and_test(seed: Seed) -> None:
    page = rules_index.page(rules_index.rules(seed(TREE)))
    assert (
        "| 行政许可法 43 | `NO_REASON` | An extension has a reason. |  "
        "| `services/approval/domain/extension.py` NoReason "
        "| `tests/unit/approval/test_extension.py::test_a_reason_is_asked_for` |"
    ) in page


def test_a_rule_takes_the_article_of_its_act_and_the_sentence_of_the_screen(seed: Seed) -> None:
    act = TREE["services/approval/domain/extension.py"].partition("\n\n\nclass NoReason")[0] + "\n"
    (rule,) = rules_index.rules(seed(TREE | {"services/approval/domain/extension.py": act}))
    assert (rule.article, rule.screen, rule.reason) == ("行政许可法 42", "期限已延长过一次。", "ALREADY_EXTENDED")


def test_an_article_that_the_law_names_is_written_out_so_that_it_can_be_searched(seed: Seed) -> None:
    terms = (
        "class Limit:\n    days: int\n    unit: str\n    article: str\n\n\n"
        'EXTENSION = Limit(10, Unit.WORKING, "行政许可法 42")\n'
    )
    act = (
        '"""No more than ten days."""\n\n\nclass TooLong(NotAllowed):\n    """Ten days are the most."""\n\n'
        '    sentence = f"不得超过{terms.EXTENSION.days}个工作日。"\n    article = terms.EXTENSION.article\n'
    )
    found = rules_index.rules(seed(TREE | {"law/terms.py": terms, "services/approval/domain/too_long.py": act}))
    (rule,) = [rule for rule in found if rule.name == "TooLong"]
    assert (rule.article, rule.screen) == ("行政许可法 42", "不得超过10个工作日。")


def test_a_class_that_only_gathers_others_is_no_rule_until_it_is_raised(seed: Seed) -> None:
    def names(act: str) -> list[str]:
        return [rule.name for rule in rules_index.rules(seed(TREE | {"services/approval/domain/renewing.py": act}))]

    assert names("") == ["NoReason"]
    assert names("def extend():\n    raise AlreadyExtended('days')\n") == ["AlreadyExtended", "NoReason"]
    assert names("def extend():\n    raise extension.AlreadyExtended\n") == ["AlreadyExtended", "NoReason"]


def test_a_page_that_is_missing_or_older_than_the_code_is_found(seed: Seed) -> None:
    root = seed(TREE)
    assert [found.path for found in rules_index.check(root)] == ["docs/rules.md"]
    current = rules_index.page(rules_index.rules(root))
    assert rules_index.check(seed({"docs/rules.md": current})) == []
    assert [found.path for found in rules_index.check(seed({"docs/rules.md": current + "\n"}))] == ["docs/rules.md"]


@pytest.mark.parametrize("named", ["import AlreadyExtended", "from a import NoReason", ""])
def test_a_rule_that_no_test_names_is_found(seed: Seed, named: str) -> None:
    found = rules_index.check(seed(TREE | {"tests/unit/approval/test_extension.py": f"{named}\n"}))
    assert "NoReason: no test names this rule" in [finding.sentence for finding in found]


def test_a_rule_without_a_sentence_is_found(seed: Seed) -> None:
    silent = "class TooLate(NotAllowed): ...\n"
    found = rules_index.check(seed(TREE | {"services/approval/domain/closing.py": silent}))
    assert "TooLate has no sentence" in [finding.sentence for finding in found]


DECIDED = {
    "services/notify/domain/message/suppression.py": (
        "from law.not_allowed import rule\n\n\n"
        '@rule("行政许可法 44")\n'
        'def later_stage_suppresses(message, others):\n    """A later stage suppresses it.\n\n    More of it."""\n\n\n'
        'def helper():\n    """No rule."""\n'
    ),
    "tests/unit/notify/test_suppression.py": "def test_it():\n    assert later_stage_suppresses\n",
}


def test_a_marked_function_is_a_row_of_the_second_table(seed: Seed) -> None:
    root = seed(DECIDED)
    page = rules_index.page(rules_index.rules(root), rules_index.decisions(root))
    assert page.endswith(
        "| 行政许可法 44 | `LATER_STAGE_SUPPRESSES` | A later stage suppresses it. |  "
        "| `services/notify/domain/message/suppression.py` later_stage_suppresses "
        "| `tests/unit/notify/test_suppression.py::test_it` |\n"
    )


def test_a_decision_that_no_test_names_or_that_says_nothing_is_found(seed: Seed) -> None:
    silent = "@rules.rule()\ndef silent(): ...\n"
    found = rules_index.check(seed({"services/notify/domain/silence.py": silent}))
    assert {finding.sentence for finding in found} >= {"silent: no test names this rule", "silent has no sentence"}


def test_refusals_of_calls_are_found_beside_those_of_acts() -> None:
    found = {rule.reason: rule for rule in rules_index.call_refusals(ROOT)}
    assert found.keys() >= {"NOT_YET_HERE", "WRONG_QUERY_CODE", "STREET_NOT_PUBLISHED", "REQUEST_ID_REUSED"}
    assert [rule.name for rule in found.values() if not (rule.sentence and rule.screen)] == []
    assert all(f"| `{reason}` |" in (ROOT / rules_index.PAGE).read_text() for reason in found)
