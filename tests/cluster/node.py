"""SIGKILL to a container, and memory taken until its limit is hit: what can happen to a pod at any time."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from tests.cluster.office import Office, ready, until
from tools.cluster.kube import Kube, Tree
from tools.delivery.programs import StepFailed

_NAMESPACE = POD = "onewindow-node"
_KILL = """
import contextlib, os, pathlib, sys
found = []
for process in map(int, filter(str.isdigit, os.listdir("/proc"))):
    with contextlib.suppress(OSError):  # it ended meanwhile
        if sys.argv[1] in pathlib.Path(f"/proc/{process}/cgroup").read_text():
            found.append(process)
os.kill(min(found), 9)
"""
_FILL = """
import os, time
while True:
    if os.fork() == 0:
        kept = bytearray(os.urandom(1 << 20)) * 24
        time.sleep(600)
    time.sleep(0.2)
"""
"""Many small processes: the service stays the largest of its container, so it is the one that the kernel ends."""


@dataclass(frozen=True, slots=True)
class Node:
    """The node on which the pods run, seen from a pod that sees its processes."""

    kube: Kube

    def kill(self, pod: Tree) -> None:
        """SIGKILL to the first process of a pod's container."""
        container = pod["status"]["containerStatuses"][0]["containerID"].rpartition("/")[2]
        self.kube.run("exec", POD, "--", "/opt/onewindow/bin/python", "-c", _KILL, container)


@contextmanager
def on_the_node(office: Office) -> Iterator[Node]:
    """A privileged pod in a namespace of its own, for as long as the block runs."""
    kube = Kube(_NAMESPACE)
    pod = office.services()[0]
    image = pod["spec"]["containers"][0]["image"]
    allowed = {"pod-security.kubernetes.io/enforce": "privileged"}
    container = {
        "name": "node",
        "image": image,
        "command": ["/opt/onewindow/bin/python", "-c", "import time; time.sleep(86400)"],
        "securityContext": {"privileged": True, "runAsUser": 0},
    }
    spec = {
        "hostPID": True,
        "nodeName": pod["spec"]["nodeName"],
        "terminationGracePeriodSeconds": 0,
        "containers": [container],
    }
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": _NAMESPACE, "labels": allowed}}
    kube.apply([namespace, {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": POD}, "spec": spec}])
    try:
        until(lambda: ready(kube.get("pod", POD)), "a pod that sees the node's processes", 60.0, kube.trouble)
        yield Node(kube)
    finally:
        kube.run("delete", "namespace", _NAMESPACE, "--wait=false")


def fill_memory(office: Office, pod: Tree) -> None:
    """Take memory inside a pod's container; returns when the container was ended for it."""
    name, python = pod["metadata"]["name"], ["/opt/onewindow/bin/python", "-S", "-c", _FILL]
    before = office.restarts(pod)
    with suppress(StepFailed):  # the exec ends with the container
        office.kube.run("exec", name, "--", *python)
    until(lambda: office.restarts(pod) > before, f"{name} ended at its memory limit", 60.0)
    last = office.kube.get("pod", name)["status"]["containerStatuses"][0]["lastState"]["terminated"]
    assert last["reason"] == "OOMKilled", last
