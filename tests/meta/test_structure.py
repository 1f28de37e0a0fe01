"""The structure script: each measure on a small tree with known figures."""

import json
from pathlib import Path

import pytest

from tests.meta.conftest import Seed
from tools import structure

TREE = {
    "law/term.py": '"""Terms of the law."""\n\n# why\nclass Limit:\n    """Days."""\n',
    "chassis/relay.py": '"""What is told."""\n\nimport chassis.store.files\n\n\n'
    "class Limit:\n    told = 1\n\n\ndef send() -> None: ...\n",
    "chassis/store/__init__.py": "",
    "chassis/store/files.py": "import chassis.relay\n",
    "chassis/store/writing.py": "WRITTEN = 1\n",
    "services/intake/domain/__init__.py": "",
    "services/intake/domain/stages.py": "FIRST = 1\n",
    "services/intake/migrations/1_day.sql": "-- f\ncreate or replace function day() returns int as $$ select 1 $$;\n",
    "tests/law/test_term.py": "from law import term\n\n\nterm = 1\n" * 5,
    "tests/intake/test_stages.py": "from services.intake.domain import stages\nfrom law import term\n",
    "tests/chassis/test_outbox.py": "import chassis.relay\nfrom law import term\n",
}


def test_each_measure_counts_what_its_title_says(seed: Seed) -> None:
    found = {each.name: each for each in structure.measure(seed(TREE))}
    values = {name: each.value for name, each in found.items()}
    assert values["class-names"] == 1
    assert [line.split("`")[1] for line in found["dialect"].findings] == ["told"]
    assert [line.partition(":")[0] for line in found["gerund-modules"].findings] == ["chassis/store/writing.py"]
    assert (values["files"], values["largest-folder"]) == (5, 2)
    assert values["sql-functions"] == 1
    assert found["circles-by-file"].findings == ["chassis.relay <-> chassis.store.files"]
    assert found["circles-by-package"].findings == ["chassis.relay <-> chassis.store"]
    assert (values["test-ratio-law"], values["test-ratio-domain"]) == (3.33, 2.0)
    assert values["comments"] > 0


def test_a_contract_name_may_stand_in_two_domains_and_nowhere_else(seed: Seed) -> None:
    contract = {"proto/onewindow/intake/v1/intake.proto": "message Item {}\n"}
    domains = {f"services/{name}/domain/item.py": "class Item: ...\n" for name in ("intake", "approval")}
    rest = {"bench/item.py": "class Item: ...\n"}
    assert _value(seed(domains), "class-names") == 1
    assert _value(seed(domains | contract), "class-names") == 0
    assert _value(seed(domains | contract | rest), "class-names") == 1


def _value(root: Path, name: str) -> float:
    return next(each.value for each in structure.measure(root) if each.name == name)


@pytest.mark.parametrize(
    ("edges", "groups"),
    [
        ({("a", "b"), ("b", "c")}, []),
        ({("a", "b"), ("b", "c"), ("c", "a"), ("d", "a")}, [["a", "b", "c"]]),
        ({("a", "b"), ("b", "a"), ("c", "d"), ("d", "c"), ("b", "c")}, [["a", "b"], ["c", "d"]]),
    ],
)
def test_circles_are_groups_that_reach_each_other(edges: set[tuple[str, str]], groups: list[list[str]]) -> None:
    assert structure.cycles(edges) == groups


def test_the_numbers_are_printed_as_json(seed: Seed, capsys: pytest.CaptureFixture[str]) -> None:
    assert structure.main([str(seed(TREE)), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["circles-by-file"] == 1
