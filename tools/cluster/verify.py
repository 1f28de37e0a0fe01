"""Runs `onewindow audit verify` while the services have no replica: `python -m tools.cluster.verify [SERVICE …]`.

A Job for each service, with the pod of its Deployment: the same image, keys, logins, objects and network. Findings are
printed, and the exit code is 1.
"""

import argparse
import sys
from typing import Any

from protocol.streams import SERVICES
from tools.cluster.install import wait_for_job
from tools.cluster.kube import Kube, Tree
from tools.delivery.programs import StepFailed, exit_code

_COMMAND = ["/opt/onewindow/bin/onewindow", "audit", "verify"]
_SERVING = ("args", "lifecycle", "livenessProbe", "ports", "readinessProbe", "startupProbe")
"""Parts of a container that only a serving one needs."""
_SPREADING = ("topologySpreadConstraints", "terminationGracePeriodSeconds")


def verify(kube: Kube, services: tuple[str, ...] = SERVICES) -> None:
    """Audit the services one after the other. Raises StepFailed with the findings of all of them."""
    refusals = [message for service in services if (message := _audit(kube, service))]
    if refusals:
        raise StepFailed("\n".join(refusals))


def job_of(deployment: Tree) -> Tree:
    """The Job that audits the service of a Deployment.

    It has the labels of the service's pods, which network policies select, and is deleted when it has ended.
    """
    name, template = deployment["metadata"]["name"], deployment["spec"]["template"]
    pod = {key: value for key, value in template["spec"].items() if key not in _SPREADING}
    served, *_ = pod["containers"]
    container: dict[str, Any] = {key: value for key, value in served.items() if key not in _SERVING}
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": f"{name}-verify", "labels": {"app.kubernetes.io/part-of": "onewindow"}},
        "spec": {
            "backoffLimit": 0,
            "template": {
                "metadata": {"labels": template["metadata"]["labels"]},
                "spec": {**pod, "restartPolicy": "Never", "containers": [{**container, "command": _COMMAND}]},
            },
        },
    }


def _audit(kube: Kube, service: str) -> str:
    job = job_of(kube.get("deployment", f"onewindow-{service}"))
    name = job["metadata"]["name"]
    kube.run("delete", "job", name, "--ignore-not-found")
    try:
        kube.apply([job])
        wait_for_job(kube, name)
    except StepFailed as refusal:
        return str(refusal)
    finally:
        kube.run("delete", "job", name, "--ignore-not-found")
    return ""


def main() -> None:
    """Audit the chosen services. Raises StepFailed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("services", metavar="SERVICE", nargs="*", default=SERVICES)
    verify(Kube.reached(), tuple(parser.parse_args().services))


if __name__ == "__main__":
    sys.exit(exit_code(main))
