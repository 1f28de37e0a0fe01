"""Matters for calls: within the scope of the caller, at least as new as the caller has seen them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar
from uuid import UUID

from chassis.event_store import FileKey, PositionWaiter, Scope
from chassis.refusals import NotFound, NotYetHere
from chassis.rpc.limits import RateLimit
from law.desk import Place
from law.not_allowed import WrongDesk
from protocol.query_codes import QueryCodeMissing, WrongQueryCode, require_code
from protocol.streams import INTAKE
from services.notify.domain.template.text import mask_phone
from services.notify.ports import FoundMatter, ListedMessage, Matters

Found = TypeVar("Found")


class UnknownApplication(NotFound):
    """No such application was submitted at the caller's place, as far as this service has received."""

    default = "未找到该申请。"


@dataclass(frozen=True, slots=True)
class MatterAccess:
    """Matters, once the positions that the caller has seen are reached."""

    matters: Matters
    waiter: PositionWaiter
    wrong_codes: RateLimit

    async def require_code(self, scope: Scope, application_id: UUID, shown: str, after: str) -> None:
        """Passes the holder of the query code, before anything is told of the matter.

        A right code is no wrong one while its envelope is on its way: it is awaited where the call names positions.
        Raises QueryCodeMissing, WrongQueryCode, NotYetHere, TooManyCalls, WrongDesk; only a code that differs counts.
        """
        await self.waiter.until_reached(after)
        matter = await self.matters.find(scope, application_id)
        if matter is not None and Place(matter.key.district, matter.key.street).synthetic:
            raise WrongDesk("application_id")  # systems of residents are not served there
        if not shown:
            raise QueryCodeMissing
        if matter is None:  # nothing that could be guessed
            raise WrongQueryCode
        look = partial(self.matters.query_code, matter.key)
        expected = await look() or await self.awaited(INTAKE, matter.key, after, look)
        require_code(shown, expected, application_id, self.wrong_codes)

    async def find(self, scope: Scope, application_id: UUID, after: str) -> FoundMatter:
        """The matter of an application. Raises UnknownApplication, NotYetHere."""
        await self.waiter.until_reached(after)
        matter = await self.matters.find(scope, application_id)
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
            return bool(found)

        await self.waiter.until(source, key, here)
        assert found, "the wait ends with what is looked for"
        return found

    async def messages(self, scope: Scope, application_id: UUID, after: str) -> tuple[list[ListedMessage], str]:
        """The messages of a matter, and the masked number of its applicant. Raises NotFound, NotYetHere."""
        matter = await self.find(scope, application_id, after)
        phone = await self.matters.phone(matter.key)
        return await self.matters.messages(matter.key), mask_phone(phone)
