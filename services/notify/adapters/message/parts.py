"""Parts of the kind message: the loop that sends them."""

import tomllib
from collections.abc import Mapping
from importlib import resources

from chassis.event_store import FileRepository
from chassis.process.parts import Parts, ServiceContext
from chassis.settings.service import ClockKind
from chassis.vault import FileVault
from services.notify.adapters.database import BulkAppend
from services.notify.adapters.message.gateway import SmsGateway
from services.notify.adapters.message.queue import MessageTable
from services.notify.adapters.message.queue_size import QueueSize
from services.notify.adapters.queue_loop import QueueLoop, queue_pace
from services.notify.domain.dossier import Dossier, Fact
from services.notify.domain.message.sending_time import SendingHours
from services.notify.domain.template.text import MessageTemplate
from services.notify.settings import NotifySettings
from services.notify.usecases.message import MessageSender, SendingSettings
from services.notify.usecases.template import Letterheads, MessageTexts

_LOCK = "notices"
"""The name of the advisory lock since 0.1.0."""


def parts(context: ServiceContext[NotifySettings], dossiers: FileRepository[Dossier, Fact], vault: FileVault) -> Parts:
    """The loop that sends messages, woken whenever events were received."""
    settings, worker, clock = context.settings, context.worker, context.clock
    gateway = SmsGateway(settings.sms_url, settings.sms_concurrency, settings.sms_deadline_seconds)
    sender = MessageSender(
        MessageTable(worker, BulkAppend(worker, dossiers), vault),
        gateway,
        MessageTexts(shipped_templates(), Letterheads(settings.offices, settings.office)),
        vault,
        clock,
        _sending(settings),
    )
    size = QueueSize(worker, clock)
    loop = QueueLoop(
        worker, "messages", size.counted(sender.round), clock, queue_pace(settings), size.clear, lock=_LOCK
    )
    context.wakeups.workers.append(loop.wake)
    return Parts(loops={"messages": loop.run}, closing=[gateway.close])


def shipped_templates() -> Mapping[str, MessageTemplate]:
    """The templates that come with the product, by their codes."""
    text = resources.files("services.notify").joinpath("templates/messages.toml").read_text("utf-8")
    return {
        row["code"]: MessageTemplate(row["code"], row["version"], row["text"])
        for row in tomllib.loads(text)["template"]
    }


def _sending(settings: NotifySettings) -> SendingSettings:
    return SendingSettings(
        hours=SendingHours(settings.quiet_until, settings.quiet_from),
        batch=settings.sms_batch,
        call=settings.sms_call_messages,
        concurrency=settings.sms_concurrency,
        standing_minute=settings.sms_standing_minute_seconds if settings.clock is ClockKind.OFFICE else None,
    )
