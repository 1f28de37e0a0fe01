"""Notify put together: the only file that knows every class. Read it from top to bottom."""

from onewindow.access.v1 import access_pb2
from onewindow.notify.v1 import notify_service_pb2 as pb
from onewindow.notify.v1 import notify_service_pb2_grpc as pb_grpc

from chassis.event_store import FileRepository, PositionSignal, PositionWaiter, PostgresStore, StoreSettings
from chassis.inbox import InboxOffsets
from chassis.nats.broker_access import access_of
from chassis.postgres.database import open_rpc_pool, open_worker_pool
from chassis.process.providers import clock_of, rpc_database, worker_database
from chassis.process.readiness import StreamUsage, conditions
from chassis.process.serve import ServicePlan, run, serve
from chassis.rpc.errors import ErrorMap
from chassis.settings.service import ClockKind
from chassis.settings.watched_file import LOOK_SECONDS, WatchedFile
from chassis.vault import FileVault, Keyring, objects
from law.not_allowed import Malformed, NotAllowed, WrongDesk
from services.notify.adapters import told_by_approval, told_by_intake
from services.notify.adapters.calendars import HeardCalendars
from services.notify.adapters.closed_documents import ClosedObjects
from services.notify.adapters.document_queue import DocumentTable
from services.notify.adapters.envelopes import Envelopes
from services.notify.adapters.figures import Queues
from services.notify.adapters.filing import Filing
from services.notify.adapters.gateway import SmsGateway
from services.notify.adapters.hearing import Teller
from services.notify.adapters.loops import QueueLoop, QueuePace
from services.notify.adapters.matters import MatterRows
from services.notify.adapters.notice_queue import NoticeTable
from services.notify.adapters.rpc import NotifyServicer
from services.notify.adapters.streams import SOURCES, Bells, Streams, hears_approval, hears_intake, hears_sealed
from services.notify.adapters.templates import shipped
from services.notify.adapters.typesetting import TypstTypesetter
from services.notify.adapters.wire import SOURCE, DossierCodec
from services.notify.domain.hours import Hours
from services.notify.settings import NotifySettings
from services.notify.usecases.asking import Asking, Means
from services.notify.usecases.issuing import Issuing
from services.notify.usecases.telling import Telling, TellingSettings
from services.notify.usecases.wordbook import Wordbook

BROADCAST = StreamUsage(SOURCE, published=("notify",), received=("intake", "approval", "sealed"))
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

    bells, bell = Bells(), PositionSignal()
    limits = StoreSettings(after_limit=settings.position_wait_seconds)
    vault = FileVault(Keyring(WatchedFile(settings.vault_key_file, LOOK_SECONDS)))
    store = PostgresStore(rpc, pool)
    files = FileRepository(store, DossierCodec(), clock, vault, bells.ring_written, limits)
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
    waiter = PositionWaiter(SOURCES, InboxOffsets(rpc), bell, limits)
    asking = Asking(Means(files, MatterRows(rpc, store, vault), documents, vault, waiter, clock))
    return await serve(
        ServicePlan(
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
