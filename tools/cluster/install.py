"""`make cluster-install`: from an empty namespace to a green `helm test`, on the cluster of the current KUBECONFIG.

It can be repeated: existing Secrets stay, objects that differ are changed, and the release is upgraded.
"""

import argparse
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from tools.cluster.kube import RELEASE, Kube
from tools.delivery.programs import Undelivered, ended, run
from tools.delivery.version import version

ROOT = Path(__file__).resolve().parent.parent.parent
DEV = ROOT / "deploy/dev"
CHART = ROOT / "deploy/helm/onewindow"
_MINUTES = "5m"
_JOB_SECONDS = 300
_LOOK_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Images:
    """The images to run: references as a registry or the nodes know them."""

    onewindow: str = f"localhost/onewindow:{version(ROOT)}"
    postgres: str = "localhost/postgres:15"
    nats: str = "localhost/nats:2"

    def instead(self, reference: str) -> str:
        """The image to use instead of one of deploy/dev's."""
        ours = {f"localhost/{name}": getattr(self, name) for name in ("onewindow", "postgres", "nats")}
        return str(ours.get(reference.rpartition(":")[0], reference))

    def values(self) -> list[str]:
        """The chart's values for the image, as options of helm."""
        name, _, digest = self.onewindow.partition("@")
        head, _, last = name.rpartition("/")
        repository, _, tag = last.partition(":")
        values = {"registry": head, "repository": repository, "tag": tag, "digest": digest}
        return [f"--set-string=image.{key}={value}" for key, value in values.items()]


Steps: TypeAlias = Sequence[tuple[str, Callable[[], None]]]
"""Names and actions, in order."""


def install(kube: Kube, images: Images, values: list[str] | None = None) -> None:
    """Takes every step and prints its time. Raises Undelivered with the messages of the pods."""
    began = time.monotonic()
    steps: Steps = [
        ("namespace and Secrets", lambda: secrets(kube)),
        ("PostgreSQL, NATS, simulators", lambda: surroundings(kube, images)),
        ("the chart", lambda: chart(kube, images, values or [])),
        ("the sample catalogue", lambda: catalogue(kube, images)),
        ("helm test", lambda: selftest(kube)),
    ]
    take(kube, steps)
    sys.stdout.write(f"{'from nothing to helm test green':<32}{time.monotonic() - began:6.1f} s\n")


def take(kube: Kube, steps: Steps) -> None:
    """Takes the steps in order and prints their seconds. Raises Undelivered with the step and the pods' messages."""
    for name, step in steps:
        started = time.monotonic()
        try:
            step()
        except Undelivered as refusal:
            raise Undelivered(f"{name}: {refusal}\n{kube.trouble()}") from None
        sys.stdout.write(f"{name:<32}{time.monotonic() - started:6.1f} s\n")
        sys.stdout.flush()


def secrets(kube: Kube) -> None:
    """Namespace with Pod Security "restricted", and Secrets of the kinds that a district makes itself."""
    run([sys.executable, "-m", "tools.cluster.dev_secrets", "--into", kube.namespace])


def surroundings(kube: Kube, images: Images) -> None:
    """The surroundings of the chart, until PostgreSQL has its databases and logins and NATS answers."""
    written = yaml.safe_load_all(kube.run("kustomize", str(DEV)))
    kube.run("delete", "job", "onewindow-provide", "--ignore-not-found")  # a Job cannot be changed
    kube.apply([replaced(each, images) for each in written if each])
    for name in ("postgres", "nats"):
        kube.run("rollout", "status", f"statefulset/onewindow-{name}", f"--timeout={_MINUTES}")
    completed(kube, "onewindow-provide")


def chart(kube: Kube, images: Images, values: list[str]) -> None:
    """Installs or upgrades the release, until every pod is ready."""
    command = ["upgrade", "--install", RELEASE, str(CHART), f"--values={DEV / 'values.yaml'}"]
    kube.helm(*command, *images.values(), *values, "--wait", f"--timeout={_MINUTES}")


def catalogue(kube: Kube, images: Images) -> None:
    """Publishes the sample catalogue."""
    job = replaced(yaml.safe_load((DEV / "catalogue.yaml").read_text()), images)
    kube.run("delete", "job", job["metadata"]["name"], "--ignore-not-found")
    kube.apply([job])
    completed(kube, job["metadata"]["name"])


def selftest(kube: Kube) -> None:
    """Runs the self-test: a synthetic matter through all four services and back."""
    kube.helm("test", RELEASE, "--logs", f"--timeout={_MINUTES}")


def completed(kube: Kube, job: str) -> None:
    """Waits until a Job is done. Raises Undelivered with its log when it failed."""
    deadline = time.monotonic() + _JOB_SECONDS
    while not (ends := _ends(job, kube)):
        if time.monotonic() > deadline:
            raise Undelivered(f"{job} is not done in {_JOB_SECONDS} s\n{_log(job, kube)}")
        time.sleep(_LOOK_SECONDS)
    if "Failed" in ends:
        raise Undelivered(f"{job} failed\n{_log(job, kube)}")


def replaced(tree: Any, images: Images) -> Any:  # noqa: ANN401 # YAML: mappings, lists and scalars
    """An object of deploy/dev with the requested images."""
    if isinstance(tree, dict):
        return {
            key: images.instead(value) if key == "image" and isinstance(value, str) else replaced(value, images)
            for key, value in tree.items()
        }
    return [replaced(each, images) for each in tree] if isinstance(tree, list) else tree


def _ends(job: str, kube: Kube) -> set[str]:
    found = kube.get("job", job)["status"].get("conditions", [])
    return {each["type"] for each in found if each["status"] == "True"} & {"Complete", "Failed"}


def _log(job: str, kube: Kube) -> str:
    found = subprocess.run(
        ["kubectl", "-n", kube.namespace, "logs", f"job/{job}", "--tail=30"],
        capture_output=True,
        text=True,
        check=False,
    )
    return (found.stdout + found.stderr).strip()


def main() -> None:
    """Installs with the requested images. Raises Undelivered."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("onewindow", "postgres", "nats"):
        parser.add_argument(f"--{name}", metavar="IMAGE", default=getattr(Images(), name))
    install(Kube.reached(), Images(**vars(parser.parse_args())))


if __name__ == "__main__":
    sys.exit(ended(main))
