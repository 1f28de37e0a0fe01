"""Backs up and restores the PostgreSQL of deploy/dev: `python -m tools.cluster.restore [--copy] [--to INSTANT]`.

The services stop, PostgreSQL returns to the newest copy and replays the archived WAL, facts are compared with keys and
objects, the streams are made anew, the services start. What was acknowledged after the last archived minute is lost;
everything else returns.
"""

import argparse
import sys
from typing import Any

import yaml

from protocol.streams import SERVICES
from tools.cluster.install import DEV, Images, Steps, run_steps, wait_for_job, with_images
from tools.cluster.kube import Kube
from tools.cluster.verify import verify
from tools.delivery.programs import exit_code

_MINUTES = "5m"


def back_up(kube: Kube) -> None:
    """Make a physical copy now, like the nightly one."""
    kube.run("delete", "job", "onewindow-backup-now", "--ignore-not-found")
    kube.run("create", "job", "onewindow-backup-now", "--from=cronjob/onewindow-backup")
    wait_for_job(kube, "onewindow-backup-now")


def restore(kube: Kube, images: Images, instant: str = "") -> None:
    """Restore in steps, each printed with its seconds. Raises StepFailed with the messages of the pods."""
    replicas = {service: _replicas(kube, service) for service in SERVICES}
    steps: Steps = [
        ("the services stop", lambda: _scale(kube, dict.fromkeys(SERVICES, 0))),
        ("PostgreSQL stops", lambda: _server(kube, "postgres", 0)),
        ("the newest copy", lambda: _job(kube, images, "restore", instant)),
        ("PostgreSQL replays the WAL", lambda: _server(kube, "postgres", 1)),
        ("NATS", lambda: _server(kube, "nats", 1)),
        ("facts, keys and objects agree", lambda: verify(kube)),
        ("streams anew", lambda: _job(kube, images, "recreate")),
        ("the services", lambda: _scale(kube, replicas)),
    ]
    run_steps(kube, steps)


def stop_servers(kube: Kube) -> None:
    """Scale PostgreSQL and NATS to no replica."""
    for name in ("postgres", "nats"):
        _server(kube, name, 0)


def _replicas(kube: Kube, service: str) -> int:
    found: int = kube.get("deployment", f"onewindow-{service}")["spec"]["replicas"]
    return found or 2


def _scale(kube: Kube, replicas: dict[str, int]) -> None:
    for service, number in replicas.items():
        kube.run("scale", "deployment", f"onewindow-{service}", f"--replicas={number}")
    for service, number in replicas.items():
        if number:
            kube.run("rollout", "status", f"deployment/onewindow-{service}", f"--timeout={_MINUTES}")
        else:
            _until_away(kube, f"app.kubernetes.io/name=onewindow,app.kubernetes.io/component={service}")


def _server(kube: Kube, name: str, replicas: int) -> None:
    kube.run("scale", "statefulset", f"onewindow-{name}", f"--replicas={replicas}")
    if replicas:
        kube.run("rollout", "status", f"statefulset/onewindow-{name}", f"--timeout={_MINUTES}")
    else:
        _until_away(kube, f"app.kubernetes.io/name=onewindow-{name}")


def _until_away(kube: Kube, selector: str) -> None:
    if kube.exists("pods", "-l", selector):
        kube.run("wait", "pods", "-l", selector, "--for=delete", f"--timeout={_MINUTES}")


def _job(kube: Kube, images: Images, name: str, instant: str = "") -> None:
    objects = [each for each in yaml.safe_load_all((DEV / f"{name}.yaml").read_text()) if each]
    kube.run("delete", "job", f"onewindow-{name}", "--ignore-not-found")
    kube.apply([_to(with_images(each, images), instant) for each in objects])
    wait_for_job(kube, f"onewindow-{name}")


def _to(tree: Any, instant: str) -> Any:  # noqa: ANN401 # YAML: mappings, lists and scalars
    """An object with the instant to which PostgreSQL returns."""
    if isinstance(tree, dict):
        changed = {key: _to(value, instant) for key, value in tree.items()}
        return {**changed, "value": instant} if changed.get("name") == "RESTORE_TO" else changed
    return [_to(each, instant) for each in tree] if isinstance(tree, list) else tree


def main() -> None:
    """Restore, or only make a copy. Raises StepFailed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--to", metavar="INSTANT", default="", help="such as '2026-11-25 10:00:00+08'; else the end")
    parser.add_argument("--copy", action="store_true", help="only make a copy now")
    for name in ("onewindow", "postgres", "nats"):
        parser.add_argument(f"--{name}", metavar="IMAGE", default=getattr(Images(), name))
    options = vars(parser.parse_args())
    instant, copy = options.pop("to"), options.pop("copy")
    if copy:
        back_up(Kube.reached())
    else:
        restore(Kube.reached(), Images(**options), instant)


if __name__ == "__main__":
    sys.exit(exit_code(main))
