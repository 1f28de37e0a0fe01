"""The address of PostgreSQL as dbmate spells it, the verifier of a password, the lines of a command that waits."""

from pathlib import Path

import pytest

from chassis.settings.login import Login
from operations.databases import verifier
from operations.errors import CommandError, report_waiting
from operations.server import Server
from operations.settings import login_in


@pytest.mark.parametrize(
    ("server", "login", "private", "url"),
    [
        (
            Server("/run/pg", 5432),
            Login("intake_owner"),
            False,
            "postgres://intake_owner@/intake?socket=%2Frun%2Fpg&port=5432&sslmode=disable",
        ),
        (
            Server("db", 5432, "verify-full", Path("/ca.crt")),
            Login("a b", "p@ss:w/rd"),
            True,
            "postgres://a%20b:p%40ss%3Aw%2Frd@db:5432/intake?sslmode=verify-full&sslrootcert=%2Fca.crt",
        ),
        (Server("::1", 1, "prefer"), Login("o"), True, "postgres://o@[::1]:1/intake?sslmode=require"),
        (Server("::1", 1, "prefer"), Login("o"), False, "postgres://o@[::1]:1/intake?sslmode=disable"),
    ],
    ids=["socket", "verified", "private", "in the clear"],
)
def test_dbmate_gets_the_same_way(server: Server, login: Login, private: bool, url: str) -> None:
    assert server.dbmate_url(login, "intake", private=private) == url


def test_settings_of_the_session_are_part_of_the_address() -> None:
    url = Server("db", 5432).dbmate_url(Login("o"), "intake", private=False, role="intake_owner", lock_timeout="5s")
    assert url.endswith("?role=intake_owner&lock_timeout=5s&sslmode=disable")


def test_a_verifier_depends_on_its_salt_and_says_nothing_of_the_password() -> None:
    first, second = verifier("a password"), verifier("a password")
    assert first != second and "a password" not in first
    assert verifier("a password", b"0" * 16) == verifier("a password", b"0" * 16)


@pytest.mark.parametrize("password", ["密码", "with\ttab"])
def test_a_password_that_would_need_normalisation_is_refused(password: str) -> None:
    with pytest.raises(CommandError, match="口令"):
        verifier(password)


def test_waiting_is_reported_after_a_while_and_once_for_each_reason(capsys: pytest.CaptureFixture[str]) -> None:
    reported = report_waiting("NATS 还没有应答", 0.5, "")
    reported = report_waiting("NATS 还没有应答", 4.0, reported)
    reported = report_waiting("NATS 还没有应答", 5.0, reported)
    reported = report_waiting("NATS 拒绝连接", 6.0, reported)
    assert reported == "NATS 拒绝连接"
    assert capsys.readouterr().err.splitlines() == ["NATS 还没有应答", "NATS 拒绝连接"]


def test_a_login_comes_from_its_folder_and_a_missing_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "owner.username").write_text("intake_owner\n")
    (tmp_path / "owner.password").write_text("secret\n")
    assert login_in(tmp_path, "owner") == Login("intake_owner", "secret")
    with pytest.raises(CommandError, match="账号文件缺失或为空"):
        login_in(tmp_path, "rpc")
