"""Parts of a service: those of several kinds as one, the callbacks after a commit, and the plan of the process."""

from dataclasses import replace
from typing import Any

import pytest
from onewindow.intake.v1 import intake_service_pb2

from chassis.event_store import PositionSignal, PositionSources, StoreSettings
from chassis.inbox import Subscription
from chassis.outbox.publisher import FactOutbox
from chassis.process import parts as module
from chassis.process.parts import Endpoint, Parts, ServiceContext, ServiceWiring, joined, open_context, service_plan
from chassis.process.readiness import StreamUsage
from chassis.process.stream_loop import Wakeups
from chassis.rpc.errors import ErrorMap
from chassis.rpc.identity.caller import PlaceRules
from chassis.settings.service import ServiceSettings
from chassis.sweeps.sweeper import Sweep
from tests.support.echo.edge import Issuer, settings
from tests.support.ledger import LedgerCodec, StillClock

NOTHING: Any = None
SOURCES = PositionSources("intake", ("approval",))


async def nothing(*_: object) -> None:
    """A loop or a closing that ends at once."""


def an_endpoint() -> Endpoint:
    (descriptor, *_) = intake_service_pb2.DESCRIPTOR.services_by_name.values()
    return Endpoint(descriptor, lambda _servicer, _server: None, object())


def test_the_parts_of_several_kinds_are_one_in_their_order() -> None:
    endpoint, subscription = an_endpoint(), Subscription("intake", "OW_NOTIFY", "notify", nothing, [])
    first = Parts([endpoint], {"look": nothing}, subscriptions=[subscription], closing=[nothing])
    second = Parts(loops={"poll": nothing})
    whole = joined([first, second])
    assert whole.servicers == [endpoint]
    assert list(whole.loops) == ["look", "poll"]
    assert whole.subscriptions == [subscription]
    assert whole.closing == [nothing]
    assert (whole.sweeps, whole.collectors) == ([], [])


def test_publishers_are_woken_by_writing_and_by_receiving_workers_by_receiving_alone() -> None:
    woken: list[str] = []
    wakeups = Wakeups([lambda: woken.append("publisher")], [lambda: woken.append("worker")])
    wakeups.written()
    assert woken == ["publisher"]
    wakeups.received()
    assert woken == ["publisher", "publisher", "worker"]


class FakePool:
    """A pool that is ready at once, and remembers the statements it was asked for."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    def __await__(self) -> Any:
        async def ready() -> "FakePool":
            return self

        return ready().__await__()

    async def fetchval(self, statement: str) -> int:
        self.statements.append(statement)
        return 1

    async def close(self) -> None:
        """Closes nothing."""


@pytest.fixture
async def context(issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> ServiceContext[ServiceSettings]:
    """A context over pools that are never connected."""
    monkeypatch.setattr(module, "open_rpc_pool", lambda _settings: FakePool())
    monkeypatch.setattr(module, "open_worker_pool", lambda _settings, _district: FakePool())
    return await open_context(settings(issuer, position_wait_seconds=1.5), SOURCES)


async def test_a_context_is_opened_from_the_settings_alone(context: ServiceContext[ServiceSettings]) -> None:
    assert context.rpc is not context.worker
    assert context.limits == StoreSettings(after_limit=1.5)
    assert isinstance(context.positions, PositionSignal)
    woken: list[str] = []
    context.wakeups.publishers.append(lambda: woken.append("publisher"))
    context.files(LedgerCodec()).wake()
    assert woken == ["publisher"], "each change of a file wakes the publishers"


def wiring(**more: Any) -> ServiceWiring:
    return ServiceWiring(
        usage=StreamUsage("intake", ("intake",), ("approval",)),
        access=object(),
        errors=ErrorMap(),
        caller_places=PlaceRules({"PROBE": "999"}),
        outboxes=[FactOutbox("intake")],
        **more,
    )


async def test_the_plan_holds_every_loop_and_closes_connections_last(context: ServiceContext[ServiceSettings]) -> None:
    endpoint = an_endpoint()
    plan = service_plan(context, Parts([endpoint], {"poll": nothing}, closing=[nothing]), wiring())
    assert plan.caller_places == PlaceRules({"PROBE": "999"})
    assert (plan.service, list(plan.loops), list(plan.conditions)) == (
        "intake",
        ["poll", "streams", "days"],
        ["database", "streams"],
    )
    assert plan.servicers == [(endpoint.register, endpoint.servicer)]
    assert plan.descriptors == [endpoint.descriptor]
    assert plan.closing == [nothing, context.rpc.close, context.worker.close]
    await plan.reach()
    pool: Any = context.rpc
    assert pool.statements == ["select 1"]


async def test_sweeps_are_one_loop_where_there_are_any_and_a_service_may_reach_its_own_way(
    context: ServiceContext[ServiceSettings],
) -> None:
    sweep: Sweep[Any, Any] = Sweep("fill", NOTHING, NOTHING, NOTHING)
    plan = service_plan(replace(context, clock=StillClock()), Parts(sweeps=[sweep]), wiring(reach=nothing))
    assert list(plan.loops) == ["streams", "days", "sweeps"]
    assert plan.reach is nothing
