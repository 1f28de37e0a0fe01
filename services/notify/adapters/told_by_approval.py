"""What approval's facts mean to an applicant: the street's leg speaks, the district's leg is heard through it."""

from datetime import date
from uuid import UUID, uuid5

from onewindow.approval.v1 import approval_event_pb2 as wire
from onewindow.approval.v1.approval_event_pb2 import ApprovalEvent

from chassis.event_store import FileKey
from chassis.inbox import InboxEvent
from services.notify.adapters.rows import APPROVAL, Row, Told, agree, notice_row, place
from services.notify.domain.hours import Hours
from services.notify.domain.words import written

KINDS = [field.name for field in ApprovalEvent.DESCRIPTOR.oneofs_by_name["fact"].fields]
"""Every kind of fact that this version knows; most of them tell the applicant nothing."""

_PROCEDURES = {
    wire.SPECIAL_PROCEDURE_HEARING: "听证",
    wire.SPECIAL_PROCEDURE_INSPECTION: "检验、检测或检疫",
    wire.SPECIAL_PROCEDURE_APPRAISAL: "鉴定",
    wire.SPECIAL_PROCEDURE_EXPERT_REVIEW: "专家评审",
}
_OUTCOMES: dict[int, str] = {wire.OUTCOME_GRANTED: "granted", wire.OUTCOME_REFUSED: "refused"}


TELLING = frozenset(
    {
        *("case_referred", "term_paused", "term_extended"),
        *("case_decided", "district_decided", "case_withdrawn"),
    }
)
"""Kinds that tell something here; of the others nothing is read."""


def told(heard: InboxEvent, hours: Hours) -> Told | None:
    """What follows from one event; None when nothing does, and always for the district's leg. Raises WrongEvent."""
    if heard.kind not in TELLING:
        return None
    case, event = heard.key, ApprovalEvent.FromString(heard.body)
    agree(heard, event, event.case_id, event.WhichOneof("fact"))
    application_id = UUID(event.application_id)
    if case.file_id != uuid5(application_id, "street"):
        return None
    key = FileKey(case.district, case.street, application_id)
    match event.WhichOneof("fact"):
        case "case_referred":
            particulars = {
                "date": written(date.fromisoformat(event.occurred_on)),
                "org": event.case_referred.item.decided_by,
            }
            return Told(key, notice=_notice(key, "N04", event, particulars, hours))
        case "term_paused":
            paused = event.term_paused
            particulars = {"kind": _PROCEDURES.get(paused.procedure, "特别程序"), "days": str(paused.expected_days)}
            return Told(key, notice=_notice(key, "N05", event, particulars, hours))
        case "term_extended":
            extended = event.term_extended
            due_on = written(date.fromisoformat(extended.term.promised_due_on))
            return Told(key, notice=_notice(key, "N06", event, {"days": str(extended.days), "date": due_on}, hours))
        case "case_decided":
            return _decided(key, event, (event.case_decided.outcome, event.occurred_on), hours)
        case "district_decided" if event.district_decided.closes:
            fact = event.district_decided
            return _decided(key, event, (fact.outcome, fact.decided_on), hours)
        case "case_withdrawn":
            return Told(key, matter=place(key) | {"withdrawn": True})
    return None


def _decided(key: FileKey, event: ApprovalEvent, decision: tuple[int, str], hours: Hours) -> Told:
    outcome, decided_on = decision
    matter = place(key) | {"outcome": _OUTCOMES[outcome], "decided_on": decided_on}
    return Told(key, matter=matter, notice=_notice(key, "N07", event, {}, hours))


def _notice(key: FileKey, template: str, event: ApprovalEvent, particulars: dict[str, str], hours: Hours) -> Row | None:
    return notice_row(key, template, event, (APPROVAL, event.revision), particulars, hours)
