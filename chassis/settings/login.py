"""Logins in mounted folders, which may be replaced while the service runs."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from chassis.settings.watched_file import FileAway, WatchedFile


@dataclass(frozen=True, slots=True)
class Login:
    """A login role of PostgreSQL and its password; a socket may need none."""

    user: str
    password: str | None = field(default=None, repr=False)


class LoginSource(Protocol):
    """Source of the login of a pool."""

    def read(self) -> Login:
        """Login of the next connection. Raises FileAway."""


@dataclass(frozen=True, slots=True)
class FixedLogin:
    """A login that never changes: for sockets on which the operating system identifies the caller."""

    login: Login

    def read(self) -> Login:
        """The fixed login."""
        return self.login


class LoginFolder:
    """`<name>.username` and `<name>.password` in a mounted folder; a password is rotated by alternating two roles."""

    def __init__(self, folder: Path, name: str) -> None:
        self._user = WatchedFile(folder / f"{name}.username")
        self._password = WatchedFile(folder / f"{name}.password")

    def read(self) -> Login:
        """Login as mounted now. Raises FileAway when a file is missing or empty."""
        return Login(filled(self._user), filled(self._password))


def filled(file: WatchedFile) -> str:
    """Text of a file that must not be empty. Raises FileAway."""
    if text := file.text():
        return text
    raise FileAway(f"{file.path} is empty")
