"""Commands as they are typed: exit codes, messages, refusals."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from cli.main import COMMANDS
from embedded import keys
from embedded.data_dir import DataDir
from embedded.services import environment

STREET = "440105008"


def onewindow(home: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    ran = {**environment({"HOME": str(home)}), **settings}
    return subprocess.run(
        [sys.executable, "-m", "cli.main", *words], env=ran, capture_output=True, text=True, check=False
    )


@pytest.fixture
def home(tmp_path: Path) -> DataDir:
    home = DataDir(tmp_path / ".onewindow")
    home.create()
    keys.provide(home)
    return home


def test_help_names_every_command_without_loading_any(tmp_path: Path) -> None:
    ran = onewindow(tmp_path, "--help")
    assert ran.returncode == 0
    assert [name for name in COMMANDS if name not in ran.stdout] == []


def test_wrong_usage_is_exit_code_2(tmp_path: Path) -> None:
    assert onewindow(tmp_path, "dwon").returncode == 2
    assert onewindow(tmp_path, "clock", "advance").returncode == 2


def test_status_without_a_stack_is_exit_code_1_and_still_one_document(tmp_path: Path) -> None:
    ran = onewindow(tmp_path, "status", "--json")
    assert ran.returncode == 1
    assert json.loads(ran.stdout)["services"] == {}
    assert "onewindow up" in ran.stderr


def test_down_without_a_stack_has_nothing_to_end(tmp_path: Path) -> None:
    assert onewindow(tmp_path, "down").returncode == 0


def test_the_clock_of_a_home_that_was_never_up_is_not_there(tmp_path: Path) -> None:
    assert onewindow(tmp_path, "clock", "show").returncode == 1


def test_production_has_no_clock_to_advance(tmp_path: Path) -> None:
    ran = onewindow(tmp_path, "clock", "advance", "--to", "2016-03-01", ONEWINDOW_CLOCK="real")
    assert (ran.returncode, ran.stderr.startswith("ONEWINDOW_CLOCK")) == (1, True)


@pytest.mark.parametrize(
    "command",
    [
        ("up",),
        ("down",),
        ("status",),
        ("demo",),
        ("clock", "show"),
        ("token", "--staff", "1", "--post", "HEAD", "--place", STREET),
        ("report", "day", "2016-01-04"),
        ("case", "show", "1144010520160301001"),
        ("catalogue", "publish", "catalogue"),
        ("bench", "lifecycle"),
    ],
)
def test_every_wrong_setting_is_told_by_its_name_and_nothing_is_done(tmp_path: Path, command: tuple[str, ...]) -> None:
    home = tmp_path / "home"
    ran = onewindow(
        tmp_path, *command, ONEWINDOW_HOME=str(home), ONEWINDOW_DISTRICT="44", ONEWINDOW_SERVICE_SETTINGS="{"
    )
    names = {line.split(":")[0] for line in ran.stderr.splitlines()}
    assert (ran.returncode, names) == (1, {"ONEWINDOW_DISTRICT", "ONEWINDOW_SERVICE_SETTINGS"})
    assert not home.exists()


@pytest.mark.parametrize("name, value", [("CLOCK", "real"), ("DISTRICT", "440106")])
def test_a_demo_is_played_in_its_own_district_and_by_the_office_clock(tmp_path: Path, name: str, value: str) -> None:
    ran = onewindow(tmp_path, "demo", **{f"ONEWINDOW_{name}": value, "ONEWINDOW_HOME": str(tmp_path / "home")})
    assert (ran.returncode, ran.stderr.startswith(f"ONEWINDOW_{name}：")) == (1, True)
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("command", ["up", "demo"])
def test_a_home_that_cannot_be_made_is_named(tmp_path: Path, command: str) -> None:
    (tmp_path / "file").touch()
    ran = onewindow(tmp_path, command, ONEWINDOW_HOME=str(tmp_path / "file" / "home"))
    assert (ran.returncode, ran.stderr) == (1, f"{tmp_path}/file/home/run：上级不是文件夹\n")


def test_a_place_for_the_figures_is_looked_for_before_the_year_is_played(tmp_path: Path) -> None:
    ran = onewindow(tmp_path, "demo", "--json", str(tmp_path / "absent" / "figures.json"))
    assert (ran.returncode, ran.stderr) == (1, f"{tmp_path}/absent/figures.json：不存在\n")
    assert not (tmp_path / ".onewindow").exists()


def test_a_token_says_who_one_is_and_verifies_against_the_published_keys(home: DataDir) -> None:
    ran = onewindow(home.root, "token", "--staff", "0137", "--post", "head", "--place", STREET, "--line", "labour")
    published = KeySet.import_key_set(json.loads(keys.read(home, keys.JWKS)))
    claims = jwt.decode(ran.stdout.strip(), published, algorithms=["ES256"]).claims
    said = {name: claims[name] for name in ("sub", "posts", "place", "lines", "iss", "aud")}
    assert said == {
        "sub": "0137",
        "posts": ["HEAD"],
        "place": STREET,
        "lines": ["LABOUR"],
        "iss": keys.ISSUER,
        "aud": keys.AUDIENCE,
    }
    assert claims["exp"] - claims["iat"] == 12 * 3600


def test_the_district_itself_is_a_place(home: DataDir) -> None:
    ran = onewindow(home.root, "token", "--staff", "1", "--post", "SUPERVISOR", "--place", "440105")
    published = KeySet.import_key_set(json.loads(keys.read(home, keys.JWKS)))
    assert jwt.decode(ran.stdout.strip(), published, algorithms=["ES256"]).claims["place"] == "440105000"


@pytest.mark.parametrize(
    "option, value",
    [
        ("--post", "KING"),
        ("--line", "FIRE_SAFETY"),
        ("--staff", ""),
        ("--staff", "NH 001"),
        ("--place", "44"),
        ("--place", "44010500٨"),
        ("--place", "440106001"),
        ("--place", "440106"),
        ("--place", "440105999"),
    ],
)
def test_a_token_that_no_service_of_the_district_takes_is_refused_by_its_option(
    home: DataDir, option: str, value: str
) -> None:
    given = {"--staff": "1", "--post": "HEAD", "--place": STREET, option: value}
    ran = onewindow(home.root, "token", *(word for pair in given.items() for word in pair))
    assert (ran.returncode, ran.stdout, option in ran.stderr) == (2, "", True)


def test_without_a_key_of_the_embedded_stack_no_token_is_signed(tmp_path: Path) -> None:
    ran = onewindow(tmp_path, "token", "--staff", "1", "--post", "HEAD", "--place", STREET)
    assert (ran.returncode, ran.stdout) == (1, "")


def test_the_supervisor_never_imports_grpc() -> None:
    look = "import sys, embedded.supervision.supervisor; sys.exit('grpc' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", look], check=False).returncode == 0
