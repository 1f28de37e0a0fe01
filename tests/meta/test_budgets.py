"""A file, a function or a list of arguments over its budget is found."""

import pytest

from tests.meta.conftest import Seed
from tools import budgets


def test_a_tree_within_its_budgets_is_left_alone(seed: Seed) -> None:
    assert (
        budgets.check(seed({"law/term.py": "LONGEST = 366\n\n\ndef due(start: int) -> int:\n    return start\n"})) == []
    )


@pytest.mark.parametrize(
    ("where", "lines"),
    [
        ("law/term.py", 351),
        ("services/metrics/app.py", 81),
        ("services/intake/adapters/queries.sql", 351),
        ("tests/law/test_term.py", 351),
    ],
)
def test_a_file_over_its_budget_is_found(seed: Seed, where: str, lines: int) -> None:
    within = seed({where: "\n" * (lines - 1)})
    assert budgets.check(within) == []
    (found,) = budgets.check(seed({where: "\n" * lines}))
    assert (found.path, f"{lines} lines" in found.sentence) == (where, True)


def test_a_dumped_schema_may_be_as_long_as_it_is(seed: Seed) -> None:
    assert budgets.check(seed({"services/intake/migrations/schema.sql": "\n" * 900})) == []


@pytest.mark.parametrize("where", ["chassis/outbox/publisher.py", "tests/chassis/test_outbox.py"])
def test_a_function_over_its_budget_is_found(seed: Seed, where: str) -> None:
    body = "    ...\n" * 50
    found = budgets.check(seed({where: f"def carry() -> None:\n{body}"}))
    assert (where, 1, "carry has 51 lines, the budget is 50") in [
        (each.path, each.line, each.sentence) for each in found
    ]


def test_a_folder_with_too_many_modules_is_found(seed: Seed) -> None:
    def modules(folder: str, number: int) -> dict[str, str]:
        return {f"{folder}/term_{index}.py": "DAYS = 10\n" for index in range(number)}

    assert budgets.check(seed({"law/sub/__init__.py": '"""Sub."""\n'} | modules("law/sub", 15))) == []
    (found,) = budgets.check(seed(modules("law/sub", 16)))
    assert (found.path, "has 16 modules" in found.sentence) == ("law/sub", True)


def test_a_constructor_of_an_adapter_takes_eight_arguments(seed: Seed) -> None:
    made = "class Rows:\n    def __init__(self, a, b, c, d, e, f, g, h{}): ...\n"
    assert budgets.check(seed({"services/intake/adapters/rows.py": made.format("")})) == []
    assert len(budgets.check(seed({"services/intake/adapters/rows.py": made.format(", i")}))) == 1
    assert len(budgets.check(seed({"services/intake/usecases/rows.py": made.format("")}))) == 2


@pytest.mark.parametrize(
    ("where", "arguments"),
    [
        ("law/term.py", "a, b, c, d, e"),
        ("services/intake/domain/accept.py", "a, b, c, *, d, e"),
        ("chassis/outbox/publisher.py", "a, b, c, d, e, *f, **g"),
        ("tests/law/test_term.py", "a, b, c, d, e, f, g"),
    ],
)
def test_too_many_arguments_are_found(seed: Seed, where: str, arguments: str) -> None:
    (found,) = budgets.check(seed({where: f"def due({arguments}): ...\n"}))
    assert "arguments, the budget is" in found.sentence


def test_self_is_not_counted(seed: Seed) -> None:
    assert budgets.check(seed({"law/term.py": "class Term:\n    def due(self, a, b, c, d): ...\n"})) == []


def test_a_product_of_long_files_and_functions_is_found_by_its_percentiles(seed: Seed) -> None:
    long = "def due() -> None:\n" + "    ...\n" * 30 + "\n" * 210 + "LONGEST = 1\n"
    sentences = [
        found.sentence for found in budgets.check(seed({f"law/term_{number}.py": long for number in range(12)}))
    ]
    assert sentences == [
        "the median of file lengths is 242, the budget 120",
        "the 90th percentile of file lengths is 242, the budget 220",
        "the 90th percentile of function lengths is 31, the budget 28",
    ]


def test_tests_are_outside_the_median(seed: Seed) -> None:
    long = "LONGEST = 1\n" * 300
    assert budgets.check(seed({f"tests/law/test_{number}.py": long for number in range(9)})) == []


@pytest.mark.parametrize(("share", "found"), [(0.5, 3), (0.9, 5), (0.2, 1)])
def test_a_percentile_is_the_smallest_length_that_covers_the_share(share: float, found: int) -> None:
    assert budgets.percentile([5, 4, 3, 2, 1], share) == found
