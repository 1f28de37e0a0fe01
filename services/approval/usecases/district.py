"""What the district's own system tells of the legs it has. Pushed or pulled, a report takes the same road once."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from chassis.clock import Clock
from chassis.event_store import AppendResult, Author, Decision, FileKey, IdempotencyKey, KeyTaken, Loaded, PendingChange
from chassis.rpc.texts import has_visible
from law.workdays import Calendar
from services.approval.domain.acknowledge import Acknowledgement, acknowledge, acknowledge_again
from services.approval.domain.case import Case
from services.approval.domain.district_decide import Report, district_decide
from services.approval.domain.facts import Fact
from services.approval.domain.progress import progress
from services.approval.domain.return_case import return_case
from services.approval.domain.supervise import Demand, supervise
from services.approval.ports import Digests
from services.approval.usecases.changing import CaseFiles, ChangedCase, deciding

ANY_DISTRICT = "district"
"""In whose name a report is remembered: the same key counts once, however it came."""


@dataclass(frozen=True, slots=True)
class Told:
    """One report: which leg, why once, and the act."""

    key: FileKey
    cause: IdempotencyKey
    decide: Callable[[Case | None, object], Decision[Fact]]


@dataclass(frozen=True, slots=True)
class Found:
    """A report, and its leg as it was read before."""

    told: Told
    loaded: Loaded


class Reports:
    """Turns what the district tells into what happens to its leg."""

    def __init__(self, clock: Clock, digests: Digests) -> None:
        self._clock = clock
        self._digests = digests

    def acknowledged(self, key: FileKey, told: Acknowledgement, calendar: Calendar) -> Told:
        """The district has the package."""
        cause = _cause(f"received:{key.file_id}", "received", key)
        return Told(key, cause, deciding(lambda case: acknowledge(case, told, self._clock.today(), calendar)))

    def acknowledged_again(self, key: FileKey, told: Acknowledgement, attempt: int) -> Told:
        """The district has the package once more, under another number maybe."""
        said = (told.district_number, told.received_on.isoformat())
        cause = _cause(f"received:{key.file_id}:{attempt}", "received again", key, *said)
        return Told(key, cause, deciding(lambda case: acknowledge_again(case, told, self._clock.today())))

    def progressed(self, key: FileKey, report_key: str, stage: str) -> Told:
        """The district works on it."""
        cause = _cause(report_key, "progress", key)
        return Told(key, cause, deciding(lambda case: [progress(case, report_key, stage, self._clock.today())]))

    def decided(self, key: FileKey, report: Report, reasons: str) -> Told:
        """The district decided; `report` comes without the digest of its reasons."""
        cause = _cause(report.report_key, "decision", key, report.outcome.name, report.decided_on.isoformat(), reasons)
        whole = Report(report.report_key, report.outcome, report.decided_on, self._digest(reasons))
        return Told(key, cause, deciding(lambda case: district_decide(case, whole, self._clock.today()), reasons))

    def returned(self, key: FileKey, report_key: str, reasons: str) -> Told:
        """The district sends it back."""
        cause, digest = _cause(report_key, "return", key, reasons), self._digest(reasons)
        return Told(
            key, cause, deciding(lambda case: return_case(case, report_key, digest, self._clock.today()), reasons)
        )

    def demanded(self, key: FileKey, order_key: str, content: str, due_on: date) -> Told:
        """The district demands attention."""
        cause = _cause(order_key, "order", key, content, due_on.isoformat())
        demand = Demand(order_key, self._digest(content), due_on)
        return Told(key, cause, deciding(lambda case: [supervise(case, demand, self._clock.today())], content))

    def _digest(self, text: str) -> str:
        return self._digests.keyed_digest(text).hex() if has_visible(text) else ""


async def put_on_file(files: CaseFiles, told: Told, actor: str) -> ChangedCase:
    """One report, in a change of its own; a repeat gets the first answer."""
    return await files.change(told.key, told.cause, told.decide, actor=actor)


async def put_together(files: CaseFiles, found: Sequence[Found], actor: str) -> list[Told]:
    """Reports on different legs in one statement; those that have to be put on file alone.

    Somebody changed the leg since it was read, or the act says no: the leg as it stands has to say so.
    """
    drafts: list[tuple[Told, PendingChange[Case | None]]] = []
    alone: list[Told] = []
    for each in found:
        told, state = each.told, files.unit_of_work.state(each.loaded)
        try:
            decision = told.decide(state, {})
            if decision.facts:
                author = Author(actor, told.cause)
                drafts.append((told, files.unit_of_work.prepare(told.key, each.loaded, state, decision, author)))
        except Exception:  # it is said again, and then answered for, when it is put on file alone
            alone.append(told)
    if not drafts:
        return alone
    changes, recorded_at = [draft.change for _, draft in drafts], drafts[0][1].recorded_at
    try:
        outcomes = await files.store.append_many(changes, recorded_at)
    except KeyTaken:
        outcomes = [AppendResult.STALE] * len(changes)
    for (told, draft), outcome in zip(drafts, outcomes, strict=True):
        if outcome is AppendResult.WRITTEN:
            files.unit_of_work.cache.keep_file(told.key, draft.after)
        elif outcome is AppendResult.STALE:
            alone.append(told)
    files.wake()
    return alone


def _cause(request_id: str, kind: str, key: FileKey, *said: str) -> IdempotencyKey:
    whole = "\0".join((kind, str(key.file_id), *said)).encode()
    return IdempotencyKey(ANY_DISTRICT, request_id, hashlib.sha256(whole).digest())
