"""Parts of the kind document: the loop that issues them."""

from chassis.event_store import FileRepository
from chassis.process.parts import Parts, ServiceContext
from chassis.vault import FileVault
from services.notify.adapters.database import BulkAppend
from services.notify.adapters.document.queue import DocumentTable
from services.notify.adapters.document.store import EncryptedDocuments
from services.notify.adapters.document.typesetting import TypstTypesetter
from services.notify.adapters.queue_loop import QueueLoop, queue_pace
from services.notify.domain.dossier import Dossier, Fact
from services.notify.settings import NotifySettings
from services.notify.usecases.document import DocumentIssuer
from services.notify.usecases.template import Letterheads


def parts(
    context: ServiceContext[NotifySettings],
    dossiers: FileRepository[Dossier, Fact],
    vault: FileVault,
    store: EncryptedDocuments,
) -> Parts:
    """The loop that issues documents, woken whenever events were received."""
    settings, worker, clock = context.settings, context.worker, context.clock
    typesetter = TypstTypesetter()
    issuer = DocumentIssuer(
        DocumentTable(worker, context.store, BulkAppend(worker, dossiers), vault, settings.district),
        typesetter,
        store,
        Letterheads(settings.offices, settings.office),
        clock,
        settings.document_batch,
    )
    loop = QueueLoop(worker, "documents", issuer.round, clock, queue_pace(settings))
    context.wakeups.workers.append(loop.wake)
    return Parts(loops={"documents": loop.run}, closing=[typesetter.close])
