"""The reference system of the district on the loopback, and what stands between it and approval."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

import grpc.aio
from onewindow.district.v1.district_service_pb2_grpc import add_DistrictApprovalServiceServicer_to_server

from chassis.rpc.channel import RotatingChannel
from law.workdays import state_council
from services.approval.adapters.district import DistrictSystem as Client
from services.approval.adapters.handoff_queue import BreakerSettings, HandoffQueue
from services.approval.adapters.package import Packages
from services.approval.adapters.puller import Puller, Pulling, PullSettings
from services.approval.adapters.reconciling import Reconciler
from services.approval.adapters.recording import Recording, Retrying
from services.approval.adapters.sender import Handing, Sender, SenderSettings
from services.approval.adapters.telling import Telling
from services.approval.domain.reconcile import Advice, Found, Line, Reconciliation
from simulation.district.faults import Faults
from simulation.district.register import Register
from simulation.district.system import DistrictSystem
from tests.service.approval.office import World

PAGE = 3
"""Cases read at one time: few, so that every list has pages."""


@dataclass(frozen=True)
class Reference:
    """The reference system, and a client of it."""

    register: Register
    faults: Faults
    client: Client

    def decide(self, key: UUID, outcome: str, on: str, reasons: str = "") -> None:
        """The district decides, and its list says so."""
        self.register.close(str(key), "decided", outcome, on, reasons)


class Roads:
    """A service and the district's system, and every road between them, gone when a test says so."""

    def __init__(self, world: World, reference: Reference) -> None:
        self.world, self.reference = world, reference
        queue, client = HandoffQueue(world.worker, BreakerSettings()), reference.client
        telling = Telling(client, Packages(world.worker, world.files, world.vault, world.passes, "district-system"))
        recording = Recording(world.worker, queue, world.files, world.reports, world.calendars, Retrying())
        self._sender = Sender(world.worker, Handing(queue, telling, recording), world.clock, SenderSettings())
        pulling = Pulling(client, world.files, world.reports, world.calendars)
        self._puller = Puller(world.worker, pulling, world.clock, PullSettings())
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
async def open_reference(world: World, kept: Register | None = None) -> AsyncIterator[Reference]:
    """A reference system that knows what its register does, nothing without one; it lives by the clock of the world."""
    register, faults = kept or Register(None), Faults()
    server = grpc.aio.server()
    system = DistrictSystem(register, world.clock, state_council(), faults)
    add_DistrictApprovalServiceServicer_to_server(system, server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    client = Client(RotatingChannel(f"127.0.0.1:{port}", None, []), 5.0, None)
    yield Reference(register, faults, client)
    await client.close()
    await server.stop(None)


def told(line: Line) -> tuple[str, Found, tuple[str, ...], Advice]:
    """What a line says, by the leg."""
    return line.key, line.comparison.found, line.comparison.parts, line.comparison.advice
