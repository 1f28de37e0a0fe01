"""A process that recounts the files of a service, to be killed: host, port, database and service are the arguments."""

import asyncio
import sys
from typing import Any

from chassis.event_store import FileRepository, PostgresStore
from chassis.postgres.database import PoolSettings, as_role, open_rpc_pool, open_worker_pool
from chassis.settings.tuning import Tuning
from law.workdays import state_council
from protocol.calendars import ReceivedCalendars
from protocol.recount import Recounter, RecountPlan
from services.approval.adapters.case.codec import CaseCodec
from services.approval.adapters.case.parts import term_recount
from services.intake.adapters.application.recount import dates_recount
from services.intake.adapters.application.rows import APPLICATIONS
from services.intake.adapters.catalogue.cache import CachedCatalogue
from services.intake.usecases.office import HallOffice
from services.notify.adapters.dossier_codec import DossierCodec
from services.notify.adapters.parts import delivery_recount
from tests.service.approval.office import SetClock
from tests.service.matter.recount_files import DISTRICT, TODAY


async def main(host: str, port: int, name: str, service: str) -> None:
    """Recounts in small pages, with a rest after each."""
    settings = [PoolSettings(host, port, name, as_role(f"{service}_{role}")) for role in ("rpc", "worker")]
    async with open_rpc_pool(settings[0]) as rpc, open_worker_pool(settings[1], DISTRICT) as worker:
        store, clock, received = PostgresStore(rpc, worker), SetClock(TODAY), ReceivedCalendars(rpc, DISTRICT)
        plan: RecountPlan[Any, Any]
        match service:
            case "intake":
                hall = HallOffice(clock, CachedCatalogue(worker, state_council(), 1))
                plan = dates_recount(FileRepository(store, APPLICATIONS, clock), hall, 30)
            case "notify":
                plan = delivery_recount(FileRepository(store, DossierCodec(), clock), received)
            case _:
                plan = term_recount(FileRepository(store, CaseCodec(), clock), received)
        recounter: Recounter[Any, Any] = Recounter(worker, DISTRICT, plan, Tuning(recount_batch=5, recount_rest=10))
        await recounter.catch_up()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), *sys.argv[3:5]))
