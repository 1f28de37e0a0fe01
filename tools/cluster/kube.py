"""kubectl and helm in one namespace of the current KUBECONFIG, with readable messages when they fail."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tools.delivery.programs import StepFailed, need, run

NAMESPACE = RELEASE = "onewindow"

Tree = dict[str, Any]
"""An object of Kubernetes."""


@dataclass(frozen=True, slots=True)
class Kube:
    """A reachable cluster and the namespace of the installation."""

    namespace: str = NAMESPACE

    @classmethod
    def reached(cls) -> "Kube":
        """The cluster of the current KUBECONFIG. Raises StepFailed with what is missing."""
        need("kubectl", "it comes with every Kubernetes; put it into PATH")
        need("helm", "version 3.14 or newer; put it into PATH")
        try:
            run(["kubectl", "--request-timeout=15s", "get", "--raw", "/readyz"])
        except StepFailed as refusal:
            raise StepFailed(f"no cluster answers: set KUBECONFIG to one that is up\n{refusal}") from None
        return cls()

    def run(self, *arguments: str, stdin: str | None = None, show: bool = False) -> str:
        """Run kubectl and return its output. Raises StepFailed with its message."""
        return run(["kubectl", "-n", self.namespace, *arguments], stdin=stdin, show=show)

    def helm(self, *arguments: str, show: bool = False) -> str:
        """Run helm and return its output. Raises StepFailed with its message."""
        return run(["helm", "-n", self.namespace, *arguments], show=show)

    def get(self, *arguments: str) -> Tree:
        """One object, or a list, as JSON."""
        found: Tree = json.loads(self.run("get", *arguments, "-o", "json"))
        return found

    def exists(self, *arguments: str) -> bool:
        """True when the object exists."""
        return bool(self.run("get", *arguments, "--ignore-not-found", "-o", "name").strip())

    def items(self, kind: str, **labels: str) -> list[Tree]:
        """The objects of a kind by labels; the prefix `app.kubernetes.io/` is added to each label."""
        selector = ",".join(f"app.kubernetes.io/{name}={value}" for name, value in labels.items())
        found: list[Tree] = self.get(kind, *(["-l", selector] if selector else []))["items"]
        return found

    def apply(self, objects: Sequence[Mapping[str, Any]]) -> None:
        """Create what is missing and change what differs."""
        self.run("apply", "-f", "-", stdin=json.dumps({"apiVersion": "v1", "kind": "List", "items": list(objects)}))

    def trouble(self) -> str:
        """Messages of containers, Jobs and events that say why pods are not ready."""
        lines = [line for pod in self.items("pods") for line in _pod_messages(pod)]
        events = self.get("events", "--field-selector", "type=Warning")["items"]
        warnings = {f"{each['involvedObject']['name']}: {each.get('message', '')}" for each in events[-40:]}
        return "\n".join([*lines, *sorted(warnings)])


def _pod_messages(pod: Tree) -> list[str]:
    name, found = pod["metadata"]["name"], []
    for status in pod["status"].get("containerStatuses", []):
        state = status["state"].get("waiting") or status["state"].get("terminated") or {}
        if state.get("reason") not in {None, "Completed"}:
            found.append(f"{name}: {state['reason']} {state.get('message', '')}".rstrip())
    conditions = pod["status"].get("conditions", [])
    return found + [
        f"{name}: {each['reason']} {each.get('message', '')}".rstrip()
        for each in conditions
        if each["status"] == "False" and each.get("reason") not in {None, "PodCompleted"} and not found
    ]
