"""What a day brings of itself: what was not answered counts as accepted, corrections that did not come end."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from chassis.event_store import Drawn, FileKey, FileRepository
from chassis.postgres.database import Connection
from chassis.refusals import NotFound
from chassis.sweeps.sweeper import Pick, Sweep
from law.not_allowed import NotAllowed
from services.intake.adapters.queries import query
from services.intake.domain import numbers
from services.intake.domain.application import Application
from services.intake.domain.deem import deem
from services.intake.domain.facts import ApplicationFact
from services.intake.domain.lapse import lapse
from services.intake.usecases.office import Office

ApplicationSweep = Sweep[Application, ApplicationFact]


def deemed_sweep(files: FileRepository[Application, ApplicationFact], office: Office) -> ApplicationSweep:
    """视为受理: the five days passed without an answer. (行政许可法 32(4))"""

    def act(application: Application, day: date, drawn: Drawn) -> Sequence[ApplicationFact]:
        ((series, serial),) = drawn.items()
        item = office.item_of(application)
        number = numbers.case_number(item.code, series, serial)
        return [deem(application, item, number, replace(office.day(), on=day))]

    def serials(_key: FileKey) -> Sequence[str]:
        return [numbers.case_series(office.day().on)]

    return Sweep("deemed", _pick("to_deem"), act, files, (NotAllowed, NotFound), serials)


def lapsed_sweep(files: FileRepository[Application, ApplicationFact]) -> ApplicationSweep:
    """补正不来办结: the correction did not come in time."""

    def act(application: Application, day: date, _drawn: Drawn) -> Sequence[ApplicationFact]:
        return [lapse(application, day)]

    return Sweep("lapsed", _pick("to_lapse"), act, files, (NotAllowed,))


def _pick(name: str) -> Pick:
    async def pick(connection: Connection, day: date, limit: int) -> Sequence[FileKey]:
        rows = await connection.fetch(query(name), day, limit)
        return [FileKey(row["district"], row["street"], row["application_id"]) for row in rows]

    return pick
