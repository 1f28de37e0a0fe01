"""Bar 2: whatever happens to a pod under load, nothing acknowledged is lost or doubled and no repeated call fails."""

import pytest

from tests.cluster.node import fill_memory, on_the_node
from tests.cluster.office import SERVICES, Office, restarts, until
from tests.cluster.playing import Player, timed
from tools.cluster.install import CHART
from tools.cluster.kube import RELEASE, Tree

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(1800)]

_MINUTES = "8m"
SERVERS = ("onewindow-postgres", "onewindow-nats")
SURROUNDINGS = (*SERVERS, "onewindow-district-simulator", "onewindow-sms-simulator")


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
    for pod in [*office.services(), *(pod for name in SURROUNDINGS for pod in office.pods(name))]:
        with timed(player, f"eviction of {_of(pod)}"):
            office.evict(pod)
            office.until_replaced(pod)
            office.until_whole()


def test_containers_that_are_killed_in_turn_fail_no_call(player: Player) -> None:
    office = player.office
    with on_the_node(office) as node:
        for pod in [*office.services(), *(pod for name in SERVERS for pod in office.pods(name))]:
            with timed(player, f"SIGKILL of {_of(pod)}"):
                node.kill(pod)
                _until_started_again(office, pod)
                office.until_whole()


@pytest.mark.parametrize("server", SERVERS)
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


def _until_started_again(office: Office, killed: Tree) -> None:
    until(lambda: office.restarts(killed) > restarts(killed), f"{_of(killed)} started again")


def _of(pod: Tree) -> str:
    return str(pod["metadata"]["labels"].get("app.kubernetes.io/component", pod["metadata"]["name"]))
