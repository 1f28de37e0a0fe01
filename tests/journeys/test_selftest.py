"""The cluster's own test: a made-up matter through all four services and back, of which nothing is left in figures."""

import json
import subprocess
import sys

import asyncpg
import pytest

from embedded.services import environment
from embedded.stack import Stack
from tests.journeys.office import Office

STEPS = 4 + 8


def selftest(stack: Stack, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    settings = environment({"HOME": str(stack.data_dir.root), **variables})
    return subprocess.run(
        [sys.executable, "-m", "cli.main", "selftest", *words],
        env=settings,
        capture_output=True,
        text=True,
        check=False,
    )


async def _figures(stack: Stack) -> dict[str, int]:
    counted = {}
    url = stack.status()["postgres"]["url"].rpartition("/")[0]
    for database, query in {
        "intake": "select count(*) from figures",
        "approval": "select count(*) from figures",
        "notify": "select count(*) from message",
    }.items():
        connection = await asyncpg.connect(f"{url}/{database}")
        counted[database] = await connection.fetchval(query)
        await connection.close()
    return counted


async def test_a_made_up_matter_goes_through_all_services_and_is_counted_nowhere(office: Office) -> None:
    before = await _figures(office.stack)
    ran = selftest(office.stack)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert ran.stdout.count("✓") == STEPS
    assert ran.stdout.endswith("自检通过\n")
    assert await _figures(office.stack) == before


@pytest.mark.parametrize(
    "words, variables, said",
    [
        (("--item", "0" * 31), {}, "目录中没有事项"),
        ((), {"SELFTEST_SERVICES": json.dumps({"intake": {"rpc": "a:1", "health": "a:2"}})}, "lacks approval, metrics"),
    ],
    ids=["no item", "not all services"],
)
async def test_what_fails_is_told_and_ends_with_one(
    office: Office, words: tuple[str, ...], variables: dict[str, str], said: str
) -> None:
    ran = selftest(office.stack, *words, **variables)
    assert (ran.returncode, said in ran.stderr) == (1, True), ran.stderr
