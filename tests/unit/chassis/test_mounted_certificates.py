"""Certificates in mounted files: adopted together, and only when they belong together; channels made anew with them."""

from pathlib import Path
from typing import Any, cast

import pytest

from chassis.rpc import channel
from chassis.rpc.channel import RotatingChannel
from chassis.rpc.identity.rotating_certificates import IdentityFiles, Pems
from chassis.settings.watched_file import FileAway, UnusableFile
from tests.support.certificates import Authority, mount


@pytest.fixture
def authority() -> Authority:
    return Authority()


def mounted(folder: Path, authority: Authority) -> IdentityFiles:
    key, certificate = authority.give()
    mount(folder, **{"tls.crt": certificate, "tls.key": key, "ca.crt": authority.pem})
    return IdentityFiles(folder / "tls.crt", folder / "tls.key", folder / "ca.crt")


def test_files_that_belong_together_are_adopted_and_replaced(tmp_path: Path, authority: Authority) -> None:
    files = mounted(tmp_path, authority)
    first = files.pems
    assert files.replaced() is None
    key, certificate = authority.give()
    mount(tmp_path, **{"tls.crt": certificate})
    assert files.replaced() is None, "the key is still the old one"
    assert files.pems == first
    mount(tmp_path, **{"tls.key": key})
    assert files.replaced() == Pems(certificate, key, authority.pem)
    assert files.pems != first


def test_a_file_that_was_touched_and_says_the_same_is_no_replacement(tmp_path: Path, authority: Authority) -> None:
    files = mounted(tmp_path, authority)
    mount(tmp_path, **{"ca.crt": authority.pem})
    assert files.replaced() is None


@pytest.mark.parametrize("name", ["tls.crt", "tls.key", "ca.crt"])
def test_a_file_without_pem_is_unusable_and_named(tmp_path: Path, authority: Authority, name: str) -> None:
    mounted(tmp_path, authority)
    mount(tmp_path, **{name: b"no pem"})
    with pytest.raises(UnusableFile, match=name):
        IdentityFiles(tmp_path / "tls.crt", tmp_path / "tls.key", tmp_path / "ca.crt")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileAway, match=r"tls\.crt"):
        IdentityFiles(tmp_path / "tls.crt", None, None)


def test_authorities_alone_are_enough_for_a_client_without_a_certificate(tmp_path: Path, authority: Authority) -> None:
    mount(tmp_path, **{"ca.crt": authority.pem})
    assert IdentityFiles(None, None, tmp_path / "ca.crt").pems == Pems(None, None, authority.pem)


class FakeChannel:
    """A channel that remembers how it was closed."""

    def __init__(self, target: str, secure: bool) -> None:
        self.target, self.secure = target, secure
        self.closed: list[float | None] = []

    async def close(self, grace: float | None) -> None:
        self.closed.append(grace)


@pytest.fixture
def fakes(monkeypatch: pytest.MonkeyPatch) -> None:
    grpc = cast("Any", channel).grpc
    monkeypatch.setattr(grpc.aio, "insecure_channel", lambda target, **_: FakeChannel(target, secure=False))
    monkeypatch.setattr(grpc.aio, "secure_channel", lambda target, _, **__: FakeChannel(target, secure=True))


async def test_a_channel_is_made_anew_with_replaced_certificates(
    tmp_path: Path, authority: Authority, fakes: None
) -> None:
    rotating = RotatingChannel("district:50051", mounted(tmp_path, authority), [])
    first: Any = rotating.channel()
    again: Any = rotating.channel()
    assert again is first
    assert first.secure
    key, certificate = authority.give()
    mount(tmp_path, **{"tls.crt": certificate, "tls.key": key})
    second: Any = rotating.channel()
    assert second is not first
    await rotating.close()
    assert second.closed == [None]
    assert first.closed in ([60.0], []), "calls on the old channel get their time, or the process ends"


async def test_without_files_a_channel_is_plaintext(fakes: None) -> None:
    rotating = RotatingChannel("district:50051", None, [])
    only: Any = rotating.channel()
    assert not only.secure
    await rotating.close()
    assert only.closed == [None]
