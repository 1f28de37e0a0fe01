"""The manifests of deploy/dev, as `kubectl apply -k` would send them."""

from functools import cache
from pathlib import Path

import yaml

from tests.deploy.rendering import ROOT, Tree, objects

DEV = ROOT / "deploy/dev"


@cache
def kustomized(folder: Path = DEV) -> list[Tree]:
    """What a kustomization brings: its resources, and the ConfigMaps made of files. Nothing else is used there."""
    plan = yaml.safe_load((folder / "kustomization.yaml").read_text())
    allowed = {"apiVersion", "kind", "namespace", "resources", "configMapGenerator", "generatorOptions"}
    assert set(plan) <= allowed, "teach this reader first"
    found = [each for path in plan["resources"] for each in yaml.safe_load_all((folder / path).read_text()) if each]
    made = [
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": entry["name"]},
            "data": {Path(path).name: (folder / path).read_text() for path in entry["files"]},
        }
        for entry in plan.get("configMapGenerator", [])
    ]
    return [*found, *made]


def monitoring() -> list[Tree]:
    """Prometheus and Grafana, which Tilt adds."""
    return kustomized(DEV / "monitoring")


@cache
def by_hand() -> list[Tree]:
    """Jobs that are created when they are wanted: after an install, after a restore."""
    texts = ((DEV / name).read_text() for name in ("catalogue.yaml", "received.yaml", "recreate.yaml", "restore.yaml"))
    return [each for text in texts for each in yaml.safe_load_all(text) if each]


def dev_values() -> Tree:
    """The chart's values for trying out."""
    values: Tree = yaml.safe_load((DEV / "values.yaml").read_text())
    return values


def dev_objects() -> list[Tree]:
    """Everything in the namespace for trying out: the chart and what stands around it."""
    return [*objects(dev_values()), *kustomized()]
