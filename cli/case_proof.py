"""Proofs of the dates of a matter: answer, correction, promise, law and delivery, for the screen and for the file."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

import pylopdf_fonts_zh_cn
import typst
from onewindow.approval.v1 import approval_event_pb2, case_pb2
from onewindow.approval.v1 import approval_service_pb2 as approval
from onewindow.proof.v1 import proof_pb2
from onewindow.recount.v1 import recount_pb2

_NAMES = {
    recount_pb2.DATE_KIND_ANSWER: "答复期限（行政许可法32）",
    recount_pb2.DATE_KIND_SUPPLY: "补正期限",
    recount_pb2.DATE_KIND_DELIVER: "送达期限（行政许可法44）",
}
_REPLACED = "案卷中的日期所依据的日历已被后来的取代且没有存底，以上按现行日历推算。"
_PAGE = """
#let matter = json(bytes({}))
#set document(title: "期限逐日说明")
#set page(paper: "a4", margin: 22mm, numbering: "1 / 1")
#set text(font: "Noto Serif SC", size: 10.5pt, lang: "zh", region: "cn")
#align(center, text(font: "Noto Sans SC", size: 18pt)[期限逐日说明])
#table(columns: (30mm, 1fr), stroke: 0.5pt,
  [办件编号], matter.number, [事项], matter.item, [打印日期], matter.printed_on,
  [日历版本], matter.terms.map(term => term.calendar_version).dedup().join("；"))
#for term in matter.terms [
  #block(above: 6mm, below: 2mm, text(font: "Noto Sans SC", size: 12pt)[自#term.from_on;起，#term.name#term.until])
  #if term.days.len() > 0 {
    table(columns: (26mm, 14mm, 16mm, 1fr), stroke: 0.4pt,
      table.header([日期], [计入], [第几日], [说明]), ..term.days.flatten())
  }
  #term.sentence#if term.notices.len() > 0 [依据：#term.notices.join("、")。]
]
"""


@dataclass(frozen=True, slots=True)
class PrintedTerm:
    """One term as it is printed: its last day as stored, the days that lead to it, and their sum."""

    name: str
    from_on: str
    until: str
    """The last day, with 暂定 where it may move."""
    days: Sequence[tuple[str, str, str, str]]
    """Day, whether it counts, its number, the reason."""
    sentence: str
    notices: Sequence[str]
    calendar_version: str


@dataclass(frozen=True, slots=True)
class PrintedMatter:
    """The proofs of one matter, without the applicant."""

    number: str
    item: str
    printed_on: str
    terms: Sequence[PrintedTerm]

    def as_json(self) -> str:
        """One JSON document."""
        return json.dumps(asdict(self), ensure_ascii=False)

    def as_pdf(self) -> bytes:
        """The proofs as PDF of A4, for the file."""
        fonts = typst.Fonts(
            include_system_fonts=False,
            include_embedded_fonts=False,
            font_paths=[str(pylopdf_fonts_zh_cn.serif_path().parent)],
        )
        text = json.dumps(self.as_json(), ensure_ascii=False)  # a string of JSON is a string of typst as well
        pdf = typst.Compiler(font_paths=fonts, ignore_system_fonts=True).compile(
            _PAGE.replace("{}", text).encode(), format="pdf"
        )
        assert isinstance(pdf, bytes), "a PDF is one document"
        return pdf


def stored_terms(proofs: Sequence[proof_pb2.TermProof]) -> Iterator[PrintedTerm]:
    """The terms that intake or notify proved."""
    for proof in proofs:
        yield PrintedTerm(
            _NAMES[proof.kind],
            proof.from_on,
            until(proof.due_on, provisional=proof.provisional),
            _rows(proof.days),
            proof.unproven or f"{proof.sum}。",
            list(proof.notices),
            proof.calendar_version,
        )


def case_terms(proof: approval.GetTermProofResponse) -> Iterator[PrintedTerm]:
    """Promise and law of a case."""
    term, approved = proof.term, _approved(proof.term.ledger)
    for name, due_on, days, total, rule in (
        ("承诺期限", term.promised_due_on, proof.promised, proof.promised_sum, proof.promised_rule),
        ("法定期限", term.legal_due_on, proof.legal, proof.legal_sum, proof.legal_rule),
    ):
        yield PrintedTerm(
            name,
            term.starts_on,
            until(due_on, provisional=term.provisional),
            _rows(days),
            "；".join(filter(None, (total, rule, approved))) + "。" + ("" if proof.as_stored else _REPLACED),
            list(proof.notices),
            term.calendar_version,
        )


def _approved(ledger: approval_event_pb2.TermLedger) -> str:
    """The government that approved the extension; empty without one."""
    given = ledger.extension_approval
    return f"延长经{given.approved_by}{given.approved_on}批准（{given.number}）" if given.number else ""


def until(on: str, *, provisional: bool) -> str:
    """A last day, with 暂定 where it may move."""
    return f"{on}（暂定）" if on and provisional else on or "—"


def _rows(days: Sequence[proof_pb2.ProofDay] | Sequence[case_pb2.ProofDay]) -> list[tuple[str, str, str, str]]:
    return [(day.on, "是" if day.counts else "否", str(day.number or ""), day.reason) for day in days]
