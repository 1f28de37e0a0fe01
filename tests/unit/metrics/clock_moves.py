"""Facts that move the clock of a matter, each with the columns that it sets."""

from typing import Any

from onewindow.approval.v1 import approval_event_pb2 as approval
from onewindow.catalogue.v1.catalogue_pb2 import ProcedureKind

TERM = approval.Term(
    promised_due_on="2016-03-15",
    legal_due_on="2016-03-29",
    warn_on="2016-03-11",
    yellow_on="2016-03-16",
    red_on="2016-03-30",
    provisional=True,
)
TERM_COLUMNS = {
    "term_promised_due_on": "2016-03-15",
    "term_legal_due_on": "2016-03-29",
    "term_provisional": True,
    "warn_on": "2016-03-11",
    "yellow_on": "2016-03-16",
    "red_on": "2016-03-30",
}
NO_TERM = {**dict.fromkeys(TERM_COLUMNS), "term_provisional": False}
CLOCK_MOVES: list[tuple[str, Any, dict[str, Any]]] = [
    (
        "term_extended",
        approval.TermExtended(term=TERM),
        {"extended_on": "2016-03-01", "extension_days": None, "extension_unit": None, **TERM_COLUMNS},
    ),
    (
        "term_extended",
        approval.TermExtended(days=10, term=approval.Term(ledger=approval.TermLedger(extension_unit=2))),  # type: ignore[arg-type] # a plain number
        {"extended_on": "2016-03-01", "extension_days": 10, "extension_unit": 2, **NO_TERM},
    ),
    (
        "term_paused",
        approval.TermPaused(paused_on="2016-03-01"),
        {
            "paused": True,
            "paused_on": "2016-03-01",
            "procedures": {"7": ["paused", "2016-03-01", {"kind": "", "name": ""}]},
        },
    ),
    (
        "term_paused",
        approval.TermPaused(
            paused_on="2016-02-29",
            kind=ProcedureKind(code="hearing", name="听证", article="行政许可法 45"),
            expected=approval.ExpectedEnd(on="2016-03-10", days=9, overdue_on="2016-03-11", provisional=True),
        ),
        {
            "paused": True,
            "paused_on": "2016-02-29",
            "procedures": {
                "7": [
                    "paused",
                    "2016-02-29",
                    {
                        "kind": "hearing",
                        "name": "听证",
                        "expected_on": "2016-03-10",
                        "overdue_on": "2016-03-11",
                        "provisional": True,
                    },
                ]
            },
        },
    ),
    (
        "term_resumed",
        approval.TermResumed(resumed_on="2016-02-26", kind=ProcedureKind(name="听证"), term=TERM),
        {
            "paused": False,
            "resumed_on": "2016-02-26",
            "procedures": {"7": ["resumed", "2016-02-26", {"name": "听证"}]},
            **TERM_COLUMNS,
        },
    ),
]
"""Kind of fact, body, columns; each is the seventh fact of its case, of 1 March 2016."""
