"""Answers of IntakeService, in the words of the contract."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from onewindow.desk.v1.desk_pb2 import Place
from onewindow.intake.v1 import application_pb2 as application_pb
from onewindow.intake.v1 import intake_event_pb2 as event_pb
from onewindow.intake.v1 import intake_service_pb2 as pb
from onewindow.intake.v1 import submission_pb2 as submission_pb

from chassis.event_store import Changed, FileKey, position_of
from chassis.event_store.dataclass_proto import to_message
from protocol.identifiers import street_leg_id
from protocol.requests import page_that_fits
from protocol.streams import INTAKE
from services.intake.adapters.application.rows import closing_in
from services.intake.adapters.calls import positioned
from services.intake.domain.application.applicant import People
from services.intake.domain.application.facts import ApplicationAccepted, ApplicationSubmitted
from services.intake.domain.application.state import Application, WithdrawalState, accepted_withdrawal_state
from services.intake.ports import ListedApplication


def submitted(changed: Changed[Application], query_code: str) -> submission_pb.SubmitResponse:
    """The receipt, with the code by which the resident looks up the progress."""
    receipt = _receipt(changed)
    answer = submission_pb.SubmitResponse(
        application_id=str(changed.key.file_id),
        serial_number=receipt.serial_number,
        query_code=query_code,
        answer_due_on=receipt.answer_due_on.isoformat(),
        provisional=receipt.provisional,
        missing=receipt.missing,
    )
    return positioned(answer, changed)


def accepted(changed: Changed[Application]) -> pb.AcceptResponse:
    """The acceptance with both limits."""
    acceptance = _acceptance(changed)
    answer = pb.AcceptResponse(
        number=acceptance.number,
        case_id=_case_id(changed.key),
        accepted_on=acceptance.accepted_on.isoformat(),
        promised_due_on=acceptance.promised_due_on.isoformat(),
        legal_due_on=acceptance.legal_due_on.isoformat(),
        provisional=acceptance.provisional,
    )
    return positioned(answer, changed)


def declined(changed: Changed[Application]) -> pb.DeclineResponse:
    """The written non-acceptance."""
    assert changed.state.declined is not None, "the change declined it"
    return positioned(pb.DeclineResponse(notice_number=changed.state.declined.letter_number), changed)


def correction_requested(changed: Changed[Application]) -> pb.RequestCorrectionResponse:
    """The notice, and the last day on which it can be supplied."""
    notice = changed.state.correction
    assert notice is not None, "the change wrote the notice"
    answer = pb.RequestCorrectionResponse(
        notice_number=notice.letter_number,
        supply_by=notice.supply_by.isoformat(),
        supplement=notice.supplement,
        provisional=changed.state.provisional,
    )
    return positioned(answer, changed)


def correction_supplied(changed: Changed[Application]) -> pb.SupplyCorrectionResponse:
    """The codes still missing, or the last day on which the office must answer."""
    state = changed.state
    answer = pb.SupplyCorrectionResponse(
        still_missing=state.still_missing,
        answer_due_on=_text(state.answer_due_on),
        received_on=_text(state.whole_since if state.answer_due_on else None),
        provisional=state.answer_due_on is not None and state.provisional,
    )
    return positioned(answer, changed)


def completed(changed: Changed[Application], query_code: str = "") -> submission_pb.CompleteOnTheSpotResponse:
    """The end of an instant matter."""
    closing = changed.state.closing
    assert closing is not None, "the change closed it"
    answer = submission_pb.CompleteOnTheSpotResponse(
        application_id=str(changed.key.file_id),
        number=_acceptance(changed).number,
        closed_on=closing.closed_on.isoformat(),
        query_code=query_code,
        serial_number=_receipt(changed).serial_number,
    )
    return positioned(answer, changed)


def withdrawn(changed: Changed[Application]) -> pb.WithdrawResponse:
    """The withdrawal: effective before acceptance, pending afterwards until approval answers."""
    state = WithdrawalState.PENDING if changed.state.acceptance is not None else WithdrawalState.EFFECTIVE
    return positioned(pb.WithdrawResponse(state=application_pb.WithdrawalState.ValueType(state)), changed)


def applicant(people: People) -> application_pb.GetApplicantResponse:
    """The applicant, and the agent who stood at the window."""
    answer = application_pb.GetApplicantResponse()
    answer.applicant.CopyFrom(to_message(people.applicant, submission_pb.Applicant))
    if people.agent is not None:
        answer.agent.CopyFrom(to_message(people.agent, submission_pb.Agent))
    return answer


def application(listed: ListedApplication) -> application_pb.GetApplicationResponse:
    """One application, and the position up to which it was read."""
    position = position_of(INTAKE, listed.key, listed.row["revision"])
    return application_pb.GetApplicationResponse(application=_application(listed), position=position)


def applications(found: Sequence[ListedApplication], total: int, size: int) -> application_pb.ListApplicationsResponse:
    """A page of applications; a full one has the token of the next."""
    listed, token = page_that_fits(found, size, _application, lambda each: str(each.key.file_id).encode())
    return application_pb.ListApplicationsResponse(applications=listed, next_page_token=token, total=total)


def _application(listed: ListedApplication) -> application_pb.Application:
    key, row = listed.key, listed.row
    withdrawal = _withdrawal(row)
    no_case = row["accepted_on"] is None or row["own_outcome"] == "completed"
    return application_pb.Application(
        application_id=str(key.file_id),
        revision=row["revision"],
        place=Place(district=key.district, street=key.street),
        stage=row["stage"],
        serial_number=row["serial_number"],
        number=row["number"],
        item_code=row["item_code"],
        item_name=row["item_name"],
        item_version=row["item_version"],
        channel=row["channel"],
        window=row["window_code"],
        received_on=_text(row["received_on"]),
        answer_due_on=_text(row["answer_due_on"]),
        accepted_on=_text(row["accepted_on"]),
        promised_due_on=_text(row["case_promised_due_on"] or row["promised_due_on"]),
        legal_due_on=_text(row["case_legal_due_on"] or row["legal_due_on"]),
        provisional=row["provisional"] if row["case_provisional"] is None else row["case_provisional"],
        ground=row["ground"],
        closed_on=_text(row["closed_on"]),
        outcome=row["outcome"],
        materials=[
            event_pb.HandedIn(material_code=code, form=form, copies=copies, sha256=sha256)
            for code, form, copies, sha256 in json.loads(row["materials"])
        ],
        missing=row["missing"],
        supply_by=_text(row["supply_by"]),
        case_id="" if no_case else _case_id(key),
        grade=0 if row["on_time"] is None else row["grade"],  # of an end that stands
        applicant_masked=listed.applicant_masked,
        withdrawal=withdrawal,
    )


def _withdrawal(row: Mapping[str, Any]) -> application_pb.Withdrawal | None:
    """The applicant's own withdrawal, and what became of it."""
    if row["own_outcome"] != "withdrawn":
        return None
    closing = closing_in(row)
    accepted_before = row["accepted_on"] is not None
    state = accepted_withdrawal_state(closing) if accepted_before else WithdrawalState.EFFECTIVE
    met = closing if state is WithdrawalState.TOO_LATE else None
    return application_pb.Withdrawal(
        withdrawn_on=_text(row["own_closed_on"]),
        state=application_pb.WithdrawalState.ValueType(state),
        decision=met.decision if met else "",
        decided_on=_text(met.decided_on if met else None),
    )


def _case_id(key: FileKey) -> str:
    return str(street_leg_id(key.file_id))


def _receipt(changed: Changed[Application]) -> ApplicationSubmitted:
    assert changed.state.submission is not None, "a change of an application follows its receipt"
    return changed.state.submission


def _acceptance(changed: Changed[Application]) -> ApplicationAccepted:
    assert changed.state.acceptance is not None, "the change accepted it"
    return changed.state.acceptance


def _text(on: date | None) -> str:
    return "" if on is None else on.isoformat()
