"""The wall clock is read in chassis/clock.py alone, the environment in chassis/settings/service.py alone."""

import pytest

from tests.meta.conftest import Seed
from tools import commands, source_text

READS = [
    "from datetime import datetime\n\nNOW = datetime.now()",
    "from datetime import UTC, datetime\n\nNOW = datetime.now(UTC)",
    "import datetime as calendar\n\nNOW = calendar.date.today()",
    "from datetime import date\n\nTODAY = date.today()",
    "from time import time\n\nNOW = time()",
    "import time\n\nNOW = time.time_ns()",
    "import os\n\nHOME = os.environ['HOME']",
    "from os import getenv\n\nHOME = getenv('HOME')",
]


@pytest.mark.parametrize("source", READS)
def test_reading_the_clock_or_the_environment_elsewhere_is_found(seed: Seed, source: str) -> None:
    found = commands.check_lint(seed({"chassis/outbox/publisher.py": f'"""Reads."""\n\n{source}\n'}))
    assert any("TID251" in finding.sentence for finding in found)


@pytest.mark.parametrize("where", ["chassis/clock.py", "chassis/settings/service.py"])
def test_the_two_places_may_read(seed: Seed, where: str) -> None:
    assert commands.check_lint(seed({where: f'"""Reads."""\n\n{READS[0]}\n'})) == []


def test_a_clock_that_only_runs_forward_is_free(seed: Seed) -> None:
    assert (
        commands.check_lint(seed({"chassis/outbox/publisher.py": "import time\n\nSTARTED = time.monotonic()\n"})) == []
    )


def test_the_rule_cannot_be_silenced_in_place(seed: Seed) -> None:
    quiet = "# noqa" + ": TID251 - because it is quicker"
    (found,) = source_text.check_silenced(
        seed({"chassis/outbox/publisher.py": f"import time\n\nNOW = time.time()  {quiet}\n"})
    )
    assert found.line == 3


def test_a_test_may_read_the_environment_with_a_reason(seed: Seed) -> None:
    line = "VALUES = os.environ  # noqa" + ": TID251 - the test compares the environment"
    assert source_text.check_silenced(seed({"tests/law/test_term.py": f"import os\n\n{line}\n"})) == []
