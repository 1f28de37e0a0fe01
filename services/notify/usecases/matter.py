"""Matters for calls: within the scope of the caller, at least as new as the caller has seen them."""

from dataclasses import dataclass
from uuid import UUID

from chassis.event_store import PositionWaiter, Scope
from chassis.refusals import NotFound
from services.notify.domain.template.text import mask_phone
from services.notify.ports import FoundMatter, ListedMessage, Matters


@dataclass(frozen=True, slots=True)
class MatterAccess:
    """Matters, once the positions that the caller has seen are reached."""

    matters: Matters
    waiter: PositionWaiter

    async def find(self, scope: Scope, application_id: UUID, after: str) -> FoundMatter:
        """The matter of an application. Raises NotFound, NotYetHere."""
        await self.waiter.until_reached(after)
        matter = await self.matters.find(scope, application_id)
        if matter is None:
            raise NotFound("未找到该申请。")
        return matter

    async def messages(self, scope: Scope, application_id: UUID, after: str) -> tuple[list[ListedMessage], str]:
        """The messages of a matter, and the masked number of its applicant. Raises NotFound, NotYetHere."""
        matter = await self.find(scope, application_id, after)
        phone = await self.matters.phone(matter.key)
        return await self.matters.messages(matter.key), mask_phone(phone)
