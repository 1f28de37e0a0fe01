"""Comparison of mechanisms on servers of its own: a row for each candidate, the first one the measure of the others."""

import re
from collections.abc import Awaitable, Callable

import pytest

from bench import mechanisms


async def test_candidates_take_turns_and_each_has_its_median(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mechanisms, "ROUNDS", 3)
    turns: list[str] = []

    def working(name: str) -> Callable[[], Awaitable[None]]:
        async def work() -> None:
            turns.append(name)

        return work

    figures = await mechanisms.measure({name: (10, working(name)) for name in ("own", "library")})
    assert turns == ["own", "library"] * 3
    assert list(figures) == ["own", "library"]
    assert all(microseconds >= 0 for microseconds in figures.values())


def test_pools_and_publishers_are_measured_on_servers_of_their_own(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, small in {"ROUNDS": 1, "STATEMENTS": 20, "BATCHES": 2, "BATCH": 10}.items():
        monkeypatch.setattr(mechanisms, name, small)
    mechanisms.main()
    rows = [row for row in capsys.readouterr().out.splitlines() if "µs of CPU" in row]  # beside lines of the log
    assert [row.split("  ")[0] for row in rows] == [
        "chassis.postgres.pool",
        "asyncpg.create_pool(reset=none)",
        "asyncpg.create_pool()",
        "chassis.nats.broker",
        "nats.js publish_async",
    ]
    assert all(re.search(r"\d+\.\d µs of CPU +\d+\.\d\d$", row) for row in rows)
    assert [row[-4:] for row in (rows[0], rows[3])] == ["1.00", "1.00"]
