"""Commands of the stack on this machine, without one that runs: status, clock, demo, bench, tokens."""

import io
import json
from datetime import date
from pathlib import Path

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey
from rich.cells import cell_len
from rich.console import Console
from typer.testing import CliRunner

from bench.lifecycle import LifecycleMeasurement
from cli.stack import bench, clock, demo, token, up_down_status
from embedded import keys
from embedded.data_dir import DataDir
from embedded.errors import NotRunning, StackError
from embedded.local_services import StackStatus
from simulation import year_run

STATUS: StackStatus = {
    "services": {
        "intake": {"rpc": "127.0.0.1:50051", "health": "127.0.0.1:50052", "metrics": "127.0.0.1:9464", "pid": 1}
    },
    "simulators": {"sms_gateway": {"http": "127.0.0.1:50095", "pid": None}},
    "postgres": {"url": "postgresql://postgres:secret@127.0.0.1:55432/postgres", "pid": 2},
    "nats": {"url": "nats://127.0.0.1:44222", "pid": 3},
    "clock": "2016-03-01T09:00:00+08:00",
}
SMALL_PLAN = """
year: 2016
volume: 30
items: {}
instant: 10
late: 0
last_day: 0
dissatisfied: 0
"""


@pytest.fixture
def data_dir(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> DataDir:
    monkeypatch.setenv("ONEWINDOW_HOME", str(tmp_path))
    return DataDir(tmp_path)


@pytest.mark.parametrize("width", [60, 80, 140])
def test_the_status_shows_every_address_and_no_password(monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    written = io.StringIO()
    monkeypatch.setattr(up_down_status, "Console", lambda: Console(file=written, width=width))
    up_down_status._show(STATUS)
    text = written.getvalue()
    for shown in ("127.0.0.1:50051", "127.0.0.1:9464", "127.0.0.1:50095", "127.0.0.1:55432", "重启中"):
        assert shown in text
    assert "secret" not in text and max(map(cell_len, text.splitlines())) <= width


def test_without_a_stack_the_status_is_empty_and_ends_with_the_reason(data_dir: DataDir) -> None:
    ran = CliRunner().invoke(up_down_status.app, ["status", "--json"])
    assert isinstance(ran.exception, NotRunning)
    assert json.loads(ran.stdout) == {"services": {}, "simulators": {}, "postgres": None, "nats": None, "clock": None}
    assert isinstance(CliRunner().invoke(up_down_status.app, ["status"]).exception, NotRunning)
    assert CliRunner().invoke(up_down_status.app, ["down"]).stdout == "没有正在运行的环境\n"


def test_a_clock_that_nobody_set_has_nothing_to_show(data_dir: DataDir) -> None:
    assert isinstance(CliRunner().invoke(clock.app, ["show"]).exception, NotRunning)
    data_dir.clock.write_text("2016-03-01T09:00:00+08:00\n")
    assert CliRunner().invoke(clock.app, ["show"]).stdout == "2016-03-01T09:00:00+08:00\n"


@pytest.mark.parametrize("options", [[], ["--to", "2016-03-02", "--days", "1"], ["--days", "-1"]], ids=" ".join)
def test_the_clock_goes_to_a_day_or_by_days(data_dir: DataDir, options: list[str]) -> None:
    assert CliRunner().invoke(clock.app, ["advance", *options]).exit_code == 2


@pytest.fixture
def small_plan(tmp_path: Path) -> Path:
    """A plan of thirty matters, which is scheduled in no time."""
    path = tmp_path / "small.yaml"
    path.write_text(SMALL_PLAN)
    return path


def test_the_real_clock_cannot_be_moved(data_dir: DataDir, monkeypatch: pytest.MonkeyPatch, small_plan: Path) -> None:
    monkeypatch.setenv("ONEWINDOW_CLOCK", "real")
    for words in (["show"], ["advance", "--to", "2016-03-02"]):
        assert "ONEWINDOW_CLOCK" in str(CliRunner().invoke(clock.app, words).exception)
    assert "ONEWINDOW_CLOCK" in str(CliRunner().invoke(demo.app, ["--plan", str(small_plan)]).exception)


def test_a_demo_plays_the_streets_of_its_own_district(
    data_dir: DataDir, monkeypatch: pytest.MonkeyPatch, small_plan: Path
) -> None:
    monkeypatch.setenv("ONEWINDOW_DISTRICT", "440106")
    assert "ONEWINDOW_DISTRICT" in str(CliRunner().invoke(demo.app, ["--plan", str(small_plan)]).exception)


def test_a_plan_is_played_to_the_end_of_a_month(small_plan: Path) -> None:
    month, year = (demo._simulated_year(small_plan, months, None) for months in (1, 12))
    assert (month.until, month.whole, month.plan.year) == (date(2016, 1, 31), False, 2016)
    assert (year.until, year.whole, year.matters) == (date(2016, 12, 31), True, month.matters)


def test_another_seed_plays_other_matters(small_plan: Path) -> None:
    first, second = (demo._simulated_year(small_plan, 1, seed) for seed in (6, 7))
    assert (first.plan.seed, second.plan.seed) == (6, 7)
    assert first.matters != second.matters


def test_without_a_plan_the_shipped_one_is_played() -> None:
    simulated = demo._simulated_year(None, 1, None)
    assert (simulated.plan.year, simulated.plan.volume) == (2016, 23837)
    assert {item.name for item in simulated.items} >= set(simulated.plan.items)


def test_a_plan_that_contradicts_itself_is_refused_with_field_and_rule(tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text("year: 2016\nvolume: 0\nitems: {}\ninstant: 0\nlate: 0\nlast_day: 0\ndissatisfied: 0\n")
    with pytest.raises(StackError, match="计划不成立：volume："):
        demo._simulated_year(file, 12, None)


def test_figures_are_written_where_they_can_be_before_the_year_is_played(tmp_path: Path) -> None:
    demo._require_writable(None)
    demo._require_writable(Path("-"))
    demo._require_writable(tmp_path / "figures.json")
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "old.json").write_text("old")
    demo._require_writable(tmp_path / "old.json")
    assert (tmp_path / "old.json").read_text() == "old"
    with pytest.raises(FileNotFoundError):
        demo._require_writable(tmp_path / "absent" / "figures.json")


def test_the_hall_and_the_district_have_their_staff() -> None:
    assert year_run.STREET.startswith(year_run.DISTRICT)


@pytest.mark.parametrize("width", [60, 120])
def test_a_measurement_is_shown_beside_its_yardstick(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    measured = LifecycleMeasurement(lifecycles=400, seconds=2.0)
    measured.took["Submit"] += [0.001 * n for n in range(1, 101)]
    outcome = bench._Outcome(measured, 2500.0)
    bench._show(outcome)
    shown = "".join(capsys.readouterr().out.split())
    assert "每秒200.0件（共400件）" in shown and "比值0.0800" in shown
    document = outcome.document()
    assert (document["ratio"], document["lifecycles"]) == (0.08, 400)
    assert document["milliseconds"]["Submit"]["p50"] == pytest.approx(50.5, abs=1)


def test_a_token_carries_staff_posts_lines_and_the_whole_place(data_dir: DataDir) -> None:
    words = ["--staff", "NHX-1", "--post", "clerk", "--place", "440105", "--line", "CIVIL_AFFAIRS"]
    assert "onewindow up" in str(CliRunner().invoke(token.app, words).exception)
    data_dir.create()
    keys.provide(data_dir)
    issued = CliRunner().invoke(token.app, words).stdout.strip()
    public = json.loads(keys.read(data_dir, keys.JWKS))["keys"][0]
    claims = jwt.decode(issued, ECKey.import_key(public)).claims
    assert (claims["sub"], claims["posts"], claims["lines"]) == ("NHX-1", ["CLERK"], ["CIVIL_AFFAIRS"])
    assert claims["place"] == "440105000"


@pytest.mark.parametrize("staff", ["", " ", "NHX 1", "x" * 65, "NHX\u200b1"])
def test_a_token_without_a_plain_staff_number_is_refused(data_dir: DataDir, staff: str) -> None:
    data_dir.create()
    keys.provide(data_dir)
    ran = CliRunner().invoke(token.app, ["--staff", staff, "--post", "CLERK", "--place", "440105008"])
    assert (ran.exit_code, "--staff" in ran.output) == (2, True)


@pytest.mark.parametrize(
    "words",
    [["--post", "boss", "--place", "440105008"], ["--post", "CLERK", "--place", "44010"]],
    ids=["no such post", "no place"],
)
def test_a_token_for_nobody_is_refused(data_dir: DataDir, words: list[str]) -> None:
    data_dir.create()
    keys.provide(data_dir)
    assert CliRunner().invoke(token.app, ["--staff", "N", *words]).exit_code == 2
