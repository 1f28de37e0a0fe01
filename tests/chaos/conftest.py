"""Options of a run of the chaos tests: `make chaos ARGS='--months 6 --kills 12 --seed 7'`."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

_YEAR = Path(__file__).parents[2] / "simulation" / "year_2016.yaml"


@dataclass(frozen=True, slots=True)
class ChaosOptions:
    """What is played, and what is killed meanwhile."""

    plan: Mapping[str, Any]
    months: int
    kills: int
    seed: int
    kept: Path | None


def pytest_addoption(parser: pytest.Parser) -> None:
    """The plan, the months, the number of kills, the seed, the folder of what was played."""
    parser.addoption("--plan", type=Path, default=_YEAR, help="the hall year to be played; the whole 2016 if left out")
    parser.addoption("--months", type=int, default=12, help="play the first months only")
    parser.addoption("--kills", type=int, default=12, help="how many processes are killed meanwhile")
    parser.addoption("--seed", type=int, default=2016, help="draws the victims and their days")
    parser.addoption(
        "--keep",
        type=Path,
        help="folder for the matters of both years; an undisturbed year that lies there is not played anew",
    )


@pytest.fixture
def options(request: pytest.FixtureRequest) -> ChaosOptions:
    """The options of this run."""
    asked = {name: request.config.getoption(f"--{name}") for name in ("plan", "months", "kills", "seed", "keep")}
    plan = yaml.safe_load(asked["plan"].read_text(encoding="utf-8"))
    return ChaosOptions(plan, asked["months"], asked["kills"], asked["seed"], asked["keep"])
