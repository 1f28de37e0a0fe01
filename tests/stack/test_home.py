"""What lies in a home, whose it is, and what is worth nothing outside of it."""

import json
import stat
import tempfile
from pathlib import Path

import pytest

from chassis.settings.watched_file import WatchedFile
from chassis.vault.keys import Keyring
from chassis.vault.sealed import open_sealed, seal_to
from embedded import keys, origin
from embedded.home import Home, write_whole


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / ".onewindow")
    home.lay_out()
    home.postgres.mkdir()
    keys.provide(home)
    return home


def test_what_a_demo_left_is_removed(home: Home) -> None:
    origin.mark(home, origin.DEMO)
    assert origin.make_room(home) is None
    assert not home.postgres.exists() and not home.keys.exists() and not home.origin.exists()


def test_what_up_left_is_moved_with_the_keys_that_open_it(home: Home) -> None:
    origin.mark(home, origin.UP)
    pepper = keys.read(home, keys.PEPPER)
    kept = origin.make_room(home)
    assert kept is not None and kept.parent == home.root and kept.name.startswith("kept-")
    assert (kept / "postgres").is_dir() and (kept / "keys" / keys.PEPPER).read_text().strip() == pepper
    assert not home.postgres.exists()


def test_nothing_is_ever_moved_over_what_was_kept(home: Home) -> None:
    origin.mark(home, origin.UP)
    first = origin.make_room(home)
    home.lay_out()
    origin.mark(home, origin.UP)
    assert origin.make_room(home) != first


def test_what_nobody_signed_for_is_never_removed(home: Home) -> None:
    assert origin.make_room(home) is not None


def test_an_empty_home_has_nothing_to_move(tmp_path: Path) -> None:
    assert origin.make_room(Home(tmp_path)) is None


def test_keys_stay_when_they_are_provided_again(home: Home) -> None:
    kept = (keys.TOKEN_ISSUER, keys.JWKS, keys.VAULT, keys.PEPPER, keys.SEAL_PRIVATE, keys.READ_PASS_PRIVATE)
    before = {name: keys.read(home, name) for name in kept}
    keys.provide(home)
    assert {name: keys.read(home, name) for name in kept} == before


def test_keys_are_for_the_owner_alone_and_the_published_ones_hold_no_secret(home: Home) -> None:
    assert stat.S_IMODE(home.keys.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in home.keys.iterdir()} == {0o600}
    assert all("d" not in key for key in json.loads(keys.read(home, keys.JWKS))["keys"])


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    write_whole(file, "old")
    reader = file.open()
    write_whole(file, "new")
    assert (reader.read(), file.read_text(), list(tmp_path.iterdir())) == ("old", "new", [file])


def test_a_home_too_deep_for_a_socket_gets_a_short_folder_for_it(tmp_path: Path) -> None:
    deep = Home(tmp_path / ("deep" * 30))
    assert len(str(deep.socket)) < 80
    assert deep.socket != Home(tmp_path / ("deeper" * 30)).socket
    assert Home(Path("/srv/office/.onewindow")).socket == Path("/srv/office/.onewindow/socket")


def test_a_home_with_a_comma_in_its_name_gets_another_folder_for_its_socket() -> None:
    assert Home(Path("/srv/office/a,b")).socket.parent == Path(tempfile.gettempdir())


def test_the_vault_reads_its_keys_and_the_seal_fits_its_pair(home: Home) -> None:
    vault_keys = Keyring(WatchedFile(home.keys / keys.VAULT)).now()
    assert vault_keys.index not in vault_keys.keys.values()
    envelope = seal_to((home.keys / keys.SEAL_PUBLIC).read_bytes(), b"name and address", b"440105008")
    assert open_sealed([(home.keys / keys.SEAL_PRIVATE).read_bytes()], envelope, b"440105008") == b"name and address"
