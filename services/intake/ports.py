"""What the acts need of the world; the adapters provide it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from chassis.event_store import FileKey, Scope
from services.intake.domain.application import Closing, Stage
from services.intake.domain.catalogue import Catalogue
from services.intake.domain.read_applicant import ReadPass


class CurrentCatalogue(Protocol):
    """The catalogue in this process, which learns what other replicas published within a second, or when told to."""

    def now(self) -> Catalogue:
        """The catalogue as it is known now; raises Away before it was ever read."""

    async def refresh(self) -> None:
        """Read what was published since; raises Away."""

    async def catch_up(self, after: str) -> None:
        """Read what was published up to these positions, unless it is known; raises Invalid, Away."""


class Secrets(Protocol):
    """What a fact may know of what a person typed, and the code that a receipt shows."""

    def digest(self, text: str) -> str:
        """The keyed digest of a text, hex."""

    def index(self, identity_number: str) -> str:
        """The blind index of an identity number, hex: equal numbers have equal indexes."""

    def query_code(self, key: FileKey) -> str:
        """The query code of an application: the same each time, and nobody else can tell it."""

    def query_code_digest(self, key: FileKey) -> str:
        """What is stored of the query code, hex."""


class Sealing(Protocol):
    """Envelopes that only notify opens."""

    def seal(self, key: FileKey, told: Mapping[str, object]) -> bytes | None:
        """The envelope of a file; None where no key of notify is set."""


@dataclass(frozen=True, slots=True)
class Listed:
    """An application as a list shows it: where it lives, its row by the columns of `application`, whose it is."""

    key: FileKey
    row: Mapping[str, Any]
    applicant_masked: str


@dataclass(frozen=True, slots=True)
class Page:
    """Which page of a list is asked for."""

    size: int
    beyond: UUID | None = None
    """The last application of the page before; None for the first."""
    stage: Stage = Stage.UNKNOWN
    """Only this stage; UNKNOWN for every stage."""
    item_code: str = ""
    """Only this item; empty for every item."""


class Applications(Protocol):
    """Finds applications; sees no more than the scope it is given."""

    async def one(self, scope: Scope, application_id: UUID | None, number: str = "") -> Listed | None:
        """An application by its id or by either of its numbers; None where the scope reaches none."""

    async def page(self, scope: Scope, page: Page) -> tuple[list[Listed], int]:
        """One page, newest first, and the exact count of all that matches."""

    async def locate(self, application_id: UUID) -> FileKey | None:
        """Where an application of the district lives: for who holds a pass from another place."""

    async def closing(self, key: FileKey) -> Closing | None:
        """How the matter ended at the desks, as approval told it; None while it runs."""


class Passes(Protocol):
    """Passes that approval signed."""

    def believed(self, read_pass: str) -> ReadPass:
        """What the pass says; raises NotPermitted when it is not approval's or has run out."""


class Papers(Protocol):
    """The bytes of electronic papers, closed with the file's own key."""

    async def keep(self, key: FileKey, name: str, content: bytes) -> None:
        """Keep the content under a name; raises NotFound for a file that is not there, TooLarge, Away."""
