"""Intake put together: the only file that knows every class. Read it from top to bottom."""

from onewindow.access.v1 import access_pb2
from onewindow.intake.v1 import (
    catalogue_service_pb2,
    catalogue_service_pb2_grpc,
    hall_service_pb2,
    hall_service_pb2_grpc,
    intake_service_pb2,
)
from onewindow.intake.v1 import intake_service_pb2_grpc as pb_grpc

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
from law.workdays import state_council
from services.intake.adapters import opening
from services.intake.adapters.applications import ApplicationRows
from services.intake.adapters.catalogue import CachedCatalogue
from services.intake.adapters.hearing import hears_approval, hears_notify
from services.intake.adapters.papers import ClosedPapers
from services.intake.adapters.rpc import IntakeServicer
from services.intake.adapters.rpc_catalogue import CatalogueServicer
from services.intake.adapters.rpc_hall import HallServicer
from services.intake.adapters.streams import SOURCES, Bells, Streams
from services.intake.adapters.sweeps import deemed_sweep, lapsed_sweep
from services.intake.adapters.wire import APPLICATIONS, ENTRIES, SOURCE, TICKETS
from services.intake.settings import IntakeSettings
from services.intake.usecases.answering import Answering
from services.intake.usecases.following import Following
from services.intake.usecases.hall import Hall
from services.intake.usecases.office import Hours, Office
from services.intake.usecases.publishing import Publishing
from services.intake.usecases.reading import Reading
from services.intake.usecases.submitting import Submitting

BROADCAST = StreamUsage(SOURCE, published=("intake", "sealed"), received=("approval", "notify"))
ERRORS = ErrorMap(
    {NotAllowed: "FAILED_PRECONDITION", WrongDesk: "PERMISSION_DENIED", Malformed: "INVALID_ARGUMENT"},
    files=("application_id", "header.application_id", "ticket_id", "number", "item_code", "submission.item_code"),
)
CONTRACTS = (intake_service_pb2, hall_service_pb2, catalogue_service_pb2)


def main() -> None:
    """Serve until told to stop."""
    settings = IntakeSettings.load()
    run(lambda: serve_intake(settings))


async def serve_intake(settings: IntakeSettings) -> int:
    """The whole service; its exit code."""
    clock, vault = clock_of(settings), opening.vault_of(settings)
    rpc = await open_rpc_pool(rpc_database(settings))
    worker = await open_worker_pool(worker_database(settings), settings.district)

    bells, bell = Bells(), PositionSignal()
    limits = StoreSettings(after_limit=settings.position_wait_seconds)
    store = PostgresStore(rpc, worker)
    applications = FileRepository(store, APPLICATIONS, clock, vault, bells.ring, limits)
    tickets = FileRepository(store, TICKETS, clock, wake=bells.ring, limits=limits)
    entries = FileRepository(store, ENTRIES, clock, wake=bells.ring, limits=limits)

    catalogue = CachedCatalogue(worker, state_council(), settings.catalogue_look_seconds)
    office = Office(clock, catalogue, Hours(settings.closing_time, settings.supply_days))
    secrets, sealing = opening.secrets_of(settings, vault), opening.sealing_of(settings)
    rows, papers = ApplicationRows(rpc, worker, vault), ClosedPapers(store, vault, opening.objects_of(settings))
    hall, publishing = Hall(tickets, office), Publishing(entries, office, catalogue)
    reading = Reading(rows, catalogue, PositionWaiter(SOURCES, InboxOffsets(rpc), bell, limits))
    windows = IntakeServicer(
        Submitting(applications, office, hall, secrets, sealing),
        Answering(applications, office, secrets, sealing),
        Following(applications, office, secrets, rows, papers, opening.passes_of(settings)),
        reading,
        settings.object_bytes,
    )
    sweeps = [deemed_sweep(applications, office), lapsed_sweep(applications)]
    loops: dict[str, Loop] = {
        "catalogue": catalogue.run,
        "streams": Streams(worker, access_of(settings), [hears_approval(), hears_notify()], bells, bell).run,
        "sweeps": Sweeper(worker, clock, settings.district, sweeps).run,
    }
    return await serve(
        ServicePlan(
            service=SOURCE,
            settings=settings,
            servicers=[
                (pb_grpc.add_IntakeServiceServicer_to_server, windows),
                (hall_service_pb2_grpc.add_HallServiceServicer_to_server, HallServicer(hall)),
                (
                    catalogue_service_pb2_grpc.add_CatalogueServiceServicer_to_server,
                    CatalogueServicer(publishing, reading),
                ),
            ],
            descriptors=[service for file in CONTRACTS for service in file.DESCRIPTOR.services_by_name.values()],
            access=access_pb2.allow,
            conditions=conditions([rpc, worker], access_of(settings), BROADCAST),
            reach=catalogue.refresh,
            errors=ERRORS,
            loops=loops,
            closing=[rpc.close, worker.close],
        )
    )
