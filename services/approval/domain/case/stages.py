"""Acts that work at each stage, and the desks they belong to: the one table that every act checks first."""

import re
from dataclasses import replace
from datetime import date
from enum import StrEnum

from law import terms
from law.desk import Actor, Post
from law.not_allowed import Malformed, NotAllowed, WrongDesk
from law.procedures import ProcedureKind, procedure_of
from services.approval.domain.case.facts import SpecialProcedure, TermPaused
from services.approval.domain.case.item import Extension, GovernmentApproval, LimitUnit, Step, StepPost, TermLedger
from services.approval.domain.case.state import Case, CaseClosing, CaseStage

_STATUTORY = Extension(terms.EXTENSION.days, LimitUnit.WORKING_DAYS, terms.EXTENSION.article)
_GOVERNMENT = re.compile("[\u4e00-\u9fff]{2,30}人民政府")
_DOCUMENT_NUMBER = re.compile(r"(?=.*[0-9])[\u4e00-\u9fffA-Za-z0-9〔〕\[\]（）()·-]{4,40}")
_CODES: dict[SpecialProcedure, tuple[str, ...]] = {
    SpecialProcedure.HEARING: ("hearing",),
    SpecialProcedure.INSPECTION: ("inspection", "testing", "quarantine"),
    SpecialProcedure.APPRAISAL: ("appraisal",),
    SpecialProcedure.EXPERT_REVIEW: ("expert_review",),
}
"""Codes that a kind of releases up to 0.2.0 stands for; every other code is OTHER."""
_UNITS = {LimitUnit.WORKING_DAYS: "个工作日", LimitUnit.CALENDAR_DAYS: "日"}


class CaseAct(StrEnum):
    """Acts of a desk, the applicant or the district on a case; the value is the word that staff use."""

    CLAIM = "领办"
    RELEASE = "退领"
    COMPLETE_STEP = "提交审查意见"
    REFER = "转报"
    DECIDE = "作出决定"
    EXTEND = "延期"
    PAUSE = "启动特别程序"
    APPROVE_PAUSE = "批准特别程序"
    DECLINE_PAUSE = "不予批准特别程序"
    RESUME = "恢复计时"
    WITHDRAW = "撤回"
    ACKNOWLEDGE = "登记区已接收"
    DISTRICT_DECIDE = "登记区办理结果"
    RETURN = "退回"


class NotAtThisStage(NotAllowed):
    """The act does not work at the stage of the case; the sentence names the acts that do."""

    sentence = "办件当前处于“{stage}”，不能{act}；现在可以：{possible}。"
    at_district: bool = False
    """True when the district has the matter, so that its answer may be on its way to the street's leg."""


class ClaimedByAnother(NotAllowed):
    """Another member of staff has taken the open step."""

    sentence = "该环节已由工号{staff_no}领办。"


class NotWithDistrict(NotAllowed):
    """The district's own system reports only on a leg that was handed to it."""

    sentence = "该件不由区审批系统办理。"


class AlreadyWithdrawn(NotAllowed):
    """The applicant stopped the matter, and that is on file; a later act on it or report of it is refused."""

    sentence = "申请人已于{withdrawn_on}撤回申请，不能再{act}。"


_PAUSING = frozenset({CaseAct.PAUSE, CaseAct.APPROVE_PAUSE, CaseAct.DECLINE_PAUSE})
"""An order that waits stops nothing: every act of the stage works until the head has approved it."""
_DESK = _PAUSING | {CaseAct.CLAIM, CaseAct.RELEASE, CaseAct.EXTEND, CaseAct.WITHDRAW}
_DECIDING = _DESK | {CaseAct.DECIDE, CaseAct.REFER}
_DISTRICT = frozenset({CaseAct.ACKNOWLEDGE, CaseAct.DISTRICT_DECIDE, CaseAct.RETURN, CaseAct.WITHDRAW})

POSSIBLE: dict[CaseStage, frozenset[CaseAct]] = {
    CaseStage.REVIEW: _DESK | {CaseAct.COMPLETE_STEP},
    CaseStage.DECISION: _DECIDING,
    CaseStage.REFERRED: _DISTRICT,
    CaseStage.PAUSED: frozenset({CaseAct.RESUME, CaseAct.WITHDRAW}),
    CaseStage.RETURNED: _DECIDING,
    CaseStage.CLOSED: frozenset(),
}
"""The acts that work at each stage."""

_POSTS = {StepPost.REVIEWER: Post.REVIEWER, StepPost.HEAD: Post.HEAD}
_NAMES = {
    CaseStage.REVIEW: "审查中",
    CaseStage.DECISION: "待决定",
    CaseStage.REFERRED: "已转报，待区办理",
    CaseStage.PAUSED: "特别程序",
    CaseStage.RETURNED: "已退回街道",
    CaseStage.CLOSED: "已办结",
}


class AlreadyExtended(NotAllowed):
    """The term of a case can be extended once."""

    sentence = "办理期限只能延长一次。"
    article = terms.EXTENSION.article


class ExtensionTooLong(NotAllowed):
    """An extension has at most the days that the item's law allows."""

    sentence = "延长期限不得超过{most}{unit}。"
    article = terms.EXTENSION.article


class NoExtension(NotAllowed):
    """A term is extended only where the item's law knows an extension."""

    sentence = "本事项所依据的法律法规没有规定延期，办理期限不能延长。"
    article = terms.EXTENSION.article


class TermIsOver(NotAllowed):
    """A term is extended before its last day in law has passed, not afterwards."""

    sentence = "法定期限已于{due_on}届满，不能再延长。"
    article = terms.EXTENSION.article


class ApprovalMissing(NotAllowed):
    """An extension of organs that act together has the approval of the head of the government of that level."""

    sentence = "本事项由多个机关联合办理，延期应经本级人民政府负责人批准，请写明批准机关、批准文号和批准日期。"
    article = terms.JOINT_EXTENSION.article


class ApprovalNotNeeded(Malformed):
    """The head of the office alone approves an extension that is none of organs that act together."""

    sentence = "本事项的延期由本机关负责人批准，不填人民政府的批准。"
    article = terms.EXTENSION.article


class ApprovalMalformed(Malformed):
    """An approval names a government and the number of its document, and no person."""

    sentence = "“{value}”不合要求：批准机关写全称，以“人民政府”结尾；批准文号写4至40个字，例如“海珠府函〔2016〕12号”。"
    article = terms.JOINT_EXTENSION.article


class ApprovalDayImpossible(Malformed):
    """The government approves after the term began, and not after the extension."""

    sentence = "人民政府批准的日期应在{first}至{last}之间，现为{approved_on}。"
    article = terms.JOINT_EXTENSION.article


def allow(case: Case, act: CaseAct) -> None:
    """Pass when the act works at the case's stage; raises AlreadyWithdrawn, NotAtThisStage."""
    if case.closing is CaseClosing.WITHDRAWN:
        raise AlreadyWithdrawn(withdrawn_on=case.closed_on, act=act)
    possible = POSSIBLE[case.stage]
    if act not in possible:
        acts = "、".join(each for each in CaseAct if each in possible) or "查询"
        refusal = NotAtThisStage(stage=_NAMES[case.stage], act=act, possible=acts)
        refusal.at_district = case.at_district
        raise refusal


def open_step(case: Case, actor: Actor, act: CaseAct) -> Step:
    """The open step, when the act works and the step is the actor's.

    Raises AlreadyWithdrawn, NotAtThisStage, WrongDesk.
    """
    allow(case, act)
    step = case.step
    if step is None or not actor.holds(_POSTS[step.post]) or not actor.serves(case.item.line.name):
        raise WrongDesk
    return step


def not_of_another(case: Case, actor: Actor) -> None:
    """Pass when no other member of staff has taken the open step; raises ClaimedByAnother."""
    if case.claimed_by not in ("", actor.staff_no):
        raise ClaimedByAnother(staff_no=case.claimed_by)


def require_post(case: Case, actor: Actor, *posts: Post) -> None:
    """Pass when the actor holds one of the posts and serves the line of the case; raises WrongDesk."""
    if not actor.holds(*posts) or not actor.serves(case.item.line.name):
        raise WrongDesk


def require_handed_over(case: Case) -> None:
    """Pass when the leg is at the district's own system; raises NotWithDistrict."""
    if not case.handed_over:
        raise NotWithDistrict


def extended_ledger(case: Case, days: int, on: date, approval: GovernmentApproval | None = None) -> TermLedger:
    """The ledger with an extension approved on a day, in the unit of its article.

    Whether the promise moves with it is judged when the dates are counted. Raises NoExtension, ExtensionTooLong, and
    what `require_approval` refuses.
    """
    known = case.item.extension or _STATUTORY
    if not known.days:
        raise NoExtension
    if days > known.days:
        raise ExtensionTooLong("days", most=known.days, unit=_UNITS[known.unit])
    require_approval(known, approval, case.term.starts_on, on)
    return replace(
        case.ledger, extension_days=days, extension_unit=known.unit, extended_on=on, extension_approval=approval
    )


def require_approval(known: Extension, approval: GovernmentApproval | None, first: date, last: date) -> None:
    """Pass the approval of the government where organs act together, and none elsewhere.

    Raises ApprovalMissing, ApprovalNotNeeded, ApprovalMalformed, ApprovalDayImpossible.
    """
    if approval is None:
        if known.joint:
            raise ApprovalMissing("approval")
        return
    if not known.joint:
        raise ApprovalNotNeeded("approval")
    for field, form, text in (
        ("approved_by", _GOVERNMENT, approval.approved_by),
        ("number", _DOCUMENT_NUMBER, approval.number),
    ):
        if form.fullmatch(text) is None:
            raise ApprovalMalformed(f"approval.{field}", value=text)
    if not first <= approval.approved_on <= last:
        raise ApprovalDayImpossible("approval.approved_on", first=first, last=last, approved_on=approval.approved_on)


def reportable_days(case: Case, today: date) -> tuple[date, date]:
    """The first and the last day on which the district can have acted on its leg: from the referral to today."""
    return case.referral.referred_on or case.received_on, today


def known_kind(case: Case, code: str, procedure: SpecialProcedure | None) -> ProcedureKind:
    """The kind that the item knows, by its code, or as a release up to 0.2.0 names it; raises ProcedureNotOfItem."""
    codes = (code,) if code else _CODES.get(procedure or SpecialProcedure.OTHER, ("",))
    return procedure_of(codes, case.item.procedures)


def legacy_procedure(kind: ProcedureKind) -> SpecialProcedure:
    """The kind as releases up to 0.2.0 know it."""
    return next((known for known, codes in _CODES.items() if kind.code in codes), SpecialProcedure.OTHER)


def kind_of(paused: TermPaused) -> ProcedureKind:
    """The kind of a pause; that of a fact of releases up to 0.2.0 by the law."""
    return paused.kind or procedure_of(_CODES[paused.procedure], ())
