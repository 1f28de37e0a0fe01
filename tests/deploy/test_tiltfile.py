"""The Tiltfile loads exactly what the chart renders with the values for trying out, and nothing else runs."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy.rendering import CHART, ROOT, SERVICES, Tree, named, objects, over
from tests.deploy.surroundings import DEV, dev_values, kustomized, monitoring

TILTFILE = ROOT / "Tiltfile"


class Tilt:
    """Tilt's own functions as far as the Tiltfile calls them: what is loaded, named, built and run by hand."""

    def __init__(self) -> None:
        self.loaded: list[Tree] = []
        self.resources: dict[str, Tree] = {}
        self.buttons: dict[str, Tree] = {}
        self.commands: list[str] = []
        self.builds: dict[str, Tree] = {}

    def globals(self) -> dict[str, Any]:
        """The names that a Tiltfile finds."""
        return {
            "local": lambda command, **_: self.commands.append(command),
            "docker_build": lambda ref, _, **rest: self.builds.update({ref: rest}),
            "sync": lambda source, target: (source, target),
            "kustomize": lambda path: kustomized(ROOT / path),
            "helm": self.helm,
            "k8s_yaml": self.loaded.extend,
            "k8s_resource": lambda name, **rest: self.resources.update({name: rest}),
            "local_resource": lambda name, **rest: self.buttons.update({name: rest}),
            "watch_file": lambda path: Path(ROOT / path).stat(),
            "TRIGGER_MODE_MANUAL": "manual",
        }

    def helm(self, path: str, *, name: str, namespace: str, values: list[str]) -> list[Tree]:
        """Tilt renders with `helm template`, hooks and tests included."""
        assert (ROOT / path, name, namespace) == (CHART, "onewindow", "onewindow")
        whole: Tree = {}
        for file in values:
            whole = over(whole, yaml.safe_load((ROOT / file).read_text()))
        return objects(whole)


@pytest.fixture(scope="module")
def tilt() -> Tilt:
    """The Tiltfile, played: Tilt's language is a subset of Python."""
    played = Tilt()
    exec(compile(TILTFILE.read_text(), "Tiltfile", "exec"), played.globals())
    return played


def test_the_objects_are_those_of_the_chart_with_the_values_for_trying_out(tilt: Tilt) -> None:
    live = yaml.safe_load((DEV / "tilt-values.yaml").read_text())
    wanted = [*kustomized(), *monitoring(), *objects(over(dev_values(), live))]
    assert sorted(map(_text, tilt.loaded)) == sorted(map(_text, wanted))


def test_live_sources_are_all_that_tilt_changes(tilt: Tilt) -> None:
    plain = {named(each): each for each in [*kustomized(), *monitoring(), *objects(dev_values())]}
    different = {named(each) for each in tilt.loaded if plain[named(each)] != each}
    assert different == {f"Deployment/onewindow-{name}" for name in SERVICES}


def _text(each: Tree) -> str:
    return json.dumps(each, sort_keys=True)


def test_every_resource_exists_and_waits_for_what_exists(tilt: Tilt) -> None:
    workloads = {"Deployment", "StatefulSet", "Job", "Pod"}
    there = {each["metadata"]["name"] for each in tilt.loaded if each["kind"] in workloads}
    assert set(tilt.resources) == there
    assert {other for told in tilt.resources.values() for other in told.get("resource_deps", [])} <= there


def test_no_two_forwards_take_one_port(tilt: Tilt) -> None:
    ports = [each.partition(":")[0] for told in tilt.resources.values() for each in told.get("port_forwards", [])]
    assert len(ports) == len(set(ports))
    assert {f"onewindow-{name}" for name in SERVICES} <= {
        name for name, told in tilt.resources.items() if "port_forwards" in told
    }


def test_buttons_are_pressed_by_hand_and_sources_are_replaced_in_the_running_pod(tilt: Tilt) -> None:
    assert {"hall year", "catalogue publish", "tests"} <= set(tilt.buttons)
    assert all(told["trigger_mode"] == "manual" and not told["auto_init"] for told in tilt.buttons.values())
    [(image, build)] = tilt.builds.items()
    assert image == "localhost/onewindow"
    assert all((ROOT / source).exists() or source.startswith("gen/") for source, _ in build["live_update"])
    assert {target for _, target in build["live_update"]} >= {
        f"/app/{name}" for name in ("law", "services", "onewindow")
    }


def test_the_tiltfile_is_short() -> None:
    assert len(TILTFILE.read_text().splitlines()) <= 80
