"""What is read of applications, once the service has heard as far as the caller saw."""

from uuid import UUID

from chassis.event_store import PositionWaiter, Scope
from chassis.refusals import NotFound
from services.intake.ports import Applications, CurrentCatalogue, Listed, Page


class Reading:
    """Reads applications of a scope."""

    def __init__(self, applications: Applications, catalogue: CurrentCatalogue, waiter: PositionWaiter) -> None:
        self._applications = applications
        self._catalogue = catalogue
        self._waiter = waiter

    async def until_reached(self, after: str) -> None:
        """Nothing once this process has heard, and read of the catalogue, as far as the position; raises NotYetHere."""
        if after:
            await self._waiter.until_reached(after)
            await self._catalogue.catch_up(after)

    async def one(self, scope: Scope, application_id: UUID | None, number: str, after: str) -> Listed:
        """One application by its id or by either of its numbers; raises NotFound, NotYetHere."""
        await self.until_reached(after)
        found = await self._applications.one(scope, application_id, number)
        if found is None:
            raise NotFound("未找到该申请。")
        return found

    async def page(self, scope: Scope, page: Page, after: str) -> tuple[list[Listed], int]:
        """A page of applications, newest first, with the exact count; raises NotYetHere."""
        await self.until_reached(after)
        return await self._applications.page(scope, page)
