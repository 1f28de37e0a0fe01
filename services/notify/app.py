"""Notify put together: the only file that knows every class. Read it from top to bottom."""

from onewindow.access.v1 import access_pb2
from onewindow.notify.v1 import notify_service_pb2 as pb
from onewindow.notify.v1 import notify_service_pb2_grpc as pb_grpc

from chassis import objects
from chassis.broker_access import access_of
from chassis.database import open_rpc_pool, open_worker_pool
from chassis.event_store import Bell, Files, PostgresStore, StoreSettings, Waiter
from chassis.hearing import Marks
from chassis.opening import clock_of, rpc_database, worker_database
from chassis.readiness import Broadcast, conditions
from chassis.rpc.errors import ErrorMap
from chassis.serve import Plan, run, serve
from chassis.settings import ClockKind
from chassis.vault import FileVault, Keyring
from chassis.watched_file import LOOK_SECONDS, WatchedFile
from law.not_allowed import Malformed, NotAllowed, WrongDesk

from .adapters import told_by_approval, told_by_intake
from .adapters.calendars import HeardCalendars
from .adapters.closed_documents import ClosedObjects
from .adapters.document_queue import DocumentTable
from .adapters.envelopes import Envelopes
from .adapters.figures import Queues
from .adapters.filing import Filing
from .adapters.gateway import SmsGateway
from .adapters.hearing import Teller
from .adapters.loops import QueueLoop, QueuePace
from .adapters.matters import MatterRows
from .adapters.notice_queue import NoticeTable
from .adapters.rpc import NotifyServicer
from .adapters.streams import SOURCES, Bells, Streams, hears_approval, hears_intake, hears_sealed
from .adapters.templates import shipped
from .adapters.typesetting import TypstTypesetter
from .adapters.wire import SOURCE, DossierCodec
from .domain.hours import Hours
from .settings import NotifySettings
from .usecases.asking import Asking, Means
from .usecases.issuing import Issuing
from .usecases.telling import Telling, TellingSettings
from .usecases.wordbook import Wordbook

BROADCAST = Broadcast(SOURCE, tells=("notify",), hears=("intake", "approval", "sealed"))
ERRORS = ErrorMap(
    {NotAllowed: "FAILED_PRECONDITION", WrongDesk: "PERMISSION_DENIED", Malformed: "INVALID_ARGUMENT"},
    files=("application_id",),
)


def main() -> None:
    """Serve until told to stop."""
    settings = NotifySettings.load()
    run(lambda: serve_notify(settings))


async def serve_notify(settings: NotifySettings) -> int:
    """The whole service; its exit code."""
    clock, hours = clock_of(settings), Hours(settings.quiet_until, settings.quiet_from)
    rpc = await open_rpc_pool(rpc_database(settings))
    pool = await open_worker_pool(worker_database(settings), settings.district)

    bells, bell = Bells(), Bell()
    limits = StoreSettings(after_limit=settings.position_wait_seconds)
    vault = FileVault(Keyring(WatchedFile(settings.vault_key_file, LOOK_SECONDS)))
    store = PostgresStore(rpc, pool)
    files = Files(store, DossierCodec(), clock, vault, bells.ring_written, limits)
    filing, calendars = Filing(pool, files), HeardCalendars(rpc, settings.district)
    documents = ClosedObjects(store, vault, objects.opened(settings.objects_url, settings.document_bytes))
    wordbook = Wordbook(shipped(), settings.offices, settings.office)
    gateway = SmsGateway(settings.sms_url, settings.sms_concurrency, settings.sms_deadline_seconds)

    notices, tasks = NoticeTable(pool, filing, vault), DocumentTable(pool, store, filing, vault, settings.district)
    telling = Telling(notices, gateway, wordbook, vault, clock, _pace(settings, hours))
    issuing = Issuing(tasks, typesetter := TypstTypesetter(), documents, wordbook, clock, settings.document_batch)
    queues, pace = (
        Queues(pool, clock),
        QueuePace(settings.queue_poll_seconds, settings.queue_quiet_seconds, settings.queue_gather_seconds),
    )
    messages = QueueLoop(pool, "notices", queues.counted(telling.round), clock, pace, queues.forget)
    papers = QueueLoop(pool, "documents", issuing.round, clock, pace)
    bells.told += [messages.wake, papers.wake]

    hears = [
        hears_intake(Teller(told_by_intake.told, files, calendars, hours)),
        hears_approval(Teller(told_by_approval.told, files, calendars, hours)),
        hears_sealed(Envelopes(WatchedFile(settings.seal_private_key_file, LOOK_SECONDS), vault, clock)),
    ]
    streams = Streams(pool, access_of(settings), hears, bells, bell)
    waiter = Waiter(SOURCES, Marks(rpc), bell, limits)
    asking = Asking(Means(files, MatterRows(rpc, store, vault), documents, vault, waiter, clock))
    return await serve(
        Plan(
            service=SOURCE,
            settings=settings,
            servicers=[(pb_grpc.add_NotifyServiceServicer_to_server, NotifyServicer(asking))],
            descriptors=[pb.DESCRIPTOR.services_by_name["NotifyService"]],
            access=access_pb2.allow,
            conditions=conditions([rpc, pool], access_of(settings), BROADCAST),
            reach=lambda: rpc.fetchval("select 1"),
            errors=ERRORS,
            loops={"streams": streams.run, "notices": messages.run, "documents": papers.run},
            closing=[gateway.close, typesetter.close, rpc.close, pool.close],
        )
    )


def _pace(settings: NotifySettings, hours: Hours) -> TellingSettings:
    standing = settings.sms_standing_minute_seconds if settings.clock is ClockKind.OFFICE else None
    return TellingSettings(hours, settings.sms_batch, settings.sms_call_messages, settings.sms_concurrency, standing)
