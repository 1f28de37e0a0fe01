"""Searches docs/rules.md and prints each rule as a block: `make rule Q='行政许可法 42'`.

Q is any text of a row: an article, a reason, words of the sentence or of the screen, a module, a test. Exit 1 with a
sentence when no row has it.
"""

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.text import Text

from tools.rules_index import PAGE
from tools.tree import read

_ROOT = Path(__file__).resolve().parent.parent
_CELL = re.compile(r"(?<!\\)\|")
_LABELS = ("article", "rule", "sentence", "screen", "module", "test")
_INDENT = 12


def rows(page: str, query: str) -> list[dict[str, list[str]]]:
    """Rows of the page that contain `query`, as lines by label; capitals and small letters are the same."""
    found = [line for line in page.splitlines() if line.startswith("| ") and "`" in line]
    return [_cells(line) for line in found if query.casefold() in line.replace("\\|", "|").casefold()]


def blocks(found: list[dict[str, list[str]]], width: int) -> Iterator[str]:
    """Each row as aligned lines, its texts wrapped to `width` columns, of which a Chinese character takes two."""
    console = Console(width=width)
    for row in found:
        yield f"{row['rule'][0]}\n"
        for label in ("sentence", "screen", "article", "module", "test"):
            wrapped = [
                line.plain.rstrip()
                for text in row[label]
                for line in ([Text(text)] if label in {"module", "test"} else Text(text).wrap(console, width - _INDENT))
            ]
            for number, line in enumerate(wrapped):
                yield f"  {label if number == 0 else '':<{_INDENT - 2}}{line}\n"
        yield "\n"


def main(arguments: list[str]) -> int:
    """Print the blocks of the rows that contain the query."""
    query = " ".join(arguments).strip()
    found = rows(read(_ROOT / PAGE), query) if query else []
    if not found:
        sys.stdout.write(f"no rule in {PAGE} mentions: {query or '(Q is empty)'}\n")
        return 1
    try:
        sys.stdout.writelines(blocks(found, min(Console().width, 120)))
        sys.stdout.write(f"{len(found)} {'rule' if len(found) == 1 else 'rules'}\n")
        sys.stdout.flush()
    except BrokenPipeError:  # the reader, such as head, has enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _cells(line: str) -> dict[str, list[str]]:
    texts = [cell.strip().replace("\\|", "|") for cell in _CELL.split(line)[1:-1]]
    lines = [[part.replace("`", "") for part in text.split("<br>") if part] for text in texts]
    return dict(zip(_LABELS, lines, strict=True))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
