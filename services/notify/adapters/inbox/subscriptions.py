"""Subscriptions of notify: matters from intake and approval, applicants from the sealed stream."""

from chassis.event_store import FileRepository, PositionSources
from chassis.inbox import Subscription
from chassis.process.parts import Parts, ServiceContext
from chassis.settings.watched_file import LOOK_SECONDS, WatchedFile
from chassis.vault import FileVault
from protocol import streams
from protocol.calendars import ReceivedCalendars
from protocol.envelope import KIND
from protocol.event_headers import fact_kinds
from services.notify.adapters.inbox import project_approval, project_intake
from services.notify.adapters.inbox.envelopes import EnvelopeStore
from services.notify.adapters.inbox.projector import MatterProjector
from services.notify.domain.dossier import Dossier, Fact
from services.notify.domain.message.sending_time import SendingHours
from services.notify.settings import NotifySettings

SOURCES = PositionSources(streams.NOTIFY, received=(streams.INTAKE, streams.APPROVAL))
"""The sources whose positions a caller may show."""


def parts(context: ServiceContext[NotifySettings], dossiers: FileRepository[Dossier, Fact], vault: FileVault) -> Parts:
    """The three subscriptions."""
    settings = context.settings
    calendars = ReceivedCalendars(context.rpc, settings.district)
    hours = SendingHours(settings.quiet_until, settings.quiet_from)
    private_key = WatchedFile(settings.seal_private_key_file, LOOK_SECONDS)
    return Parts(
        subscriptions=[
            intake_subscription(dossiers, calendars, hours),
            approval_subscription(dossiers, calendars, hours),
            sealed_subscription(EnvelopeStore(private_key, vault, context.clock)),
        ]
    )


def intake_subscription(
    dossiers: FileRepository[Dossier, Fact], calendars: ReceivedCalendars, hours: SendingHours
) -> Subscription:
    """Applications up to acceptance, items and calendars."""
    projector = MatterProjector(project_intake.project_intake, dossiers, calendars, hours)
    return _subscription(streams.INTAKE, projector, project_intake.APPLIED_KINDS)


def approval_subscription(
    dossiers: FileRepository[Dossier, Fact], calendars: ReceivedCalendars, hours: SendingHours
) -> Subscription:
    """Cases from acceptance to their end."""
    projector = MatterProjector(project_approval.project_approval, dossiers, calendars, hours)
    return _subscription(streams.APPROVAL, projector, project_approval.APPLIED_KINDS)


def sealed_subscription(envelopes: EnvelopeStore) -> Subscription:
    """Envelopes with the applicants of matters, taken in any order."""
    return Subscription(streams.NOTIFY, _stream(streams.SEALED), streams.SEALED, envelopes.apply, [KIND], ordered=False)


def _subscription(source: str, projector: MatterProjector, applied_kinds: frozenset[str]) -> Subscription:
    return Subscription(
        streams.NOTIFY, _stream(source), source, projector.apply, fact_kinds(source), applied_kinds=applied_kinds
    )


def _stream(source: str) -> str:
    return next(each.stream.name for each in streams.STREAMS if each.source == source)
