"""The chart as Helm renders it, object by object: what every test of this folder looks at."""

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from helm_python import Chart

ROOT = Path(__file__).parent.parent.parent
CHART = ROOT / "deploy/helm/onewindow"
NAME = NAMESPACE = "onewindow"
SERVICES = ("intake", "approval", "notify", "metrics")

Tree = dict[str, Any]
"""An object of Kubernetes, or values: nested mappings as YAML has them."""

PROFILES = {path.name.removesuffix("-values.yaml"): path for path in sorted((CHART / "ci").glob("*-values.yaml"))}
"""The values files of ci/, by name."""


def values_of(profile: str) -> Tree:
    """The values of one profile of ci/."""
    values: Tree = yaml.safe_load(PROFILES[profile].read_text())
    return values


def over(values: Mapping[str, Any], change: Mapping[str, Any]) -> Tree:
    """`values` with `change` laid over them, as Helm lays one values file over another."""
    whole = deepcopy(dict(values))
    for key, value in change.items():
        nested = isinstance(value, Mapping) and isinstance(whole.get(key), Mapping)
        whole[key] = over(whole[key], value) if nested else value
    return whole


def texts(values: Mapping[str, Any], chart: Path = CHART) -> dict[str, str]:
    """What each template renders to. Raises HelmError with the sentences of schema or guards."""
    return dict(_texts(json.dumps(values, sort_keys=True, ensure_ascii=False), chart))


@cache
def _texts(values: str, chart: Path) -> dict[str, str]:
    with Chart.load(chart) as loaded:
        return loaded.render(json.loads(values), name=NAME, namespace=NAMESPACE)


def objects(values: Mapping[str, Any]) -> list[Tree]:
    """Every object that an install creates, hooks and tests included."""
    rendered = [text for path, text in sorted(texts(values).items()) if not path.endswith("NOTES.txt")]
    return [found for text in rendered for found in yaml.safe_load_all(text) if found]


def profile(name: str) -> list[Tree]:
    """The objects of one profile of ci/."""
    return objects(values_of(name))


def minimal(**change: Any) -> list[Tree]:
    """The objects of the smallest values that there are, with a change."""
    return objects(over(values_of("minimal"), change))


def kind(found: list[Tree], wanted: str) -> dict[str, Tree]:
    """The objects of one kind by name."""
    return {each["metadata"]["name"]: each for each in found if each["kind"] == wanted}


def named(each: Tree) -> str:
    """Kind and name of an object, for messages."""
    return f"{each['kind']}/{each['metadata']['name']}"


def pods(found: list[Tree]) -> Iterator[tuple[str, Tree, Tree, int]]:
    """What runs pods: kind and name, the pod's metadata and spec, and how many of it run at one time."""
    for each in found:
        spec = each.get("spec", {})
        if each["kind"] == "Pod":
            yield named(each), each["metadata"], spec, 1
        elif each["kind"] == "CronJob":
            template = spec["jobTemplate"]["spec"]["template"]
            yield named(each), template["metadata"], template["spec"], 1
        elif "template" in spec:
            yield named(each), spec["template"]["metadata"], spec["template"]["spec"], spec.get("replicas", 1)
