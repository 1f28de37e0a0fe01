"""Every object of every profile is what Kubernetes 1.29 to 1.37 accepts, and every pod keeps Pod Security."""

import json
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from kubernetes_validate.utils import all_versions, schema_contents
from referencing import Registry, Resource

from tests.deploy.rendering import CHART, PROFILES, ROOT, Tree, named, pods, profile, texts, values_of
from tests.deploy.surroundings import by_hand, dev_objects, monitoring

VERSIONS = [version for version in dict.fromkeys(all_versions()) if tuple(map(int, version.split(".")[:2])) >= (1, 29)]
FOREIGN = {"PodMonitor", "PrometheusRule", "Certificate", "ScaledObject"}
"""Kinds whose definitions other projects bring; their own tests look at them."""

EVERY: dict[str, Callable[[str], list[Tree]]] = {
    **dict.fromkeys(PROFILES, profile),
    "deploy/dev": lambda _: [*dev_objects(), *monitoring(), *by_hand()],
}


@cache
def _registry(version: str) -> Registry[Any]:
    whole = Resource.from_contents(schema_contents(f"{_folder(version)}/_definitions.json", version))
    return whole @ Registry[Any]()


@cache
def _validator(version: str, kind: str, api: str) -> Draft202012Validator:
    group, _, of_group = api.rpartition("/")
    name = "-".join(filter(None, (kind.lower(), group.partition(".")[0], of_group)))
    schema = schema_contents(f"{_folder(version)}/{name}.json", version)
    return Draft202012Validator(schema, registry=Resource.from_contents(schema) @ _registry(version))


def _folder(version: str) -> str:
    return f"kubernetes-json-schema/v{version}-local-strict"


def _mistakes(version: str, each: Tree) -> list[str]:
    try:
        validator = _validator(version, each["kind"], each["apiVersion"])
    except FileNotFoundError:
        return [f"{named(each)}: Kubernetes {version} knows no such kind"]
    return [f"{named(each)} {'.'.join(map(str, e.path))}: {e.message}" for e in validator.iter_errors(each)]


def test_the_library_ships_nine_versions() -> None:
    assert [version.rpartition(".")[0] for version in VERSIONS] == [f"1.{minor}" for minor in range(29, 38)]


@pytest.mark.parametrize("version", VERSIONS)
def test_every_object_is_valid_to_the_letter(version: str) -> None:
    different = {json.dumps(each): each for name, of in EVERY.items() for each in of(name)}
    known = [each for each in different.values() if each["kind"] not in FOREIGN]
    assert [mistake for each in known for mistake in _mistakes(version, each)] == []


def test_an_unknown_field_is_found() -> None:
    [service] = [each for each in profile("minimal") if named(each) == "Service/onewindow-intake"]
    assert _mistakes(VERSIONS[0], {**service, "spec": {**service["spec"], "cluster": "x"}}) != []


def _breaches(spec: Tree) -> list[str]:
    """What Pod Security "restricted" forbids, and what we forbid besides."""
    of_pod, containers = spec["securityContext"], [*spec["containers"], *spec.get("initContainers", [])]
    told = {
        "runs as root": of_pod.get("runAsNonRoot") is not True or of_pod.get("runAsUser", 0) == 0,
        "no seccomp profile": of_pod.get("seccompProfile") != {"type": "RuntimeDefault"},
        "a token of the Kubernetes API": spec.get("automountServiceAccountToken") is not False,
        "service links": spec.get("enableServiceLinks") is not False,
        "a namespace of the host": any(spec.get(key) for key in ("hostNetwork", "hostPID", "hostIPC")),
        "a volume that restricted forbids": any(
            not {"emptyDir", "secret", "configMap", "persistentVolumeClaim", "projected"} & set(volume)
            for volume in spec.get("volumes", [])
        ),
        "a disk without an end": any("sizeLimit" not in v["emptyDir"] for v in spec["volumes"] if "emptyDir" in v),
    }
    for container in containers:
        context = container["securityContext"]
        told |= {
            f"{container['name']} may escalate": context.get("allowPrivilegeEscalation") is not False,
            f"{container['name']} keeps capabilities": context.get("capabilities") != {"drop": ["ALL"]},
            f"{container['name']} writes its root": context.get("readOnlyRootFilesystem") is not True,
            f"{container['name']} is privileged": bool(context.get("privileged")),
            f"{container['name']} opens a port of the host": any("hostPort" in p for p in container.get("ports", [])),
            f"{container['name']} is always pulled": container.get("imagePullPolicy") not in ("IfNotPresent", "Never"),
            f"{container['name']} is the latest": container["image"].endswith(":latest")
            or ":" not in container["image"],
            f"{container['name']} has no memory limit": container["resources"].get("limits", {}).keys() != {"memory"},
        }
    return [sentence for sentence, breached in told.items() if breached]


@pytest.mark.parametrize("name", EVERY)
def test_every_pod_is_restricted_hooks_and_jobs_included(name: str) -> None:
    found = [(who, _breaches(spec)) for who, _, spec, _ in pods(EVERY[name](name))]
    assert len(found) >= 6
    assert [(who, breaches) for who, breaches in found if breaches] == []


def test_nats_as_documented_for_production_is_restricted_too() -> None:
    told = yaml.safe_load((ROOT / "deploy/values/nats.yaml").read_text())
    of_pod = told["podTemplate"]["merge"]["spec"]["securityContext"]
    assert of_pod["runAsNonRoot"] and of_pod["seccompProfile"] == {"type": "RuntimeDefault"}
    for name in ("container", "reloader", "promExporter"):
        context = told[name]["merge"]["securityContext"]
        assert context["allowPrivilegeEscalation"] is False, name
        assert context["capabilities"] == {"drop": ["ALL"]}, name


def test_before_kubernetes_can_sleep_by_itself_python_does(tmp_path: Path) -> None:
    """The engine renders for one version alone, so the chart is told another one."""
    chart = tmp_path / "chart"
    shutil.copytree(CHART, chart)
    template = chart / "templates/_deployment.tpl"
    template.write_text(template.read_text().replace(".Capabilities.KubeVersion.Version", '"v1.29.3-vendor.1"'))
    text = texts(values_of("minimal"), chart)["onewindow/templates/deployment.yaml"]
    deployments = [each for each in yaml.safe_load_all(text) if each]
    for each in deployments:
        [container] = each["spec"]["template"]["spec"]["containers"]
        assert container["lifecycle"]["preStop"]["exec"]["command"][-1] == "import time; time.sleep(5)"
    assert [mistake for each in deployments for mistake in _mistakes(VERSIONS[0], each)] == []


@pytest.mark.parametrize("name", PROFILES)
def test_memory_is_promised_whole_and_cpu_has_no_limit(name: str) -> None:
    for who, _, spec, _ in pods(profile(name)):
        [container] = spec["containers"]
        asked, most = container["resources"]["requests"], container["resources"]["limits"]
        assert (asked["memory"], set(most)) == (most["memory"], {"memory"}), who


@pytest.mark.parametrize("name", PROFILES)
def test_nothing_asks_the_kubernetes_api(name: str) -> None:
    found = profile(name)
    assert {each["kind"] for each in found} & {"Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"} == set()
    accounts = [each for each in found if each["kind"] == "ServiceAccount"]
    assert all(each["automountServiceAccountToken"] is False for each in accounts)
    owned = {each["metadata"]["name"] for each in accounts}
    assert {spec["serviceAccountName"] for _, _, spec, _ in pods(found)} == owned
