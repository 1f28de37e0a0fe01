"""What begins at the window: receipt, and instant matters that begin and end in one call."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from uuid_utils.compat import uuid7

from chassis.event_store import Changed, Decision, Drawn, FileKey, FileRepository
from chassis.refusals import NotFound
from services.intake.domain import application, numbers, offering
from services.intake.domain.application import Application
from services.intake.domain.complete import complete
from services.intake.domain.facts import ApplicationFact, ApplicationSubmitted
from services.intake.domain.item import Item, ItemKind
from services.intake.domain.office_day import OfficeDay
from services.intake.domain.submit import Given, Submission, check_window, submit
from services.intake.domain.ticket import Ticket, demand_today
from services.intake.domain.windows import Seat, demand_service
from services.intake.ports import Sealing, Secrets
from services.intake.usecases.hall import Hall
from services.intake.usecases.office import Asked, Office
from services.intake.usecases.people import People, envelope, texts

_ITEM, _AT_WINDOW, _TICKET = "submission.item_code", "submission.window", "submission.ticket_id"

_NO_TICKET = "本大厅没有发出过该号码。"


class Submitting:
    """Takes applications. What could refuse one is asked after its cause, so that a repeat gets the first answer."""

    def __init__(
        self,
        files: FileRepository[Application, ApplicationFact],
        office: Office,
        hall: Hall,
        secrets: Secrets,
        sealing: Sealing,
    ) -> None:
        self._files = files
        self._office = office
        self._hall = hall
        self._secrets = secrets
        self._sealing = sealing

    async def submit(self, asked: Asked, submission: Submission, people: People) -> Changed[Application]:
        """Take what is handed in: the five days begin, and notify gets what documents and messages need."""
        key, day, prefix = self._new(asked, submission)
        handed = await self._handed(asked, submission, people)

        def decide(_: Application, drawn: Drawn) -> Decision[ApplicationFact]:
            taken = self._take(key, handed, day, drawn[prefix])
            return Decision([taken.fact], texts(taken.people), sealed=self._sealed(key, taken))

        return await self._files.change(key, asked.cause, decide, actor=asked.actor, serials=[prefix])

    async def complete_at_once(self, asked: Asked, submission: Submission, people: People) -> Changed[Application]:
        """Take, accept, decide and hand out an instant matter: three facts, one commit."""
        key, day, prefix = self._new(asked, submission)
        series = numbers.case_series(day.on)
        handed = await self._handed(asked, submission, people)

        def decide(blank: Application, drawn: Drawn) -> Decision[ApplicationFact]:
            taken = self._take(key, handed, day, drawn[prefix])
            number = numbers.case_number(taken.item.code, series, drawn[series])
            ending = complete(application.fold(blank, taken.fact), taken.item, number, day)
            return Decision([taken.fact, *ending], texts(taken.people))

        return await self._files.change(key, asked.cause, decide, actor=asked.actor, serials=[prefix, series])

    async def complete(self, asked: Asked, application_id: UUID) -> Changed[Application]:
        """Accept, decide and hand out an instant matter that was submitted before."""
        day = self._office.day()
        series = numbers.case_series(day.on)

        def decide(state: Application, drawn: Drawn) -> Sequence[ApplicationFact]:
            item = self._office.item_of(state)
            return complete(state, item, numbers.case_number(item.code, series, drawn[series]), day)

        return await self._files.change(
            asked.key(application_id),
            asked.cause,
            decide,
            actor=asked.actor,
            serials=[series],
            expected_revision=asked.revision,
        )

    def query_code(self, key: FileKey) -> str:
        """The code for the resident's receipt: told with every answer to the same submission, never stored."""
        return self._secrets.query_code(key)

    def _new(self, asked: Asked, submission: Submission) -> tuple[FileKey, OfficeDay, str]:
        self._office.entry(submission.item_code, _ITEM)  # numbers are drawn for items that exist
        key, day = asked.key(uuid7()), self._office.day()
        return key, day, numbers.serial_prefix(key.street, submission.item_code, day.on)

    async def _handed(self, asked: Asked, submission: Submission, people: People) -> "_Handed":
        named = submission.ticket_id
        return _Handed(submission, people, await self._hall.ticket(asked.key(UUID(named))) if named else None)

    def _take(self, key: FileKey, handed: "_Handed", day: OfficeDay, serial: int) -> "_Taken":
        submission = handed.submission
        item = offering.offered(self._office.entry(submission.item_code, _ITEM), submission.channel, day.on)
        check_window(submission)
        if submission.window:
            demand_service(self._office.catalogue(), Seat(key.street, submission.window, _AT_WINDOW), item.line, day.on)
        if submission.ticket_id:
            if handed.ticket is None:
                raise NotFound(_NO_TICKET, fields=[(_TICKET, _NO_TICKET)])
            demand_today(handed.ticket, day.on, _TICKET)
        people = handed.people.checked(day.on)
        given = Given(
            numbers.numbered(numbers.serial_prefix(key.street, item.code, day.on), serial),
            self._secrets.query_code_digest(key),
            self._secrets.index(people.applicant.identity_number),
        )
        return _Taken(item, people, submit(submission, item, given, day))

    def _sealed(self, key: FileKey, taken: "_Taken") -> bytes | None:
        if taken.item.kind is ItemKind.INSTANT or not taken.item.tells_applicant:
            return None
        code, index = self._secrets.query_code(key), taken.fact.applicant_index
        return self._sealing.seal(key, envelope(taken.people, index, code))


@dataclass(frozen=True, slots=True)
class _Handed:
    submission: Submission
    people: People
    ticket: Ticket | None


@dataclass(frozen=True, slots=True)
class _Taken:
    item: Item
    people: People
    fact: ApplicationSubmitted
