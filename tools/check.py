"""Runs the checks of the repository and prints a line each: `python -m tools.check [--fast] [NAME …]`.

--fast leaves out what reads the whole program (types, imports): the half that pre-commit runs.
Exit 1 with findings, 2 when a name is unknown.
"""

import sys
import time
import tokenize
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tools import budgets, commands, plain_language, rules_index, source_text, words
from tools.contracts import access_page
from tools.contracts import rules as contract_rules
from tools.contracts.rules import RELEASED
from tools.delivery import chart_readme, wheels
from tools.generate import GenerationFailed
from tools.law import lunar_days
from tools.monitoring import dashboards
from tools.tree import Violation

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Check:
    """A rule by name; a slow one reads the whole program."""

    name: str
    find: Callable[[Path], list[Violation]]
    slow: bool = False


CHECKS = (
    Check("types", commands.check_types, slow=True),
    Check("imports", commands.check_imports, slow=True),
    Check("format", commands.check_format),
    Check("lint", commands.check_lint),
    Check("budgets", budgets.check),
    Check("words", words.check),
    Check("dialect", plain_language.check_dialect),
    Check("class-names", plain_language.check_class_names),
    Check("docstrings", plain_language.check_docstrings),
    Check("rules", rules_index.check),
    Check("lunar-days", lunar_days.check),
    Check("access-page", access_page.check),
    Check("proto-lint", commands.check_proto_lint),
    Check("proto-breaking", commands.check_proto_breaking),
    Check("proto-access", contract_rules.check_access),
    Check("proto-fields", contract_rules.check_fields),
    Check("silenced", source_text.check_silenced),
    Check("addresses", source_text.check_addresses),
    Check("chart-readme", chart_readme.check),
    Check("dashboards", dashboards.check),
    Check("wheels", wheels.check),
)


def main(arguments: list[str]) -> int:
    """Run the chosen checks and print a line each, then their findings."""
    fast, names = "--fast" in arguments, [argument for argument in arguments if argument != "--fast"]
    if unknown := set(names) - {check.name for check in CHECKS}:
        sys.stderr.write(f"unknown: {', '.join(sorted(unknown))}; known: {', '.join(check.name for check in CHECKS)}\n")
        return 2
    chosen = [check for check in CHECKS if (check.name in names if names else not (fast and check.slow))]
    with ThreadPoolExecutor(max_workers=2) as workers:
        return max([_print(check, *answer) for check, answer in zip(chosen, workers.map(_timed, chosen), strict=True)])


def _timed(check: Check) -> tuple[list[Violation], float]:
    started = time.monotonic()
    try:
        found = check.find(ROOT)
    except GenerationFailed as refusal:
        found = [Violation("proto", 1, line) for line in str(refusal).splitlines()]
    except (SyntaxError, tokenize.TokenError) as refusal:
        found = [Violation(getattr(refusal, "filename", None) or "python", 1, f"cannot be read: {refusal}")]
    return sorted(set(found)), time.monotonic() - started


def _print(check: Check, found: list[Violation], seconds: float) -> int:
    verdict = f"{len(found)} findings" if found else "ok"
    if check.name == "proto-breaking" and not (ROOT / RELEASED).exists():
        verdict = "nothing released yet: python -m tools.contracts.rules keeps the contracts of a release"
    sys.stdout.write(f"{check.name:<15} {seconds:6.2f} s  {verdict}\n")
    sys.stdout.writelines(f"  {finding}\n" for finding in found)
    sys.stdout.flush()
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
