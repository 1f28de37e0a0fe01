"""Mounted files (keys, passwords, certificates) that are read again when they are replaced."""

import time
from pathlib import Path

LOOK_SECONDS = 1.0
"""Seconds between looks at a secret that every call uses; a cluster takes a minute to mount a new one."""


class FileAway(Exception):
    """The mounted file cannot be read and was never read before."""


class UnusableFile(ValueError):
    """The content of a mounted file is wrong; `str` names the file and the mistake."""


class WatchedFile:
    """Content of one mounted file; while a replacement is incomplete, the last whole content stays.

    The file is looked at once in `look_seconds`; at every use where that is 0.
    """

    def __init__(self, path: Path, look_seconds: float = 0.0) -> None:
        self.path = path
        self._look_seconds = look_seconds
        self._look_again = 0.0
        self._mark: tuple[int, int, int] | None = None
        self._content = b""

    def read(self) -> bytes:
        """Content as mounted now; raises FileAway when it was never readable."""
        if self._rests():
            return self._content
        try:
            mark = self._look()
            if mark != self._mark:
                self._content, self._mark = self.path.read_bytes(), mark
        except OSError as error:
            if self._mark is None:
                raise FileAway(f"cannot read {self.path}: {error.strerror}") from error
        return self._content

    def text(self) -> str:
        """Content as text, without the line end that an editor adds."""
        return self.read().decode("utf-8").strip()

    def changed(self) -> bool:
        """True when the file was replaced since the last `read`."""
        if self._rests():
            return False
        try:
            return self._look() != self._mark
        except OSError:
            return False

    def _rests(self) -> bool:
        """True when the file was looked at within `look_seconds` and found unchanged."""
        return self._mark is not None and time.monotonic() < self._look_again

    def _look(self) -> tuple[int, int, int]:
        stat = self.path.stat()
        mark = stat.st_mtime_ns, stat.st_ino, stat.st_size
        if mark == self._mark:
            self._look_again = time.monotonic() + self._look_seconds
        return mark
