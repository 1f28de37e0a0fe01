"""Approval put together: the only file that knows every class. Read it from top to bottom."""

from onewindow.access.v1 import access_pb2
from onewindow.approval.v1 import approval_service_pb2 as pb
from onewindow.approval.v1 import approval_service_pb2_grpc as pb_grpc

from chassis.clock import Clock, OfficeClock, RealClock
from chassis.database import Pool, PoolSettings, open_rpc_pool, open_worker_pool
from chassis.event_store import Bell, Files, PostgresStore, StoreSettings, Waiter
from chassis.hearing import Marks
from chassis.rpc.errors import ErrorMap
from chassis.serve import Plan, run, serve
from chassis.settings import ClockKind
from chassis.supervision import Loop
from chassis.sweep import Sweeper
from chassis.vault.keys import Keyring
from chassis.vault.vault import FileVault
from chassis.watched_file import WatchedFile
from law.not_allowed import Malformed, NotAllowed, WrongDesk

from .adapters.calendars import HeardCalendars
from .adapters.cards import cards_sweep
from .adapters.district import open_district
from .adapters.gateway import DistrictGatewayServicer
from .adapters.handing import Worker, puller_of, sender_of
from .adapters.hear_approval import HearApproval
from .adapters.hear_intake import HearIntake
from .adapters.lists import RowList
from .adapters.passes import SignedPasses
from .adapters.rpc import ApprovalServicer
from .adapters.streams import Bells, Streams, hears_approval, hears_intake
from .adapters.wire import SOURCE, CaseCodec
from .settings import ApprovalSettings
from .usecases.cases import Cases
from .usecases.changing import Office
from .usecases.district import Reports
from .usecases.reading import Reading

ERRORS = ErrorMap({NotAllowed: "FAILED_PRECONDITION", WrongDesk: "PERMISSION_DENIED", Malformed: "INVALID_ARGUMENT"})


def main() -> None:
    """Serve until told to stop."""
    settings = ApprovalSettings.load()
    run(lambda: serve_approval(settings))


async def serve_approval(settings: ApprovalSettings) -> int:
    """The whole service; its exit code."""
    clock = _clock(settings)
    rpc = await open_rpc_pool(_reached(settings, settings.database_rpc_role))
    pool = await open_worker_pool(_reached(settings, settings.database_worker_role), settings.district)

    bells, bell = Bells(), Bell()
    limits = StoreSettings(after_limit=settings.position_wait_seconds)
    vault = FileVault(Keyring(WatchedFile(settings.vault_key_file)))
    files = Files(PostgresStore(rpc, pool), CaseCodec(), clock, vault, bells.ring, limits)
    calendars, reports = HeardCalendars(rpc, settings.district), Reports(clock, vault)
    signing = WatchedFile(settings.read_pass_private_key_file)
    passes = SignedPasses(signing, settings.read_pass_minutes, settings.package_pass_days)
    office = Office(calendars, RowList(rpc), vault, passes, Waiter(SOURCE, Marks(rpc), bell, limits))

    hears = [hears_intake(HearIntake(files, calendars)), hears_approval(HearApproval(files, calendars))]
    loops: dict[str, Loop] = {
        "streams": Streams(pool, settings.nats_url, hears, bells, bell).run,
        "sweeps": Sweeper(pool, clock, settings.district, [cards_sweep(files)]).run,
    }
    closing = [rpc.close, pool.close]
    if (district := open_district(settings)) is not None:
        worker = Worker(pool, clock, files, reports, calendars)
        sender = sender_of(worker, district, passes, settings)
        bells.wakes.append(sender.wake)
        loops |= {"handoff": sender.run, "district_changes": puller_of(worker, district, settings).run}
        closing.insert(0, district.close)

    desks = ApprovalServicer(Cases(files, office), Reading(files, office), clock)
    gateway = DistrictGatewayServicer(files, reports)
    services = pb.DESCRIPTOR.services_by_name
    return await serve(
        Plan(
            service=SOURCE,
            settings=settings,
            servicers=[
                (pb_grpc.add_ApprovalServiceServicer_to_server, desks),
                (pb_grpc.add_DistrictGatewayServiceServicer_to_server, gateway),
            ],
            descriptors=[services["ApprovalService"], services["DistrictGatewayService"]],
            access=access_pb2.allow,
            reach=lambda: _reach(rpc),
            errors=ERRORS,
            loops=loops,
            closing=closing,
        )
    )


def _clock(settings: ApprovalSettings) -> Clock:
    if settings.clock is ClockKind.OFFICE and settings.clock_file is not None:
        return OfficeClock(settings.clock_file)
    return RealClock()


def _reached(settings: ApprovalSettings, role: str) -> PoolSettings:
    password = settings.database_password_file
    return PoolSettings(
        host=settings.database_host,
        port=settings.database_port,
        database=settings.database_name,
        user=role,
        password=WatchedFile(password).text() if password else None,
        connections=settings.database_pool,
        statement_timeout=settings.database_timeout_seconds,
    )


async def _reach(pool: Pool) -> None:
    await pool.fetchval("select 1")
