"""What follows: papers that arrive, withdrawal, the rating, the applicant's details for a desk with a pass."""

from collections.abc import Sequence
from uuid import UUID

from chassis.event_store import Changed, Decision, Drawn, FileKey, FileRepository, acting_in
from chassis.refusals import NotFound
from services.intake.domain.application import Application, Closing
from services.intake.domain.facts import ApplicationFact, VaultText
from services.intake.domain.rate import rate
from services.intake.domain.read_applicant import read_applicant
from services.intake.domain.receive_material import Arrival, receive
from services.intake.domain.withdraw import withdraw
from services.intake.ports import Applications, Papers, Passes, Secrets
from services.intake.usecases.office import Asked, Office, existing
from services.intake.usecases.people import People, people_of


class Following:
    """Goes on with applications that are on file."""

    def __init__(
        self,
        files: FileRepository[Application, ApplicationFact],
        office: Office,
        secrets: Secrets,
        applications: Applications,
        papers: Papers,
        passes: Passes,
    ) -> None:
        self._files = files
        self._office = office
        self._secrets = secrets
        self._applications = applications
        self._papers = papers
        self._passes = passes

    async def receive(
        self, asked: Asked, application_id: UUID, arrival: Arrival, content: bytes
    ) -> Changed[Application]:
        """Keep the bytes of an electronic paper, closed with the file's key, and write down that they arrived."""
        key, today = asked.key(application_id), self._office.day().on

        def decide(state: Application, _: Drawn) -> Sequence[ApplicationFact]:
            return [receive(state, arrival, self._office.item_of(state), today)]

        await self._files.check_change(key, asked.cause, decide)  # of what is refused no bytes are kept
        await self._papers.keep(key, arrival.sha256, content)
        return await self._files.change(key, asked.cause, decide, actor=asked.actor)

    async def withdraw(self, asked: Asked, application_id: UUID, reason: str) -> Changed[Application]:
        """Stop the matter for the applicant; once accepted, approval hears of it."""
        key, today = asked.key(application_id), self._office.day().on
        closing = await self._closing(key)
        kept, texts = self._text("withdrawal.reason", reason)

        def decide(state: Application, _: Drawn) -> Decision[ApplicationFact]:
            return Decision([withdraw(existing(state).closed_by(closing), kept, today)], texts)

        return await self._files.change(key, asked.cause, decide, actor=asked.actor, expected_revision=asked.revision)

    async def rate(self, asked: Asked, application_id: UUID, grade: int, remark: str) -> Changed[Application]:
        """Take the one rating of a matter that is closed, as far as this service has heard."""
        key, today = asked.key(application_id), self._office.day().on
        closing = await self._closing(key)
        kept, texts = self._text("rating.remark", remark)

        def decide(state: Application, _: Drawn) -> Decision[ApplicationFact]:
            return Decision([rate(existing(state).closed_by(closing), grade, kept, today)], texts)

        return await self._files.change(key, asked.cause, decide, actor=asked.actor)

    async def read_applicant(self, asked: Asked, application_id: UUID, read_pass: str, reader: str) -> People:
        """The applicant's details for who holds the pass, wherever that desk is; each use is a fact.

        Raises NotFound for no such application, and once the details are erased.
        """
        fact = read_applicant(self._passes.believed(read_pass), str(application_id), reader, self._office.day().on)
        key = await self._applications.locate(application_id)
        if key is None:
            raise NotFound("未找到该申请。")

        def decide(_: Application, __: Drawn) -> Sequence[ApplicationFact]:
            return [fact]

        with acting_in(key.scope):
            await self._files.change(key, asked.cause, decide, actor=asked.actor)
            people = people_of(await self._files.texts(key))
        if people is None:
            raise NotFound("申请人信息已按规定清除。")
        return people

    async def _closing(self, key: FileKey) -> Closing | None:
        """How the matter ended at the desks; one that ended at the window has nothing to come from there."""
        last_seen = self._files.last_seen(key)
        if last_seen is not None and last_seen.closing is not None:
            return None
        return await self._applications.closing(key)

    def _text(self, name: str, typed: str) -> tuple[VaultText | None, dict[str, str]]:
        return (VaultText(name, self._secrets.digest(typed)), {name: typed}) if typed else (None, {})
