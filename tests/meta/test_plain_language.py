"""Plain language: seeded breaches of each rule are found, in folders that are not staged."""

from dataclasses import replace

import pytest

from tests.meta.conftest import Seed
from tools import plain_language

UNSTAGED = replace(plain_language.language(), staged=dict.fromkeys(plain_language.language().staged, ()))


@pytest.fixture(autouse=True)
def _nothing_staged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain_language, "language", lambda: UNSTAGED)


@pytest.mark.parametrize("word", sorted(UNSTAGED.dialect))
def test_a_word_of_the_dialect_is_found(seed: Seed, word: str) -> None:
    (found,) = plain_language.check_dialect(seed({"chassis/relay.py": f"def by_{word}() -> None: ...\n"}))
    assert f"contains `{word}`" in found.sentence


@pytest.mark.parametrize(
    "source",
    [
        "class ToldFiles: ...",
        "def read(told: int) -> int: ...",
        "def read() -> None:\n    told = 1",
        "class Case:\n    told: str = ''",
        "def read(self) -> None: self.told = 1",
        "THERE = 1",
    ],
)
def test_every_kind_of_definition_is_read(seed: Seed, source: str) -> None:
    assert len(plain_language.check_dialect(seed({"cli/main.py": f"{source}\n"}))) == 1


@pytest.mark.parametrize(
    ("where", "source"),
    [
        ("law/terms.py", "HEARING_DAYS = 5\n"),
        ("services/approval/domain/case/stages.py", "HEARING = 1\n"),
        ("chassis/clock.py", "opening_hours = thereafter = 1\nfrom x import told\n"),
        ("chassis/wiring.py", "WIRED = 1\n"),
    ],
)
def test_the_words_of_the_office_and_longer_words_are_free(seed: Seed, where: str, source: str) -> None:
    assert plain_language.check_dialect(seed({where: source})) == []


@pytest.mark.parametrize("where", ["chassis/dialling.py", "cli/case_reading.py", "chassis/drafting/__init__.py"])
def test_a_module_named_by_a_gerund_is_found(seed: Seed, where: str) -> None:
    assert [found.path for found in plain_language.check_dialect(seed({where: ""}))] == [where]


def test_a_class_name_of_two_modules_is_found_at_both(seed: Seed) -> None:
    two = {f"chassis/{name}.py": "class Plan: ...\n" for name in ("relay", "broker")}
    assert [found.path for found in plain_language.check_class_names(seed(two))] == [
        "chassis/broker.py",
        "chassis/relay.py",
    ]


@pytest.mark.parametrize(
    "text", ["What it holds.", "Whoever calls.", "As whom it calls.", "where it is", "Nobody may."]
)
def test_a_docstring_that_starts_with_a_question_word_is_found(seed: Seed, text: str) -> None:
    (found,) = plain_language.check_docstrings(seed({"chassis/relay.py": f'"""{text}"""\n'}))
    assert found.path == "chassis/relay.py"


def test_a_small_share_of_them_is_allowed(seed: Seed) -> None:
    plain = "".join(f'def f{n}() -> None:\n    """Whatsoever {n}."""\n' for n in range(20))
    assert plain_language.check_docstrings(seed({"chassis/relay.py": f'"""What."""\n{plain}'})) == []


def test_a_staged_folder_is_left_alone(seed: Seed, monkeypatch: pytest.MonkeyPatch) -> None:
    staged = replace(UNSTAGED, staged=dict.fromkeys(UNSTAGED.staged, ("chassis",)))
    monkeypatch.setattr(plain_language, "language", lambda: staged)
    root = seed(
        {"chassis/telling.py": '"""What."""\n', "chassis/a.py": "class A: ...\n", "chassis/b.py": "class A: ...\n"}
    )
    checks = (plain_language.check_dialect, plain_language.check_class_names, plain_language.check_docstrings)
    assert [check(root) for check in checks] == [[], [], []]
