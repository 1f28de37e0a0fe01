"""Copies of shipped catalogue files with one thing changed, and what the check says of them."""

from pathlib import Path
from typing import NamedTuple

from catalogue.check import Finding, check

CATALOGUE = Path(__file__).parents[3] / "catalogue"
ITEMS = CATALOGUE / "items"
SMALL_AID = "civil_affairs_small_temporary_aid.yaml"  # promised, with tolerance
LOW_RENT = "civil_affairs_low_rent_first_review.yaml"  # forwarded
JOB_SEEKING = "labour_job_seeking.yaml"  # instant
PUBLIC_RENTAL = "floating_population_migrant_public_rental.yaml"  # forwarded, with a season


class Broken(NamedTuple):
    """One change to a shipped file that breaks one rule, and the field at which it must be told."""

    file: str
    text: str
    instead: str
    field: str
    rule: str


def edited(folder: Path, name: str, *changes: tuple[str, str]) -> Path:
    """A copy of the item in which each text, found exactly once, is replaced."""
    text = (ITEMS / name).read_text(encoding="utf-8")
    for old, new in changes:
        assert old != new
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        text = text.replace(old, new)
    copy = folder / name
    copy.write_text(text, encoding="utf-8")
    return copy


def line_of(file: Path, text: str) -> int:
    """The line on which a text stands first."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if text in line)


def found(file: Path) -> list[tuple[str, str, int]]:
    """Field, rule and line of every finding."""
    return [(finding.field, finding.rule, finding.line) for finding in check(file).findings]


def only(file: Path) -> Finding:
    """The one finding of a file."""
    findings = check(file).findings
    assert len(findings) == 1, "\n".join(map(str, findings))
    return findings[0]
