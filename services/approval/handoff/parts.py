"""Parts of approval for the hand-off: the gateway, and the loops towards a district with a system of its own."""

import asyncio

from onewindow.approval.v1 import district_gateway_service_pb2 as pb
from onewindow.approval.v1.district_gateway_service_pb2_grpc import add_DistrictGatewayServiceServicer_to_server

from chassis.clock import Clock
from chassis.event_store import TextVault
from chassis.postgres.database import Pool
from chassis.process.parts import Endpoint, Parts, ServiceContext
from protocol.calendars import ReceivedCalendars
from services.approval.handoff.adapters.client import DistrictClient, open_client
from services.approval.handoff.adapters.delivery import ObligationDelivery, Packages
from services.approval.handoff.adapters.inbound_reports import DistrictGatewayServicer
from services.approval.handoff.adapters.nightly import NightlyReconciliation
from services.approval.handoff.adapters.puller import Puller, PullSettings
from services.approval.handoff.adapters.queue import BreakerSettings, HandoffQueue
from services.approval.handoff.adapters.reconciler import Reconciler
from services.approval.handoff.adapters.recorder import Recorder, RetrySettings
from services.approval.handoff.adapters.sender import Sender, SenderSettings
from services.approval.handoff.usecases import DistrictReports
from services.approval.ports import ReadPasses
from services.approval.settings import ApprovalSettings
from services.approval.usecases.case import CaseFiles


def handoff_parts(
    context: ServiceContext[ApprovalSettings],
    files: CaseFiles,
    calendars: ReceivedCalendars,
    vault: TextVault,
    passes: ReadPasses,
    wakeup: asyncio.Event,
) -> Parts:
    """The contribution of the hand-off; `wakeup` is set after a commit that owes the district something."""
    settings, pool, clock = context.settings, context.worker, context.clock
    reports = DistrictReports(clock, vault)
    contract = pb.DESCRIPTOR.services_by_name["DistrictGatewayService"]
    gateway = DistrictGatewayServicer(files, reports, calendars, settings.district_system, context.catch_up)
    endpoints = [Endpoint(contract, add_DistrictGatewayServiceServicer_to_server, gateway)]
    client = open_client(settings)
    if client is None:
        return Parts(servicers=endpoints)
    queue = HandoffQueue(pool, BreakerSettings(settings.breaker_failures, settings.breaker_probe_seconds))
    retry = RetrySettings(settings.handoff_backoff_cap_seconds, settings.handoff_real_retry_seconds)
    recorder = Recorder(pool, queue, files, reports, calendars, retry)
    delivery = ObligationDelivery(client, Packages(pool, files, vault, passes, settings.district_system))
    intervals = SenderSettings(concurrency=settings.handoff_concurrency, poll=settings.handoff_poll_seconds)
    pull = PullSettings(settings.pull_seconds, settings.pull_page)
    puller = Puller(pool, client, files, reports, calendars, clock, pull)
    reconciler = Reconciler(pool, files, client, puller, settings.district, settings.pull_page)
    return Parts(
        servicers=endpoints,
        loops={
            "handoff": Sender(pool, queue, delivery, recorder, clock, intervals, wakeup).run,
            "district_changes": puller.run,
            "district_reconciliation": NightlyReconciliation(pool, reconciler).run,
        },
        closing=[client.close],
    )


def reconciler_of(
    pool: Pool,
    clock: Clock,
    settings: ApprovalSettings,
    client: DistrictClient,
    files: CaseFiles,
    vault: TextVault,
) -> Reconciler:
    """The reconciler alone, for a command that runs beside the service."""
    calendars, reports = ReceivedCalendars(pool, settings.district), DistrictReports(clock, vault)
    pull = PullSettings(settings.pull_seconds, settings.pull_page)
    puller = Puller(pool, client, files, reports, calendars, clock, pull)
    return Reconciler(pool, files, client, puller, settings.district, settings.pull_page)
