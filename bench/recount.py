"""Rate of a recount: open cases a second in a dry run and in the run, in a PostgreSQL of its own.

`python -m bench.recount 100000` makes so many open cases across a new year, publishes the year, and prints both rates.
The row of docs/figures.md comes from here.
"""

import asyncio
import shutil
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

from uuid_utils.compat import uuid7

from bench.mechanisms import running
from chassis.clock import RealClock
from chassis.event_store import Author, FileKey, FileRepository, PostgresStore
from chassis.event_store.model import Loaded
from chassis.postgres.database import Pool, PoolSettings, as_role, open_rpc_pool, open_worker_pool
from chassis.settings.tuning import Tuning
from embedded import ports, postgres
from embedded.data_dir import DataDir
from law.notices import Holiday, Notice, statutory_days
from law.recount import RecountCause
from law.workdays import Calendar, state_council
from operations import databases
from operations.migrate import migrate
from protocol.calendars import ReceivedCalendars
from protocol.identifiers import street_leg_id
from protocol.recount import Recounter
from protocol.recount_table import BEGINNING, PagePlace
from services.approval.adapters.case.codec import CaseCodec
from services.approval.adapters.case.parts import term_recount
from services.approval.domain.case.facts import Fact
from services.approval.domain.case.item import (
    AcceptedItem,
    ClosesOn,
    ItemKind,
    Limit,
    LimitUnit,
    Line,
    Step,
    StepKind,
    StepPost,
)
from services.approval.domain.case.open_case import Acceptance, AcceptanceGround, open_street_leg
from services.approval.domain.case.state import Case
from services.approval.usecases.case import CaseFiles

DISTRICT, STREET, SERVICE = "440105", "440105008", "approval"
_YEAR = max(notice.year for notice in state_council().notices) + 1
_NUMBER = f"国办发明电〔{_YEAR - 1}〕9号"
_BATCH = 1_000
_OFFICE = Author("office", None)
_ITEM = AcceptedItem(
    code="11440105K316057885" + "4" + "440105001001",
    name="计划生育服务证办理",
    version=1,
    line=Line.FAMILY_PLANNING,
    kind=ItemKind.PROMISED,
    closes_on=ClosesOn.DECISION,
    legal_limit=Limit(20, LimitUnit.WORKING_DAYS, "行政许可法 42"),
    promised_limit=Limit(10, LimitUnit.WORKING_DAYS, ""),
    route=(Step("S9", "领导审批", StepKind.DECIDE, StepPost.HEAD),),
    receipt=True,
    sms=True,
    decided_by="南华西街道办事处",
    result_name="计划生育服务证",
)
_INSERT = """
insert into calendar_notice (district, year, number, days_off, makeup_days, calendar_version, recorded_at)
values ($1, $2, $3, $4, '{}', $5, $6)
"""


async def fill(files: CaseFiles, count: int) -> None:
    """So many open cases, accepted in the last weeks of a year."""
    calendar, unit_of_work = state_council(), files.unit_of_work
    for begin in range(0, count, _BATCH):
        changes = []
        for number in range(begin, min(count, begin + _BATCH)):
            application = uuid7()
            key = FileKey(DISTRICT, STREET, street_leg_id(application))
            accepted_on = date(_YEAR - 1, 12, 31) - timedelta(days=number % 20)
            facts: list[Fact] = list(open_street_leg(None, _acceptance(application, accepted_on), calendar))
            changes.append(unit_of_work.prepare(key, Loaded(0), None, facts, _OFFICE).change)
        await files.store.append_many(changes, RealClock().now())


async def measure(rpc: Pool, worker: Pool, count: int) -> dict[str, float]:
    """Cases a second that a dry run looks at, and that the run changes."""
    files: FileRepository[Case | None, Fact] = FileRepository(PostgresStore(rpc, worker), CaseCodec(), RealClock())
    await fill(files, count)
    await worker.execute("analyze")
    recounter = Recounter(
        worker, DISTRICT, term_recount(files, ReceivedCalendars(rpc, DISTRICT)), Tuning(recount_rest=0)
    )
    days = tuple(statutory_days(_YEAR))
    version = f"{state_council().version}+{_YEAR}.1"
    later = state_council().with_notice(Notice(_YEAR, _NUMBER, (Holiday("", days),)), version)
    began = time.monotonic()
    looked_at = await _dry_run(recounter, later)
    dry_run = looked_at / (time.monotonic() - began)
    await worker.execute(_INSERT, DISTRICT, _YEAR, _NUMBER, list(days), version, RealClock().now())
    began = time.monotonic()
    changed = await recounter.catch_up()
    assert changed == looked_at == count, "every case loses its 暂定"
    return {"dry run": dry_run, "run": changed / (time.monotonic() - began)}


async def _dry_run(recounter: Recounter[Case | None, Fact], calendar: Calendar) -> int:
    looked_at, cause = 0, RecountCause((_NUMBER,), "preview")
    for stale in await recounter.preview_versions(calendar):
        place: PagePlace | None = BEGINNING
        while place is not None:
            _, looked, place = await recounter.preview_page(calendar, cause, stale, place, Tuning().recount_batch)
            looked_at += looked
    return looked_at


def _acceptance(application: UUID, on: date) -> Acceptance:
    promised, legal = (on + timedelta(days=days) for days in (14, 28))  # about the limits: the recount moves them
    return Acceptance(
        application_id=application,
        occurred_on=on,
        number=application.hex,
        ground=AcceptanceGround.COMPLETE,
        item=_ITEM,
        received_on=on,
        accepted_on=on,
        promised_due_on=promised,
        legal_due_on=legal,
        provisional=True,
        calendar_version=state_council().version,
        window="W1",
        materials=(),
    )


async def _measured(address: postgres.PostgresAddress, count: int) -> dict[str, float]:
    connection = await address.server().connect(postgres.SUPERUSER_LOGIN, postgres.SUPERUSER)
    await databases.provide_roles(connection)
    await databases.make(connection, SERVICE, SERVICE)
    await migrate(address.server(), SERVICE, SERVICE, postgres.owner(SERVICE))
    await connection.close()
    rpc, worker = (
        PoolSettings(str(address.socket), address.port, SERVICE, as_role(f"{SERVICE}_{role}"))
        for role in ("rpc", "worker")
    )
    async with open_rpc_pool(rpc) as calls, open_worker_pool(worker, DISTRICT) as batches:
        return await measure(calls, batches, count)


def main() -> None:
    """Measures and prints both rates; the number of cases is the argument."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    root = Path(tempfile.mkdtemp(prefix="onewindow-bench-"))
    root.chmod(0o755)  # PostgreSQL's own account enters it
    home = DataDir(root)
    home.create()
    port = ports.choose({"postgres": 0})["postgres"]
    postgres.prepare(home)
    try:
        with running(postgres.program(home, port), home):
            figures = asyncio.run(_measured(postgres.PostgresAddress(home.socket, port), count))
    finally:
        shutil.rmtree(root, ignore_errors=True)
    for name, rate in figures.items():
        print(f"{name:10} {rate:8.0f} cases a second   a million in {1_000_000 / rate / 60:.1f} min")


if __name__ == "__main__":
    main()
