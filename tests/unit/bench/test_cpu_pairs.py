"""CPU of a lifecycle in two checkouts: each is started, measured and stopped in turn; the ratio is taken by pairs."""

import itertools
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench import cpu_pairs
from bench.echo import CALLERS, echo_per_second

STATUS = {
    "services": {"intake": {"pid": os.getpid()}},
    "postgres": {"pid": os.getpid(), "url": "postgresql://postgres:x@127.0.0.1:1/postgres"},
    "nats": {"pid": os.getpid()},
}
SCRIPT = """#!/bin/sh
echo "$@" >>"$ONEWINDOW_HOME.calls"
case "$1" in
  status) {status} ;;
  bench) {bench} ;;
esac
"""


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout whose command only answers; a hundred cases are decided between two looks."""
    decided = itertools.count(0, 100)
    monkeypatch.setattr(cpu_pairs, "_decided", lambda _: next(decided))
    write_command(tmp_path, """echo '{"lifecycles_per_second": 200.5}'""")
    return tmp_path


def write_command(checkout: Path, bench: str, status: str = f"echo '{json.dumps(STATUS)}'") -> None:
    command = checkout / ".venv/bin/onewindow"
    command.parent.mkdir(parents=True, exist_ok=True)
    command.write_text(SCRIPT.replace("{status}", status).replace("{bench}", bench))
    command.chmod(0o755)


def calls(checkout: Path) -> list[str]:
    return (checkout / ".onewindow-cpu.calls").read_text().splitlines()


def test_a_turn_measures_a_running_stack(checkout: Path) -> None:
    with cpu_pairs.MeasuredStack(checkout) as stack:
        measured = stack.turn(3.0)
    assert measured.per_second == 200.5
    assert measured.by_group.keys() == {"service intake", "PostgreSQL", "NATS"}
    assert measured.total == sum(measured.by_group.values()) >= 0
    assert calls(checkout) == ["up", "status --json", "bench lifecycle --seconds 3.0 --json", "down"]


def test_a_turn_that_fails_takes_the_stack_down_and_says_why(checkout: Path) -> None:
    write_command(checkout, "echo 'no items' >&2; exit 1")
    with pytest.raises(SystemExit, match=r"bench lifecycle .*no items"), cpu_pairs.MeasuredStack(checkout) as stack:
        stack.turn(1.0)
    assert calls(checkout)[-1] == "down"


def test_a_stack_that_does_not_start_is_taken_down(checkout: Path) -> None:
    write_command(checkout, "true", status="exit 2")
    with pytest.raises(SystemExit, match="status --json"), cpu_pairs.MeasuredStack(checkout):
        pytest.fail("the stack did not start")
    assert calls(checkout) == ["up", "status --json", "down"]


def test_the_stacks_take_the_first_turn_by_turns() -> None:
    turns: list[str] = []

    def turn_of(name: str) -> cpu_pairs.Turn:
        def turn(seconds: float) -> cpu_pairs.Measured:
            turns.append(name)
            return cpu_pairs.Measured({name: seconds}, 1.0)

        return turn

    measured = list(cpu_pairs.pairs(turn_of("older"), turn_of("newer"), 3, 1.0))
    uncounted, counted = turns[:2], turns[2:]
    assert uncounted == ["older", "newer"]
    assert counted == ["older", "newer", "newer", "older", "older", "newer"]
    assert [(*older.by_group, *newer.by_group) for older, newer in measured] == [("older", "newer")] * 3


def test_pairs_are_printed_with_their_ratio_and_the_median(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    totals = iter([9.0, 9.0, 4.0, 4.4, 5.0, 4.0, 4.0, 3.6])
    measured = (cpu_pairs.Measured({"service intake": total}, 200.0) for total in totals)
    monkeypatch.setattr(cpu_pairs.MeasuredStack, "turn", lambda *_: next(measured))
    assert cpu_pairs.main([str(checkout), str(checkout), "--rounds", "3", "--seconds", "1"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "1 older: 4.00 ms a lifecycle (service intake 4.00), 200.0/s"
    assert [line for line in lines if "ratio" in line] == [
        "1 ratio: 1.100",
        "2 ratio: 1.250",
        "3 ratio: 0.900",
        "median ratio of 3 pairs: 1.100",
    ]
    assert "median older: 4.00 ms a lifecycle (service intake 4.00)" in lines


def test_ticks_include_children_that_have_ended() -> None:
    before = cpu_pairs._ticks(os.getpid())
    subprocess.run([sys.executable, "-c", "sum(range(20_000_000))"], check=True)
    assert cpu_pairs._ticks(os.getpid()) > before
    assert cpu_pairs._ticks(1 << 30) == 0


async def test_the_yardstick_is_a_bare_call() -> None:
    assert await echo_per_second(0.3) > CALLERS
