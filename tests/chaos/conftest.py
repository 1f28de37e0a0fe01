"""Options of a run of the chaos tests: `make chaos ARGS='--plan FILE --kills 3 --seed 7'`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

_YEAR = Path(__file__).parents[2] / "simulation" / "year_2016.yaml"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The plan, the number of kills, the seed."""
    parser.addoption("--plan", type=Path, default=_YEAR, help="the hall year to be played; the whole 2016 if left out")
    parser.addoption("--kills", type=int, default=10, help="how many services are killed during the year")
    parser.addoption("--seed", type=int, default=2016, help="draws the victims and their days")


@pytest.fixture
def plan(request: pytest.FixtureRequest) -> Mapping[str, Any]:
    """The plan to be played."""
    text = Path(request.config.getoption("--plan")).read_text(encoding="utf-8")
    found: Mapping[str, Any] = yaml.safe_load(text)
    return found


@pytest.fixture
def kills(request: pytest.FixtureRequest) -> int:
    """Number of services that are killed."""
    return int(request.config.getoption("--kills"))


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    """Seed for victims and days."""
    return int(request.config.getoption("--seed"))
