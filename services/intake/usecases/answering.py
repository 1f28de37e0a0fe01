"""The answers of the law to what was handed in: accepted, declined, put right at the window, told once what is missing.

(行政许可法 32)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from chassis.event_store import Changed, Decision, Drawn, FileRepository
from chassis.rpc.texts import has_visible
from services.intake.domain import correct, numbers
from services.intake.domain.accept import accept
from services.intake.domain.application import Application
from services.intake.domain.decline import Decline, decline
from services.intake.domain.facts import ApplicationFact, DeclineGround, HandedIn, VaultText
from services.intake.domain.request_correction import CorrectionNotice, request_correction
from services.intake.domain.supply import supply
from services.intake.ports import Sealing, Secrets
from services.intake.usecases.office import Asked, Office

CORRECTION_NOTICE, NON_ACCEPTANCE = "补告", "不受"
"""The kinds of notice, as their numbers say them."""


@dataclass(frozen=True, slots=True)
class Declining:
    """A non-acceptance as the desk writes it."""

    ground: DeclineGround
    reason: str
    proper_organ: str


class Answering:
    """Answers applications."""

    def __init__(
        self, files: FileRepository[Application, ApplicationFact], office: Office, secrets: Secrets, sealing: Sealing
    ) -> None:
        self._files = files
        self._office = office
        self._secrets = secrets
        self._sealing = sealing

    async def accept(self, asked: Asked, application_id: UUID) -> Changed[Application]:
        """Accept a complete application; approval opens its case."""
        day = self._office.day()
        series = numbers.case_series(day.on)

        def decide(state: Application, drawn: Drawn) -> Sequence[ApplicationFact]:
            item = self._office.item_of(state)
            return [accept(state, item, numbers.case_number(item.code, series, drawn[series]), day)]

        return await self._files.change(
            asked.key(application_id),
            asked.cause,
            decide,
            actor=asked.actor,
            serials=[series],
            expected_revision=asked.revision,
        )

    async def decline(self, asked: Asked, application_id: UUID, declining: Declining) -> Changed[Application]:
        """Decline it in writing; reason and proper organ lie in the vault and go to notify sealed."""
        key, today = asked.key(application_id), self._office.day().on
        series = numbers.letter_series(key.street, NON_ACCEPTANCE, today)
        reason, organ = self._text("decline.reason", declining.reason), declining.proper_organ.strip()
        proper_organ = self._text("decline.proper_organ", organ) if has_visible(organ) else None

        def decide(state: Application, drawn: Drawn) -> Decision[ApplicationFact]:
            self._office.item_of(state)
            number = numbers.letter_number(key.street, NON_ACCEPTANCE, today, serial=drawn[series])
            command = Decline(declining.ground, reason, proper_organ, number)
            told = {reason.name: declining.reason} | ({proper_organ.name: organ} if proper_organ else {})
            sealed = self._sealing.seal(key, {"kind": "decline", "texts": told})
            return Decision([decline(state, command, today)], told, sealed=sealed)

        return await self._files.change(
            key, asked.cause, decide, actor=asked.actor, serials=[series], expected_revision=asked.revision
        )

    async def correct(
        self, asked: Asked, application_id: UUID, materials: Sequence[HandedIn], change: str
    ) -> Changed[Application]:
        """Put an error right at the window."""
        today = self._office.day().on
        kept = self._text(f"change.{self._secrets.digest(change)[:12]}", change)

        def decide(state: Application, _: Drawn) -> Decision[ApplicationFact]:
            correct.check(state, materials, self._office.item_of(state))
            return Decision([correct.correct(materials, kept, today)], {kept.name: change})

        return await self._files.change(
            asked.key(application_id), asked.cause, decide, actor=asked.actor, expected_revision=asked.revision
        )

    async def request_correction(
        self, asked: Asked, application_id: UUID, defects: Sequence[tuple[str, str]]
    ) -> Changed[Application]:
        """Tell once all that is missing; what is wrong with which paper goes to notify sealed."""
        key, day = asked.key(application_id), self._office.day()
        series = numbers.letter_series(key.street, CORRECTION_NOTICE, day.on)
        named = [(code, self._text(f"correction.{code}", defect)) for code, defect in defects]
        told = {f"correction.{code}": defect for code, defect in defects}

        def decide(state: Application, drawn: Drawn) -> Decision[ApplicationFact]:
            number = numbers.letter_number(key.street, CORRECTION_NOTICE, day.on, serial=drawn[series])
            notice = CorrectionNotice(number, tuple(named))
            fact = request_correction(state, notice, self._office.item_of(state), day)
            return Decision([fact], told, sealed=self._sealing.seal(key, {"kind": "correction", "texts": told}))

        return await self._files.change(
            key, asked.cause, decide, actor=asked.actor, serials=[series], expected_revision=asked.revision
        )

    async def supply(self, asked: Asked, application_id: UUID, materials: Sequence[HandedIn]) -> Changed[Application]:
        """Take what the applicant supplies on the notice."""
        day = self._office.day()

        def decide(state: Application, _: Drawn) -> Sequence[ApplicationFact]:
            return [supply(state, materials, self._office.item_of(state), day)]

        return await self._files.change(
            asked.key(application_id), asked.cause, decide, actor=asked.actor, expected_revision=asked.revision
        )

    def _text(self, name: str, typed: str) -> VaultText:
        return VaultText(name, self._secrets.digest(typed))
