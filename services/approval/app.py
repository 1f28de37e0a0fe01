"""Approval put together: the only file that knows every class. Read it from top to bottom."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from onewindow.access.v1 import access_pb2
from onewindow.approval.v1 import approval_service_pb2 as pb
from onewindow.approval.v1 import approval_service_pb2_grpc as pb_grpc
from onewindow.approval.v1 import district_gateway_service_pb2 as gateway_pb
from onewindow.approval.v1 import district_gateway_service_pb2_grpc as gateway_grpc

from chassis.event_store import FileRepository, PositionSignal, PositionWaiter, PostgresStore, StoreSettings
from chassis.inbox import InboxOffsets
from chassis.nats.broker_access import access_of
from chassis.postgres.database import open_rpc_pool, open_worker_pool
from chassis.process.providers import clock_of, rpc_database, worker_database
from chassis.process.readiness import StreamUsage, conditions
from chassis.process.serve import ServicePlan, run, serve
from chassis.process.supervision import Loop
from chassis.rpc.errors import ErrorMap
from chassis.sweeps.sweeper import Sweeper
from law.not_allowed import Malformed, NotAllowed, WrongDesk
from services.approval.adapters import opening
from services.approval.adapters.calendars import HeardCalendars
from services.approval.adapters.cards import cards_sweep
from services.approval.adapters.district import open_district
from services.approval.adapters.gateway import DistrictGatewayServicer
from services.approval.adapters.handing import Worker, puller_of, reconciler_of, sender_of
from services.approval.adapters.hear_approval import HearApproval
from services.approval.adapters.hear_intake import HearIntake
from services.approval.adapters.lists import RowList
from services.approval.adapters.nightly import Nightly
from services.approval.adapters.reconciling import Reconciler
from services.approval.adapters.rpc import ApprovalServicer
from services.approval.adapters.streams import SOURCES, Bells, Streams, hears_approval, hears_intake
from services.approval.adapters.wire import SOURCE, CaseCodec
from services.approval.settings import ApprovalSettings
from services.approval.usecases.cases import Cases
from services.approval.usecases.changing import Office
from services.approval.usecases.district import Reports
from services.approval.usecases.reading import Reading

BROADCAST = StreamUsage(SOURCE, published=("approval",), received=("intake", "approval"))
ERRORS = ErrorMap(
    {NotAllowed: "FAILED_PRECONDITION", WrongDesk: "PERMISSION_DENIED", Malformed: "INVALID_ARGUMENT"},
    files=("case_id", "number"),
)


def main() -> None:
    """Serve until told to stop."""
    settings = ApprovalSettings.load()
    run(lambda: serve_approval(settings))


async def serve_approval(settings: ApprovalSettings) -> int:
    """The whole service; its exit code."""
    clock, vault, passes = clock_of(settings), opening.vault_of(settings), opening.passes_of(settings)
    rpc = await open_rpc_pool(rpc_database(settings))
    pool = await open_worker_pool(worker_database(settings), settings.district)

    bells, bell = Bells(), PositionSignal()
    limits = StoreSettings(after_limit=settings.position_wait_seconds)
    files = FileRepository(PostgresStore(rpc, pool), CaseCodec(), clock, vault, bells.ring, limits)
    calendars, reports = HeardCalendars(rpc, settings.district), Reports(clock, vault)
    office = Office(calendars, RowList(rpc), vault, passes, PositionWaiter(SOURCES, InboxOffsets(rpc), bell, limits))

    hears = [
        hears_intake(HearIntake(files, calendars, bells.owe)),
        hears_approval(HearApproval(files, calendars, bells.owe)),
    ]
    loops: dict[str, Loop] = {
        "streams": Streams(pool, access_of(settings), hears, bells, bell).run,
        "sweeps": Sweeper(pool, clock, settings.district, [cards_sweep(files)]).run,
    }
    closing = [rpc.close, pool.close]
    if (district := open_district(settings)) is not None:
        worker = Worker(pool, clock, files, vault, reports, calendars)
        sender = sender_of(worker, district, passes, settings)
        bells.senders.append(sender.wake)
        nightly = Nightly(pool, reconciler_of(worker, district, settings))
        loops |= {"handoff": sender.run, "district_changes": puller_of(worker, district, settings).run}
        loops["district_reconciliation"] = nightly.run
        closing.insert(0, district.close)

    desks = ApprovalServicer(Cases(files, office), Reading(files, office), clock)
    gateway = DistrictGatewayServicer(files, reports)
    plan = ServicePlan(
        service=SOURCE,
        settings=settings,
        servicers=[
            (pb_grpc.add_ApprovalServiceServicer_to_server, desks),
            (gateway_grpc.add_DistrictGatewayServiceServicer_to_server, gateway),
        ],
        descriptors=[
            pb.DESCRIPTOR.services_by_name["ApprovalService"],
            gateway_pb.DESCRIPTOR.services_by_name["DistrictGatewayService"],
        ],
        access=access_pb2.allow,
        conditions=conditions([rpc, pool], access_of(settings), BROADCAST),
        reach=lambda: rpc.fetchval("select 1"),
        errors=ERRORS,
        loops=loops,
        closing=closing,
    )
    return await serve(plan)


@asynccontextmanager
async def reconciling(settings: ApprovalSettings) -> AsyncIterator[Reconciler | None]:
    """The comparison with the district alone, beside a running service; None where no system of its own is named."""
    clock, vault = clock_of(settings), opening.vault_of(settings)
    district = open_district(settings)
    if district is None:
        yield None
        return
    async with open_worker_pool(worker_database(settings), settings.district) as pool:
        files = FileRepository(PostgresStore(pool, pool), CaseCodec(), clock, vault)
        worker = Worker(pool, clock, files, vault, Reports(clock, vault), HeardCalendars(pool, settings.district))
        try:
            yield reconciler_of(worker, district, settings)
        finally:
            await district.close()
