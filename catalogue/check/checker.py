"""Check of a path: each file against its schema, then against the rules of its kind."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from catalogue.check.calendars import CalendarDocument, calendar_breaches, calendar_of
from catalogue.check.document import Document, Unreadable, read
from catalogue.check.findings import Finding
from catalogue.check.item_rules import breaches_across, item_breaches, item_remarks
from catalogue.check.items import ItemDocument, item_of
from catalogue.check.schema import kinds, schema_breaches
from catalogue.check.templates import TemplateSet, template_breaches, templates_of
from catalogue.check.windows import (
    HallDocument,
    StreetsDocument,
    hall_breaches,
    hall_of,
    street_breaches,
    streets_of,
    unlisted_streets,
)
from law.items import Breach, ItemFinding


@dataclass(frozen=True, slots=True)
class CatalogueCheck:
    """Content of a path with every finding; sound when none of them refuses."""

    findings: tuple[Finding, ...]
    items: tuple[ItemDocument, ...]
    """Items whose shape is sound; their rules may still have findings."""
    halls: tuple[HallDocument, ...]
    template_sets: tuple[TemplateSet, ...]
    calendars: tuple[CalendarDocument, ...] = ()
    """Notices without a finding."""
    streets: tuple[StreetsDocument, ...] = ()
    misshapen: int = 0
    """Files of which no further rule was asked, because they are not written as their schema says."""

    @property
    def refusals(self) -> tuple[Finding, ...]:
        """Findings that keep the catalogue from being published."""
        return tuple(finding for finding in self.findings if finding.refused)

    @property
    def remarks(self) -> tuple[Finding, ...]:
        """Findings with which it is published all the same."""
        return tuple(finding for finding in self.findings if not finding.refused)


class CatalogueUnsound(Exception):
    """A catalogue that a finding refuses cannot be loaded; the text holds one line for each such finding."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("\n".join(map(str, findings)))
        self.findings = findings


def check(path: Path, kind: str | None = None) -> CatalogueCheck:
    """Findings of a catalogue file, or of all YAML files below a folder together.

    `kind` is the kind of a file that does not name it.
    """
    found = _Findings(kind)
    for file in _files(path):
        found.read(file)
    if not found.files:
        found.findings.append(Finding(str(path), 1, "", "empty", "目录里没有 YAML 文件。"))
    found.compare()
    return CatalogueCheck(
        tuple(sorted(found.findings)),
        tuple(found.items),
        tuple(found.halls),
        tuple(found.template_sets),
        tuple(found.calendars),
        tuple(found.streets),
        found.misshapen,
    )


def load(path: Path) -> list[ItemDocument]:
    """The items of a file or folder in the order of their files; raises CatalogueUnsound with every finding."""
    return list(_sound(path).items)


def load_halls(path: Path) -> list[HallDocument]:
    """The halls of a file or folder; raises CatalogueUnsound with every finding."""
    return list(_sound(path).halls)


def load_templates(path: Path) -> list[TemplateSet]:
    """The message texts of a file or folder; raises CatalogueUnsound with every finding."""
    return list(_sound(path).template_sets)


def _sound(path: Path) -> CatalogueCheck:
    checked = check(path)
    if checked.refusals:
        raise CatalogueUnsound(checked.refusals)
    return checked


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    return sorted(file for file in path.rglob("*") if file.suffix in {".yaml", ".yml"} and file.is_file())


class _Findings:
    """Collects, file by file, what is sound enough to be compared and all that is not."""

    def __init__(self, kind: str | None = None) -> None:
        self.files = self.misshapen = 0
        self._kind = kind
        self.findings: list[Finding] = []
        self.documents: dict[Path, Document] = {}
        self.items: list[ItemDocument] = []
        self.halls: list[HallDocument] = []
        self.template_sets: list[TemplateSet] = []
        self.calendars: list[CalendarDocument] = []
        self.streets: list[StreetsDocument] = []

    def read(self, file: Path) -> None:
        self.files += 1
        try:
            document = read(file)
        except Unreadable as unreadable:
            self.findings.append(unreadable.finding)
            self.misshapen += 1
            return
        self.documents[file] = document
        self._note(document, document.repeated)
        self._note(document, self._breaches(document))

    def compare(self) -> None:
        for item, breach in breaches_across(self.items):
            self._note(self.documents[item.path], [breach])
        for hall, breach in unlisted_streets(self.halls, self.streets):
            self._note(self.documents[hall.path], [breach])

    def _note(self, document: Document, breaches: Iterable[Breach | ItemFinding]) -> None:
        self.findings.extend(document.finding(breach) for breach in breaches)

    def _breaches(self, document: Document) -> Iterator[Breach | ItemFinding]:
        content: Any = document.content
        kind = content.get("document", self._kind) if isinstance(content, dict) else None
        if kind not in kinds():
            self.misshapen += 1
            given = f"现为 {kind}" if kind is not None else "现在没有写"
            sentence = f"文件种类（document）只能是：{'、'.join(kinds())}；{given}。"
            yield Breach(("document",), "unknown_document", sentence)
            return
        if shape := schema_breaches(kind, content):
            self.misshapen += 1
            yield from shape
            return
        yield from self._ruled(kind, document.path, content)

    def _ruled(self, kind: str, path: Path, content: dict[str, Any]) -> Iterator[Breach | ItemFinding]:
        match kind:
            case "item":
                self.items.append(item := item_of(path, content))
                yield from item_breaches(item)
                yield from item_remarks(item)
            case "windows":
                self.halls.append(hall := hall_of(path, content))
                yield from hall_breaches(hall)
            case "streets":
                self.streets.append(streets_of(path, content))
                yield from street_breaches(content)
            case "templates":
                self.template_sets.append(texts := templates_of(path, content))
                yield from template_breaches(texts)
            case "calendar":
                yield from (breaches := calendar_breaches(content))
                if not breaches:
                    self.calendars.append(calendar_of(path, content))
