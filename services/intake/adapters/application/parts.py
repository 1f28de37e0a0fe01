"""Parts of the service that belong to applications: calls, sweeps of the day, subscriptions."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from onewindow.intake.v1 import intake_service_pb2 as pb
from onewindow.intake.v1.intake_service_pb2_grpc import add_IntakeServiceServicer_to_server

from chassis.event_store import Drawn, FileKey, FileRepository
from chassis.postgres.database import Connection
from chassis.process.parts import Endpoint, Parts, ServiceContext
from chassis.refusals import NotFound
from chassis.sweeps.sweeper import Pick, Sweep
from law.not_allowed import NotAllowed
from protocol.recount import Recounter, RecountFirst, after_recount, recounted_elsewhere
from services.intake.adapters import vault
from services.intake.adapters.application.inbox import approval_subscription, notify_subscription
from services.intake.adapters.application.recount import PublishedCalendars
from services.intake.adapters.application.rows import APPLICATIONS, ApplicationRows
from services.intake.adapters.application.rpc import IntakeServicer
from services.intake.adapters.codec import query
from services.intake.domain import numbers
from services.intake.domain.application.correction import lapse
from services.intake.domain.application.deem import deem
from services.intake.domain.application.facts import ApplicationFact
from services.intake.domain.application.state import Application
from services.intake.settings import IntakeSettings
from services.intake.usecases.answers import Answers
from services.intake.usecases.application import ApplicationActs, ApplicationLookups
from services.intake.usecases.office import HallOffice, PositionGate
from services.intake.usecases.submission import Submissions
from services.intake.usecases.ticket import Tickets

ApplicationSweep = Sweep[Application, ApplicationFact]


def parts(
    context: ServiceContext[IntakeSettings],
    office: HallOffice,
    tickets: Tickets,
    gate: PositionGate,
    recounter: Recounter[Application, ApplicationFact],
) -> Parts:
    """Calls of windows and desks, both sweeps, the recount, and the reports of approval and notify."""
    settings = context.settings
    keys = vault.vault_of(settings)
    secrets, envelopes = vault.secrets_of(settings, keys), vault.envelopes_of(settings)
    files = context.files(APPLICATIONS, keys)
    rows = ApplicationRows(context.rpc, context.worker, keys, context.catch_up)
    papers = vault.EncryptedPapers(context.store, keys, vault.objects_of(settings))
    servicer = IntakeServicer(
        Submissions(files, office, tickets, secrets, envelopes),
        Answers(files, office, secrets, envelopes),
        ApplicationActs(files, office, secrets, rows, papers, vault.passes_of(settings), context.catch_up),
        ApplicationLookups(rows, gate, secrets, files, PublishedCalendars(office), settings.supply_days),
        gate,
        settings.object_bytes,
    )
    service = pb.DESCRIPTOR.services_by_name["IntakeService"]
    return Parts(
        servicers=[Endpoint(service, add_IntakeServiceServicer_to_server, servicer)],
        sweeps=[
            deemed_sweep(files, office, recounter.catch_up),
            lapsed_sweep(files, office, recounter.catch_up),
        ],
        subscriptions=[approval_subscription(), notify_subscription()],
    )


def deemed_sweep(
    files: FileRepository[Application, ApplicationFact], office: HallOffice, recount: RecountFirst = recounted_elsewhere
) -> ApplicationSweep:
    """视为受理: the five days passed without an answer. (行政许可法 32(4))"""

    def act(application: Application, day: date, drawn: Drawn) -> Sequence[ApplicationFact]:
        ((series, serial),) = drawn.items()
        item = office.item_of(application)
        number = numbers.case_number(item.code, series, serial)
        return [deem(application, item, number, replace(office.day(), on=day))]

    def serials(_key: FileKey) -> Sequence[str]:
        return [numbers.case_series(office.day().on)]

    pick = after_recount(recount, _pick("to_deem", office))
    return Sweep("deemed", pick, act, files, (NotAllowed, NotFound), serials)


def lapsed_sweep(
    files: FileRepository[Application, ApplicationFact], office: HallOffice, recount: RecountFirst = recounted_elsewhere
) -> ApplicationSweep:
    """补正不来办结: the correction did not come in time."""

    def act(application: Application, day: date, _drawn: Drawn) -> Sequence[ApplicationFact]:
        return [lapse(application, day, office.day().calendar)]

    return Sweep("lapsed", after_recount(recount, _pick("to_lapse", office)), act, files, (NotAllowed,))


def _pick(name: str, office: HallOffice) -> Pick:
    async def pick(connection: Connection, day: date, limit: int) -> Sequence[FileKey]:
        await office.opened()  # the batch is decided by catalogue and calendar as published
        rows = await connection.fetch(query(name), day, limit)
        return [FileKey(row["district"], row["street"], row["application_id"]) for row in rows]

    return pick
