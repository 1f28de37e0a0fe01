"""Places that exist because intake published them: streets of callers, halls, their windows and lines. (ADR 0057)

The file of an entry follows from its kind and code, and every service that receives intake knows how far it received
each file: no service needs a table of streets or windows for it.
"""

from collections.abc import Awaitable, Callable
from datetime import date

from onewindow.catalogue.v1.catalogue_pb2 import Line
from onewindow.intake.v1.intake_event_pb2 import IntakeEvent

from chassis.event_store import FileKey, Position, PositionWaiter
from chassis.event_store.dataclass_proto import to_dataclass
from chassis.inbox import CatchUp, is_held_back
from chassis.postgres.database import Pool, away_as_refusal
from chassis.refusals import NotPermitted, NotYetHere
from chassis.rpc.identity.caller import DISTRICT, Caller, PlaceCheck, PlaceRules
from law.desk import RESERVED, Machine, Place, WindowService
from law.hall_hours import HallHours
from protocol.identifiers import catalogue_entry_id
from protocol.streams import INTAKE

_NEWEST = """
select body from inbox where source = $1 and district = $2 and street = $3 and file_id = $4 and kind = $5
order by revision desc limit 1
"""

_RECEIVED = """
select exists (
  select from inbox_offset where source in ('intake', 'approval', 'notify') and district = $1 and street = $2)
"""
"""True for a street of which the service received a file."""

StreetExists = Callable[[str], Awaitable[bool]]


def place_rules(exists: PlaceCheck | None = None) -> PlaceRules:
    """Rules of callers' places at every service: the probe is at the reserved place, a screen at one street."""
    return PlaceRules({Machine.PROBE: RESERVED}, frozenset({Machine.SCREEN}), exists)


class StreetNotPublished(NotPermitted):
    """The caller's token names a street that the district has not published."""

    default = "本区没有公布凭证中的街道。"


class CallerStreets:
    """Passes callers at the district and at streets that exist: found once, for a street goes on existing."""

    def __init__(self, exists: StreetExists, reached: Callable[[str], Awaitable[None]] | None = None) -> None:
        """`reached` waits for the positions that a caller has seen; None where streets are published themselves."""
        self._exists = exists
        self._reached = reached
        self._found: set[str] = set()

    async def require(self, caller: Caller, after: str = "") -> None:
        """Passes a caller whose street exists by what it has seen. Raises StreetNotPublished, NotYetHere, Away.

        What `after` names may not have left its service yet, so that its stream says nothing of it.
        """
        street = caller.street
        if caller.level == DISTRICT or street in self._found or Place(caller.district, street).synthetic:
            return
        if after and self._reached is not None:
            await self._reached(after)
        if not await self._exists(street):
            raise StreetNotPublished
        self._found.add(street)


class ReceivedPlaces:
    """Streets and windows as a service received them.

    A street exists that was published, or whose files the service has: `rows` asks for them. Nobody who has matters is
    locked out because they are older than the publication of streets.

    Unknown is what is still unknown when everything is applied that the stream had when the call came: only then is a
    call refused for it. Example: intake publishes window W9 while notify is 300 facts behind. A collection at W9 waits,
    and if notify does not get there in time, the call is to be repeated; one at W8, which nobody published, is refused
    as soon as notify has the 300 facts. A publication that came and is not applied, since it is parked or behind a dead
    letter, is not unknown either.
    """

    def __init__(
        self, waiter: PositionWaiter, pool: Pool, district: str, catch_up: CatchUp, rows: str = _RECEIVED
    ) -> None:
        self._waiter = waiter
        self._pool = pool
        self._district = district
        self._catch_up = catch_up
        self._rows = rows

    async def street(self, code: str) -> bool:
        """True for a street with files here, or one whose publication was received. Raises NotYetHere, Away."""
        published = Position(INTAKE, self._file("street", code), 1)

        async def exists() -> bool:
            with away_as_refusal():
                files = await self._pool.fetchval(self._rows, self._district, code)
            return bool(files) or await self._waiter.reached(published)

        return await self._sees(published.key, "street_published", exists)

    def of_callers(self) -> PlaceRules:
        """The rules of callers' places at a service that receives what intake publishes."""
        return place_rules(CallerStreets(self.street, self._waiter.until_reached).require)

    async def window(self, street: str, code: str, line: str, on: date) -> WindowService | None:
        """The service of a window by its newest publication; None without one.

        One that does not take the line on the day is the newest for sure. Raises NotYetHere while that cannot be known.
        """
        key, found = self._file("window", f"{street}/{code}"), None

        async def taken() -> bool:
            nonlocal found
            found = await self._window(key)
            return found is not None and found.takes(line, on)

        await self._sees(key, "window_published", taken)
        return found

    async def hall_hours(self, street: str) -> HallHours | None:
        """Hours of the hall of a street by its newest publication received; None without one. Raises Away."""
        body = await self._newest(self._file("hall", street), "hall_published")
        return to_dataclass(IntakeEvent.FromString(body).hall_published.hall, HallHours) if body else None

    async def line(self, key: FileKey) -> str:
        """The line of business of an application by name, as it was submitted; empty while that is not received."""
        body = await self._newest(key, "application_submitted")
        return _name(IntakeEvent.FromString(body).application_submitted.line) if body else ""

    async def code_digest(self, key: FileKey) -> bytes | None:
        """The digest of an application's query code, as it was submitted; None while that is not received."""
        body = await self._newest(key, "application_submitted")
        return bytes.fromhex(IntakeEvent.FromString(body).application_submitted.query_code_digest) if body else None

    async def _window(self, key: FileKey) -> WindowService | None:
        body = await self._newest(key, "window_published")
        if body is None:
            return None
        window = IntakeEvent.FromString(body).window_published.window
        return WindowService(
            general=window.general,
            lines=frozenset(_name(line) for line in window.lines),
            open_from=date.fromisoformat(window.open_from),
            open_to=date.fromisoformat(window.open_to) if window.open_to else None,
        )

    async def _newest(self, key: FileKey, kind: str) -> bytes | None:
        """The newest fact of a kind of a file as received."""
        with away_as_refusal():
            body: bytes | None = await self._pool.fetchval(_NEWEST, INTAKE, key.district, key.street, key.file_id, kind)
        return body

    async def _sees(self, key: FileKey, kind: str, look: Callable[[], Awaitable[bool]]) -> bool:
        """What `look` says when all is here that intake had said; NotYetHere while a part of it is held back.

        It looks once more after the question: what was held back until then is seen by it.
        """
        if await self._catch_up.sees([INTAKE], look):
            return True
        with away_as_refusal():
            held_back = await is_held_back(self._pool, INTAKE, key, kind)
        if await look():
            return True
        if held_back:
            raise NotYetHere
        return False

    def _file(self, kind: str, code: str) -> FileKey:
        office = Place.of_district(self._district)
        return FileKey(office.district, office.street, catalogue_entry_id(kind, code))


def _name(line: Line.ValueType) -> str:
    """The name of a line as callers and rules have it, without the contract's prefix."""
    return Line.Name(line).removeprefix("LINE_")
