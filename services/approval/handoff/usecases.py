"""Reports of the district's own system on the legs it has; a report counts once, whether it was pushed or pulled."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass, replace
from datetime import date

from chassis.clock import Clock
from chassis.event_store import (
    AppendResult,
    Author,
    Decision,
    FileKey,
    IdempotencyKey,
    KeyTaken,
    Loaded,
    PendingChange,
    TextTaken,
)
from chassis.refusals import RequestIdReused
from chassis.rpc.validation import has_visible
from law.not_allowed import WrongDesk
from law.workdays import Calendar
from services.approval.domain.case.facts import Fact
from services.approval.domain.case.state import Case
from services.approval.domain.supervision.supervision_order import SupervisionOrder, issue_supervision_order
from services.approval.handoff.domain.acknowledge import Acknowledgement, acknowledge, acknowledge_again, progress
from services.approval.handoff.domain.district_clock import (
    ExtensionReport,
    PauseReport,
    district_extend,
    district_pause,
    district_resume,
)
from services.approval.handoff.domain.district_decide import DecisionReport, district_decide
from services.approval.handoff.domain.return_case import ReturnReport, return_case
from services.approval.ports import TextDigests
from services.approval.usecases.case import CaseFiles, ChangedCase, deciding

DISTRICT_CALLER = "district"
"""Caller in the idempotency keys of the system that packages go to: a report counts once, however it came.

No caller has this name: theirs begin with their kind. Another system reports under its own whole name. Releases up to
0.2.0 stored its keys here too; they are found by its name as the actor of the facts (`is_answer_to`).
"""

_REVIEWING = "REVIEWING"


class OtherDestination(WrongDesk):
    """A system of the district works on referrals to its own destinations alone."""

    sentence = "该件不是转报给贵系统的。"


@dataclass(frozen=True, slots=True)
class DistrictReport:
    """One report: the leg, the idempotency key, and the act."""

    key: FileKey
    cause: IdempotencyKey
    decide: Callable[[Case | None, object], Decision[Fact]]
    stage: str = ""
    """The stage that a report of progress names. A change in the district's list names none, and is a repeat of any."""

    def of_system(self, name: str, destinations: frozenset[str] | None) -> "DistrictReport":
        """The report under the name of another system, empty for the one that packages go to; None for every leg."""

        def decide(case: Case | None, drawn: object) -> Decision[Fact]:
            if case is not None and destinations is not None and case.referral.destination not in destinations:
                raise OtherDestination("case_id")
            return self.decide(case, drawn)

        return replace(self, cause=replace(self.cause, caller=name or self.cause.caller), decide=decide)


@dataclass(frozen=True, slots=True)
class ReportOnLeg:
    """A report, and its leg as it was read before."""

    report: DistrictReport
    loaded: Loaded


class DistrictReports:
    """Builds reports from the contents that the district sends."""

    def __init__(self, clock: Clock, digests: TextDigests) -> None:
        self._clock = clock
        self._digests = digests

    def acknowledged(self, key: FileKey, receipt: Acknowledgement, calendar: Calendar) -> DistrictReport:
        """The district received the package."""
        cause = _cause(f"received:{key.file_id}", "received", key)
        act = deciding(lambda case: acknowledge(case, receipt, self._clock.today(), calendar))
        return DistrictReport(key, cause, act)

    def acknowledged_again(self, key: FileKey, receipt: Acknowledgement, attempt: int) -> DistrictReport:
        """The district received a package that it had lost; its number may be another one."""
        contents = (receipt.district_number, receipt.received_on.isoformat())
        cause = _cause(f"received:{key.file_id}:{attempt}", "received again", key, *contents)
        act = deciding(lambda case: acknowledge_again(case, receipt, self._clock.today()))
        return DistrictReport(key, cause, act)

    def progressed(self, key: FileKey, report_key: str, stage: str) -> DistrictReport:
        """The district reports a stage of its work. The stage is kept beside the key, to compare repeats with it."""
        return self._in_progress(key, report_key, stage, stage)

    def reviewing(self, key: FileKey, report_key: str) -> DistrictReport:
        """The district's list of changes says that it works on the case, without a stage."""
        return self._in_progress(key, report_key, _REVIEWING, "")

    def decided(self, key: FileKey, report: DecisionReport, reasons: str) -> DistrictReport:
        """The district decided; `report` comes without the digest of its reasons."""
        cause = _cause(report.report_key, "decision", key, report.outcome.name, report.decided_on.isoformat(), reasons)
        whole = DecisionReport(report.report_key, report.outcome, report.decided_on, self._digest(reasons))
        act = deciding(lambda case: district_decide(case, whole, self._clock.today()), reasons)
        return DistrictReport(key, cause, act)

    def returned(self, key: FileKey, report_key: str, reasons: str, on: date | None = None) -> DistrictReport:
        """The district sent the case back, today where it names no day."""
        # Without a day the content is that of releases up to 0.2.0, so that repeats of their reports are found.
        cause = _cause(report_key, "return", key, reasons, *([on.isoformat()] if on else []))
        report = ReturnReport(report_key, self._digest(reasons), on)
        act = deciding(lambda case: return_case(case, report, self._clock.today()), reasons)
        return DistrictReport(key, cause, act)

    def paused(
        self, key: FileKey, report_key: str, report: PauseReport, reason: str, calendar: Calendar
    ) -> DistrictReport:
        """A special procedure began at the district; `report` comes without the digest of its reason."""
        kind = report.kind or (report.procedure.name if report.procedure else "")
        cause = _cause(report_key, "pause", key, kind, report.first_on.isoformat(), reason)
        whole = replace(report, reason=self._digest(reason))
        act = deciding(lambda case: district_pause(case, whole, self._clock.today(), calendar), reason)
        return DistrictReport(key, cause, act)

    def resumed(self, key: FileKey, report_key: str, last_on: date, calendar: Calendar) -> DistrictReport:
        """The special procedure at the district ended."""
        cause = _cause(report_key, "resumption", key, last_on.isoformat())
        act = deciding(lambda case: district_resume(case, last_on, self._clock.today(), calendar))
        return DistrictReport(key, cause, act)

    def extended(
        self, key: FileKey, report_key: str, report: ExtensionReport, reason: str, calendar: Calendar
    ) -> DistrictReport:
        """The district extended its term; `report` comes without the digest of its reason."""
        approval = map(str, astuple(report.approval)) if report.approval else ()
        contents = (str(report.days), report.decided_on.isoformat(), reason, *approval)
        cause = _cause(report_key, "extension", key, *contents)
        whole = replace(report, reason=self._digest(reason))
        return DistrictReport(
            key, cause, deciding(lambda case: district_extend(case, whole, self._clock.today(), calendar), reason)
        )

    def supervision_ordered(self, key: FileKey, order_key: str, content: str, due_on: date) -> DistrictReport:
        """The district issues a supervision order."""
        cause = _cause(order_key, "order", key, content, due_on.isoformat())
        order = SupervisionOrder(order_key, self._digest(content), due_on)
        act = deciding(lambda case: [issue_supervision_order(case, order, self._clock.today())], content)
        return DistrictReport(key, cause, act)

    def _in_progress(self, key: FileKey, report_key: str, stage: str, compared: str) -> DistrictReport:
        def act(case: Case) -> Sequence[Fact]:
            return [progress(case, report_key, stage, self._clock.today())]

        cause = _cause(report_key, "progress", key)  # without the stage: push and pull of one report count once
        return DistrictReport(key, cause, deciding(act, answer=lambda _: compared.encode()), compared)

    def _digest(self, text: str) -> str:
        return self._digests.keyed_digest(text).hex() if has_visible(text) else ""


async def put_on_file(files: CaseFiles, report: DistrictReport, actor: str) -> ChangedCase:
    """Put one report on file in a change of its own; a repeat gets the first answer.

    Raises RequestIdReused for a key under which another report is on file, or the same with another stage.
    """
    changed = await files.change(report.key, report.cause, report.decide, actor=actor)
    if changed.replayed and report.stage and changed.answer not in (b"", report.stage.encode()):
        raise RequestIdReused
    return changed


async def put_many_on_file(files: CaseFiles, reports: Sequence[ReportOnLeg], actor: str) -> list[DistrictReport]:
    """Put reports on different legs on file in one statement. Returns those that have to be put on file alone.

    A report is put on file alone when its leg was changed since it was read, or when its act raises: then it must be
    decided on the leg as it stands.
    """
    pending: list[tuple[DistrictReport, PendingChange[Case | None]]] = []
    alone: list[DistrictReport] = []
    for each in reports:
        report, state = each.report, files.unit_of_work.state(each.loaded)
        try:
            decision = report.decide(state, {})
            if decision.facts:
                author = Author(actor, report.cause)
                pending.append((report, files.unit_of_work.prepare(report.key, each.loaded, state, decision, author)))
        except Exception:  # raised again, and answered for, when the report is put on file alone
            alone.append(report)
    if not pending:
        return alone
    changes, recorded_at = [change.change for _, change in pending], pending[0][1].recorded_at
    try:
        results = await files.store.append_many(changes, recorded_at)
    except (KeyTaken, TextTaken):  # of one of the legs, it is not said which: each goes alone
        results = [AppendResult.STALE] * len(changes)
    for (report, change), result in zip(pending, results, strict=True):
        if result is AppendResult.WRITTEN:
            files.unit_of_work.cache.keep_file(report.key, change.after)
        elif result is AppendResult.STALE:
            alone.append(report)
    files.wake()
    return alone


def _cause(request_id: str, kind: str, key: FileKey, *contents: str) -> IdempotencyKey:
    whole = "\0".join((kind, str(key.file_id), *contents)).encode()
    return IdempotencyKey(DISTRICT_CALLER, request_id, hashlib.sha256(whole).digest())
