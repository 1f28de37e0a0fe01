"""Codec of cases: facts to events of the contract and back, and the row of `case_file` that a case becomes."""

import re
from collections.abc import Mapping
from datetime import date
from uuid import UUID

from google.protobuf.message import Message
from onewindow.approval.v1.approval_event_pb2 import ApprovalEvent
from onewindow.desk.v1.desk_pb2 import Place

from chassis.event_store import EventMeta, FileKey
from chassis.event_store.dataclass_proto import to_dataclass, to_message
from protocol.requests import actor_message
from services.approval.domain.case.facts import Fact
from services.approval.domain.case.item import StepPost
from services.approval.domain.case.stages import kind_of
from services.approval.domain.case.state import Case, fold

SOURCE = "approval"

_WORD_STARTS = re.compile(r"(?<!^)(?=[A-Z])")
_ENVELOPE = frozenset({"occurred_on", "application_id"})
"""Fields that every fact has and that the event holds once, outside its fact."""
_KINDS: dict[type[Fact], str] = {kind: _WORD_STARTS.sub("_", kind.__name__).lower() for kind in Fact.__subclasses__()}
_FACT_CLASSES = {name: kind for kind, name in _KINDS.items()}
_MESSAGES: dict[str, type[Message]] = {name: type(getattr(ApprovalEvent(), name)) for name in _FACT_CLASSES}
KNOWN_KINDS = frozenset(_FACT_CLASSES)
"""Kinds of fact that this release folds."""


class CaseCodec:
    """Encodes facts of a case as ApprovalEvent, decodes them, and folds them."""

    source = SOURCE

    def blank(self) -> Case | None:
        """None: there is no case before its first fact."""
        return None

    def fold(self, state: Case | None, fact: Fact) -> Case | None:
        """The case after one more fact."""
        return fold(state, fact)

    def decode(self, body: bytes) -> Fact:
        """The fact inside a serialised event."""
        return fact_of(ApprovalEvent.FromString(body))

    def encode(self, meta: EventMeta, fact: Fact) -> bytes:
        """The serialised event of a fact."""
        kind = self.kind(fact)
        event = ApprovalEvent(
            event_id=str(meta.event_id),
            case_id=str(meta.key.file_id),
            revision=meta.revision,
            place=Place(district=meta.key.district, street=meta.key.street),
            occurred_on=fact.occurred_on.isoformat(),
            actor=actor_message(meta.actor),
            application_id=str(fact.application_id),
        )
        event.recorded_at.FromDatetime(meta.recorded_at)
        getattr(event, kind).CopyFrom(to_message(fact, _MESSAGES[kind], _ENVELOPE))
        return event.SerializeToString()

    def kind(self, fact: Fact) -> str:
        """The name of the fact's field in the event's oneof: case_opened for CaseOpened."""
        return _KINDS[type(fact)]

    def projection(self, key: FileKey, revision: int, state: Case | None) -> Mapping[str, object] | None:
        """The row of `case_file`, by which worklists, figures and sweeps find the case."""
        return None if state is None else {"case_file": case_row(key, revision, state)}


def fact_of(event: ApprovalEvent) -> Fact:
    """The fact inside an event. Raises ValueError for a kind that this release does not know."""
    kind = event.WhichOneof("fact")
    if kind is None:
        raise ValueError("an event without a known fact")
    envelope = {
        "occurred_on": date.fromisoformat(event.occurred_on),
        "application_id": UUID(event.application_id),
    }
    return to_dataclass(getattr(event, kind), _FACT_CLASSES[kind], envelope)


def case_row(key: FileKey, revision: int, case: Case) -> dict[str, object]:
    """The columns of `case_file`, by name."""
    return {
        "district": key.district,
        "street": key.street,
        "case_id": key.file_id,
        "application_id": case.application_id,
        "revision": revision,
        "leg": case.leg,
        "number": case.number,
        "attempt": case.referral.attempt,
        "linked_case_id": case.referral.case_id,
        "received_on": case.received_on,
        "window_code": case.window,
        **_item(case),
        **_open_step(case),
        **_days(case),
        **_procedure(case),
        **_ending(case),
    }


def _item(case: Case) -> dict[str, object]:
    item = case.item
    return {"item_code": item.code, "item_name": item.name, "item_version": item.version, "line": item.line}


def _open_step(case: Case) -> dict[str, object]:
    step = case.step
    return {
        "stage": case.stage.value,
        "step": step.code if step else None,
        "step_name": step.name if step else None,
        "step_post": step.post if step else None,
        "claimed_by": case.claimed_by,
        "waits": step is not None and (case.paused_on is None or case.procedures.overdue),
    }


def _procedure(case: Case) -> dict[str, object]:
    """The special procedure that waits for the head or goes on; its end is asked for once it is overdue."""
    waiting, running = case.procedures.waiting, case.procedures.running
    kind = waiting.kind if waiting else kind_of(running) if running else None
    expected = waiting.expected if waiting else running.expected if running else None
    return {
        "procedure": kind.name if kind else "",
        "procedure_first_on": waiting.first_on if waiting else case.paused_on,
        "procedure_ends_on": expected.on if expected else None,
        "procedure_overdue": case.procedures.overdue,
        "overdue_on": case.procedures.overdue_on,
        "approving_post": StepPost.HEAD if waiting else None,
    }


def _days(case: Case) -> dict[str, object]:
    term = case.term
    return {
        "accepted_on": term.starts_on,
        "promised_due_on": term.promised_due_on,
        "legal_due_on": term.legal_due_on,
        "warn_on": term.warn_on,
        "yellow_on": term.yellow_on,
        "red_on": term.red_on,
        "next_card_on": case.next_card,
        "provisional": term.provisional,
        "calendar_version": term.calendar_version,
    }


def _ending(case: Case) -> dict[str, object]:
    return {
        "closed_on": case.closed_on,
        "outcome": case.closing.value if case.closing else None,
        "on_time": case.on_time,
        "early": case.early,
        "district_number": case.referral.district_number,
    }
