"""A note to come back to something names the issue where it is wanted, or it is forgotten."""

import re
from pathlib import Path

from tools.tree import Finding, below, read, text_files

# Written in pieces, so that this page does not find itself.
_NOTE = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X"]) + r")\b(?!\(#\d+\))")


def check(root: Path) -> list[Finding]:
    """Notes without an issue number in parentheses behind the word."""
    return [
        Finding(below(root, path), number, f"{found.group()} without an issue: write {found.group()}(#12)")
        for path in text_files(root)
        for number, line in enumerate(read(path).splitlines(), start=1)
        for found in _NOTE.finditer(line)
    ]
