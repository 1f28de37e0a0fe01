"""Notify put together from the parts of its kinds."""

from typing import NoReturn

from onewindow.access.v1 import access_pb2

from chassis.outbox.publisher import FactOutbox
from chassis.process.parts import Parts, ServiceContext, ServiceWiring, joined, open_context, service_plan
from chassis.process.readiness import StreamUsage
from chassis.process.serve import run, serve
from chassis.rpc.errors import ErrorMap
from chassis.settings.watched_file import LOOK_SECONDS, WatchedFile
from chassis.vault import FileVault, Keyring, objects
from law.not_allowed import Malformed, NotAllowed, WrongDesk
from protocol.known_places import ReceivedPlaces
from protocol.streams import NOTIFY, published_by, received_by
from services.notify.adapters.document.storage import EncryptedDocuments
from services.notify.adapters.dossier_codec import DossierCodec
from services.notify.adapters.matter.projector import SOURCES
from services.notify.adapters.parts import call_parts, delivery_parts, document_parts, matter_parts, message_parts
from services.notify.settings import NotifySettings

_ERRORS = ErrorMap(
    {NotAllowed: "FAILED_PRECONDITION", WrongDesk: "PERMISSION_DENIED", Malformed: "INVALID_ARGUMENT"},
    files=("application_id",),
)


def main() -> NoReturn:
    """Serve until the process is stopped."""
    settings = NotifySettings.load()
    run(lambda: _serve(settings))


async def _serve(settings: NotifySettings) -> int:
    context = await open_context(settings, SOURCES)
    places = ReceivedPlaces(context.waiter, context.worker, settings.district, context.catch_up)
    wiring = ServiceWiring(
        usage=StreamUsage(NOTIFY, published=published_by(NOTIFY), received=received_by(NOTIFY)),
        access=access_pb2.allow,
        errors=_ERRORS,
        caller_places=places.of_callers(),
        outboxes=[FactOutbox(NOTIFY)],
    )
    return await serve(service_plan(context, parts(context), wiring))


def parts(context: ServiceContext[NotifySettings]) -> Parts:
    """Matters, messages, documents, and the calls about them."""
    settings = context.settings
    vault = FileVault(Keyring(WatchedFile(settings.vault_key_file, LOOK_SECONDS)))
    dossiers = context.files(DossierCodec(), vault)
    store = EncryptedDocuments(context.store, vault, objects.opened(settings.objects_url, settings.document_bytes))
    return joined(
        [
            matter_parts(context, dossiers, vault),
            message_parts(context, dossiers, vault),
            document_parts(context, dossiers, vault, store),
            call_parts(context, dossiers, vault, store),
            delivery_parts(context, dossiers),
        ]
    )
