"""Parts of a service: those of several kinds as one, and the callbacks after a commit."""

from onewindow.intake.v1 import intake_service_pb2

from chassis.inbox import Subscription
from chassis.process.parts import Endpoint, Parts, joined
from chassis.process.stream_loop import Wakeups


async def nothing(*_: object) -> None:
    """A loop or a closing that ends at once."""


def test_the_parts_of_several_kinds_are_one_in_their_order() -> None:
    (descriptor, *_), subscription = (
        intake_service_pb2.DESCRIPTOR.services_by_name.values(),
        Subscription("intake", "OW_NOTIFY", "notify", nothing, []),
    )
    endpoint = Endpoint(descriptor, lambda _servicer, _server: None, object())
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
