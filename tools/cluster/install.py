"""`make cluster-install`: from an empty namespace to a green `helm test`, on the cluster of the current KUBECONFIG.

It can be repeated: existing Secrets stay, objects that differ are changed, the release is upgraded.
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
from tools.delivery.lock import version
from tools.delivery.programs import StepFailed, exit_code, run

ROOT = Path(__file__).resolve().parent.parent.parent
DEV = ROOT / "deploy/dev"
CHART = ROOT / "deploy/helm/onewindow"
_MINUTES = "5m"
_JOB_SECONDS = 300
_POLL_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Images:
    """Images of the installation: references as a registry or the nodes know them."""

    onewindow: str = f"localhost/onewindow:{version(ROOT)}"
    postgres: str = "localhost/postgres:15"
    nats: str = "localhost/nats:2"

    def replacement(self, reference: str) -> str:
        """The image used in place of one that deploy/dev names."""
        ours = {f"localhost/{name}": getattr(self, name) for name in ("onewindow", "postgres", "nats")}
        return str(ours.get(reference.rpartition(":")[0], reference))

    def values(self) -> list[str]:
        """The chart's values for the image, as options of helm."""
        name, _, digest = self.onewindow.partition("@")
        head, _, last = name.rpartition("/")
        repository, _, tag = last.partition(":")
        fields = {"registry": head, "repository": repository, "tag": tag, "digest": digest}
        return [f"--set-string=image.{key}={value}" for key, value in fields.items()]


Steps: TypeAlias = Sequence[tuple[str, Callable[[], None]]]
"""Names of the steps and their functions, in order."""


def install(kube: Kube, images: Images, values: list[str] | None = None) -> None:
    """Install in steps, each printed with its seconds. Raises StepFailed with the messages of the pods."""
    began = time.monotonic()
    steps: Steps = [
        ("namespace and Secrets", lambda: secrets(kube)),
        ("PostgreSQL, NATS, simulators", lambda: surroundings(kube, images)),
        ("the chart", lambda: chart(kube, images, values or [])),
        ("the sample catalogue", lambda: catalogue(kube, images)),
        ("helm test", lambda: selftest(kube)),
    ]
    run_steps(kube, steps)
    sys.stdout.write(f"{'from nothing to helm test green':<32}{time.monotonic() - began:6.1f} s\n")


def run_steps(kube: Kube, steps: Steps) -> None:
    """Run the steps, each printed with its seconds. Raises StepFailed with the step's name and the pods' messages."""
    for name, step in steps:
        started = time.monotonic()
        try:
            step()
        except StepFailed as refusal:
            raise StepFailed(f"{name}: {refusal}\n{kube.trouble()}") from None
        sys.stdout.write(f"{name:<32}{time.monotonic() - started:6.1f} s\n")
        sys.stdout.flush()


def secrets(kube: Kube) -> None:
    """Namespace with Pod Security "restricted", and Secrets of the kinds that a district makes itself."""
    run([sys.executable, "-m", "tools.cluster.dev_secrets", "--into", kube.namespace])


def surroundings(kube: Kube, images: Images) -> None:
    """Install what the chart depends on; returns when PostgreSQL has its databases and logins and NATS answers."""
    written = yaml.safe_load_all(kube.run("kustomize", str(DEV)))
    kube.run("delete", "job", "onewindow-provide", "--ignore-not-found")  # a Job cannot be changed
    kube.apply([with_images(each, images) for each in written if each])
    for name in ("postgres", "nats"):
        kube.run("rollout", "status", f"statefulset/onewindow-{name}", f"--timeout={_MINUTES}")
    wait_for_job(kube, "onewindow-provide")


def chart(kube: Kube, images: Images, values: list[str]) -> None:
    """Install or upgrade the release; returns when every pod is ready."""
    command = ["upgrade", "--install", RELEASE, str(CHART), f"--values={DEV / 'values.yaml'}"]
    kube.helm(*command, *images.values(), *values, "--wait", f"--timeout={_MINUTES}")


def catalogue(kube: Kube, images: Images) -> None:
    """Publish the sample catalogue."""
    job = with_images(yaml.safe_load((DEV / "catalogue.yaml").read_text()), images)
    kube.run("delete", "job", job["metadata"]["name"], "--ignore-not-found")
    kube.apply([job])
    wait_for_job(kube, job["metadata"]["name"])


def selftest(kube: Kube) -> None:
    """Run `helm test`: a made-up matter through all four services."""
    kube.helm("test", RELEASE, "--logs", f"--timeout={_MINUTES}")


def wait_for_job(kube: Kube, job: str) -> None:
    """Wait for the end of a Job. Raises StepFailed with its log when it failed."""
    deadline = time.monotonic() + _JOB_SECONDS
    while not (ends := _ends(job, kube)):
        if time.monotonic() > deadline:
            raise StepFailed(f"{job} is not done in {_JOB_SECONDS} s\n{_log(job, kube)}")
        time.sleep(_POLL_SECONDS)
    if "Failed" in ends:
        raise StepFailed(f"{job} failed\n{_log(job, kube)}")


def with_images(tree: Any, images: Images) -> Any:  # noqa: ANN401 # YAML: mappings, lists and scalars
    """An object of deploy/dev with the chosen images."""
    if isinstance(tree, dict):
        return {
            key: images.replacement(value) if key == "image" and isinstance(value, str) else with_images(value, images)
            for key, value in tree.items()
        }
    return [with_images(each, images) for each in tree] if isinstance(tree, list) else tree


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
    """Install with the chosen images. Raises StepFailed."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("onewindow", "postgres", "nats"):
        parser.add_argument(f"--{name}", metavar="IMAGE", default=getattr(Images(), name))
    install(Kube.reached(), Images(**vars(parser.parse_args())))


if __name__ == "__main__":
    sys.exit(exit_code(main))
