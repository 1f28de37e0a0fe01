"""Bar 2: whatever happens to a pod under load, nothing acknowledged is lost or doubled and no repeated call fails."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.cluster.ledger import Ledger, heard_once, judge
from tests.cluster.node import fill_memory, on_the_node
from tests.cluster.office import SERVICES, Office, restarts, say, until
from tests.cluster.playing import Player, playing
from tools.cluster.install import CHART
from tools.cluster.kube import RELEASE, Tree

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(1800)]

_MINUTES = "8m"


@pytest.fixture
def player(office: Office, rate: float) -> Iterator[Player]:
    """Plays until the test has done what it does; then the ledger and the databases must agree."""
    with playing(office, rate) as found:
        begun, capacity = found.ledger().rate
        say(f"\nlifecycles begun: {begun:.1f} a second" + (f", half of {capacity:.1f}" if capacity else ""))
        yield found
        whole = found.stop()
        say(judge(whole, office, found.street))
        say(f"everything heard and told {office.settle():.1f} s after the last call")
        heard_once(whole, office, found.street)


def test_a_rolling_update_and_its_rollback_fail_no_call(player: Player) -> None:
    office = player.office
    kube = office.kube
    values = ["--reuse-values", "--set", "office.logLevel=warning", "--wait", f"--timeout={_MINUTES}"]
    with timed(player, "rolling update of all four services"):
        before = {pod["metadata"]["uid"] for pod in office.services()}
        kube.helm("upgrade", RELEASE, str(CHART), *values)
        office.until_whole()
        assert not before & {pod["metadata"]["uid"] for pod in office.services()}
    with timed(player, "rollback of all four services"):
        kube.helm("rollback", RELEASE, "--wait", f"--timeout={_MINUTES}")
        office.until_whole()


def test_pods_that_are_evicted_in_turn_fail_no_call(player: Player) -> None:
    office = player.office
    for pod in office.services():
        with timed(player, f"eviction of {_of(pod)}"):
            office.evict(pod)
            office.until_replaced(pod)
            office.until_whole()


def test_containers_that_are_killed_in_turn_fail_no_call(player: Player) -> None:
    office = player.office
    with on_the_node(office) as node:
        for pod in [*office.services(), *office.pods("onewindow-postgres"), *office.pods("onewindow-nats")]:
            with timed(player, f"SIGKILL of {_of(pod)}"):
                before = restarts(pod)
                node.kill(pod)
                until(lambda pod=pod, before=before: office.restarts(pod) > before, f"{_of(pod)} started again")  # type: ignore[misc]
                office.until_whole()


@pytest.mark.parametrize("server", ["onewindow-postgres", "onewindow-nats"])
def test_a_server_that_is_deleted_comes_back_and_fails_no_call(player: Player, server: str) -> None:
    office = player.office
    pod = office.pods(server)[0]
    with timed(player, f"{server} deleted"):
        office.kube.run("delete", "pod", pod["metadata"]["name"], "--wait=false")
        office.until_replaced(pod)
        office.until_whole()


@pytest.mark.parametrize("service", SERVICES)
def test_a_pod_that_hits_its_memory_limit_is_started_again_and_fails_no_call(player: Player, service: str) -> None:
    office = player.office
    pod = office.pods(component=service)[0]
    with timed(player, f"memory limit hit by {_of(pod)}"):
        fill_memory(office, pod)
        office.until_whole()


@contextmanager
def timed(player: Player, what: str) -> Iterator[None]:
    """Says how long the pods needed, until when calls had to be repeated, and waits until a call was answered after."""
    began, instant = time.monotonic(), _last(player.ledger())
    yield
    took = time.monotonic() - began
    _until_answered(player)
    after = player.ledger().since(instant)
    recovered = after.recovered(instant)
    say(f"{what}: whole after {took:.1f} s, last repeated call answered after {recovered:.1f} s; {after.told()}")
    assert not after.failed, after.failed[:5]


def _until_answered(player: Player) -> None:
    count: Callable[[], int] = lambda: len(player.ledger().acknowledged("decide"))  # noqa: E731
    before = count()
    until(lambda: count() > before, "a lifecycle ends", 60.0)


def _last(ledger: Ledger) -> float:
    return float(max(line["at"] for line in ledger.lines))


def _of(pod: Tree) -> str:
    return str(pod["metadata"]["labels"].get("app.kubernetes.io/component", pod["metadata"]["name"]))
