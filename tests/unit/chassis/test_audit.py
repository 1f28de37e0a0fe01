"""Audit of facts: gaps, broken chains, differing columns, and the content that facts require, in pages of any size."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, cast
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onewindow.intake.v1.intake_event_pb2 import IntakeEvent

from chassis.audit import AuditCount, AuditFinding, AuditRule, ExpectedContent, StatedFact, fact_reader, vault_texts_in
from chassis.audit.fact_chains import FactChains, Requirement
from chassis.event_store import FileKey, chain
from tests.support.examples import examples

DAY = date(2016, 3, 1)
FILES = [FileKey("440105", "440105008", UUID(int=number)) for number in (1, 2, 3)]


def body(key: FileKey, revision: int, text: str = "") -> bytes:
    return f"{key.file_id}/{revision}/{text}".encode()


def row(key: FileKey, revision: int, digest: bytes, text: str = "") -> dict[str, Any]:
    return {
        "district": key.district, "street": key.street, "file_id": key.file_id, "revision": revision,
        "event_id": UUID(int=revision), "kind": "entered", "occurred_on": DAY, "body": body(key, revision, text),
        "digest": digest,
    }  # fmt: skip # the columns of a fact


def file(key: FileKey, length: int, text: str = "") -> list[dict[str, Any]]:
    """The facts of a whole file."""
    digests = chain(b"", [body(key, revision, text) for revision in range(1, length + 1)])
    return [row(key, revision, digest, text) for revision, digest in enumerate(digests, start=1)]


def read(written: bytes) -> StatedFact:
    """Reads a body as `body` writes it; a text is expected in the vault."""
    file_id, revision, text = written.decode().split("/")
    expected = [ExpectedContent(text=text)] if text else []
    place = (FILES[0].district, FILES[0].street)
    return StatedFact(file_id, str(UUID(int=int(revision))), int(revision), place, DAY.isoformat(), "entered", expected)


@dataclass
class Found:
    """Findings, counts and requirements of an audit."""

    findings: list[AuditFinding]
    counts: Counter[AuditCount]
    required: list[Requirement]

    @property
    def breaches(self) -> list[tuple[AuditRule, FileKey | None, int]]:
        return [(each.rule, each.key, each.revision) for each in self.findings]


def audit(rows: Sequence[dict[str, Any]], page: int = 100, reads: Any = read) -> Found:
    found = Found([], Counter(), [])
    chains = FactChains(reads, found.counts, found.findings.append)
    for start in range(0, len(rows), page):
        found.required += chains.add(cast("Any", rows[start : start + page]))
    found.required += chains.end()
    return found


def test_sound_files_have_no_findings() -> None:
    found = audit([fact for key in FILES for fact in file(key, 3)])
    assert found.findings == []
    assert (found.counts[AuditCount.FILES], found.counts[AuditCount.FACTS]) == (3, 9)


def test_a_missing_revision_is_found_once() -> None:
    facts = file(FILES[0], 4)
    del facts[1]
    assert audit(facts).breaches == [(AuditRule.REVISION_MISSING, FILES[0], 2)]


@pytest.mark.parametrize("changed", ["body", "digest"])
def test_a_change_breaks_the_chain_once(changed: str) -> None:
    facts = file(FILES[0], 4)
    facts[1][changed] = body(FILES[0], 2, "") + b"x" if changed == "body" else bytes(32)
    breaches = [each for each in audit(facts).breaches if each[0] is AuditRule.CHAIN_BROKEN]
    assert breaches == [(AuditRule.CHAIN_BROKEN, FILES[0], 2)], "what follows is held against what is stored"


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("event_id", UUID(int=9)),
        ("occurred_on", date(2016, 3, 2)),
        ("kind", "adjusted"),
    ],
)
def test_a_column_that_differs_from_the_body_is_found(column: str, value: object) -> None:
    facts = file(FILES[0], 2)
    facts[1][column] = value
    assert audit(facts).breaches == [(AuditRule.FACT_DIFFERS, FILES[0], 2)]


def test_an_unreadable_fact_is_found_and_the_rest_is_read() -> None:
    facts = file(FILES[0], 1) + file(FILES[1], 1)
    facts[0]["body"] = b"no slashes"
    facts[0]["digest"] = chain(b"", [b"no slashes"])[0]
    assert audit(facts).breaches == [(AuditRule.FACT_UNREADABLE, FILES[0], 1)]


def test_every_text_that_a_fact_names_is_required_once_as_the_fact_has_it() -> None:
    found = audit(file(FILES[0], 3, "reasons") + file(FILES[1], 1))
    assert [(each.key, each.revision, each.read_to, each.expected.text) for each in found.required] == [
        (FILES[0], 1, 3, "reasons")
    ]

    def digests(written: bytes) -> StatedFact:
        stated = read(written)
        return replace(stated, expected=[ExpectedContent("reasons", f"digest {stated.revision % 2}")])

    written_again = audit(file(FILES[0], 3, "reasons"), reads=digests)
    assert [(each.revision, each.expected.keyed_digest) for each in written_again.required] == [
        (1, "digest 1"),
        (2, "digest 0"),
    ]


def test_facts_of_a_service_without_a_reader_are_chained_alone() -> None:
    assert audit(file(FILES[0], 3, "reasons"), reads=None).required == []


@settings(max_examples=examples(60))
@given(st.lists(st.integers(0, 5), min_size=1, max_size=3), st.integers(1, 5), st.data())
def test_findings_do_not_depend_on_the_size_of_a_page(lengths: list[int], page: int, drawing: st.DataObject) -> None:
    facts = [fact for key, length in zip(FILES, lengths, strict=False) for fact in file(key, length, "text")]
    for fact in facts:
        if drawing.draw(st.integers(0, 4)) == 0:
            fact["digest"] = bytes(32)
    whole, paged = audit(facts), audit(facts, page)
    assert (whole.breaches, whole.required, whole.counts) == (paged.breaches, paged.required, paged.counts)


def test_events_of_a_contract_state_their_columns_and_texts() -> None:
    event = IntakeEvent(event_id="e", file_id="f", revision=2, occurred_on="2016-03-01")
    event.place.district, event.place.street = "440105", "440105008"
    event.application_declined.reason.name = "reason"
    event.application_declined.reason.digest = "abc"
    reads = fact_reader(IntakeEvent, "file_id", lambda _kind, fact: list(vault_texts_in(fact)))
    stated = reads(event.SerializeToString())
    assert (stated.file_id, stated.revision, stated.place) == ("f", 2, ("440105", "440105008"))
    assert stated.kind == "application_declined"
    assert stated.expected == [ExpectedContent(text="reason", keyed_digest="abc")]


def test_a_kind_of_a_later_release_requires_nothing() -> None:
    event = IntakeEvent(event_id="e", file_id="f", revision=2)
    stated = fact_reader(IntakeEvent, "file_id", lambda _kind, _fact: [ExpectedContent(text="x")])(
        event.SerializeToString()
    )
    assert (stated.kind, stated.expected) == (None, ())
