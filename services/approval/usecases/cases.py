"""What desks can do with a case, one method each; every change goes by the one road of `changing`."""

from collections.abc import Callable, Sequence
from datetime import date

from chassis.rpc.texts import has_visible
from services.approval.domain.case import Case
from services.approval.domain.claim import claim
from services.approval.domain.complete_step import CompleteStep, complete_step
from services.approval.domain.decide import Decide, decide
from services.approval.domain.extend import Extend, extend
from services.approval.domain.facts import Fact
from services.approval.domain.pause import Pause, pause
from services.approval.domain.refer import Refer, refer
from services.approval.domain.release import release
from services.approval.domain.resume import resume
from services.approval.domain.words import Opinion, Outcome, SpecialProcedure
from services.approval.usecases.changing import Call, CaseFiles, ChangedCase, Office, deciding


class Cases:
    """The cases of the desks."""

    def __init__(self, files: CaseFiles, office: Office) -> None:
        self._files = files
        self._office = office

    async def claim(self, call: Call, after: str, answer: Callable[[Case, str], bytes]) -> ChangedCase:
        """Take the open step; the answer keeps the pass that goes with it."""
        await self._office.waiter.until_reached(after)

        def answered(case: Case) -> bytes:
            return answer(case, self._office.passes.for_desk(call.key, case, call.actor.staff_no))

        act = deciding(lambda case: [claim(case, call.actor, self.today)], answer=answered)
        return await self._files.change(
            call.key, call.cause, act, actor=call.actor.staff_no, expected_revision=call.expected_revision
        )

    async def release(self, call: Call) -> ChangedCase:
        """Give the open step back."""
        return await self._change(call, lambda case: [release(case, call.actor, self.today)])

    async def complete_step(self, call: Call, opinion: Opinion, remark: str) -> ChangedCase:
        """Put an opinion on file."""
        command = CompleteStep(call.actor, opinion, self._digest(remark))
        return await self._change(call, lambda case: [complete_step(case, command, self.today)], remark)

    async def refer(self, call: Call, opinion: str) -> ChangedCase:
        """Send opinion and materials to the district."""
        command = Refer(call.actor, self._digest(opinion))
        return await self._change(call, lambda case: [refer(case, command, self.today)], opinion)

    async def decide(self, call: Call, outcome: Outcome, reasons: str, after: str) -> ChangedCase:
        """Grant, or refuse with reasons, under the next number of the street's decisions of the year."""
        await self._office.waiter.until_reached(after)
        series = f"decision/{call.key.street}/{self.today.year}"
        digest = self._digest(reasons)

        def act(case: Case, number: int) -> Sequence[Fact]:
            named = f"{call.key.street}〔{self.today.year}〕决{number}号"
            return [decide(case, Decide(call.actor, outcome, digest, named), self.today)]

        return await self._files.change(
            call.key,
            call.cause,
            lambda case, drawn: deciding(lambda found: act(found, drawn[series]), reasons)(case, drawn),
            actor=call.actor.staff_no,
            serials=[series],
            expected_revision=call.expected_revision,
        )

    async def extend(self, call: Call, days: int, reason: str) -> ChangedCase:
        """Extend the term once."""
        command, calendar = Extend(call.actor, days, self._digest(reason)), await self._office.calendars.current()
        return await self._change(call, lambda case: [extend(case, command, self.today, calendar)], reason)

    async def pause(self, call: Call, procedure: SpecialProcedure, expected_days: int, reason: str) -> ChangedCase:
        """Stop the clock for a special procedure."""
        command = Pause(call.actor, procedure, expected_days, self._digest(reason))
        return await self._change(call, lambda case: [pause(case, command, self.today)], reason)

    async def resume(self, call: Call) -> ChangedCase:
        """Start the clock again."""
        calendar = await self._office.calendars.current()
        return await self._change(call, lambda case: [resume(case, call.actor, self.today, calendar)])

    async def _change(self, call: Call, act: Callable[[Case], Sequence[Fact]], typed: str = "") -> ChangedCase:
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
        return self._office.digests.keyed_digest(text).hex() if has_visible(text) else ""
