"""CPU of a lifecycle in two checkouts: each run brings its stack up and down, and cases are counted in its database."""

import sys
from collections.abc import Callable
from pathlib import Path

import asyncpg
import pytest

from bench import cpu_pairs
from embedded import postgres
from tests.support.servers import Database, outside_loop

PASSWORD = "password-of-a-test"
COMMAND = """#!{python}
import asyncio, json, os, sys
import asyncpg

async def decide():
    connection = await asyncpg.connect({approval!r})
    await connection.execute(
        "insert into fact (district, street, file_id, revision, event_id, kind,"
        " occurred_on, recorded_at, actor, body, digest)"
        " select '440105', '440105008', gen_random_uuid(), 1, gen_random_uuid(), 'case_decided', '2016-03-01', now(),"
        " 'x', '', '' from generate_series(1, {cases})"
    )
    await connection.close()

with open({log!r}, "a") as log:
    log.write(" ".join(sys.argv[1:]) + "\\n")
process = {{"pid": os.getppid()}}
if sys.argv[1] == {fails!r}:
    sys.exit("not now")
if sys.argv[1] == "status":
    print(json.dumps({{"services": {{"intake": process}}, "postgres": {{**process, "url": {url!r}}}, "nats": process}}))
if sys.argv[1] == "bench":
    asyncio.run(decide())
    print(json.dumps({{"lifecycles_per_second": 12.5}}))
"""


@pytest.fixture
def cases_url(create_database: Callable[..., Database]) -> str:
    """The superuser's address over the loopback, beside a database of approval to which the commands add cases."""
    database = create_database("approval")
    outside_loop(_set_password(database))
    return database.address.outside_url(PASSWORD)


async def _set_password(database: Database) -> None:
    connection = await asyncpg.connect(database.dsn())
    try:
        await postgres.set_password(connection, PASSWORD)
    finally:
        await connection.close()


def checkout(folder: Path, cases_url: str, cases: int = 4, fails: str = "") -> Path:
    """A folder with a command that answers as that of a stack does."""
    command = folder / ".venv/bin/onewindow"
    command.parent.mkdir(parents=True)
    log = str(folder / "log")
    command.write_text(
        COMMAND.format(
            python=sys.executable,
            url=cases_url,
            approval=cases_url.rpartition("/")[0] + "/approval",
            log=log,
            cases=cases,
            fails=fails,
        ),
        encoding="utf-8",
    )
    command.chmod(0o755)
    return folder


def commands(folder: Path) -> list[str]:
    """The commands that a checkout was given."""
    return [line.split()[0] for line in (folder / "log").read_text().splitlines()]


def test_a_turn_counts_the_cpu_of_each_group_for_each_decided_case(tmp_path: Path, cases_url: str) -> None:
    with cpu_pairs.MeasuredStack(checkout(tmp_path, cases_url)) as stack:
        measured = stack.turn(0.5)
    assert list(measured.by_group) == ["service intake", "PostgreSQL", "NATS"]
    assert measured.per_second == 12.5
    assert measured.total == pytest.approx(sum(measured.by_group.values()))
    assert commands(tmp_path) == ["up", "status", "bench", "down"]


def test_a_stack_is_brought_down_also_when_a_turn_fails(tmp_path: Path, cases_url: str) -> None:
    failing = cpu_pairs.MeasuredStack(checkout(tmp_path, cases_url, fails="bench"))
    with pytest.raises(SystemExit, match="not now"), failing as stack:
        stack.turn(0.5)
    assert commands(tmp_path)[-1] == "down"


def test_two_checkouts_take_turns_and_the_median_of_the_pairs_is_printed(
    tmp_path: Path, cases_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    older, newer = (checkout(tmp_path / name, cases_url) for name in ("older", "newer"))
    assert cpu_pairs.main([str(older), str(newer), "--rounds", "1", "--seconds", "0.5"]) == 0
    first, second, ratio, *medians, last = capsys.readouterr().out.splitlines()
    assert first.startswith("1 older: ") and second.startswith("1 newer: ")
    assert [line.partition(":")[0] for line in medians] == ["median older", "median newer"]
    assert ratio.startswith("1 ratio: ") and last.startswith("median ratio of 1 pairs: ")
    assert commands(older) == commands(newer) == ["up", "status", "bench", "bench", "down"]
