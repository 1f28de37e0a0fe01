"""Applications on file: papers that arrive, withdrawal, rating; and reading, also the applicant's details."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import NAMESPACE_OID, UUID, uuid5

from chassis.event_store import Changed, Decision, Drawn, FileKey, FileRepository, Scope, acting_in
from chassis.inbox import CatchUp
from chassis.refusals import NotFound, NotYetHere
from law.desk import Place
from law.term_proof import StoredDayProof
from protocol.recount import Calendars
from protocol.stored_days import prove_days
from protocol.streams import APPROVAL
from services.intake.domain.application.applicant import (
    PassOfAnotherDesk,
    People,
    Reader,
    read_applicant,
    require_bearer,
)
from services.intake.domain.application.facts import ApplicationFact, VaultText
from services.intake.domain.application.receive_material import ArrivedPaper, receive_material
from services.intake.domain.application.recount import stored_days
from services.intake.domain.application.stages import NotAtThisStage
from services.intake.domain.application.state import Application, WithdrawalState, withdrawal_state
from services.intake.domain.application.withdraw_and_rate import rate, withdraw
from services.intake.ports import (
    ApplicationQuery,
    ApplicationTable,
    ListedApplication,
    PaperStore,
    ReadPassVerifier,
    Secrets,
)
from services.intake.usecases.office import CommandContext, HallOffice, PositionGate, existing
from services.intake.usecases.submission import people_of


@dataclass(frozen=True, slots=True)
class ApplicationActs:
    """Acts on applications besides the answers of the office."""

    files: FileRepository[Application, ApplicationFact]
    office: HallOffice
    secrets: Secrets
    table: ApplicationTable
    papers: PaperStore
    passes: ReadPassVerifier
    catch_up: CatchUp

    async def receive_material(
        self, context: CommandContext, application_id: UUID, arrived: ArrivedPaper, content: bytes
    ) -> Changed[Application]:
        """Store the bytes of an electronic paper, encrypted with the file's key, and record that they arrived."""
        key, today = context.key(application_id), (await self.office.opened()).on

        def decide(state: Application, _: Drawn) -> Sequence[ApplicationFact]:
            return [receive_material(state, arrived, self.office.item_of(state), today)]

        condition = context.precondition(key, self.secrets)
        await self.files.check_change(key, context.cause, decide, condition)  # bytes of a refused paper are not stored
        await self.papers.store(key, arrived.sha256, content)
        return await self.files.change(key, context.cause, decide, actor=context.actor, precondition=condition)

    async def withdraw(self, context: CommandContext, application_id: UUID, reason: str) -> Changed[Application]:
        """Stop the matter for the applicant; approval receives the withdrawal of an accepted one and answers it.

        A decision that has not been heard yet wins all the same: approval then answers that it came too late.
        """
        key, today = context.key(application_id), (await self.office.opened()).on
        closing = await self.table.closing(key)
        text, texts = self._text("withdrawal.reason", reason)

        def decide(state: Application, _: Drawn) -> Decision[ApplicationFact]:
            return Decision([withdraw(existing(state).closed_by(closing), text, today)], texts)

        return await self.files.change(
            key,
            context.cause,
            decide,
            actor=context.actor,
            precondition=context.precondition(key, self.secrets),
        )

    async def rate(
        self, context: CommandContext, application_id: UUID, grade: int, remark: str
    ) -> Changed[Application]:
        """Take the one rating of a matter that is closed as far as this service has received.

        Raises NotYetHere while approval has not answered a withdrawal: it may have come too late; and while the end of
        a matter at the desks may have been published and was not received.
        """
        key, today = context.key(application_id), (await self.office.opened()).on

        async def rated() -> Changed[Application]:
            closing = await self.table.closing(key)

            def decide(state: Application, _: Drawn) -> Decision[ApplicationFact]:
                if withdrawal_state(existing(state), closing) is WithdrawalState.PENDING:
                    raise NotYetHere
                closed = state.closed_by(closing)
                text, texts = self._text(closed.remark_name, remark)
                return Decision([rate(closed, grade, text, today)], texts)

            condition = context.precondition(key, self.secrets)
            return await self.files.change(key, context.cause, decide, actor=context.actor, precondition=condition)

        return await self.catch_up.done([APPROVAL], rated, _may_have_ended)

    async def read_applicant(
        self, context: CommandContext, application_id: UUID, read_pass: str, reader: Reader
    ) -> People:
        """The applicant's details for the holder of a pass, wherever that desk is; each use is a fact.

        Raises PassOfAnotherDesk, PassEnded, NotPermitted, NotYetHere while approval may have ended the pass, and
        NotFound for no such application or erased details.
        """
        today = (await self.office.opened()).on
        shown = self.passes.claims(read_pass)
        if shown.application_id != str(application_id):
            raise PassOfAnotherDesk("read_pass")
        key = await self.table.locate(application_id)
        if key is None:
            raise NotFound("未找到该申请。")
        require_bearer(shown, reader, Place(key.district, key.street))
        ended = await self.table.passes_ended(key, shown.case_id)
        fact = read_applicant(shown, ended, today)

        def decide(_: Application, __: Drawn) -> Sequence[ApplicationFact]:
            return [fact]

        with acting_in(key.scope):
            await self.files.change(key, context.cause, decide, actor=context.actor)
            people = people_of(await self.files.texts(key))
        if people is None:
            raise NotFound("申请人信息已按规定清除。")
        return people

    def _text(self, name: str, typed: str) -> tuple[VaultText | None, dict[str, str]]:
        return (VaultText(name, self.secrets.digest(typed)), {name: typed}) if typed else (None, {})


def _may_have_ended(refusal: Exception) -> bool:
    return isinstance(refusal, NotAtThisStage) and refusal.at_the_desks


class ApplicationLookups:
    """Reads applications of a scope, once this process has reached the position that the caller saw."""

    def __init__(
        self,
        table: ApplicationTable,
        gate: PositionGate,
        secrets: Secrets,
        files: FileRepository[Application, ApplicationFact],
        calendars: Calendars,
        supply_days: int,
    ) -> None:
        self._table = table
        self._gate = gate
        self._secrets = secrets
        self._files = files
        self._calendars = calendars
        self._supply_days = supply_days

    async def one(
        self, scope: Scope, application_id: UUID | None, number: str, after: str, *, shown: str | None = None
    ) -> ListedApplication:
        """One application by its id or by either of its numbers, for the holder of its query code where one is shown.

        What does not exist is refused as a wrong code is, and counted alike. Raises NotFound, NotYetHere,
        QueryCodeMissing, WrongQueryCode, TooManyCalls.
        """
        await self._gate.until_reached(after)
        found = await self._table.one(scope, application_id, number)
        if shown is not None:
            nowhere = FileKey(scope.district, scope.street, application_id or uuid5(NAMESPACE_OID, number))
            self._secrets.require_code(found.key if found else nowhere, shown)
        if found is None:
            raise NotFound("未找到该申请。")
        return found

    async def prove(self, key: FileKey) -> tuple[list[StoredDayProof], str]:
        """The last days to answer and to supply as stored, and the position up to which the file was read.

        Raises NotFound, Away.
        """
        with acting_in(key.scope):
            read = await self._files.read(key)
        return await prove_days(stored_days(read.state, self._supply_days), self._calendars), read.position

    async def page(self, scope: Scope, query: ApplicationQuery, after: str) -> tuple[list[ListedApplication], int]:
        """A page of applications, newest first, with the exact count; raises NotYetHere."""
        await self._gate.until_reached(after)
        return await self._table.page(scope, query)
