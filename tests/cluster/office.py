"""The office on a cluster as its operator sees it: pods, databases, and whether it is at rest."""

import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tools.cluster.kube import Kube, Tree
from tools.delivery.programs import StepFailed

SERVICES = ("intake", "approval", "notify", "metrics")
_LOOK_SECONDS = 0.5
_UNSETTLED = "select unnest(unsettled(current_date)) from set_config('app.now', now()::text, false)"
_RECEIVED = "select count(*) from inbox where source = '{}'"
_RECEIVERS = {"intake": ("approval", "notify", "metrics"), "approval": ("notify", "metrics"), "notify": ("metrics",)}
"""By source the services that receive every fact of it, and so have as many."""


@dataclass(frozen=True, slots=True)
class Office:
    """A release that is installed, with the PostgreSQL and NATS of deploy/dev."""

    kube: Kube

    def pods(self, name: str = "onewindow", **labels: str) -> list[Tree]:
        """Pods that are not on their way out."""
        found = self.kube.items("pods", name=name, **labels)
        return [pod for pod in found if "deletionTimestamp" not in pod["metadata"]]

    def services(self) -> list[Tree]:
        """The pods of the four services."""
        return [pod for service in SERVICES for pod in self.pods(component=service)]

    def whole(self) -> bool:
        """True when every service has two ready replicas, and PostgreSQL and NATS run."""
        pods = [self.pods(component=service) for service in SERVICES]
        servers = [self.pods("onewindow-postgres"), self.pods("onewindow-nats")]
        return all(len(each) == 2 and all(map(ready, each)) for each in pods) and all(
            len(each) == 1 and all(map(ready, each)) for each in servers
        )

    def until_whole(self, within: float = 240.0) -> float:
        """Seconds until everything stands again."""
        return until(self.whole, "two replicas of each service, PostgreSQL and NATS ready", within, self.kube.trouble)

    def rows(self, database: str, sql: str) -> list[list[str]]:
        """Rows of a database, read as its superuser."""
        psql = ["psql", "-U", "postgres", "-d", database, "-AtqF", "\t", "-v", "ON_ERROR_STOP=1", "-c", sql]
        printed = self.kube.run("exec", "onewindow-postgres-0", "--", *psql)
        return [line.split("\t") for line in printed.splitlines()]

    def number(self, database: str, sql: str) -> int:
        """One number that a database says."""
        return int(self.rows(database, sql)[0][0])

    def unsettled(self) -> list[str]:
        """The work under way: things to publish, to receive, to send."""
        undone = [f"{name}: {row[0]}" for name in SERVICES for row in self.rows(name, _UNSETTLED)]
        if undone:
            return undone
        facts = {source: self.number(source, "select count(*) from fact") for source in _RECEIVERS}
        return [
            f"{receiver} has received {received} of {facts[source]} facts of {source}"
            for source, receivers in _RECEIVERS.items()
            for receiver in receivers
            if (received := self.number(receiver, _RECEIVED.format(source))) != facts[source]
        ]

    def settle(self, within: float = 240.0) -> float:
        """Seconds until the office is at rest."""
        return until(lambda: not self.unsettled(), "the office at rest", within, lambda: str(self.unsettled()))

    def evict(self, pod: Tree, within: float = 240.0) -> None:
        """An eviction as a drain makes it: requested again until no disruption budget refuses it."""
        name, namespace = pod["metadata"]["name"], self.kube.namespace
        eviction = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": name, "namespace": namespace}}
        path = f"/api/v1/namespaces/{namespace}/pods/{name}/eviction"

        def gone() -> bool:
            try:
                self.kube.run("create", "--raw", path, "-f", "-", stdin=json.dumps(eviction))
            except StepFailed as refusal:
                if "disruption budget" in str(refusal):
                    return False
                raise
            return True

        until(gone, f"an eviction of {name} allowed", within)

    def until_replaced(self, pod: Tree, within: float = 240.0) -> None:
        """Until a pod is away; one of the same name is another."""
        name, uid = pod["metadata"]["name"], pod["metadata"]["uid"]
        until(lambda: self._uid(name) != uid, f"{name} gone", within)

    def restarts(self, pod: Tree) -> int:
        """Restarts of the pod's container."""
        return restarts(self.kube.get("pod", pod["metadata"]["name"]))

    def _uid(self, name: str) -> str:
        return self.kube.run("get", "pod", name, "--ignore-not-found", "-o", "jsonpath={.metadata.uid}")


def ready(pod: Tree) -> bool:
    """True when calls go to the pod."""
    conditions: Sequence[Any] = pod["status"].get("conditions", [])
    return any(each["type"] == "Ready" and each["status"] == "True" for each in conditions)


def restarts(pod: Tree) -> int:
    """Restarts of its containers."""
    return sum(each["restartCount"] for each in pod["status"].get("containerStatuses", []))


def until(happened: Callable[[], bool], what: str, within: float = 240.0, why: Callable[[], str] = lambda: "") -> float:
    """Seconds until something is so. A cluster whose server is away for a moment is retried."""
    began = time.monotonic()
    while True:
        try:
            if happened():
                return time.monotonic() - began
        except StepFailed as refusal:
            if time.monotonic() - began > within:
                raise AssertionError(f"not in {within:g} s: {what}\n{refusal}") from None
        if time.monotonic() - began > within:
            raise AssertionError(f"not in {within:g} s: {what}\n{why()}")
        time.sleep(_LOOK_SECONDS)


def say(line: str) -> None:
    """A measured figure, for whoever reads the run."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
