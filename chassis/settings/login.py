"""As whom a service comes to its servers: names and passwords in mounted folders, which are replaced while it runs."""

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
    """Where a pool learns as whom it connects."""

    def read(self) -> Login:
        """As whom the next connection is made. Raises FileAway."""


@dataclass(frozen=True, slots=True)
class FixedLogin:
    """One role for ever: where the operating system vouches for the caller."""

    login: Login

    def read(self) -> Login:
        """Always the same."""
        return self.login


class LoginFolder:
    """`<name>.username` and `<name>.password` in a mounted folder; a password is rotated by alternating two roles."""

    def __init__(self, folder: Path, name: str) -> None:
        self._user = WatchedFile(folder / f"{name}.username")
        self._password = WatchedFile(folder / f"{name}.password")

    def read(self) -> Login:
        """The login as it is mounted now. Raises FileAway when a file is missing or empty."""
        return Login(filled(self._user), filled(self._password))


def filled(file: WatchedFile) -> str:
    """The text of a file that must have some. Raises FileAway."""
    if text := file.text():
        return text
    raise FileAway(f"{file.path} is empty")
