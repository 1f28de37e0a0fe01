"""Acts of the pairs, and the stages at which each pair of them meets.

An act names the fact that it leaves on its file once it is acknowledged, and the service that has the file. Taking and
calling a ticket are no acts on a matter, and meet none here.
"""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import combinations_with_replacement
from typing import Any

from onewindow.approval.v1 import approval_event_pb2 as approval_fact
from onewindow.approval.v1 import approval_service_pb2 as approval
from onewindow.approval.v1 import district_gateway_service_pb2 as gateway
from onewindow.intake.v1 import intake_event_pb2 as intake_fact
from onewindow.intake.v1 import intake_service_pb2 as intake
from onewindow.intake.v1 import submission_pb2 as submission_pb
from onewindow.notify.v1 import notify_event_pb2 as notify_fact
from onewindow.notify.v1 import notify_service_pb2 as notify

from tests.pairs.hall import PLACE, Hall, Matter, pause

PAPER = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
PAPER_SHA256 = sha256(PAPER).hexdigest()


@dataclass(frozen=True, slots=True)
class Act:
    """One act: how it is done on a matter, and the fact that shows it; the key keeps its repeats one act."""

    name: str
    does: Callable[[Hall, Matter, str, str], Awaitable[Any]]
    """Hall, matter, request id, and whether it is the pair's first (`a`) or second (`b`) act."""
    service: str
    fact: str
    on_leg: bool = False
    """True when its fact is on the district's leg."""


def _intake(name: str, fact: str, build: Callable[[Matter, str], Any]) -> Act:
    async def does(hall: Hall, matter: Matter, key: str, which: str) -> Any:
        clerk = "clerk" if which == "a" else "colleague"
        return await hall.plain(clerk, getattr(hall.desks.intake, name), build(matter, key))

    return Act(name, does, "intake", fact)


def _approval(name: str, fact: str, desks: tuple[str, str], build: Callable[[Matter, str], Any]) -> Act:
    async def does(hall: Hall, matter: Matter, key: str, which: str) -> Any:
        return await hall.plain(desks[which == "b"], getattr(hall.desks.approval, name), build(matter, key))

    return Act(name, does, "approval", fact)


def _system(name: str, fact: str, build: Callable[[Hall, Matter, str], Any]) -> Act:
    async def does(hall: Hall, matter: Matter, key: str, which: str) -> Any:
        return await hall.plain("system", getattr(hall.gateway, name), build(hall, matter, key))

    return Act(name, does, "approval", fact, on_leg=True)


async def _upload(hall: Hall, matter: Matter, key: str, which: str) -> Any:
    header = submission_pb.MaterialHeader(
        request_id=key,
        application_id=matter.application_id,
        material_code="M01",
        media_type="application/pdf",
        sha256=PAPER_SHA256,
        place=PLACE,
    )
    parts = [submission_pb.UploadMaterialRequest(header=header), submission_pb.UploadMaterialRequest(chunk=PAPER)]
    method: Any = hall.desks.intake.UploadMaterial
    return await method(iter(parts), metadata=hall.headers("clerk" if which == "a" else "colleague"), timeout=20.0)


async def _collect(hall: Hall, matter: Matter, key: str, which: str) -> Any:
    request = notify.RecordCollectionRequest(
        request_id=key,
        application_id=matter.application_id,
        receiver_identity_number=matter.person.identity_number,
        in_person=True,
        window="W1",
        after=matter.position if matter.leg_id == "" else "",
    )
    return await hall.plain("clerk" if which == "a" else "colleague", hall.desks.notify.RecordCollection, request)


async def _offer(hall: Hall, matter: Matter, key: str, which: str) -> Any:
    request = notify.OfferDecisionRequest(
        request_id=key,
        application_id=matter.application_id,
        way=notify_fact.OFFER_WAY_CALL,
        after=matter.position if matter.leg_id == "" else "",
    )
    return await hall.plain("clerk" if which == "a" else "colleague", hall.desks.notify.OfferDecision, request)


def _original(code: str) -> submission_pb.MaterialInput:
    return submission_pb.MaterialInput(material_code=code, form=intake_fact.MATERIAL_FORM_ORIGINAL, copies=1)


ACCEPT = _intake(
    "Accept",
    "application_accepted",
    lambda m, key: intake.AcceptRequest(request_id=key, application_id=m.application_id),
)
DECLINE = _intake(
    "Decline",
    "application_declined",
    lambda m, key: intake.DeclineRequest(
        request_id=key,
        application_id=m.application_id,
        ground=intake_fact.DECLINE_GROUND_NOT_OURS,
        reason="不属于本机关职权",
        proper_organ="区人社局",
    ),
)
DEMAND = _intake(
    "RequestCorrection",
    "correction_requested",
    lambda m, key: intake.RequestCorrectionRequest(
        request_id=key,
        application_id=m.application_id,
        shortfalls=[intake.ShortfallInput(material_code="M02", defect="未签名")],
    ),
)
SUPPLY = _intake(
    "SupplyCorrection",
    "correction_supplied",
    lambda m, key: intake.SupplyCorrectionRequest(
        request_id=key, application_id=m.application_id, materials=[_original("M02")], place=PLACE
    ),
)
CORRECT = _intake(
    "CorrectOnTheSpot",
    "corrected_on_the_spot",
    lambda m, key: intake.CorrectOnTheSpotRequest(
        request_id=key,
        application_id=m.application_id,
        materials=[_original("M01")],
        change="更正了出生日期",
        applicant_consents=True,
    ),
)
COMPLETE = _intake(
    "CompleteOnTheSpot",
    "completed_on_the_spot",
    lambda m, key: submission_pb.CompleteOnTheSpotRequest(request_id=key, application_id=m.application_id),
)
WITHDRAW = _intake(
    "Withdraw",
    "application_withdrawn",
    lambda m, key: intake.WithdrawRequest(
        request_id=key, application_id=m.application_id, reason="不再需要", place=PLACE
    ),
)
RATE = _intake(
    "Rate",
    "service_rated",
    lambda m, key: intake.RateRequest(request_id=key, application_id=m.application_id, grade=1, place=PLACE),
)
UPLOAD = Act("UploadMaterial", _upload, "intake", "material_uploaded")
COLLECT = Act("RecordCollection", _collect, "notify", "result_delivered")
OFFER = Act("OfferDecision", _offer, "notify", "decision_offered")
CLAIM = _approval(
    "Claim",
    "step_claimed",
    ("reviewer", "second"),
    lambda m, key: approval.ClaimRequest(request_id=key, case_id=m.case_id),
)
RELEASE = _approval(
    "Release",
    "step_released",
    ("reviewer", "reviewer"),
    lambda m, key: approval.ReleaseRequest(request_id=key, case_id=m.case_id),
)
FINISH = _approval(
    "CompleteStep",
    "step_completed",
    ("reviewer", "reviewer"),
    lambda m, key: approval.CompleteStepRequest(
        request_id=key, case_id=m.case_id, opinion=approval_fact.OPINION_AGREE, remark="同意"
    ),
)
EXTEND = _approval(
    "Extend",
    "term_extended",
    ("head", "deputy"),
    lambda m, key: approval.ExtendRequest(request_id=key, case_id=m.case_id, days=5, reason="案情复杂"),
)
PAUSE = _approval("Pause", "term_paused", ("head", "deputy"), pause)
ORDER_PAUSE = _approval("Pause", "procedure_ordered", ("reviewer", "second"), pause)
APPROVE_PAUSE = _approval(
    "ApprovePause",
    "term_paused",
    ("head", "deputy"),
    lambda m, key: approval.ApprovePauseRequest(request_id=key, case_id=m.case_id),
)
DECLINE_PAUSE = _approval(
    "DeclinePause",
    "procedure_declined",
    ("head", "deputy"),
    lambda m, key: approval.DeclinePauseRequest(request_id=key, case_id=m.case_id, reason="不需要听证"),
)
RESUME = _approval(
    "Resume",
    "term_resumed",
    ("head", "deputy"),
    lambda m, key: approval.ResumeRequest(request_id=key, case_id=m.case_id),
)
DECIDE = _approval(
    "Decide",
    "case_decided",
    ("head", "deputy"),
    lambda m, key: approval.DecideRequest(
        request_id=key, case_id=m.case_id, outcome=approval_fact.OUTCOME_REFUSED, reasons="不符合条件"
    ),
)
REFER = _approval(
    "Refer",
    "case_referred",
    ("head", "deputy"),
    lambda m, key: approval.ReferRequest(request_id=key, case_id=m.case_id, opinion="建议准予"),
)
DISTRICT_DESK = Act(
    "Decide at the district",
    lambda hall, m, key, _which: hall.plain(
        "district-head",
        hall.desks.approval.Decide,
        approval.DecideRequest(request_id=key, case_id=m.leg_id, outcome=approval_fact.OUTCOME_GRANTED),
    ),
    "approval",
    "case_decided",
    on_leg=True,
)
PROGRESS = _system(
    "ReportProgress",
    "district_progressed",
    lambda _hall, m, key: gateway.ReportProgressRequest(report_key=key, case_id=m.leg_id, stage="REVIEWING"),
)
GRANT = _system(
    "ReportDecision",
    "district_decided",
    lambda hall, m, key: gateway.ReportDecisionRequest(
        report_key=key, case_id=m.leg_id, outcome=approval_fact.OUTCOME_GRANTED, decided_on=hall.today
    ),
)
RETURN = _system(
    "ReturnCase",
    "case_returned",
    lambda _hall, m, key: gateway.ReturnCaseRequest(report_key=key, case_id=m.leg_id, reasons="材料不全"),
)
HALT = _system(
    "ReportPause",
    "term_paused",
    lambda hall, m, key: gateway.ReportPauseRequest(
        report_key=key, case_id=m.leg_id, procedure=approval_fact.SPECIAL_PROCEDURE_APPRAISAL, first_on=hall.today
    ),
)
GO_ON = _system(
    "ReportResumption",
    "term_resumed",
    lambda hall, m, key: gateway.ReportResumptionRequest(report_key=key, case_id=m.leg_id, last_on=hall.today),
)
LENGTHEN = _system(
    "ReportExtension",
    "term_extended",
    lambda hall, m, key: gateway.ReportExtensionRequest(
        report_key=key, case_id=m.leg_id, days=5, decided_on=hall.today, reason="案情复杂"
    ),
)
ORDER = _system(
    "IssueSupervisionOrder",
    "supervision_ordered",
    lambda hall, m, key: gateway.IssueSupervisionOrderRequest(
        order_key=key, case_id=m.leg_id, content="请说明办理情况", due_on=hall.today
    ),
)


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of a matter, how it is reached, and the acts that meet there."""

    name: str
    reach: Callable[[Hall], Awaitable[Matter]]
    acts: tuple[Act, ...]
    swept: str = ""
    """The fact that a sweep of the office may leave on the file by itself."""


STAGES = (
    Stage("handed in", lambda hall: hall.submitted("配对承诺件"),
          (ACCEPT, DECLINE, DEMAND, CORRECT, UPLOAD, WITHDRAW)),
    Stage("instant", lambda hall: hall.submitted("配对即办件"), (COMPLETE, DECLINE, DEMAND, CORRECT, WITHDRAW, RATE)),
    Stage("to be corrected", lambda hall: hall.corrected("配对承诺件"), (SUPPLY, UPLOAD, WITHDRAW)),
    Stage("accepted", lambda hall: hall.accepted("配对承诺件"), (CLAIM, UPLOAD, WITHDRAW)),
    Stage("under review", lambda hall: hall.claimed("配对承诺件"),
          (CLAIM, RELEASE, FINISH, EXTEND, PAUSE, UPLOAD, WITHDRAW)),
    Stage("to be decided", lambda hall: hall.reviewed("配对承诺件"),
          (DECIDE, EXTEND, PAUSE, UPLOAD, WITHDRAW, RATE, COLLECT)),
    Stage("with a special procedure to be approved", lambda hall: hall.ordered("配对承诺件"),
          (APPROVE_PAUSE, DECLINE_PAUSE, ORDER_PAUSE, RESUME, EXTEND, DECIDE, WITHDRAW)),
    Stage("in a special procedure", lambda hall: hall.paused("配对承诺件"), (RESUME, EXTEND, UPLOAD, WITHDRAW, DECIDE)),
    Stage("to be referred", lambda hall: hall.reviewed("配对上报件"),
          (REFER, DECIDE, EXTEND, PAUSE, UPLOAD, WITHDRAW, RATE)),
    Stage("to be referred and closed by it", lambda hall: hall.reviewed("配对转报件"),
          (REFER, DECIDE, WITHDRAW, RATE, COLLECT)),
    Stage("at the district", lambda hall: hall.referred("配对上报件"),
          (GRANT, RETURN, PROGRESS, ORDER, DISTRICT_DESK, HALT, LENGTHEN, UPLOAD, WITHDRAW, RATE, COLLECT)),
    Stage("at the district, in a special procedure", lambda hall: hall.paused_at_district("配对上报件"),
          (GO_ON, GRANT, RETURN, LENGTHEN, WITHDRAW)),
    Stage("at the district, closed at the street", lambda hall: hall.referred("配对转报件"),
          (GRANT, RETURN, PROGRESS, ORDER, HALT, LENGTHEN, WITHDRAW, RATE, COLLECT)),
    Stage("decided", lambda hall: hall.decided("配对承诺件"), (RATE, OFFER, COLLECT, WITHDRAW, DECIDE)),
)  # fmt: skip # a stage and its acts read as a table
"""Every stage with the acts of the desks, the applicant and the district that can meet there."""

DEEMED = Stage(
    "handed in, five days ago",
    lambda hall: hall.submitted("配对承诺件"),
    (ACCEPT, DECLINE, DEMAND, CORRECT, UPLOAD, WITHDRAW),
    swept="application_accepted",
)
LAPSED = Stage(
    "to be corrected, on the last day",
    lambda hall: hall.corrected("配对承诺件"),
    (SUPPLY, UPLOAD, WITHDRAW),
    swept="correction_lapsed",
)
"""Stages at which an act meets the office's own sweep: deemed acceptance, lapse."""


def pairs() -> Iterator[tuple[Stage, Act, Act]]:
    """Every pair of acts of every stage, each act with itself as well."""
    for stage in STAGES:
        for first, second in combinations_with_replacement(stage.acts, 2):
            yield stage, first, second
