"""What an audit has to know of approval: how its facts read, and which rows follow from them."""

from collections.abc import Sequence
from typing import Any

from onewindow.approval.v1.approval_event_pb2 import LEG_STREET, ApprovalEvent

from chassis.audit import AuditedService, ExpectedContent, Projection, fact_reader, vault_texts_in
from services.approval.adapters.wire import SOURCE

_FROM_THE_DISTRICT = frozenset({"district_decided", "case_returned"})


def expected_by(kind: str, fact: Any) -> Sequence[ExpectedContent]:  # noqa: ANN401 # whichever fact of the contract it is
    """What was typed lies beside the fact; what the district typed, in the vault of its own leg alone."""
    if kind in _FROM_THE_DISTRICT and fact.leg == LEG_STREET:
        return []
    return list(vault_texts_in(fact))


AUDITED = AuditedService(
    SOURCE,
    fact_reader(ApprovalEvent, "case_id", expected_by),
    [Projection("case_file", "case_id", ["case_opened"], "number")],
)
