"""Events of approval as stages of a matter.

Only the street's leg is read: it also carries the acts of the district's leg.
"""

from datetime import date
from typing import Any
from uuid import UUID

from onewindow.approval.v1 import approval_event_pb2 as wire
from onewindow.catalogue.v1.catalogue_pb2 import LIMIT_UNIT_CALENDAR_DAYS

from chassis.clock import SHANGHAI
from chassis.inbox import InboxEvent
from law.desk import Place
from law.recount import DateKind
from law.terms import Unit
from protocol.event_headers import checked_event
from protocol.identifiers import is_street_leg
from protocol.recount_calls import dates_of
from services.notify.domain.stage_reports import (
    DecisionStage,
    ExtensionStage,
    LateWithdrawalStage,
    PauseStage,
    Phase,
    ReferralStage,
    ResumptionStage,
    ReturnStage,
    Stage,
    StageRank,
    StageReport,
    WithdrawalStage,
    moved_day,
)

APPLIED_KINDS = frozenset(
    {
        *("case_referred", "term_paused", "term_resumed", "term_extended", "term_recounted"),
        *("case_returned", "case_decided", "district_decided", "case_withdrawn", "withdrawal_too_late"),
    }
)
"""Kinds from which something follows here; the others are stored in the inbox and not read."""

_PROCEDURES = {
    wire.SPECIAL_PROCEDURE_HEARING: "听证",
    wire.SPECIAL_PROCEDURE_INSPECTION: "检验、检测或检疫",
    wire.SPECIAL_PROCEDURE_APPRAISAL: "鉴定",
    wire.SPECIAL_PROCEDURE_EXPERT_REVIEW: "专家评审",
}
_PROCEDURE = "特别程序"
_OUTCOMES: dict[int, str] = {wire.OUTCOME_GRANTED: "granted", wire.OUTCOME_REFUSED: "refused"}


def project_approval(received: InboxEvent) -> StageReport | None:
    """The stage that an event of approval reports; None when it reports none. Raises WrongEvent."""
    if received.kind not in APPLIED_KINDS:
        return None
    event = checked_event(received)
    key, application_id = received.key, UUID(event.application_id)
    stage = _stage(received.kind, event) if is_street_leg(key.file_id, application_id) else None
    if stage is None:
        return None
    return StageReport(
        application_id=application_id,
        place=Place(key.district, key.street),
        rank=StageRank(Phase.APPROVAL, event.revision),
        occurred_on=date.fromisoformat(event.occurred_on),
        recorded_at=event.recorded_at.ToDatetime(SHANGHAI),
        stage=stage,
    )


def _stage(kind: str, event: Any) -> Stage | None:  # noqa: ANN401 # the generated event
    match kind:
        case "case_referred":
            return ReferralStage(event.case_referred.item.decided_by)
        case "case_returned":
            return _returned(event.case_returned, event.occurred_on)
        case "term_paused":
            paused = event.term_paused
            name = paused.kind.name or _PROCEDURES.get(paused.procedure, _PROCEDURE)
            expected = paused.expected
            ends_on = date.fromisoformat(expected.on) if expected.on else None
            return PauseStage(name, paused.expected_days, ends_on, expected.provisional)
        case "term_resumed":
            resumed = event.term_resumed
            due_on = date.fromisoformat(resumed.term.promised_due_on)
            return ResumptionStage(resumed.kind.name or _PROCEDURE, due_on, resumed.term.provisional)
        case "term_extended":
            extended = event.term_extended
            term, ledger = extended.term, extended.term.ledger
            broken = ledger.extension_days and not ledger.promise_extension_days
            return ExtensionStage(
                extended.days,
                date.fromisoformat(term.promised_due_on),
                term.provisional,
                Unit.CALENDAR if ledger.extension_unit == LIMIT_UNIT_CALENDAR_DAYS else Unit.WORKING,
                date.fromisoformat(term.legal_due_on) if broken else None,
                ledger.extension_approval.approved_by,
                ledger.extension_approval.number,
            )
        case "term_recounted":
            return moved_day(dates_of(event.term_recounted.moved), DateKind.PROMISED)
        case "case_decided":
            return DecisionStage(_OUTCOMES[event.case_decided.outcome], date.fromisoformat(event.occurred_on))
        case "district_decided":
            decided = event.district_decided
            if not decided.closes:  # the street's decision ends the matter
                return None
            return DecisionStage(_OUTCOMES[decided.outcome], date.fromisoformat(decided.decided_on))
        case "withdrawal_too_late":
            return LateWithdrawalStage(date.fromisoformat(event.withdrawal_too_late.withdrawn_on))
        case _:
            return WithdrawalStage(date.fromisoformat(event.occurred_on))


def _returned(fact: wire.CaseReturned, recorded_on: str) -> ReturnStage | None:
    """The return with the days from now on; None for a fact of releases up to 0.2.0, whose days had run on."""
    if not fact.HasField("term"):
        return None
    term, on = fact.term, fact.returned_on or recorded_on
    passed = term.promised_due_on < on  # both are YYYY-MM-DD
    due_on = date.fromisoformat(term.legal_due_on if passed else term.promised_due_on)
    return ReturnStage(due_on, term.provisional, passed or term.ledger.promise_broken)
