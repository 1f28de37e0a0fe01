"""The folder of a stack: whose data it holds, and keys that are worth nothing outside of it."""

import json
import stat
import tempfile
from pathlib import Path

import pytest

from chassis.settings.watched_file import WatchedFile
from chassis.vault.keys import Keyring
from chassis.vault.sealed import open_sealed, seal_to
from embedded import keys
from embedded.data_dir import DEMO, UP, DataDir, write_whole


@pytest.fixture
def data_dir(tmp_path: Path) -> DataDir:
    data_dir = DataDir(tmp_path / ".onewindow")
    data_dir.create()
    data_dir.postgres.mkdir()
    keys.provide(data_dir)
    return data_dir


def test_what_a_demo_left_is_removed(data_dir: DataDir) -> None:
    data_dir.mark(DEMO)
    assert data_dir.clear() is None
    assert not data_dir.postgres.exists() and not data_dir.keys.exists() and not data_dir.origin.exists()


def test_what_up_left_is_moved_with_the_keys_that_open_it(data_dir: DataDir) -> None:
    data_dir.mark(UP)
    pepper = keys.read(data_dir, keys.PEPPER)
    moved = data_dir.clear()
    assert moved is not None and moved.parent == data_dir.root and moved.name.startswith("kept-")
    assert (moved / "postgres").is_dir() and (moved / "keys" / keys.PEPPER).read_text().strip() == pepper
    assert not data_dir.postgres.exists()


def test_nothing_is_ever_moved_over_what_was_kept(data_dir: DataDir) -> None:
    data_dir.mark(UP)
    first = data_dir.clear()
    data_dir.create()
    data_dir.mark(UP)
    assert data_dir.clear() != first


def test_files_of_unknown_origin_are_never_removed(data_dir: DataDir) -> None:
    assert data_dir.clear() is not None


def test_an_empty_home_has_nothing_to_move(tmp_path: Path) -> None:
    assert DataDir(tmp_path).clear() is None


def test_keys_stay_when_they_are_provided_again(data_dir: DataDir) -> None:
    stable = (keys.TOKEN_ISSUER, keys.JWKS, keys.VAULT, keys.PEPPER, keys.SEAL_PRIVATE, keys.READ_PASS_PRIVATE)
    before = {name: keys.read(data_dir, name) for name in stable}
    keys.provide(data_dir)
    assert {name: keys.read(data_dir, name) for name in stable} == before


def test_keys_are_for_the_owner_alone_and_the_published_ones_hold_no_secret(data_dir: DataDir) -> None:
    assert stat.S_IMODE(data_dir.keys.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in data_dir.keys.iterdir()} == {0o600}
    assert all("d" not in key for key in json.loads(keys.read(data_dir, keys.JWKS))["keys"])


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    write_whole(file, "old")
    reader = file.open()
    write_whole(file, "new")
    assert (reader.read(), file.read_text(), list(tmp_path.iterdir())) == ("old", "new", [file])


def test_a_home_too_deep_for_a_socket_gets_a_short_folder_for_it(tmp_path: Path) -> None:
    deep = DataDir(tmp_path / ("deep" * 30))
    assert len(str(deep.socket)) < 80
    assert deep.socket != DataDir(tmp_path / ("deeper" * 30)).socket
    assert DataDir(Path("/srv/office/.onewindow")).socket == Path("/srv/office/.onewindow/socket")


def test_a_home_with_a_comma_in_its_name_gets_another_folder_for_its_socket() -> None:
    assert DataDir(Path("/srv/office/a,b")).socket.parent == Path(tempfile.gettempdir())


def test_the_vault_reads_its_keys_and_the_seal_fits_its_pair(data_dir: DataDir) -> None:
    vault_keys = Keyring(WatchedFile(data_dir.keys / keys.VAULT)).now()
    assert vault_keys.index not in vault_keys.keys.values()
    envelope = seal_to((data_dir.keys / keys.SEAL_PUBLIC).read_bytes(), b"name and address", b"440105008")
    assert (
        open_sealed([(data_dir.keys / keys.SEAL_PRIVATE).read_bytes()], envelope, b"440105008") == b"name and address"
    )
