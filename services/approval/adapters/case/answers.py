"""Answers of the contract: a case, a worklist entry, the proof of a due date."""

from datetime import date
from typing import Any, TypeVar

from google.protobuf.message import Message
from onewindow.access.v1 import access_pb2
from onewindow.approval.v1 import approval_event_pb2 as event_pb2
from onewindow.approval.v1 import approval_service_pb2 as service_pb2
from onewindow.approval.v1 import case_pb2
from onewindow.catalogue.v1.catalogue_pb2 import AcceptedItem, ProcedureKind
from onewindow.desk.v1.desk_pb2 import Place

from chassis.event_store.dataclass_proto import to_message
from law.lamp import LampDates, lamp
from law.term_proof import proof_sum
from protocol.stored_days import day_messages
from services.approval.domain.case.facts import Leg
from services.approval.domain.case.stages import kind_of
from services.approval.domain.case.state import Case
from services.approval.ports import DistrictStatus, WaitingStep
from services.approval.usecases.case import ChangedCase, TermProof, existing

ChangeAnswer = TypeVar("ChangeAnswer", bound=Message)


def with_position(answer: ChangeAnswer, changed: ChangedCase) -> ChangeAnswer:
    """The answer with the revision and the position (consistency token) of the change."""
    answer.MergeFrom(type(answer)(revision=changed.revision, position=changed.position))
    return answer


def last_days(changed: ChangedCase) -> dict[str, Any]:
    """Both last days of a case, and whether they may still move, as the fields of an answer."""
    term = existing(changed.state).term
    return {
        "promised_due_on": _text(term.promised_due_on),
        "legal_due_on": _text(term.legal_due_on),
        "provisional": term.provisional,
    }


def pause_answer(changed: ChangedCase) -> service_pb2.PauseResponse:
    """An order that waits for the head, or a clock that stands; one that is over has stood."""
    case = existing(changed.state)
    current = case.procedures.waiting or case.procedures.running
    expected = current.expected if current is not None else None
    stood = case.paused_on or (case.pauses[-1].first_on if current is None else None)
    return service_pb2.PauseResponse(
        paused_on=_text(stood),
        waits_for_approval=case.procedures.waiting is not None,
        expected_end_on=_text(expected.on if expected is not None else None),
        provisional=expected is not None and expected.provisional,
    )


def approval_answer(changed: ChangedCase) -> service_pb2.ApprovePauseResponse:
    """The clock stands, or has stood for a procedure that is over, which has moved the dates."""
    stood, days = pause_answer(changed), last_days(changed)
    return service_pb2.ApprovePauseResponse(
        **{**days, "provisional": stood.provisional or days["provisional"]},
        paused_on=stood.paused_on,
        expected_end_on=stood.expected_end_on,
    )


def case_message(read: ChangedCase, status: DistrictStatus | None, today: date) -> case_pb2.Case:
    """The case as it stands, with the lamp of today."""
    case, step = existing(read.state), existing(read.state).step
    message = case_pb2.Case(
        case_id=str(read.key.file_id),
        application_id=str(case.application_id),
        revision=read.revision,
        place=Place(district=read.key.district, street=read.key.street),
        leg=event_pb2.Leg.ValueType(case.leg),
        number=case.number,
        stage=case_pb2.CaseStage.Value(f"CASE_STAGE_{case.stage}"),
        step=step.code if step else "",
        claimed_by=case.claimed_by,
        lamp=lamp_of(case, today),
        closed_on=_text(case.closed_on),
        outcome=case.closing or "",
        on_time=bool(case.on_time),
        early=bool(case.early),
        linked_case_id=str(case.referral.case_id or ""),
        waiting_for_district_since=_text(status.waiting_since if status else None),
        district_number=case.referral.district_number or (status.district_number if status else ""),
        received_on=_text(case.received_on),
        decision_number=case.decision.number,
        district_outcome=_district_outcome(case),
        withdrawal_too_late_on=_text(case.decision.withdrawal_too_late_on),
    )
    message.item.CopyFrom(to_message(case.item, AcceptedItem))
    message.term.CopyFrom(to_message(case.term, event_pb2.Term))
    if (procedure := _procedure(case)) is not None:
        message.procedure.CopyFrom(procedure)
    message.opinions.extend(to_message(opinion, case_pb2.StepOpinion) for opinion in case.opinions)
    return message


def _procedure(case: Case) -> case_pb2.CaseProcedure | None:
    """The order that waits for the head, or else the procedure that goes on; None without either."""
    waiting, running = case.procedures.waiting, case.procedures.running
    if waiting is not None:
        kind, first_on = waiting.kind, waiting.first_on
    elif running is not None:
        kind, first_on = kind_of(running), running.paused_on
    else:
        return None
    expected = waiting.expected if waiting is not None else running.expected if running is not None else None
    return case_pb2.CaseProcedure(
        kind=to_message(kind, ProcedureKind),
        first_on=_text(first_on),
        expected_end_on=_text(expected.on if expected is not None else None),
        waits_for_approval=waiting is not None,
        overdue=case.procedures.overdue,
        provisional=expected is not None and expected.provisional,
    )


def _district_outcome(case: Case) -> str:
    answer = case.answer
    return answer.outcome.name.lower() if answer and answer.outcome and case.leg is Leg.STREET else ""


def lamp_of(case: Case, today: date) -> case_pb2.Lamp.ValueType:
    """The lamp of today; during a pause that of its first day, after the closing none."""
    if case.closed:
        return case_pb2.LAMP_UNSPECIFIED
    on = min(today, case.paused_on or today)
    return _lamp(LampDates(case.term.warn_on, case.term.yellow_on, case.term.red_on), on)


def worklist_entry(waiting: WaitingStep, today: date) -> case_pb2.WorklistEntry:
    """One entry of a worklist, with the lamp of today."""
    return case_pb2.WorklistEntry(
        case_id=str(waiting.case_id),
        revision=waiting.revision,
        number=waiting.number,
        item_name=waiting.item_name,
        step=waiting.step,
        step_name=waiting.step_name,
        post=access_pb2.Post.Value(f"POST_{waiting.step_post.name}"),
        claimed_by=waiting.claimed_by,
        promised_due_on=_text(waiting.promised_due_on),
        legal_due_on=_text(waiting.legal_due_on),
        lamp=_lamp(
            LampDates(waiting.warn_on, waiting.yellow_on, waiting.red_on), min(today, waiting.stands_on or today)
        ),
        procedure=waiting.procedure,
        procedure_first_on=_text(waiting.procedure_first_on),
        procedure_expected_end_on=_text(waiting.procedure_ends_on),
        procedure_waits_for_approval=waiting.approving_post is not None,
        procedure_overdue=waiting.procedure_overdue,
        provisional=waiting.provisional,
    )


def proof_message(proof: TermProof) -> service_pb2.GetTermProofResponse:
    """Both limits, day by day."""
    answer = service_pb2.GetTermProofResponse(
        promised=day_messages(case_pb2.ProofDay, proof.promised.days),
        legal=day_messages(case_pb2.ProofDay, proof.legal.days),
        notices=proof.notices,
        promised_days_left=proof.days_left[0],
        legal_days_left=proof.days_left[1],
        promised_rule=proof.promised.rule,
        promised_sum=proof_sum(proof.promised.days).sentence,
        legal_rule=proof.legal.rule,
        legal_sum=proof_sum(proof.legal.days).sentence,
        as_stored=proof.as_stored,
    )
    answer.term.CopyFrom(to_message(proof.case.term, event_pb2.Term))
    return answer


def _lamp(dates: LampDates, on: date) -> case_pb2.Lamp.ValueType:
    return case_pb2.Lamp.ValueType(lamp(dates, on) + 1)  # the contract keeps zero for what is not stated


def _text(on: date | None) -> str:
    return on.isoformat() if on else ""
