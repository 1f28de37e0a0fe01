"""Matters for calls: within the scope of the caller, at least as new as the caller has seen them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar
from uuid import UUID

from chassis.event_store import FileKey, Position, PositionWaiter, Scope
from chassis.inbox import CatchUp
from chassis.refusals import NotFound, NotYetHere
from chassis.vault import is_query_code
from law.desk import Place
from law.not_allowed import WrongDesk
from protocol.query_codes import QueryCodeMissing, WrongCodes, require_code
from protocol.streams import APPROVAL, INTAKE, SEALED
from services.notify.domain.template.text import mask_phone
from services.notify.ports import CodeDigests, DetailsErased, FoundMatter, ListedMessage, Matters

Found = TypeVar("Found")

MATTER_SOURCES = (INTAKE, APPROVAL)
"""Sources that say how far a matter is."""


class UnknownApplication(NotFound):
    """No such application was submitted at the caller's place, as far as this service has received."""

    default = "未找到该申请。"


@dataclass(frozen=True, slots=True)
class CodeCheck:
    """What the query code of a matter is compared with, and how many wrong ones are taken."""

    digests: CodeDigests
    pepper: Callable[[], bytes]
    wrong_codes: WrongCodes


@dataclass(frozen=True, slots=True)
class MatterAccess:
    """Matters, once the positions that the caller has seen are reached."""

    matters: Matters
    waiter: PositionWaiter
    codes: CodeCheck
    catch_up: CatchUp

    async def require_code(self, scope: Scope, application_id: UUID, shown: str, after: str) -> None:
        """Passes the holder of the query code, before anything is told of the matter.

        Every submission carries the digest of its code, whatever its item; one that approval's case came before is
        awaited where the call names positions. An unknown matter is refused as a wrong code is, and counted alike.
        Raises QueryCodeMissing, WrongQueryCode, NotYetHere, TooManyCalls, WrongDesk; only a code that differs counts.
        """
        await self.waiter.until_reached(after)
        matter = await self._received(scope, application_id)
        if matter is not None and Place(matter.key.district, matter.key.street).synthetic:
            raise WrongDesk("application_id")  # systems of residents are not served there
        if not shown:
            raise QueryCodeMissing
        digest = await self._code_digest(matter.key, after) if matter else b""
        is_right = partial(is_query_code, self.codes.pepper(), application_id, shown, digest)
        require_code(shown, is_right, application_id, self.codes.wrong_codes)

    async def require_details(self, key: FileKey) -> None:
        """Passes a matter whose details are here or still to come. Raises DetailsErased."""
        received = await self.waiter.reached(Position(SEALED, key, 1))  # before the look: what came is seen by it
        if received and not await self.matters.has_details(key):
            raise DetailsErased

    async def find(self, scope: Scope, application_id: UUID, after: str) -> FoundMatter:
        """The matter of an application. Raises UnknownApplication, NotYetHere."""
        await self.waiter.until_reached(after)
        matter = await self._received(scope, application_id)
        if matter is None:
            raise UnknownApplication
        if not matter.submitted and not matter.accepted:  # approval has reported it, and intake was not received yet
            raise NotYetHere
        return matter

    async def with_acceptance(self, scope: Scope, application_id: UUID, after: str) -> FoundMatter:
        """The matter, once its acceptance is received where approval has reported its case already.

        Waits for it where the call names positions, as it waits for them. Raises UnknownApplication, NotYetHere.
        """
        matter = await self.find(scope, application_id, after)
        if not matter.lacks_acceptance:
            return matter

        async def accepted() -> FoundMatter | None:
            found = await self.find(scope, application_id, "")
            return found if found.accepted else None

        return await self.awaited(INTAKE, matter.key, after, accepted)

    async def awaited(
        self, source: str, key: FileKey, after: str, look: Callable[[], Awaitable[Found | None]]
    ) -> Found:
        """What `look` finds of a file once it is here; it is awaited where the call names positions, as they are.

        Raises NotYetHere.
        """
        if not after:
            raise NotYetHere
        found: Found | None = None

        async def here() -> bool:
            nonlocal found
            found = await look()
            return found is not None

        await self.waiter.until(source, key, here)
        assert found is not None, "the wait ends with what is looked for"
        return found

    async def messages(self, scope: Scope, application_id: UUID, after: str) -> tuple[list[ListedMessage], str]:
        """The messages of a matter, and the masked number of its applicant. Raises NotFound, NotYetHere."""
        matter = await self.find(scope, application_id, after)
        phone = await self.matters.phone(matter.key)
        return await self.matters.messages(matter.key), mask_phone(phone)

    async def _received(self, scope: Scope, application_id: UUID) -> FoundMatter | None:
        """The matter; None for one that was not submitted as far as everybody has said. Raises NotYetHere."""
        found: FoundMatter | None = None

        async def look() -> bool:
            nonlocal found
            found = await self.matters.find(scope, application_id)
            return found is not None

        await self.catch_up.sees(MATTER_SOURCES, look)
        return found

    async def _code_digest(self, key: FileKey, after: str) -> bytes:
        look = partial(self.codes.digests.code_digest, key)
        digest = await look()
        return digest if digest is not None else await self.awaited(INTAKE, key, after, look)
