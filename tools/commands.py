"""Checks by external programs (ruff, mypy, import-linter, buf), with findings like those of our own checks."""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from tools import generate
from tools.contracts import image
from tools.contracts.rules import RELEASED
from tools.tree import Violation

_PLACE = re.compile(r"^(?P<path>[^\s:]+):(?P<line>\d+)(?::\d+)?:\s*(?P<sentence>.*)$")
_IMPORT = re.compile(r"^-\s+(?P<sentence>(?P<module>[\w.]+)(?: -> [\w.]+ \(l\.(?P<line>\d+)[^)]*\)|$))")
# A message may move to another file of its package. Facts are stored and sent in binary: their fields may be renamed.
_FACTS = [f"onewindow/{service}/v1/{service}_event.proto" for service in ("intake", "approval", "notify")]
# A fact of notify may be renamed as well: the names of its messages are not on the wire, those of the oneof are.
_RENAMED = ["onewindow/notify/v1/notify_event.proto"]
_BREAKING = {
    "use": ["PACKAGE"],
    "ignore_only": {
        "FIELD_SAME_NAME": _FACTS,
        "FIELD_SAME_JSON_NAME": _FACTS,
        "FIELD_SAME_TYPE": _RENAMED,
        "PACKAGE_MESSAGE_NO_DELETE": _RENAMED,
    },
}
# A oneof needs no comment of its own: its fields have one.
_LINT = {"use": ["STANDARD", "COMMENTS"], "except": ["COMMENT_ONEOF"]}
_BUF = json.dumps({"version": "v2", "lint": _LINT, "breaking": _BREAKING})


def check_format(root: Path) -> list[Violation]:
    """Files that `ruff format` would change."""
    found = _run(root, "ruff", "format", "--check", "--quiet", "--output-format=concise", ".")
    return [
        Violation(finding.path, finding.line, finding.sentence or "is not formatted: ruff format") for finding in found
    ]


def check_lint(root: Path) -> list[Violation]:
    """Findings of `ruff check`, among them reads of clock and environment (TID251) and notes without an issue (TD)."""
    return _run(root, "ruff", "check", "--quiet", "--output-format=concise", ".")


def check_types(root: Path) -> list[Violation]:
    """Findings of `mypy --strict`."""
    return _run(root, "mypy", "--no-error-summary", "--hide-error-context", "--no-pretty")


def check_imports(root: Path) -> list[Violation]:
    """Imports against the direction, by the contracts of pyproject.toml."""
    printed = _run(root, "lint-imports", "--no-logo")
    broken = [found for finding in printed if (found := _IMPORT.search(finding.sentence))]
    named = [Violation(_file(root, found["module"]), int(found["line"] or 1), found["sentence"]) for found in broken]
    return named or printed


def check_proto_lint(root: Path) -> list[Violation]:
    """Findings of `buf lint` by its standard rules, and parts of a contract without a comment."""
    return [] if not _protos(root) else _buf(root, "lint")


def check_proto_breaking(root: Path) -> list[Violation]:
    """Changes that break a client of the last release; none before a release."""
    released = root / RELEASED
    return _buf(root, "breaking", "--against", str(released)) if released.exists() and _protos(root) else []


def _buf(root: Path, *arguments: str) -> list[Violation]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / generate.IMAGE
        path.write_bytes(image.write(root))
        found = _run(root, "buf", arguments[0], str(path), *arguments[1:], "--path", "onewindow", "--config", _BUF)
    return [Violation(f"proto/{finding.path}", finding.line, finding.sentence) for finding in found]


def _run(root: Path, command: str, *arguments: str) -> list[Violation]:
    """Run a command of the virtual environment in `root`; every line it prints when it fails becomes a finding."""
    script = Path(sys.executable).parent / command
    # import-linter wraps its lines to the width of the terminal.
    wide = ["env", "COLUMNS=1000", str(script), *arguments]
    ran = subprocess.run(wide, cwd=root, capture_output=True, text=True, check=False)
    lines = [line for line in (ran.stdout + ran.stderr).splitlines() if line.strip()]
    if ran.returncode == 0:
        return []
    return [_finding(line, command) for line in lines] or [Violation(command, 1, f"ended with {ran.returncode}")]


def _finding(line: str, command: str) -> Violation:
    place = _PLACE.match(line)
    return (
        Violation(place["path"], int(place["line"]), place["sentence"])
        if place
        else Violation(command, 1, line.strip())
    )


def _file(root: Path, module: str) -> str:
    path = module.replace(".", "/")
    return f"{path}/__init__.py" if (root / path).is_dir() else f"{path}.py"


def _protos(root: Path) -> bool:
    return bool(image.write(root))
