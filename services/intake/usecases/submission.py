"""Submissions: the receipt of applications, and instant matters that begin and end in one call."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from uuid import UUID

from uuid_utils.compat import uuid7

from chassis.event_store import Changed, Decision, Drawn, FileKey, FileRepository
from chassis.refusals import NotFound
from services.intake.domain import numbers
from services.intake.domain.application.accept import complete
from services.intake.domain.application.applicant import Agent, Applicant, People
from services.intake.domain.application.due_dates import OfficeDay
from services.intake.domain.application.facts import ApplicantKind, ApplicationFact, ApplicationSubmitted
from services.intake.domain.application.state import Application, fold
from services.intake.domain.application.submit import ReceiptMarks, Submission, check_window, require_online, submit
from services.intake.domain.catalogue.item import CatalogueItem, ItemKind
from services.intake.domain.catalogue.offer import HallWindow, offered, require_service
from services.intake.domain.ticket.state import Ticket, require_brings
from services.intake.ports import EnvelopeSealer, Secrets
from services.intake.usecases.office import CommandContext, HallOffice, KnownStreet
from services.intake.usecases.ticket import Tickets

APPLICANT = "applicant"
AGENT = "agent"
"""Names of the texts in an application's vault: JSON of the dataclass of the same name."""

_NO_TICKET = "本大厅没有发出过该号码。"


@dataclass(frozen=True, slots=True)
class _HandedInCase:
    submission: Submission
    people: People
    ticket: Ticket | None
    """The ticket that the submission names; None also where the hall gave none."""
    street: KnownStreet


@dataclass(frozen=True, slots=True)
class _Receipt:
    item: CatalogueItem
    people: People
    fact: ApplicationSubmitted


class Submissions:
    """Takes applications.

    Everything that may refuse one is checked after the idempotency key, so that a repeat gets the first answer.
    """

    def __init__(
        self,
        files: FileRepository[Application, ApplicationFact],
        office: HallOffice,
        tickets: Tickets,
        secrets: Secrets,
        envelopes: EnvelopeSealer,
    ) -> None:
        self._files = files
        self._office = office
        self._tickets = tickets
        self._secrets = secrets
        self._envelopes = envelopes

    async def submit(self, context: CommandContext, submission: Submission, people: People) -> Changed[Application]:
        """Take an application: the five days begin, and notify gets what documents and messages need."""
        key, day, prefix = await self._new_file(context, submission)
        handed_in = await self._handed_in(context, submission, people)

        def decide(_: Application, drawn: Drawn) -> Decision[ApplicationFact]:
            receipt = self._receive(context, key, handed_in, day, drawn[prefix])
            return Decision([receipt.fact], texts_of(receipt.people), sealed=self._sealed(key, receipt))

        return await self._files.change(key, context.cause, decide, actor=context.actor, serials=[prefix])

    async def complete_at_once(
        self, context: CommandContext, submission: Submission, people: People
    ) -> Changed[Application]:
        """Take, accept, decide and hand out an instant matter: three facts, one commit."""
        key, day, prefix = await self._new_file(context, submission)
        series = numbers.case_series(day.on)
        handed_in = await self._handed_in(context, submission, people)

        def decide(blank: Application, drawn: Drawn) -> Decision[ApplicationFact]:
            receipt = self._receive(context, key, handed_in, day, drawn[prefix])
            number = numbers.case_number(receipt.item.code, series, drawn[series])
            end = complete(fold(blank, receipt.fact), receipt.item, number, day)
            return Decision([receipt.fact, *end], texts_of(receipt.people))

        return await self._files.change(key, context.cause, decide, actor=context.actor, serials=[prefix, series])

    def query_code(self, key: FileKey) -> str:
        """Code for the resident's receipt: part of every answer to the same submission, never stored."""
        return self._secrets.query_code(key)

    async def _new_file(self, context: CommandContext, submission: Submission) -> tuple[FileKey, OfficeDay, str]:
        key = context.key(uuid7())
        day = await self._office.opened(key.street)
        self._office.entry(submission.item_code)  # numbers are drawn for items that exist
        return key, day, numbers.serial_prefix(key.street, submission.item_code, day.on)

    async def _handed_in(self, context: CommandContext, submission: Submission, people: People) -> _HandedInCase:
        named = submission.ticket_id
        ticket = await self._tickets.find(context.key(UUID(named))) if named else None
        return _HandedInCase(submission, people, ticket, await self._office.street(context.place))

    def _receive(
        self, context: CommandContext, key: FileKey, handed_in: _HandedInCase, day: OfficeDay, serial: int
    ) -> _Receipt:
        submission = handed_in.submission
        handed_in.street.require("place.street")
        if context.portal:
            require_online(submission)
        item = offered(self._office.entry(submission.item_code), submission.channel, day.on)
        context.require_line(item.line, "item_code")
        check_window(submission)
        if submission.window:
            window = HallWindow(key.street, submission.window)
            require_service(self._office.catalogue(), window, item.line, day.on)
        if submission.ticket_id:
            if handed_in.ticket is None:
                raise NotFound(_NO_TICKET, fields=[("ticket_id", _NO_TICKET)])
            require_brings(handed_in.ticket, item.line, day.on)
        people = handed_in.people.checked(day.on)
        marks = ReceiptMarks(
            numbers.numbered(numbers.serial_prefix(key.street, item.code, day.on), serial),
            self._secrets.query_code_digest(key),
            self._secrets.index(people.applicant.identity_number),
        )
        return _Receipt(item, people, submit(submission, item, marks, day))

    def _sealed(self, key: FileKey, receipt: _Receipt) -> bytes | None:
        if receipt.item.kind is ItemKind.INSTANT or not receipt.item.informs_applicant:
            return None
        code, index = self._secrets.query_code(key), receipt.fact.applicant_index
        return self._envelopes.applicant(key, receipt.people, index, code)


def texts_of(people: People) -> Mapping[str, str]:
    """Texts of the vault that hold the people."""
    texts = {APPLICANT: _json(people.applicant)}
    return texts if people.agent is None else {**texts, AGENT: _json(people.agent)}


def people_of(texts: Mapping[str, bytes]) -> People | None:
    """People in the texts of the vault; None once the file is erased."""
    if APPLICANT not in texts:
        return None
    stored = json.loads(texts[APPLICANT])
    applicant = Applicant(**{**stored, "kind": ApplicantKind(stored["kind"])})
    return People(applicant, Agent(**json.loads(texts[AGENT])) if AGENT in texts else None)


def _json(person: Applicant | Agent) -> str:
    return json.dumps(asdict(person), ensure_ascii=False, separators=(",", ":"))
