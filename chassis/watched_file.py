"""A mounted file (a key, a password, a certificate) that is read again when it is replaced."""

from pathlib import Path


class FileAway(Exception):
    """The mounted file cannot be read and was never read before."""


class WatchedFile:
    """The content of one mounted file; while a replacement is half done the last whole content stays."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._mark: tuple[int, int, int] | None = None
        self._content = b""

    def read(self) -> bytes:
        """The content as it is mounted now; raises FileAway when it was never readable."""
        try:
            mark = self._look()
            if mark != self._mark:
                self._content, self._mark = self.path.read_bytes(), mark
        except OSError as error:
            if self._mark is None:
                raise FileAway(f"cannot read {self.path}: {error.strerror}") from error
        return self._content

    def text(self) -> str:
        """The content as text without the line end an editor leaves."""
        return self.read().decode("utf-8").strip()

    def changed(self) -> bool:
        """Whether the file is another one than at the last `read`."""
        try:
            return self._look() != self._mark
        except OSError:
            return False

    def _look(self) -> tuple[int, int, int]:
        stat = self.path.stat()
        return stat.st_mtime_ns, stat.st_ino, stat.st_size
