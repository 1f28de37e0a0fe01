"""Parts of notify by kind: the streams of matters, messages, documents, and the calls of windows."""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from importlib import resources
from typing import TypeAlias

from onewindow.notify.v1 import notify_service_pb2
from onewindow.notify.v1.notify_service_pb2_grpc import add_NotifyServiceServicer_to_server
from onewindow.recount.v1.recount_service_pb2 import RecountedFile

from chassis.event_store import FileRepository
from chassis.process.parts import Endpoint, Parts, ServiceContext
from chassis.settings.service import ClockKind
from chassis.settings.watched_file import LOOK_SECONDS, WatchedFile
from chassis.vault import FileVault
from law.recount import RecountCause
from law.workdays import Calendar
from protocol.calendars import ReceivedCalendars
from protocol.known_places import ReceivedPlaces
from protocol.query_codes import WrongCodes
from protocol.recount import Recounter, RecountPlan
from protocol.recount_calls import RecountServicer, moved_messages, recount_parts, with_notice_of
from protocol.streams import NOTIFY
from services.notify.adapters.database import BulkAppend
from services.notify.adapters.document.storage import DocumentTable, EncryptedDocuments
from services.notify.adapters.document.typesetting import TypstTypesetter
from services.notify.adapters.dossier_codec import DossierCodec
from services.notify.adapters.matter.envelopes import EnvelopeStore, sealed_subscription
from services.notify.adapters.matter.projector import approval_subscription, intake_subscription
from services.notify.adapters.matter.table import MatterRows
from services.notify.adapters.message.gateway import SmsGateway
from services.notify.adapters.message.queue import MessageTable
from services.notify.adapters.queue_loop import QueueLoop, QueuePace, QueueSize
from services.notify.adapters.rpc import NotifyServicer
from services.notify.domain.delivery.open_delivery import recount_delivery
from services.notify.domain.dossier import Dossier
from services.notify.domain.facts import DeliveryRecounted, Fact
from services.notify.domain.message.sending_time import SendingHours
from services.notify.domain.template.text import MessageTemplate
from services.notify.settings import NotifySettings
from services.notify.usecases.delivery import CollectionDesk, DeliveryProofs
from services.notify.usecases.document import DocumentIssuer, DocumentReader
from services.notify.usecases.matter import CodeCheck, MatterAccess
from services.notify.usecases.message import Letterheads, MessageSender, MessageTexts, SendingSettings

NotifyContext: TypeAlias = ServiceContext[NotifySettings]
Dossiers: TypeAlias = FileRepository[Dossier, Fact]

_MESSAGE_LOCK = "notices"
"""The name of the advisory lock since 0.1.0."""


def matter_parts(context: NotifyContext, dossiers: Dossiers, vault: FileVault) -> Parts:
    """The subscriptions from which matters, messages, documents and deliveries follow."""
    settings = context.settings
    calendars = ReceivedCalendars(context.rpc, settings.district)
    private_key = WatchedFile(settings.seal_private_key_file, LOOK_SECONDS)
    return Parts(
        subscriptions=[
            intake_subscription(dossiers, calendars, _hours(settings)),
            approval_subscription(dossiers, calendars, _hours(settings)),
            sealed_subscription(EnvelopeStore(private_key, vault, context.clock)),
        ]
    )


def message_parts(context: NotifyContext, dossiers: Dossiers, vault: FileVault) -> Parts:
    """The loop that sends messages, woken whenever events were received."""
    settings, worker, clock = context.settings, context.worker, context.clock
    gateway = SmsGateway(settings.sms_url, settings.sms_concurrency, settings.sms_deadline_seconds)
    sender = MessageSender(
        MessageTable(worker, BulkAppend(worker, dossiers), vault),
        gateway,
        MessageTexts(shipped_templates(), _letterheads(context)),
        vault,
        clock,
        _sending(settings),
    )
    size = QueueSize(worker, clock)
    loop = QueueLoop(
        worker, "messages", size.counted(sender.round), clock, _pace(settings), size.clear, lock=_MESSAGE_LOCK
    )
    context.wakeups.workers.append(loop.wake)
    return Parts(loops={"messages": loop.run}, closing=[gateway.close])


def document_parts(context: NotifyContext, dossiers: Dossiers, vault: FileVault, store: EncryptedDocuments) -> Parts:
    """The loop that issues documents, woken whenever events were received; it wakes the calls that wait for one."""
    settings, worker, clock = context.settings, context.worker, context.clock
    typesetter, issued = TypstTypesetter(), partial(context.positions.notify, NOTIFY)
    issuer = DocumentIssuer(
        DocumentTable(worker, context.store, BulkAppend(worker, dossiers, issued), vault, settings.district),
        typesetter,
        store,
        _letterheads(context),
        clock,
        settings.document_batch,
    )
    loop = QueueLoop(worker, "documents", issuer.round, clock, _pace(settings))
    context.wakeups.workers.append(loop.wake)
    return Parts(loops={"documents": loop.run}, closing=[typesetter.close])


def call_parts(context: NotifyContext, dossiers: Dossiers, vault: FileVault, store: EncryptedDocuments) -> Parts:
    """NotifyService, whose calls concern messages, documents and deliveries."""
    settings = context.settings
    places, calendars = _places(context), ReceivedCalendars(context.rpc, settings.district)
    pepper = WatchedFile(settings.query_code_pepper_file, LOOK_SECONDS)
    codes = CodeCheck(places, pepper.read, WrongCodes.limited(settings))
    matters = MatterAccess(MatterRows(context.rpc, context.store, vault), context.waiter, codes, context.catch_up)
    servicer = NotifyServicer(
        matters,
        DocumentReader(matters, dossiers, store),
        CollectionDesk(matters, dossiers, vault, context.clock, places, calendars),
        DeliveryProofs(matters, dossiers, calendars),
    )
    service = notify_service_pb2.DESCRIPTOR.services_by_name["NotifyService"]
    return Parts(servicers=[Endpoint(service, add_NotifyServiceServicer_to_server, servicer)])


def delivery_parts(context: NotifyContext, dossiers: Dossiers) -> Parts:
    """The recount of open deliveries, and its calls."""
    district = context.settings.district
    calendars = ReceivedCalendars(context.rpc, district)
    recounter = Recounter(context.worker, district, delivery_recount(dossiers, calendars))
    return recount_parts(recounter, RecountServicer(recounter, with_notice_of(calendars)))


def delivery_recount(dossiers: Dossiers, calendars: ReceivedCalendars) -> RecountPlan[Dossier, Fact]:
    """The recount of open deliveries after a publication of holidays."""

    def act(dossier: Dossier, calendar: Calendar, cause: RecountCause, today: date) -> Sequence[Fact]:
        return recount_delivery(dossier.delivery, calendar, cause, today)

    return RecountPlan("delivery_recounted", dossiers, calendars, act, DossierCodec().decode, _recounted)


def _recounted(fact: Fact) -> RecountedFile:
    assert isinstance(fact, DeliveryRecounted), "the plan names this kind"
    firm = fact.was_provisional and not fact.provisional
    moved = moved_messages(fact.moved)
    return RecountedFile(number=fact.number, moved=moved, firm=firm, provisional=fact.provisional)


def shipped_templates() -> Mapping[str, MessageTemplate]:
    """The templates that come with the product, by their codes."""
    text = resources.files("services.notify").joinpath("templates/messages.toml").read_text("utf-8")
    return {
        row["code"]: MessageTemplate(row["code"], row["version"], row["text"], row.get("late_text", ""))
        for row in tomllib.loads(text)["template"]
    }


def _places(context: NotifyContext) -> ReceivedPlaces:
    return ReceivedPlaces(context.waiter, context.worker, context.settings.district, context.catch_up)


def _letterheads(context: NotifyContext) -> Letterheads:
    return Letterheads(context.settings.offices, context.settings.office, _places(context))


def _sending(settings: NotifySettings) -> SendingSettings:
    return SendingSettings(
        hours=_hours(settings),
        batch=settings.sms_batch,
        call=settings.sms_call_messages,
        concurrency=settings.sms_concurrency,
        standing_minute=settings.sms_standing_minute_seconds if settings.clock is ClockKind.OFFICE else None,
    )


def _hours(settings: NotifySettings) -> SendingHours:
    return SendingHours(settings.quiet_until, settings.quiet_from)


def _pace(settings: NotifySettings) -> QueuePace:
    return QueuePace(settings.queue_poll_seconds, settings.queue_quiet_seconds, settings.queue_gather_seconds)
