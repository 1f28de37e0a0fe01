"""The reference system of the district on the loopback, and what stands between it and approval."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

import grpc.aio
from onewindow.district.v1.district_service_pb2_grpc import add_DistrictApprovalServiceServicer_to_server

from chassis.rpc.channel import RotatingChannel
from law.workdays import state_council
from services.approval.handoff.adapters.client import DistrictClient
from services.approval.handoff.adapters.delivery import ObligationDelivery, Packages
from services.approval.handoff.adapters.puller import Puller, PullSettings
from services.approval.handoff.adapters.queue import BreakerSettings, HandoffQueue
from services.approval.handoff.adapters.reconciler import Reconciler
from services.approval.handoff.adapters.recorder import Recorder, RetrySettings
from services.approval.handoff.adapters.sender import Sender, SenderSettings
from services.approval.handoff.domain.reconciliation import Advice, Difference, Reconciliation, Verdict
from simulation.district.register import DistrictRegister
from simulation.district.system import FaultPlan, ReferenceSystem
from tests.service.approval.office import World

PAGE = 3
"""Cases read at one time: few, so that every list has pages."""


@dataclass(frozen=True)
class Reference:
    """The reference system, and a client of it."""

    register: DistrictRegister
    faults: FaultPlan
    client: DistrictClient

    def decide(self, key: UUID, outcome: str, on: str, reasons: str = "") -> None:
        """The district decides, and its list says so."""
        self.register.close(str(key), "decided", outcome, on, reasons)


def puller_of(world: World, client: DistrictClient) -> Puller:
    """A puller of that system's list."""
    return Puller(world.worker, client, world.files, world.reports, world.calendars, world.clock, PullSettings())


class Roads:
    """A service and the district's system, and every road between them, gone when a test says so."""

    def __init__(self, world: World, reference: Reference) -> None:
        self.world, self.reference = world, reference
        queue, client = HandoffQueue(world.worker, BreakerSettings()), reference.client
        delivery = ObligationDelivery(
            client, Packages(world.worker, world.files, world.vault, world.passes, "district-system")
        )
        recorder = Recorder(world.worker, queue, world.files, world.reports, world.calendars, RetrySettings())
        self._sender = Sender(world.worker, queue, delivery, recorder, world.clock, SenderSettings(), asyncio.Event())
        self._puller = puller_of(world, client)
        self.reconciler = Reconciler(world.worker, world.files, client, self._puller, "440105", PAGE)

    async def hand_over(self) -> None:
        """All that is owed is told."""
        while await self._sender.round():
            pass
        await self.world.settle()

    async def pull(self) -> None:
        """What changed at the district is read."""
        await self._puller.pull()
        await self.world.settle()

    async def reconcile(self) -> Reconciliation:
        """The whole comparison, and what follows from it."""
        found = await self.reconciler.reconcile()
        await self.world.settle()
        return found


@asynccontextmanager
async def open_reference(world: World, kept: DistrictRegister | None = None) -> AsyncIterator[Reference]:
    """A reference system that knows what its register does, nothing without one; it lives by the clock of the world."""
    register, faults = kept or DistrictRegister(None), FaultPlan()
    server = grpc.aio.server()
    system = ReferenceSystem(register, world.clock, state_council(), faults)
    add_DistrictApprovalServiceServicer_to_server(system, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    client = DistrictClient(RotatingChannel(f"127.0.0.1:{port}", None, []), 5.0, None)
    yield Reference(register, faults, client)
    await client.close()
    await server.stop(None)


def summary(line: Difference) -> tuple[str, Verdict, tuple[str, ...], Advice]:
    """What a line says, by the leg."""
    return line.key, line.comparison.verdict, line.comparison.differing, line.comparison.advice
