"""Acts of desks on a case, one method each."""

from collections.abc import Callable, Sequence
from datetime import date

from chassis.event_store import PositionWaiter
from chassis.rpc.texts import has_visible
from services.approval.domain.case.claim import claim, release
from services.approval.domain.case.complete_step import CompleteStep, complete_step
from services.approval.domain.case.decide import Decide, decide
from services.approval.domain.case.extend import Extend, extend
from services.approval.domain.case.facts import Fact, Opinion, Outcome, SpecialProcedure
from services.approval.domain.case.pause import PauseTerm, pause, resume
from services.approval.domain.case.refer import Refer, refer
from services.approval.domain.case.state import Case
from services.approval.ports import CurrentCalendar, ReadPasses, TextDigests
from services.approval.usecases.case_file import CaseCall, CaseFiles, ChangedCase, deciding


class Cases:
    """Acts on cases; each loads the case, decides, and appends the facts."""

    def __init__(
        self,
        files: CaseFiles,
        calendars: CurrentCalendar,
        digests: TextDigests,
        passes: ReadPasses,
        waiter: PositionWaiter,
    ) -> None:
        self._files = files
        self._calendars = calendars
        self._digests = digests
        self._passes = passes
        self._waiter = waiter

    async def claim(self, call: CaseCall, after: str, answer: Callable[[Case, str], bytes]) -> ChangedCase:
        """Take the open step. The answer with its read pass is stored, so that a repeat gets the same one."""
        await self._waiter.until_reached(after)

        def with_pass(case: Case) -> bytes:
            return answer(case, self._passes.for_desk(call.key, case, call.actor.staff_no))

        act = deciding(lambda case: [claim(case, call.actor, self.today)], answer=with_pass)
        return await self._files.change(
            call.key, call.cause, act, actor=call.actor.staff_no, expected_revision=call.expected_revision
        )

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
        await self._waiter.until_reached(after)
        series = f"decision/{call.key.street}/{self.today.year}"
        digest = self._digest(reasons)

        def act(case: Case, number: int) -> Sequence[Fact]:
            decision_number = f"{call.key.street}〔{self.today.year}〕决{number}号"
            return [decide(case, Decide(call.actor, outcome, digest, decision_number), self.today)]

        return await self._files.change(
            call.key,
            call.cause,
            lambda case, drawn: deciding(lambda current: act(current, drawn[series]), reasons)(case, drawn),
            actor=call.actor.staff_no,
            serials=[series],
            expected_revision=call.expected_revision,
        )

    async def extend(self, call: CaseCall, days: int, reason: str) -> ChangedCase:
        """Extend the term once."""
        command, calendar = Extend(call.actor, days, self._digest(reason)), await self._calendars.current()
        return await self._change(call, lambda case: [extend(case, command, self.today, calendar)], reason)

    async def pause(self, call: CaseCall, procedure: SpecialProcedure, expected_days: int, reason: str) -> ChangedCase:
        """Stop the clock for a special procedure."""
        command = PauseTerm(call.actor, procedure, expected_days, self._digest(reason))
        return await self._change(call, lambda case: [pause(case, command, self.today)], reason)

    async def resume(self, call: CaseCall) -> ChangedCase:
        """Start the clock again."""
        calendar = await self._calendars.current()
        return await self._change(call, lambda case: [resume(case, call.actor, self.today, calendar)])

    async def _change(self, call: CaseCall, act: Callable[[Case], Sequence[Fact]], typed: str = "") -> ChangedCase:
        return await self._files.change(
            call.key,
            call.cause,
            deciding(act, typed),
            actor=call.actor.staff_no,
            expected_revision=call.expected_revision,
        )

    @property
    def today(self) -> date:
        """The civil date of the office."""
        return self._files.clock.today()

    def _digest(self, text: str) -> str:
        return self._digests.keyed_digest(text).hex() if has_visible(text) else ""
