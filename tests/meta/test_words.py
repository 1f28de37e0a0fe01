"""The office's words: what may not be said is found, what is right elsewhere is not."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.meta.conftest import Seed
from tools import words

EVERYWHERE = [f"{word}_day" for word in words.table().everywhere]
SPOKEN = [phrase.replace(" ", "_") for phrase in words.table().spoken]


@pytest.mark.parametrize("name", [*EVERYWHERE, "DayHelper", "baseDay", "DATA", "read_infos"])
def test_a_word_that_means_nothing_is_found_in_every_room(seed: Seed, name: str) -> None:
    (found,) = words.check(seed({"chassis/outbox/publisher.py": f"\n{name} = 1\n"}))
    assert (found.path, found.line) == ("chassis/outbox/publisher.py", 2)


@pytest.mark.parametrize("name", SPOKEN)
@pytest.mark.parametrize("room", ["law", "services/intake/domain"])
def test_a_word_that_the_office_does_not_say_is_found_in_law_and_domain(seed: Seed, room: str, name: str) -> None:
    (found,) = words.check(seed({f"{room}/term.py": f"def a_{name}() -> None: ...\n"}))
    assert "the office's word is" in found.sentence


@pytest.mark.parametrize("name", SPOKEN)
def test_the_same_word_is_free_where_machines_are_spoken_of(seed: Seed, name: str) -> None:
    assert words.check(seed({"chassis/outbox/publisher.py": f"def a_{name}() -> None: ...\n"})) == []


@pytest.mark.parametrize(
    "source",
    [
        "class Manager: ...",
        "def find(data: int) -> int: ...",
        "class Case:\n    info: str = ''",
        "import json as util",
        "for base in range(3): ...",
        "def read(self): self.data = 1",
        "match 1:\n    case int() as data: ...",
        "try: ...\nexcept ValueError as info: ...",
        "if (data := 1): ...",
    ],
)
def test_every_way_of_giving_a_name_is_seen(seed: Seed, source: str) -> None:
    assert len(words.check(seed({"cli/main.py": source}))) == 1


def test_a_file_is_a_name_too(seed: Seed) -> None:
    assert [found.path for found in words.check(seed({"cli/utils.py": "", "cli/helpers/__init__.py": ""}))] == [
        "cli/helpers/__init__.py",
        "cli/utils.py",
    ]


@pytest.mark.parametrize(
    "source",
    [
        "import logging\n\nlogging.info('a')",
        "from grpc import StatusCode\n\nprint(StatusCode.data)",
        "database = metadata = processed = doing = 1",
        "holds = sends = 1",
        "class SubmitRequest: ...\nclass SubmitResponse: ...\nrequest_id = 1",
        "supervision_order = upload_material = order_by = 1",
    ],
)
def test_what_others_named_and_what_is_exempt_is_left_alone(seed: Seed, source: str) -> None:
    assert words.check(seed({"law/term.py": source})) == []


def test_a_contract_speaks_the_offices_language(seed_contract: Callable[[str], Path]) -> None:
    root = seed_contract(
        "message Customer { string misc = 1; oneof result { string a = 2; } }\nenum Job { JOB_DONE = 0; }\n"
    )
    assert [found.sentence.split("`")[1] for found in words.check(root) if "access" not in found.path] == [
        "Customer",
        "misc",
        "result",
        "Job",
        "JOB_DONE",
    ]
