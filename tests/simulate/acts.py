"""Acts of a history: the service and method that each calls, and the request that it makes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from google.protobuf.message import Message
from onewindow.approval.v1 import approval_event_pb2 as approval_event
from onewindow.approval.v1 import approval_service_pb2 as approval_pb
from onewindow.approval.v1 import district_gateway_service_pb2 as gateway_pb
from onewindow.desk.v1.desk_pb2 import Place
from onewindow.intake.v1 import intake_event_pb2 as intake_event
from onewindow.intake.v1 import intake_service_pb2 as intake_pb
from onewindow.intake.v1 import submission_pb2 as submission_pb
from onewindow.notify.v1 import notify_event_pb2 as notify_event
from onewindow.notify.v1 import notify_service_pb2 as notify_pb

from protocol.streams import APPROVAL, INTAKE, NOTIFY
from tests.simulate.office import ANOTHER, DISTRICT, ITEMS, PERSON, STREET
from tests.simulate.steps import Matter, Step


@dataclass(frozen=True, slots=True)
class Act:
    """One act: the service and method that it calls, the request that it makes."""

    service: str
    method: str
    request: Callable[[Step, Matter, str], Message]
    needs_application: bool = True


def _papers(complete: bool) -> list[submission_pb.MaterialInput]:
    form = intake_event.MATERIAL_FORM_ORIGINAL
    codes = ["M01", "M02"] if complete else ["M01"]
    return [submission_pb.MaterialInput(material_code=code, form=form, copies=1) for code in codes]


def _submission(step: Step) -> submission_pb.Submission:
    online = step.option("online", False)
    return submission_pb.Submission(
        place=Place(district=DISTRICT, street=STREET),
        item_code=ITEMS[step.option("item", "promised")].code,
        channel=intake_event.CHANNEL_ONLINE if online else intake_event.CHANNEL_WINDOW,
        window="" if online else "W1",
        applicant=submission_pb.Applicant(
            kind=intake_event.APPLICANT_KIND_PERSON,
            name=step.option("name", "陈示例"),
            identity_number=PERSON,
            phone=step.option("phone", "13800000000"),
        ),
        materials=_papers(step.option("complete", True)),
    )


def _submit(step: Step, _matter: Matter, request_id: str) -> Message:
    return submission_pb.SubmitRequest(request_id=request_id, submission=_submission(step))


def _complete_at_once(step: Step, _matter: Matter, request_id: str) -> Message:
    return submission_pb.CompleteOnTheSpotRequest(request_id=request_id, submission=_submission(step))


def _complete(_step: Step, matter: Matter, request_id: str) -> Message:
    return submission_pb.CompleteOnTheSpotRequest(request_id=request_id, application_id=matter.application_id)


def _accept(_step: Step, matter: Matter, request_id: str) -> Message:
    return intake_pb.AcceptRequest(request_id=request_id, application_id=matter.application_id)


def _decline(step: Step, matter: Matter, request_id: str) -> Message:
    return intake_pb.DeclineRequest(
        request_id=request_id,
        application_id=matter.application_id,
        ground=intake_event.DECLINE_GROUND_NOT_OURS,
        reason=step.option("reason", "不属于本机关职权范围。"),
        proper_organ="区民政局",
    )


def _request_correction(step: Step, matter: Matter, request_id: str) -> Message:
    defect = step.option("defect", "缺少签名。")
    return intake_pb.RequestCorrectionRequest(
        request_id=request_id,
        application_id=matter.application_id,
        shortfalls=[intake_pb.ShortfallInput(material_code="M02", defect=defect)],
    )


def _supply(_step: Step, matter: Matter, request_id: str) -> Message:
    return intake_pb.SupplyCorrectionRequest(
        request_id=request_id, application_id=matter.application_id, materials=_papers(True)[1:]
    )


def _withdraw(step: Step, matter: Matter, request_id: str) -> Message:
    return intake_pb.WithdrawRequest(
        request_id=request_id, application_id=matter.application_id, reason=step.option("reason", "")
    )


def _rate(step: Step, matter: Matter, request_id: str) -> Message:
    return intake_pb.RateRequest(
        request_id=request_id,
        application_id=matter.application_id,
        grade=step.option("grade", 1),
        after=_after(step, matter),
    )


def _claim(step: Step, matter: Matter, request_id: str) -> Message:
    return approval_pb.ClaimRequest(request_id=request_id, case_id=matter.street_case, after=_after(step, matter))


def _release(_step: Step, matter: Matter, request_id: str) -> Message:
    return approval_pb.ReleaseRequest(request_id=request_id, case_id=matter.street_case)


def _complete_step(step: Step, matter: Matter, request_id: str) -> Message:
    return approval_pb.CompleteStepRequest(
        request_id=request_id,
        case_id=matter.street_case,
        opinion=approval_event.OPINION_AGREE,
        remark=step.option("remark", "材料齐全，同意。"),
    )


def _refer(step: Step, matter: Matter, request_id: str) -> Message:
    return approval_pb.ReferRequest(
        request_id=request_id, case_id=matter.street_case, opinion=step.option("opinion", "同意转报。")
    )


def _decide(step: Step, matter: Matter, request_id: str) -> Message:
    granted = step.option("granted", True)
    return approval_pb.DecideRequest(
        request_id=request_id,
        case_id=matter.street_case,
        outcome=approval_event.OUTCOME_GRANTED if granted else approval_event.OUTCOME_REFUSED,
        reasons=step.option("reasons", "" if granted else "不符合条件。"),
        after=_after(step, matter),
    )


def _extend(step: Step, matter: Matter, request_id: str) -> Message:
    return approval_pb.ExtendRequest(
        request_id=request_id, case_id=matter.street_case, days=step.option("days", 3), reason="情况复杂。"
    )


def _pause(step: Step, matter: Matter, request_id: str) -> Message:
    return approval_pb.PauseRequest(
        request_id=request_id,
        case_id=matter.street_case,
        procedure=approval_event.SPECIAL_PROCEDURE_INSPECTION,
        expected_days=step.option("days", 5),
        reason="需要检验。",
        first_on=step.option("first_on", ""),
        last_on=step.option("last_on", ""),
    )


def _approve_pause(_step: Step, matter: Matter, request_id: str) -> Message:
    return approval_pb.ApprovePauseRequest(request_id=request_id, case_id=matter.street_case)


def _decline_pause(step: Step, matter: Matter, request_id: str) -> Message:
    return approval_pb.DeclinePauseRequest(
        request_id=request_id, case_id=matter.street_case, reason=step.option("reason", "不需要检验。")
    )


def _resume(_step: Step, matter: Matter, request_id: str) -> Message:
    return approval_pb.ResumeRequest(request_id=request_id, case_id=matter.street_case)


def _report_progress(step: Step, matter: Matter, request_id: str) -> Message:
    return gateway_pb.ReportProgressRequest(
        report_key=request_id, case_id=matter.district_case, stage=step.option("stage", "REVIEWING")
    )


def _report_decision(step: Step, matter: Matter, request_id: str) -> Message:
    granted = step.option("granted", True)
    return gateway_pb.ReportDecisionRequest(
        report_key=request_id,
        case_id=matter.district_case,
        outcome=approval_event.OUTCOME_GRANTED if granted else approval_event.OUTCOME_REFUSED,
        decided_on=step.option("on", "today"),
        reasons=step.option("reasons", "" if granted else "不符合区级条件。"),
    )


def _return_case(step: Step, matter: Matter, request_id: str) -> Message:
    return gateway_pb.ReturnCaseRequest(
        report_key=request_id,
        case_id=matter.district_case,
        reasons=step.option("reasons", "材料不全，退回。"),
        returned_on=step.option("returned_on", ""),
    )


def _report_pause(step: Step, matter: Matter, request_id: str) -> Message:
    return gateway_pb.ReportPauseRequest(
        report_key=request_id,
        case_id=matter.district_case,
        procedure=approval_event.SPECIAL_PROCEDURE_APPRAISAL,
        first_on=step.option("first_on", "today"),
    )


def _report_resumption(step: Step, matter: Matter, request_id: str) -> Message:
    return gateway_pb.ReportResumptionRequest(
        report_key=request_id, case_id=matter.district_case, last_on=step.option("last_on", "today")
    )


def _report_extension(step: Step, matter: Matter, request_id: str) -> Message:
    return gateway_pb.ReportExtensionRequest(
        report_key=request_id,
        case_id=matter.district_case,
        days=step.option("days", 3),
        decided_on=step.option("on", "today"),
        reason="情况复杂。",
    )


def _offer(step: Step, matter: Matter, request_id: str) -> Message:
    return notify_pb.OfferDecisionRequest(
        request_id=request_id,
        application_id=matter.application_id,
        way=notify_event.OFFER_WAY_MAIL if step.option("by_mail", False) else notify_event.OFFER_WAY_CALL,
        after=_after(step, matter),
    )


def _collect(step: Step, matter: Matter, request_id: str) -> Message:
    in_person = step.option("in_person", True)
    return notify_pb.RecordCollectionRequest(
        request_id=request_id,
        application_id=matter.application_id,
        receiver_identity_number=PERSON if in_person else ANOTHER,
        in_person=in_person,
        window="W1",
        after=_after(step, matter),
    )


def _after(step: Step, matter: Matter) -> str:
    return ",".join(matter.positions[-2:]) if step.option("after", False) else ""


ACTS: Mapping[str, Act] = {
    "submit": Act(INTAKE, "Submit", _submit, needs_application=False),
    "complete at once": Act(INTAKE, "CompleteOnTheSpot", _complete_at_once, needs_application=False),
    "complete": Act(INTAKE, "CompleteOnTheSpot", _complete),
    "accept": Act(INTAKE, "Accept", _accept),
    "decline": Act(INTAKE, "Decline", _decline),
    "request correction": Act(INTAKE, "RequestCorrection", _request_correction),
    "supply correction": Act(INTAKE, "SupplyCorrection", _supply),
    "withdraw": Act(INTAKE, "Withdraw", _withdraw),
    "rate": Act(INTAKE, "Rate", _rate),
    "claim": Act(APPROVAL, "Claim", _claim),
    "release": Act(APPROVAL, "Release", _release),
    "complete step": Act(APPROVAL, "CompleteStep", _complete_step),
    "refer": Act(APPROVAL, "Refer", _refer),
    "decide": Act(APPROVAL, "Decide", _decide),
    "extend": Act(APPROVAL, "Extend", _extend),
    "pause": Act(APPROVAL, "Pause", _pause),
    "approve pause": Act(APPROVAL, "ApprovePause", _approve_pause),
    "decline pause": Act(APPROVAL, "DeclinePause", _decline_pause),
    "resume": Act(APPROVAL, "Resume", _resume),
    "report progress": Act(APPROVAL, "ReportProgress", _report_progress),
    "report decision": Act(APPROVAL, "ReportDecision", _report_decision),
    "report pause": Act(APPROVAL, "ReportPause", _report_pause),
    "report resumption": Act(APPROVAL, "ReportResumption", _report_resumption),
    "report extension": Act(APPROVAL, "ReportExtension", _report_extension),
    "return case": Act(APPROVAL, "ReturnCase", _return_case),
    "offer": Act(NOTIFY, "OfferDecision", _offer),
    "collect": Act(NOTIFY, "RecordCollection", _collect),
}
"""Acts by their names in a history."""

OTHER_CONTENT: Mapping[str, Mapping[str, Any]] = {
    "submit": {"name": "李示例"},
    "complete at once": {"name": "李示例"},
    "decline": {"reason": "另一理由。"},
    "request correction": {"defect": "另一缺陷。"},
    "withdraw": {"reason": "另一原因。"},
    "rate": {"grade": 4},
    "complete step": {"remark": "另一意见。"},
    "refer": {"opinion": "另一意见。"},
    "decide": {"reasons": "另一理由。"},
    "extend": {"days": 2},
    "pause": {"days": 9},
    "decline pause": {"reason": "另一理由。"},
    "report decision": {"reasons": "另一理由。"},
    "report extension": {"days": 2},
    "return case": {"reasons": "另一理由。"},
    "offer": {"by_mail": True},
    "collect": {"in_person": False},
}
"""Options with which an act has other content under the same request id."""
