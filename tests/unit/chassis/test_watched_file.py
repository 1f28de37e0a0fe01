"""A mounted secret is read again when it is replaced, and never lost while it is."""

from pathlib import Path

import pytest

from chassis.settings.watched_file import FileAway, WatchedFile


def test_a_replaced_file_is_read_again(tmp_path: Path) -> None:
    mounted = tmp_path / "password"
    mounted.write_text("first\n")
    watched = WatchedFile(mounted)
    assert watched.text() == "first"
    assert not watched.changed()
    (tmp_path / "new").write_text("second\n")
    (tmp_path / "new").replace(mounted)
    assert watched.changed()
    assert watched.text() == "second"


def test_a_mounted_link_that_is_turned_is_followed(tmp_path: Path) -> None:
    for version in ("first", "second"):
        (tmp_path / version).mkdir()
        (tmp_path / version / "password").write_text(version)
    link = tmp_path / "current"
    link.symlink_to(tmp_path / "first")
    watched = WatchedFile(link / "password")
    assert watched.text() == "first"
    link.unlink()
    link.symlink_to(tmp_path / "second")
    assert watched.text() == "second"


def test_while_the_file_is_away_the_last_content_stays(tmp_path: Path) -> None:
    mounted = tmp_path / "password"
    mounted.write_text("first")
    watched = WatchedFile(mounted)
    watched.read()
    mounted.unlink()
    assert watched.text() == "first"
    assert not watched.changed()


def test_a_file_that_never_was_is_away(tmp_path: Path) -> None:
    with pytest.raises(FileAway, match="absent"):
        WatchedFile(tmp_path / "absent").read()


def test_a_file_that_is_looked_at_now_and_then_is_followed_then(tmp_path: Path) -> None:
    mounted = tmp_path / "password"
    mounted.write_text("first")
    watched = WatchedFile(mounted, look_seconds=3600)
    assert [watched.text(), watched.text()] == ["first", "first"]
    (tmp_path / "new").write_text("second")
    (tmp_path / "new").replace(mounted)
    assert (watched.text(), watched.changed()) == ("first", False)
    watched._look_again = 0.0  # the hour has passed
    assert watched.changed()
    assert watched.text() == "second"
