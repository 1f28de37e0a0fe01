"""Answers of the office: accepted, completed, declined, corrected, demanded once, supplied. (行政许可法 32, 34)"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from chassis.event_store import Changed, Decision, Drawn, FileKey, FileRepository
from chassis.event_store.file_repository import Decide
from chassis.refusals import NotFound
from chassis.rpc.validation import has_visible
from services.intake.domain import numbers
from services.intake.domain.application.accept import accept, complete
from services.intake.domain.application.correction import (
    CorrectionNotice,
    WindowCorrection,
    correct_on_the_spot,
    correction_text_name,
    request_correction,
    supplement_after,
    supply_correction,
)
from services.intake.domain.application.decline import Decline, decline
from services.intake.domain.application.facts import ApplicationFact, DeclineGround, HandedIn, VaultText
from services.intake.domain.application.state import Application
from services.intake.ports import EnvelopeSealer, Secrets
from services.intake.usecases.office import CommandContext, HallOffice

_CORRECTION_NOTICE, _NON_ACCEPTANCE = "补告", "不受"
"""Kinds of letter, as their numbers say them."""


@dataclass(frozen=True, slots=True)
class NonAcceptance:
    """A non-acceptance as the desk writes it."""

    ground: DeclineGround
    reason: str
    proper_organ: str


class Answers:
    """Answers applications that are on file."""

    def __init__(
        self,
        files: FileRepository[Application, ApplicationFact],
        office: HallOffice,
        secrets: Secrets,
        envelopes: EnvelopeSealer,
    ) -> None:
        self._files = files
        self._office = office
        self._secrets = secrets
        self._envelopes = envelopes

    async def accept(self, context: CommandContext, application_id: UUID) -> Changed[Application]:
        """Accept a complete application; approval opens its case."""
        day = await self._office.opened(context.place.street)
        series = numbers.case_series(day.on)

        def decide(state: Application, drawn: Drawn) -> Sequence[ApplicationFact]:
            item = self._office.item_of(state)
            return [accept(state, item, numbers.case_number(item.code, series, drawn[series]), day)]

        return await self._change(context, application_id, decide, series)

    async def complete(self, context: CommandContext, application_id: UUID) -> Changed[Application]:
        """Accept, decide and hand out an instant matter that was submitted before."""
        day = await self._office.opened(context.place.street)
        series = numbers.case_series(day.on)

        def decide(state: Application, drawn: Drawn) -> Sequence[ApplicationFact]:
            item = self._office.item_of(state)
            return complete(state, item, numbers.case_number(item.code, series, drawn[series]), day)

        return await self._change(context, application_id, decide, series)

    async def decline(
        self, context: CommandContext, application_id: UUID, letter: NonAcceptance
    ) -> Changed[Application]:
        """Decline it in writing; reason and proper organ lie in the vault and go to notify sealed."""
        key, day = context.key(application_id), await self._office.opened()
        today = day.on
        series = numbers.letter_series(key.street, _NON_ACCEPTANCE, today)
        reason, organ = self._text("decline.reason", letter.reason), letter.proper_organ.strip()
        proper_organ = self._text("decline.proper_organ", organ) if has_visible(organ) else None

        def decide(state: Application, drawn: Drawn) -> Decision[ApplicationFact]:
            self._office.item_of(state)
            number = numbers.letter_number(key.street, _NON_ACCEPTANCE, today, serial=drawn[series])
            command = Decline(letter.ground, reason, proper_organ, number)
            texts = {reason.name: letter.reason} | ({proper_organ.name: organ} if proper_organ else {})
            sealed = self._envelopes.decline(key, texts)
            return Decision([decline(state, command, today, day.calendar)], texts, sealed=sealed)

        return await self._change(context, application_id, decide, series)

    async def correct(
        self, context: CommandContext, application_id: UUID, materials: Sequence[HandedIn], change: str
    ) -> Changed[Application]:
        """Put an error right at the window."""
        day = await self._office.opened()
        text = self._text(f"change.{self._secrets.digest(change)}", change)
        correction = WindowCorrection(tuple(materials), text)

        def decide(state: Application, _: Drawn) -> Decision[ApplicationFact]:
            fact = correct_on_the_spot(state, correction, self._office.item_of(state), day)
            return Decision([fact], {text.name: change})

        return await self._change(context, application_id, decide)

    async def request_correction(
        self, context: CommandContext, application_id: UUID, defects: Sequence[tuple[str, str]]
    ) -> Changed[Application]:
        """Demand all that is missing, once, or what is still defective; each defect goes to notify sealed."""
        key, day = context.key(application_id), await self._office.opened(context.place.street)
        series = await self._notice_series(key, day.on)

        def decide(state: Application, drawn: Drawn) -> Decision[ApplicationFact]:
            serial = drawn.get("".join(series), 0)  # a supplement has the number of its notice
            number = numbers.letter_number(key.street, _CORRECTION_NOTICE, day.on, serial=serial)
            supplement = supplement_after(state)
            names = [(code, correction_text_name(code, supplement), defect) for code, defect in defects]
            notice = CorrectionNotice(number, tuple([(code, self._text(name, defect)) for code, name, defect in names]))
            fact = request_correction(state, notice, self._office.item_of(state), day)
            texts = {name: defect for _, name, defect in names}
            return Decision([fact], texts, sealed=self._envelopes.correction(key, texts, supplement))

        return await self._change(context, application_id, decide, *series)

    async def supply_correction(
        self, context: CommandContext, application_id: UUID, materials: Sequence[HandedIn]
    ) -> Changed[Application]:
        """Take the papers that the applicant supplies on the notice."""
        day = await self._office.opened(context.place.street)

        def decide(state: Application, _: Drawn) -> Sequence[ApplicationFact]:
            return [supply_correction(state, materials, self._office.item_of(state), day)]

        return await self._change(context, application_id, decide)

    async def _change(
        self, context: CommandContext, application_id: UUID, decide: Decide[Application, ApplicationFact], *series: str
    ) -> Changed[Application]:
        key = context.key(application_id)
        return await self._files.change(
            key,
            context.cause,
            decide,
            actor=context.actor,
            serials=series,
            precondition=context.precondition(key, self._secrets),
        )

    async def _notice_series(self, key: FileKey, today: date) -> tuple[str, ...]:
        """Counter of the notice's number; none where a notice is on file, so that a supplement leaves no gap."""
        with suppress(NotFound):
            if (await self._files.read(key)).state.correction is not None:
                return ()
        return (numbers.letter_series(key.street, _CORRECTION_NOTICE, today),)

    def _text(self, name: str, typed: str) -> VaultText:
        return VaultText(name, self._secrets.digest(typed))
