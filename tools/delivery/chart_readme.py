"""The table of the chart's values, from the sentences in values.yaml: `python -m tools.delivery.chart_readme`."""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.tree import Violation, read

CHART = "deploy/helm/onewindow"
_BEGIN = "<!-- values: written by python -m tools.delivery.chart_readme -->"
_NO_LIST = 1 << 10
_KEY = re.compile(r"^(?P<indent> *)(?P<key>[A-Za-z][A-Za-z0-9]*):(?: (?P<value>.*))?$")


@dataclass(frozen=True, slots=True)
class ChartValue:
    """A key of the values by its path, its default as it stands, and the sentence above it."""

    path: str
    default: str
    sentence: str


def check(root: Path) -> list[Violation]:
    """A table that is not what values.yaml says, and keys without a sentence."""
    path = root / CHART / "README.md"
    if not path.exists():
        return []
    found = list(entries(read(root / CHART / "values.yaml")))
    silent = [Violation(f"{CHART}/values.yaml", 1, f"{e.path} has no sentence") for e in found if not e.sentence]
    stale = written(read(path), found) != read(path)
    return [
        *silent,
        *([Violation(f"{CHART}/README.md", 1, "is stale: run python -m tools.delivery.chart_readme")] if stale else []),
    ]


def entries(text: str) -> Iterator[ChartValue]:
    """The keys in the order of the file. What stands in a list below a key belongs to the key."""
    path: list[str] = []
    comment: list[str] = []
    listed = _NO_LIST
    for line in text.splitlines():
        bare, indent = line.strip(), len(line) - len(line.lstrip())
        if bare.startswith("- "):
            listed = indent
        elif bare.startswith("#"):
            comment.append(bare.lstrip("# "))
        elif indent <= listed and (found := _KEY.match(line)):
            listed = _NO_LIST
            path[len(found["indent"]) // 2 :] = [found["key"]]
            yield ChartValue(".".join(path), (found["value"] or "").strip(), " ".join(comment))
            comment = []
        else:
            comment = []


def written(page: str, found: list[ChartValue]) -> str:
    """The page with the table as it should stand below its mark."""
    head = page.partition(_BEGIN)[0]
    rows = (
        f"| `{e.path}` | {f'`{e.default}`' if e.default else ''} | {e.sentence.replace('|', '/')} |\n" for e in found
    )
    return f"{head}{_BEGIN}\n\n| Value | Default | What it means |\n|---|---|---|\n{''.join(rows)}"


def main() -> int:
    """Write the table into the chart's README."""
    root = Path(__file__).resolve().parent.parent.parent
    path = root / CHART / "README.md"
    found = list(entries(read(root / CHART / "values.yaml")))
    path.write_text(written(read(path), found), encoding="utf-8")
    sys.stdout.write(f"{path.relative_to(root)}: {len(found)} values\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
