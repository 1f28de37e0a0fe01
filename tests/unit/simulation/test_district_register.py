"""Register of the reference system: every change in order, reports settled once they are answered."""

import sqlite3
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest

from simulation.district.register import DistrictRegister, RegisteredCase

OF_RELEASE_0_1 = """
create table received (
  key text primary key, case_id text not null, number text not null, district_number text not null,
  received_on text not null, decides_on text not null, stage text not null default 'received',
  outcome text not null default '', decided_on text not null default '', reasons text not null default '',
  report_key text not null default '', reported integer not null default 1);
insert into received (key, case_id, number, district_number, received_on, decides_on)
values ('leg-1', 'leg-1', '4401', 'Q1', '2016-03-01', '2016-03-04');
"""


def case(key: str = "leg-1", decides_on: str = "2016-03-04") -> RegisteredCase:
    """A case that was received on the first of March."""
    return RegisteredCase(key, key, "4401", f"Q-{key}", "2016-03-01", decides_on)


@pytest.fixture
def register() -> DistrictRegister:
    """A register in memory with one open case."""
    made = DistrictRegister(None)
    made.receive(case())
    return made


def test_a_repeat_of_a_key_gets_the_first_answer(register: DistrictRegister) -> None:
    again = RegisteredCase("leg-1", "leg-1", "4401", "Q-other", "2016-03-02", "2016-03-09")
    assert register.receive(again) == case()
    assert register.count() == 1


def test_a_case_is_due_on_its_day(register: DistrictRegister) -> None:
    assert register.due(date(2016, 3, 3)) == []
    assert [each.key for each in register.due(date(2016, 3, 4))] == ["leg-1"]
    assert register.open() == 1


def test_an_end_is_unreported_until_it_is_acknowledged(register: DistrictRegister) -> None:
    register.close("leg-1", "decided", "granted", "2016-03-04", "")
    assert [each.report_key for each in register.unreported()] == ["decided:leg-1"]
    register.settle("leg-1")
    assert (register.unreported(), register.refused(), register.open()) == ([], [], 0)


def test_a_refusal_for_good_settles_the_report_and_stays_visible(register: DistrictRegister) -> None:
    register.close("leg-1", "decided", "granted", "2016-03-04", "")
    register.settle("leg-1", refusal="ALREADY_RETURNED")
    assert register.unreported() == []
    assert [(each.key, each.refusal) for each in register.refused()] == [("leg-1", "ALREADY_RETURNED")]


def test_a_new_end_is_reported_again_and_forgets_the_refusal(register: DistrictRegister) -> None:
    register.close("leg-1", "decided", "granted", "2016-03-04", "")
    register.settle("leg-1", refusal="ALREADY_RETURNED")
    register.close("leg-1", "returned", "", "", "材料不一致")
    assert register.refused() == []
    assert [each.stage for each in register.unreported()] == ["returned"]


def test_a_withdrawal_stops_an_open_case_and_no_other(register: DistrictRegister) -> None:
    register.receive(case("leg-2"))
    register.close("leg-2", "decided", "granted", "2016-03-04", "")
    register.withdraw("leg-1")
    register.withdraw("leg-2")
    found = [register.find(key) for key in ("leg-1", "leg-2")]
    assert [each.stage for each in found if each is not None] == ["withdrawn", "decided"]


def test_changes_come_in_order_and_page_by_page(register: DistrictRegister) -> None:
    register.receive(case("leg-2"))
    register.close("leg-1", "decided", "granted", "2016-03-04", "")
    first, cursor = register.changes(0, 2)
    assert [each.key for each in first] == ["leg-1", "leg-2"]
    rest, last = register.changes(cursor, 2)
    assert [(each.key, each.stage) for each in rest] == [("leg-1", "decided")]
    assert register.changes(last, 2) == ([], last)


def test_a_case_can_be_lost_and_altered_without_a_change(register: DistrictRegister) -> None:
    _, cursor = register.changes(0, 10)
    assert register.alter("leg-1", {"district_number": "Q9"})
    assert not register.alter("leg-9", {"district_number": "Q9"})
    with pytest.raises(ValueError, match="district_number"):
        register.alter("leg-1", {"reported": "0"})
    assert register.changes(cursor, 10) == ([], cursor)
    assert register.forget("leg-1")
    assert not register.forget("leg-1")
    assert register.find("leg-1") is None


def test_a_register_of_the_last_release_is_read(tmp_path: Path) -> None:
    file = tmp_path / "register.sqlite"
    connection = sqlite3.connect(file)
    connection.executescript(OF_RELEASE_0_1)
    connection.close()
    register = DistrictRegister(file)
    found = register.find("leg-1")
    assert found is not None
    assert (found.stage, found.refusal) == ("received", "")
    register.close("leg-1", "decided", "granted", "2016-03-04", "")
    register.settle("leg-1", refusal="NOT_FOUND")
    assert [each.refusal for each in DistrictRegister(file).refused()] == ["NOT_FOUND"]


class _Killed(BaseException):
    """The end of the process, as a kill makes it."""


@pytest.mark.parametrize("act", ["receive", "close", "withdraw"])
def test_a_kill_between_a_change_and_its_line_leaves_neither(tmp_path: Path, act: str) -> None:
    register = DistrictRegister(tmp_path / "register.sqlite")
    register.receive(case())

    def killed(statement: str) -> None:
        if statement.startswith("insert into changed"):
            raise _Killed

    acts: dict[str, Callable[[], object]] = {
        "receive": lambda: register.receive(case("leg-2")),
        "close": lambda: register.close("leg-1", "decided", "granted", "2016-03-04", ""),
        "withdraw": lambda: register.withdraw("leg-1"),
    }
    real = register._connection
    register._connection = _Dying(real, killed)  # type: ignore[assignment] # has the one method that is used
    with pytest.raises(_Killed):
        acts[act]()
    real.close()
    again = DistrictRegister(tmp_path / "register.sqlite")
    assert again.find("leg-1") == case() and again.find("leg-2") is None
    assert [each.key for each in again.changes(0, 10)[0]] == ["leg-1"]


class _Dying:
    """A connection that is looked at before each statement."""

    def __init__(self, connection: sqlite3.Connection, before: Callable[[str], None]) -> None:
        self._connection, self._before = connection, before

    def execute(self, sql: str, values: Sequence[object] = ()) -> sqlite3.Cursor:
        """The statement, unless the process ends before it."""
        self._before(sql)
        return self._connection.execute(sql, values)
