"""A process that recounts the cases of a database, to be killed: its host, port and name are the arguments."""

import asyncio
import sys

from chassis.event_store import FileRepository, PostgresStore
from chassis.postgres.database import PoolSettings, as_role, open_rpc_pool, open_worker_pool
from chassis.settings.tuning import Tuning
from protocol.calendars import ReceivedCalendars
from protocol.recount import Recounter
from services.approval.adapters.case.codec import CaseCodec
from services.approval.adapters.case.parts import term_recount
from tests.service.approval.office import SetClock
from tests.service.matter.recount_files import DISTRICT, TODAY


async def main(host: str, port: int, name: str) -> None:
    """Recounts in small pages, with a rest after each."""
    settings = [PoolSettings(host, port, name, as_role(f"approval_{role}")) for role in ("rpc", "worker")]
    async with open_rpc_pool(settings[0]) as rpc, open_worker_pool(settings[1], DISTRICT) as worker:
        files = FileRepository(PostgresStore(rpc, worker), CaseCodec(), SetClock(TODAY))
        plan = term_recount(files, ReceivedCalendars(rpc, DISTRICT))
        await Recounter(worker, DISTRICT, plan, Tuning(recount_batch=5, recount_rest=10)).catch_up()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), sys.argv[3]))
