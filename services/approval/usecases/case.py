"""Acts of desks on a case, one method each, and the lookups of desks and supervisors."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import partial
from typing import TypeAlias
from uuid import UUID

from chassis.event_store import (
    EVERY_STREET,
    Changed,
    Decision,
    Drawn,
    FileKey,
    FileRepository,
    IdempotencyKey,
    PositionWaiter,
    Precondition,
    Scope,
)
from chassis.inbox import CatchUp
from chassis.refusals import NotFound
from chassis.rpc.validation import has_visible
from law.desk import Actor
from law.not_allowed import WrongDesk
from protocol.streams import APPROVAL, INTAKE
from services.approval.domain.case.decide import Decide, decide
from services.approval.domain.case.due_dates import days_left
from services.approval.domain.case.extend import Extend, extend
from services.approval.domain.case.facts import Fact, Leg, Opinion, Outcome, VaultText
from services.approval.domain.case.item import GovernmentApproval
from services.approval.domain.case.pause import PauseTerm, ResumeTerm, approve_pause, decline_pause, pause, resume
from services.approval.domain.case.prove import LimitProof, ends_as_stored, prove_term
from services.approval.domain.case.refer import Refer, refer
from services.approval.domain.case.stages import NotAtThisStage
from services.approval.domain.case.state import Case
from services.approval.domain.case.steps import CompleteStep, claim, complete_step, release
from services.approval.domain.supervision.cards import with_due_cards
from services.approval.ports import (
    CaseList,
    CurrentCalendar,
    DistrictStatus,
    ReadPasses,
    TextDigests,
    WaitingStep,
    WorklistDesk,
    WorklistPage,
)

CaseFiles: TypeAlias = FileRepository[Case | None, Fact]
ChangedCase: TypeAlias = Changed[Case | None]

CASE_SOURCES = (INTAKE, APPROVAL)
"""Sources that open and move cases: acceptances, and the other leg."""

OFFICE = "office"
"""Actor of a change that follows from another file."""


@dataclass(frozen=True, slots=True)
class CaseCall:
    """Call that changes a case: the case, the idempotency key, the actor, the revision that the caller saw."""

    key: FileKey
    cause: IdempotencyKey
    actor: Actor
    revision: int = 0
    """The revision the caller saw; 0 when it does not matter."""
    after: str = ""
    """Positions that the caller saw, of what the case follows from; empty for no wait."""

    @property
    def precondition(self) -> Precondition[Case | None]:
        """A case that is on file at the place, of a line that the actor serves; then its revision.

        Raises NotFound, WrongDesk.
        """

        def require(case: Case | None) -> None:
            if not self.actor.serves(existing(case).item.line.name):
                raise WrongDesk

        return Precondition(require, self.revision or None)


def rests_on_others(refusal: Exception) -> bool:
    """True for a refusal that what was not received yet may turn: of no case, and of one that the district has.

    Intake's acceptance opens a case, and the other leg's decision or return moves it.
    """
    return isinstance(refusal, NotFound) or (isinstance(refusal, NotAtThisStage) and refusal.at_district)


def existing(case: Case | None) -> Case:
    """The case; raises NotFound when nothing is on file at the caller's place."""
    if case is None:
        raise NotFound
    return case


def deciding(
    act: Callable[[Case], Sequence[Fact]], typed: str = "", answer: Callable[[Case], bytes] = lambda _: b""
) -> Callable[[Case | None, object], Decision[Fact]]:
    """The decision for the store: facts of the act on the current case, the typed text, the answer to keep for repeats.

    An act that closes the case brings the cards with it that were due and that no sweep has issued yet.
    `answer` sees the case as it was before the act.
    """

    def decide(case: Case | None, _drawn: object) -> Decision[Fact]:
        current = existing(case)
        decided = with_due_cards(current, act(current))
        return Decision(decided, texts=texts_of(decided, typed), answer=answer(current))

    return decide


def texts_of(decided: Sequence[Fact], typed: str) -> dict[str, str]:
    """The typed text under the name that the facts give it."""
    if not typed:
        return {}
    values = (getattr(fact, field.name) for fact in decided for field in fields(fact))
    return {value.name: typed for value in values if isinstance(value, VaultText)}


class Cases:
    """Acts on cases; each loads the case, decides, and appends the facts."""

    def __init__(
        self,
        files: CaseFiles,
        calendars: CurrentCalendar,
        digests: TextDigests,
        passes: ReadPasses,
        waiter: PositionWaiter,
        catch_up: CatchUp,
    ) -> None:
        self._files = files
        self._calendars = calendars
        self._digests = digests
        self._passes = passes
        self._waiter = waiter
        self._catch_up = catch_up

    async def claim(self, call: CaseCall, after: str, answer: Callable[[Case, str], bytes]) -> ChangedCase:
        """Take the open step. The answer with its read pass is stored, so that a repeat gets the same one."""
        await self._waiter.until_reached(after, call.key.scope)

        def with_pass(case: Case) -> bytes:
            return answer(case, self._passes.for_desk(call.key, case, call.actor))

        act = deciding(lambda case: [claim(case, call.actor, self.today)], answer=with_pass)
        return await self._append(call, act)

    async def release(self, call: CaseCall) -> ChangedCase:
        """Give the open step back."""
        return await self._change(call, lambda case: [release(case, call.actor, self.today)])

    async def complete_step(self, call: CaseCall, opinion: Opinion, remark: str) -> ChangedCase:
        """Put an opinion on file."""
        command = CompleteStep(call.actor, opinion, self._digest(remark))
        return await self._change(call, lambda case: [complete_step(case, command, self.today)], remark)

    async def refer(self, call: CaseCall, opinion: str) -> ChangedCase:
        """Send opinion and materials to the district."""
        command = Refer(call.actor, self._digest(opinion))
        return await self._change(call, lambda case: [refer(case, command, self.today)], opinion)

    async def decide(self, call: CaseCall, outcome: Outcome, reasons: str, after: str) -> ChangedCase:
        """Grant, or refuse with reasons, under the next number of the street's decisions of the year."""
        await self._waiter.until_reached(after, call.key.scope)
        # Drawn in the statement that reads the case: numbers may have gaps, and none is given twice. (ADR 0016)
        series = f"decision/{call.key.street}/{self.today.year}"
        digest = self._digest(reasons)

        def act(case: Case, number: int) -> Sequence[Fact]:
            decision_number = f"{call.key.street}〔{self.today.year}〕决{number}号"
            return [decide(case, Decide(call.actor, outcome, digest, decision_number), self.today)]

        def decided(case: Case | None, drawn: Drawn) -> Decision[Fact]:
            return deciding(lambda current: act(current, drawn[series]), reasons)(case, drawn)

        return await self._append(call, decided, [series])

    async def extend(
        self, call: CaseCall, days: int, reason: str, approval: GovernmentApproval | None = None
    ) -> ChangedCase:
        """Extend the term once."""
        command = Extend(call.actor, days, self._digest(reason), approval)
        calendar = await self._calendars.current()
        return await self._change(call, lambda case: [extend(case, command, self.today, calendar)], reason)

    async def pause(self, call: CaseCall, command: PauseTerm, reason: str) -> ChangedCase:
        """Order a special procedure; `command` comes without the digest of its reason."""
        whole, calendar = replace(command, reason=self._digest(reason)), await self._calendars.current()
        return await self._change(call, lambda case: pause(case, whole, self.today, calendar), reason)

    async def approve_pause(self, call: CaseCall) -> ChangedCase:
        """Stop the clock by the order that waits."""
        calendar = await self._calendars.current()
        return await self._change(call, lambda case: approve_pause(case, call.actor, self.today, calendar))

    async def decline_pause(self, call: CaseCall, reason: str) -> ChangedCase:
        """Decline the order that waits."""
        digest = self._digest(reason)
        return await self._change(call, lambda case: [decline_pause(case, call.actor, digest, self.today)], reason)

    async def resume(self, call: CaseCall, last_on: date | None) -> ChangedCase:
        """Start the clock again, after the last day of the procedure, today where none is named."""
        command, calendar = ResumeTerm(call.actor, last_on), await self._calendars.current()
        return await self._change(call, lambda case: [resume(case, command, self.today, calendar)])

    async def _change(self, call: CaseCall, act: Callable[[Case], Sequence[Fact]], typed: str = "") -> ChangedCase:
        await self._waiter.until_reached(call.after, call.key.scope)
        return await self._append(call, deciding(act, typed))

    async def _append(
        self, call: CaseCall, act: Callable[[Case | None, Drawn], Decision[Fact]], serials: Sequence[str] = ()
    ) -> ChangedCase:
        change = partial(
            self._files.change,
            call.key,
            call.cause,
            act,
            actor=call.cause.caller,
            serials=serials,
            precondition=call.precondition,
        )
        return await self._catch_up.done(CASE_SOURCES, change, rests_on_others)

    @property
    def today(self) -> date:
        """The civil date of the office."""
        return self._files.clock.today()

    def _digest(self, text: str) -> str:
        return self._digests.keyed_digest(text).hex() if has_visible(text) else ""


@dataclass(frozen=True, slots=True)
class TermProof:
    """Both last days of a case as stored, day by day, and what they rest on."""

    case: Case
    promised: LimitProof
    legal: LimitProof
    days_left: tuple[int, int]
    """Of the promised and of the legal limit, in their units, below 0 when it is over."""
    as_stored: bool
    """False where the calendar of the stored days is not known any more, and today's was taken and ends elsewhere."""

    @property
    def notices(self) -> tuple[str, ...]:
        """Numbers of the holiday notices that both rest on."""
        return tuple(dict.fromkeys((*self.promised.due.notices, *self.legal.due.notices)))


class CaseLookups:
    """Reads cases and changes nothing."""

    def __init__(
        self,
        files: CaseFiles,
        lists: CaseList,
        calendars: CurrentCalendar,
        waiter: PositionWaiter,
        catch_up: CatchUp,
    ) -> None:
        self._files = files
        self._lists = lists
        self._calendars = calendars
        self._waiter = waiter
        self._catch_up = catch_up

    async def worklist(self, desk: WorklistDesk, page: WorklistPage, after: str) -> tuple[list[WaitingStep], int]:
        """The steps that wait for a desk, nearest due day first, with the exact count."""
        await self._waiter.until_reached(after, desk.scope)
        return await self._lists.worklist(desk, page)

    async def until_reached(self, after: str, at: Scope) -> None:
        """Wait until the position that the caller saw elsewhere was received here."""
        await self._waiter.until_reached(after, at)

    async def find(self, scope: Scope, case_id: UUID | None, number: str, leg: Leg) -> FileKey:
        """The key of a case within the scope, by id or by number; raises NotFound, NotYetHere."""
        if case_id and scope.street != EVERY_STREET:  # reading the file itself shows if it exists at this place
            return FileKey(scope.district, scope.street, case_id)
        lists = self._lists

        async def look() -> FileKey:
            found = await (lists.locate(scope, case_id) if case_id else lists.by_number(scope, number, leg))
            if found is None:
                raise NotFound
            return found

        return await self._catch_up.done(CASE_SOURCES, look, rests_on_others)

    async def read(self, key: FileKey) -> tuple[ChangedCase, DistrictStatus | None]:
        """A case as it stands, and the state of its hand-off; None when it has none."""
        read = await self._read(key)
        case = existing(read.state)
        leg_id = key.file_id if case.leg is Leg.DISTRICT else case.referral.case_id
        return read, await self._lists.district_status(key.scope, leg_id) if leg_id else None

    async def prove(self, key: FileKey, today: date) -> TermProof:
        """Both last days of a case, by the calendar from which they were computed, and the days left of both limits."""
        case = existing((await self._read(key)).state)
        stored_by = await self._calendars.at_version(case.term.calendar_version)
        calendar = stored_by or await self._calendars.current()
        promised, legal = proven = prove_term(case, calendar)
        return TermProof(
            case, promised, legal, days_left(case, today, calendar), ends_as_stored(case, proven, calendar)
        )

    async def _read(self, key: FileKey) -> ChangedCase:
        return await self._catch_up.done(CASE_SOURCES, partial(self._files.read, key), rests_on_others)
