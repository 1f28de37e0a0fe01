"""Repairs after a loss, on the running stack: nothing happens twice, and nothing is lost."""

import subprocess
import sys

from embedded.services import environment
from embedded.stack import Stack
from tests.journeys.office import Office


def onewindow(stack: Stack, *words: str, columns: int = 80, **settings: str) -> subprocess.CompletedProcess[str]:
    """A command as it is typed, on a screen of so many columns, with further settings of the environment."""
    variables = {**environment({"HOME": str(stack.data_dir.root), **settings}), "COLUMNS": str(columns)}
    argv = [sys.executable, "-m", "cli.main", *words]
    return subprocess.run(argv, env=variables, capture_output=True, text=True, check=False)


async def counts(office: Office) -> list[tuple[str, int, int]]:
    """By service: numbers of received events and of own facts."""
    query = "select (select count(*) from inbox), (select count(*) from fact)"
    return [(name, *(await office.rows(name, query))[0]) for name in ("intake", "approval", "notify", "metrics")]


async def test_facts_published_again_are_known(office: Office) -> None:
    await office.rest()
    before = await counts(office)
    ran = onewindow(office.stack, "republish", "--since", "2000-01-01")
    assert ran.returncode == 0, ran.stderr
    facts = {name: count for name, _, count in before}
    for name in ("intake", "approval", "notify"):
        assert f"{name}：{facts[name]} 条事实待重新发布（自 2000-01-01 00:00 起）" in ran.stdout
    await office.rest()
    assert await counts(office) == before


async def test_without_dead_letters_there_is_nothing_to_redrive(office: Office) -> None:
    ran = onewindow(office.stack, "redrive")
    assert ran.stdout == "intake：没有死信\napproval：没有死信\nnotify：没有死信\nmetrics：没有死信\n"
    ran = onewindow(office.stack, "redrive", "7")
    assert (ran.returncode, "--service" in ran.stderr) == (2, True)


async def test_streams_are_not_made_anew_while_the_office_works(office: Office) -> None:
    ran = onewindow(office.stack, "streams", "recreate", "--confirmed")
    assert (ran.returncode, "请先把四个服务的副本数调为 0" in ran.stderr) == (1, True), ran.stderr
