"""A service that is told something wrong says all of it at once, with what each setting means."""

import re
from pathlib import Path
from typing import Annotated

import pytest
from pydantic import Field

from chassis.clock import OfficeClock, RealClock
from chassis.process.parts import clock_of, rpc_database, worker_database
from chassis.settings.service import AsJson, EnvironmentSettings, ServiceSettings, named_in_environment
from tests.support.echo.edge import Issuer, settings

NEEDED = {
    "ONEWINDOW_DISTRICT": "440105",
    "ONEWINDOW_TOKEN_ISSUER": "https://sso.example",
    "ONEWINDOW_JWKS_URL": "https://sso.example/keys",
    "ONEWINDOW_DATABASE_HOST": "db",
    "ONEWINDOW_DATABASE_NAME": "intake",
    "ONEWINDOW_DATABASE_RPC_ROLE": "intake_rpc",
    "ONEWINDOW_DATABASE_WORKER_ROLE": "intake_worker",
    "ONEWINDOW_NATS_URL": "nats://nats:4222",
}


@pytest.fixture
def values(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment in which every needed setting is right."""
    for name, value in NEEDED.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def mistakes(capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """Lines of a failing start, by the name of the setting."""
    with pytest.raises(SystemExit) as left:
        ServiceSettings.load()
    assert left.value.code == 1
    return dict(line.split(": ", 1) for line in capsys.readouterr().err.splitlines())


def test_what_is_needed_is_enough(values: pytest.MonkeyPatch) -> None:
    loaded = ServiceSettings.load()
    assert (loaded.district, loaded.environment, loaded.clock) == ("440105", "production", "real")


def test_every_mistake_has_a_line_of_its_own(
    values: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    values.delenv("ONEWINDOW_DATABASE_NAME")
    values.setenv("ONEWINDOW_DISTRICT", "4401")
    values.setenv("ONEWINDOW_RPC_ADDRESS", "50051")
    values.setenv("ONEWINDOW_TLS_KEY_FILE", str(tmp_path / "absent.pem"))
    values.setenv("ONEWINDOW_GRACE_SECONDS", "-1")
    said = mistakes(capsys)
    assert set(said) == {
        f"ONEWINDOW_{name}" for name in ("DATABASE_NAME", "DISTRICT", "RPC_ADDRESS", "TLS_KEY_FILE", "GRACE_SECONDS")
    }
    assert said["ONEWINDOW_DATABASE_NAME"] == "is not set. (The service's own database.)"


class Documents(EnvironmentSettings):
    """Two settings that are documents, and one that is not."""

    rooms: Annotated[dict[str, int], AsJson] = Field(description="JSON: rooms by floor.")
    doors: Annotated[dict[str, int] | None, AsJson] = Field(default=None, description="JSON: doors by room.")
    floors: int = Field(default=1, description="How many floors.")


def test_a_document_that_is_none_is_a_mistake_among_the_others(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ONEWINDOW_ROOMS", '{"1": ')
    monkeypatch.setenv("ONEWINDOW_DOORS", '{"hall": "none"}')
    monkeypatch.setenv("ONEWINDOW_FLOORS", "many")
    with pytest.raises(SystemExit):
        Documents.load()
    said = dict(line.split(": ", 1) for line in capsys.readouterr().err.splitlines())
    assert set(said) == {"ONEWINDOW_ROOMS", "ONEWINDOW_DOORS.hall", "ONEWINDOW_FLOORS"}
    assert said["ONEWINDOW_ROOMS"].startswith("must be JSON; ")


def test_a_document_is_read_as_it_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONEWINDOW_ROOMS", '{"1": 12}')
    assert Documents.load().rooms == {"1": 12}


def in_order(value: dict[str, str] | set[str]) -> str:
    """The id of a case; a set is written in order, so that every run names its cases alike."""
    return str(value if isinstance(value, dict) else sorted(value))


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"CLOCK": "office"}, {"CLOCK"}),
        ({"CLOCK": "office", "ENVIRONMENT": "embedded"}, {"CLOCK"}),
        ({"JWKS_URL": None}, {"JWKS_URL"}),
        ({"JWKS_FILE": "/dev/null"}, {"JWKS_FILE"}),
        ({"TLS_CERTIFICATE_FILE": __file__}, {"TLS_KEY_FILE"}),
        ({"TLS_KEY_FILE": __file__}, {"TLS_KEY_FILE"}),
        ({"TLS_CLIENT_AUTHORITY_FILE": __file__}, {"TLS_CLIENT_AUTHORITY_FILE"}),
        ({"NATS_URL": "http://nats"}, {"NATS_URL"}),
        ({"DISTRICT": "", "DATABASE_HOST": ""}, {"DISTRICT", "DATABASE_HOST"}),
    ],
    ids=in_order,
)
def test_settings_that_contradict_each_other_are_named(
    values: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    changes: dict[str, str | None],
    names: set[str],
) -> None:
    for name, value in changes.items():
        if value is None:
            values.delenv(f"ONEWINDOW_{name}")
        else:
            values.setenv(f"ONEWINDOW_{name}", value)
    assert set(mistakes(capsys)) == {f"ONEWINDOW_{name}" for name in names}


def test_the_office_clock_belongs_to_the_embedded_stack(values: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "clock").write_text("2026-03-02T09:00:00+08:00")
    values.setenv("ONEWINDOW_CLOCK", "office")
    values.setenv("ONEWINDOW_CLOCK_FILE", str(tmp_path / "clock"))
    values.setenv("ONEWINDOW_ENVIRONMENT", "embedded")
    assert ServiceSettings.load().clock == "office"


def test_every_setting_has_a_sentence() -> None:
    for name, field in ServiceSettings.model_fields.items():
        assert field.description, name
        assert field.description.endswith((".", ".)")), name


def test_no_setting_holds_a_secret() -> None:
    secret = re.compile(r"password|secret|pepper|private|_key$")
    assert [name for name in ServiceSettings.model_fields if secret.search(name) and not name.endswith("_file")] == []


def test_settings_do_not_change_once_loaded(issuer: Issuer) -> None:
    with pytest.raises(ValueError, match="frozen"):
        settings(issuer).district = "440106"


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"DATABASE_TLS": "verify-full"}, {"DATABASE_AUTHORITY_FILE"}),
        ({"DATABASE_TLS": "strict"}, {"DATABASE_TLS"}),
        ({"DATABASE_RPC_ROLE": None}, {"DATABASE_RPC_ROLE"}),
        ({"DATABASE_CREDENTIALS_DIR": "/tmp"}, {"DATABASE_RPC_ROLE", "DATABASE_WORKER_ROLE"}),
        ({"DATABASE_PORT": "0"}, {"DATABASE_PORT"}),
        ({"NATS_CERTIFICATE_FILE": __file__}, {"NATS_KEY_FILE"}),
        ({"NATS_KEY_FILE": __file__}, {"NATS_KEY_FILE"}),
        ({"NATS_CREDENTIALS_DIR": "/nowhere"}, {"NATS_CREDENTIALS_DIR"}),
    ],
    ids=in_order,
)
def test_servers_that_cannot_be_reached_as_set_are_named(
    values: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], changes: dict[str, str | None], names: set[str]
) -> None:
    test_settings_that_contradict_each_other_are_named(values, capsys, changes, names)


def test_an_empty_secret_is_named_at_the_start(
    values: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "ca.crt").touch()
    values.setenv("ONEWINDOW_NATS_AUTHORITY_FILE", str(tmp_path / "ca.crt"))
    (line,) = mistakes(capsys).values()
    assert "is empty; look at the Secret" in line


def test_the_roles_reach_the_database_by_name_or_by_mounted_login(values: pytest.MonkeyPatch, tmp_path: Path) -> None:
    by_name = rpc_database(ServiceSettings.load())
    assert (by_name.database, by_name.login.read().user, by_name.connections) == ("intake", "intake_rpc", 12)
    for name in ("rpc", "worker"):
        (tmp_path / f"{name}.username").write_text(f"intake_{name}_2")
        (tmp_path / f"{name}.password").write_text("secret")
    values.delenv("ONEWINDOW_DATABASE_RPC_ROLE")
    values.delenv("ONEWINDOW_DATABASE_WORKER_ROLE")
    values.setenv("ONEWINDOW_DATABASE_CREDENTIALS_DIR", str(tmp_path))
    assert worker_database(ServiceSettings.load()).login.read().user == "intake_worker_2"


def test_the_clock_is_the_real_one_unless_an_office_clock_is_set(values: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert isinstance(clock_of(ServiceSettings.load()), RealClock)
    (tmp_path / "clock").write_text("2026-03-02T09:00:00+08:00")
    for name, value in {"CLOCK": "office", "CLOCK_FILE": str(tmp_path / "clock"), "ENVIRONMENT": "embedded"}.items():
        values.setenv(f"ONEWINDOW_{name}", value)
    assert isinstance(clock_of(ServiceSettings.load()), OfficeClock)


def test_names_of_the_environment_are_listed_for_tools(values: pytest.MonkeyPatch) -> None:
    assert {*NEEDED} <= {*named_in_environment()}
