"""The comparison of home-made mechanisms with those of the libraries runs on servers of its own."""

import pytest

from bench import mechanisms

pytestmark = pytest.mark.integration


def test_each_candidate_has_its_cost_and_its_ratio_to_our_own(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in {"ROUNDS": 1, "STATEMENTS": 20, "BATCHES": 1, "BATCH": 10}.items():
        monkeypatch.setattr(mechanisms, name, value)
    mechanisms.main()
    printed = capsys.readouterr().out.splitlines()
    lines = [line.split() for line in printed if "µs of CPU" in line]
    assert [line[0] for line in lines] == [
        "chassis.postgres.pool",
        "asyncpg.create_pool(reset=none)",
        "asyncpg.create_pool()",
        "chassis.nats.broker",
        "nats.js",
    ]
    assert [line[-1] for line in lines if line[0].startswith("chassis")] == ["1.00", "1.00"]
