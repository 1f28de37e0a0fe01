"""`onewindow audit verify` where the services stand at no replica: `python -m tools.cluster.verify [SERVICE …]`.

A Job for each service, with the pod of its Deployment: the same image, keys, logins, objects and network. Findings
are printed, and the exit code is then 1.
"""

import argparse
import sys
from typing import Any

from protocol.streams import SERVICES
from tools.cluster.install import completed
from tools.cluster.kube import Kube, Tree
from tools.delivery.programs import Undelivered, ended

_COMMAND = ["/opt/onewindow/bin/onewindow", "audit", "verify"]
_SERVING = ("args", "lifecycle", "livenessProbe", "ports", "readinessProbe", "startupProbe")
"""Parts of a container that serve its callers."""
_SPREADING = ("topologySpreadConstraints", "terminationGracePeriodSeconds")


def verify(kube: Kube, services: tuple[str, ...] = SERVICES) -> None:
    """Audits the services one after the other. Raises Undelivered with the findings of all of them."""
    refusals = [refusal for service in services if (refusal := _findings(kube, service))]
    if refusals:
        raise Undelivered("\n".join(refusals))


def job_of(deployment: Tree) -> Tree:
    """The Job that audits the service of a Deployment.

    It carries the labels of the service's pods, by which policies know them, and is gone when it has ended.
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


def _findings(kube: Kube, service: str) -> str:
    job = job_of(kube.get("deployment", f"onewindow-{service}"))
    name = job["metadata"]["name"]
    kube.run("delete", "job", name, "--ignore-not-found")
    try:
        kube.apply([job])
        completed(kube, name)
    except Undelivered as refusal:
        return str(refusal)
    finally:
        kube.run("delete", "job", name, "--ignore-not-found")
    return ""


def main() -> None:
    """Audits the requested services. Raises Undelivered."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("services", metavar="SERVICE", nargs="*", default=SERVICES)
    verify(Kube.reached(), tuple(parser.parse_args().services))


if __name__ == "__main__":
    sys.exit(ended(main))
