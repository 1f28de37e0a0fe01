"""What the profiles ask of a cluster, proven by rendering; and what a release may never change."""

import json
from pathlib import Path

import yaml

from tests.deploy.rendering import (
    CHART,
    PROFILES,
    ROOT,
    SERVICES,
    Tree,
    kind,
    named,
    objects,
    over,
    pods,
    profile,
    values_of,
)
from tests.deploy.surroundings import dev_objects

GB = 1000**3
_UNITS = {"Mi": 1024**2, "Gi": 1024**3}
SNAPSHOT = Path(__file__).parent / "immutable.json"


def _cores(text: str) -> float:
    return float(text.removesuffix("m")) / 1000 if text.endswith("m") else float(text)


def _bytes(text: str) -> int:
    return int(text[:-2]) * _UNITS[text[-2:]]


def asked(found: list[Tree]) -> tuple[float, int]:
    """CPU in cores and memory in bytes that all pods together are promised, Jobs and the test among them."""
    each = [
        (
            _cores(container["resources"]["requests"]["cpu"]) * count,
            _bytes(container["resources"]["requests"]["memory"]) * count,
        )
        for _, _, spec, count in pods(found)
        for container in spec["containers"]
    ]
    return round(sum(cpu for cpu, _ in each), 3), sum(memory for _, memory in each)


def _dependencies() -> tuple[float, int]:
    """PostgreSQL and NATS as documented for one district."""
    postgres = next(yaml.safe_load_all((ROOT / "deploy/values/cloudnative-pg.yaml").read_text()))["spec"]
    nats = yaml.safe_load((ROOT / "deploy/values/nats.yaml").read_text())
    container = nats["container"]["merge"]["resources"]["requests"]
    counted = (
        (postgres["instances"], postgres["resources"]["requests"]),
        (nats["config"]["cluster"]["replicas"], container),
    )
    return sum(n * _cores(r["cpu"]) for n, r in counted), sum(n * _bytes(r["memory"]) for n, r in counted)


def test_the_default_profile_with_its_servers_fits_four_cores_and_eight_gigabytes() -> None:
    running = [each for each in profile("minimal") if each["kind"] == "Deployment"]
    assert len(running) == len(SERVICES)
    cores, memory = (sum(pair) for pair in zip(asked(running), _dependencies(), strict=True))
    assert 3.5 <= cores <= 4.0
    assert 7 * GB <= memory <= 8 * GB


def test_the_profile_for_trying_out_fits_a_node_of_two_cores() -> None:
    found = dev_objects()
    assert {count for who, _, _, count in pods(found) if "Deployment/onewindow-" in who and "simulator" not in who} == {
        2
    }
    cores, memory = asked(found)
    assert cores <= 1.5
    assert memory <= 6 * GB


def immutable(found: list[Tree]) -> dict[str, object]:
    """The fields of objects that Kubernetes refuses to change, by object."""
    told: dict[str, object] = {}
    for each in found:
        spec = each.get("spec", {})
        if each["kind"] in ("Deployment", "StatefulSet"):
            told[named(each)] = {key: spec.get(key) for key in ("selector", "serviceName", "volumeClaimTemplates")}
        elif each["kind"] == "Service":
            told[named(each)] = {"clusterIP": spec.get("clusterIP"), "selector": spec["selector"]}
    return told


def test_nothing_immutable_differs_from_the_last_release() -> None:
    """When a release must change one, UPGRADING.md says what to do, and the snapshot is written anew with it."""
    last = json.loads(SNAPSHOT.read_text())
    assert last == {name: immutable(found) for name, found in {**_profiles(), "deploy/dev": dev_objects()}.items()}


def _profiles() -> dict[str, list[Tree]]:
    return {name: profile(name) for name in PROFILES}


def test_selectors_name_no_version() -> None:
    for name in PROFILES:
        told = json.dumps([of["spec"]["selector"] for of in kind(profile(name), "Deployment").values()])
        assert "version" not in told
        assert "helm.sh/chart" not in told


def test_a_named_job_has_a_new_name_for_every_change() -> None:
    assert _jobs() == _jobs()
    assert _jobs().isdisjoint(_jobs(image={"tag": "9.9.9"}))
    assert _jobs().isdisjoint(_jobs(jobs={"deadlineSeconds": 60}))
    assert {each for each in _jobs(nats={"streamReplicas": 1}) if "migrate" in each} <= _jobs()


def test_a_named_job_does_not_go_away_by_itself() -> None:
    """A tool that keeps what is declared would make it again, and run it again, every day."""
    assert all("ttlSecondsAfterFinished" in each["spec"] for each in kind(profile("minimal"), "Job").values())
    assert all("ttlSecondsAfterFinished" not in each["spec"] for each in kind(profile("restricted-ns"), "Job").values())


def _jobs(**change: Tree) -> set[str]:
    return set(kind(objects(over(values_of("restricted-ns"), change)), "Job"))


def test_hooks_come_before_what_needs_them() -> None:
    found = profile("minimal")
    weights = {
        named(each): int(each["metadata"]["annotations"]["helm.sh/hook-weight"]) for each in found if _hook(each)
    }
    assert weights.pop("Job/onewindow-migrate") < weights.pop("Job/onewindow-streams")
    assert set(weights) == {
        f"{k}/onewindow-{job}" for k in ("ServiceAccount", "NetworkPolicy") for job in ("migrate", "streams")
    }
    assert set(weights.values()) == {-10}
    assert [named(each) for each in profile("restricted-ns") if _hook(each)] == []


def test_helm_itself_says_why_a_job_that_is_a_hook_failed() -> None:
    jobs = kind(profile("minimal"), "Job").values()
    told = [each["metadata"]["annotations"]["helm.sh/hook-output-log-policy"] for each in jobs]
    assert told == ["hook-failed", "hook-failed"]


def _hook(each: Tree) -> bool:
    return "helm.sh/hook-weight" in each["metadata"].get("annotations", {})


def test_a_pod_ends_later_than_it_drains() -> None:
    spec = kind(profile("minimal"), "Deployment")["onewindow-intake"]["spec"]["template"]["spec"]
    values = yaml.safe_load((CHART / "values.yaml").read_text())["shutdown"]
    assert spec["terminationGracePeriodSeconds"] == sum(values.values()) + 10 == 45
