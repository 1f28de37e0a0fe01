"""Values: every key has a sentence and an effect, a wrong one is refused, and what contradicts itself is told."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import yaml
from helm_python import HelmError, lint

from tests.deploy.rendering import CHART, PROFILES, SERVICES, Tree, kind, minimal, objects, over, texts, values_of
from tools.delivery.chart_readme import entries

VALUES: Tree = yaml.safe_load((CHART / "values.yaml").read_text())
SCHEMA: Tree = json.loads((CHART / "values.schema.json").read_text())
Path = tuple[str, ...]

NEEDS: dict[str, Tree] = {
    "database.authority": {"database": {"tls": "verify-full"}},
    "nats.authority.key": {"nats": {"url": "tls://nats:4222", "authority": {"secret": "ca"}}},
    "nats.certificatePrefix": {"nats": {"url": "tls://nats:4222", "authority": {"secret": "ca"}}},
    "objects.claim": {"objects": {"intake": "file:///var/lib/onewindow/objects/a"}},
    "tokens.jwksUrl": {
        "tokens": {"jwksSecret": ""},
        "networkPolicy": {"peers": {"singleSignOn": [{"podSelector": {}}]}},
    },
    "district": {
        "district": {"target": "d:1"},
        "networkPolicy": {"peers": {"district": [{"podSelector": {}}]}},
    },
    "tls.clientAuthority.key": {"tls": {"clientAuthority": {"secret": "clients"}}},
    "tls.dnsNames": {"tls": {"source": "certManager", "certManager": {"issuer": "i"}}},
    "tls.certManager": {"tls": {"source": "certManager", "certManager": {"issuer": "i"}}},
    "trust.key": {"trust": {"secret": "ca"}},
    "services.all.autoscaling": {"services": {"all": {"autoscaling": {"kind": "hpa"}}}},
    "services.all.autoscaling.triggers": {"services": {"all": {"autoscaling": {"kind": "keda"}}}},
    "services.all.public": {"services": {"all": {"public": {"type": "NodePort"}}}},
    "services.all.maxUnavailable": {"services": {"all": {"replicas": 9}}},
    "monitoring.podMonitor": {"monitoring": {"podMonitor": {"create": "always"}}},
    "monitoring.rules": {"monitoring": {"rules": {"create": "operator"}}},
    "networkPolicy.peers.singleSignOn": {"tokens": {"jwksSecret": "", "jwksUrl": "https://sso/jwks"}},
    "networkPolicy.peers.traces": {"office": {"traces": "http://otel:4317"}},
    "networkPolicy.peers.district": {"district": {"target": "d:1"}},
    "office.traces": {"networkPolicy": {"peers": {"traces": [{"podSelector": {}}]}}},
    "nats.url": {"nats": {"authority": {"secret": "ca"}}},
}
"""What else must be set for a value, or all below it, to matter; the longest name that fits counts."""

FLIPS: dict[str, Any] = {
    "global.imageRegistry": "registry.example.gov.cn",
    "image.digest": "sha256:" + "2" * 64,
    "image.tag": "9.9.9",
    "office.district": "440106",
    "office.traces": "http://otel:4317",
    "office.streets": {"440105009": {"signature": "某街道"}},
    "nats.url": "tls://other:4222",
    "nats.streamReplicas": 1,
    "objects.intake": "s3://other/intake",
    "objects.notify": "s3://other/notify",
    "tokens.jwksUrl": "https://sso/jwks",
    "tokens.jwksSecret": "other",
    "district.target": "other:2",
    "sms.url": "https://other/v1",
    "probes.startupSeconds": 60,
    "monitoring.rules.runbookUrl": "https://wiki/",
    "networkPolicy.dnsPorts": [5353],
    "network.ipFamilies": ["IPv6"],
    "extraObjects": [{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x"}}],
    "services.all.autoscaling.triggers": [{"type": "cron"}],
    "services.all.tolerations": [{"operator": "Exists"}],
    "services.all.affinity": {"nodeAffinity": {}},
    "services.all.autoscaling.cpuPercent": 50,
}
"""The other value of a key, where a rule of thumb would give one that the schema refuses."""

UNSEEN = {"checkSecrets": "asks a cluster, and there is none here: test_guards renders the sentences themselves"}
"""Keys whose effect no rendering without a cluster can show, with the reason."""


def leaves(node: Tree, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every value that is not a section, with the keys that lead to it."""
    for key, value in node.items():
        if isinstance(value, dict) and value and (*path, key)[-1] != "peers":
            yield from leaves(value, (*path, key))
        elif isinstance(value, dict) and value:
            yield from ((((*path, key, name)), peers) for name, peers in value.items())
        else:
            yield (*path, key), value


def nest(path: Path, value: Any) -> Tree:
    """Values with one key."""
    return {path[0]: nest(path[1:], value) if len(path) > 1 else value}


def closest(path: Path) -> Tree:
    """The values that a key needs beside it."""
    names = [".".join(path[:length]) for length in range(len(path), 0, -1)]
    return next((NEEDS[name] for name in names if name in NEEDS), {})


def _allowed(path: Path) -> Tree:
    found = SCHEMA
    for key in path:
        found = _followed(found)["properties"][key]
    return _followed(found)


def _followed(found: Tree) -> Tree:
    while "$ref" in found:
        found = SCHEMA["$defs"][found["$ref"].rpartition("/")[2]]
    return found


def _flipped(path: Path, value: Any) -> Any:
    name, rule = ".".join(path), _allowed(path)
    if name in FLIPS:
        return FLIPS[name]
    if "enum" in rule:
        return next(other for other in reversed(rule["enum"]) if other != value)
    by_type: dict[type, Callable[[], Any]] = {
        bool: lambda: not value,
        int: lambda: value + 1,
        str: lambda: {"memory": "7Mi", "cpu": "7m", "tmpSize": "7Mi"}.get(path[-1], "other"),
        list: lambda: ["other"] if path[0] != "networkPolicy" else [{"ipBlock": {"cidr": "10.9.9.9/32"}}],
        dict: lambda: {"RPC_CONCURRENCY": "1"} if path[-1] == "settings" else {"other": "1"},
    }
    return by_type[type(value)]()


ALL = dict(leaves(VALUES))
SHARED = {path: value for path, value in ALL.items() if path[:2] not in {("services", name) for name in SERVICES}}


@pytest.mark.parametrize("path", SHARED, ids=".".join)
def test_every_value_changes_something_or_is_listed(path: Path) -> None:
    before = over(values_of("minimal"), closest(path))
    after = over(before, nest(path, _flipped(path, _given(before, path) or SHARED[path])))
    assert after != before
    changed = _rendered(after) != _rendered(before)
    assert changed != (".".join(path) in UNSEEN)


def _given(values: Any, path: Path) -> Any:
    for key in path:
        values = values.get(key) if isinstance(values, dict) else None
    return values


def _rendered(values: Tree) -> dict[str, str]:
    """What is created; a guard's refusal counts as an effect too, the notes do not."""
    try:
        return {path: text for path, text in texts(values).items() if not path.endswith("NOTES.txt")}
    except HelmError as refusal:
        assert "一窗办不能这样安装" in str(refusal), refusal
        return {"refused": str(refusal)}


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_says_otherwise_for_itself_alone(name: str) -> None:
    found = kind(minimal(services={name: {"replicas": 5, "resources": {"cpu": "7m"}}}), "Deployment")
    assert {each for each, of in found.items() if of["spec"]["replicas"] == 5} == {f"onewindow-{name}"}
    [container] = found[f"onewindow-{name}"]["spec"]["template"]["spec"]["containers"]
    assert container["resources"]["requests"] == {
        "cpu": "7m",
        "memory": VALUES["services"]["all"]["resources"]["memory"],
    }


def test_every_key_has_a_sentence() -> None:
    told = {entry.path: entry.sentence for entry in entries((CHART / "values.yaml").read_text())}
    sections = {path[:length] for path in ALL for length in range(1, len(path))} - {
        ("networkPolicy", "peers", "clients")
    }
    silent = [
        ".".join(path)
        for path in {*ALL, *sections}
        if not told.get(".".join(path), "").strip().endswith((".", ")", "…"))
    ]
    assert silent == []


def test_the_schema_is_closed_at_every_level() -> None:
    free = {"podSelector", "namespaceSelector", "affinity", "triggers", "tolerations", "extraObjects"}
    assert [where for where in _open(SCHEMA, "") if where.rpartition(".")[2] not in free] == []


def _open(node: Any, where: str) -> Iterator[str]:
    if isinstance(node, dict):
        if node.get("type") == "object" and "additionalProperties" not in node:
            yield where.removesuffix(".items")
        for key, value in node.items():
            yield from _open(value, where if key in ("properties", "$defs") else f"{where}.{key}")


def test_the_schema_knows_the_keys_of_the_values_and_no_others() -> None:
    for path in {leaf[:length] for leaf in ALL for length in range(len(leaf))}:
        rule, node = _allowed(path) if path else SCHEMA, VALUES
        for key in path:
            node = node[key]
        if rule.get("additionalProperties") is False and path[:2] not in {("services", name) for name in SERVICES}:
            assert set(rule["properties"]) == set(node), path


@pytest.mark.parametrize("section", [key for key, value in VALUES.items() if isinstance(value, dict)])
def test_a_wrong_key_is_refused_in_every_section(section: str) -> None:
    with pytest.raises(HelmError, match=r"wrongKey|additional properties"):
        minimal(**{section: {"wrongKey": 1}})


def test_a_wrong_key_is_refused_at_the_top() -> None:
    with pytest.raises(HelmError, match="wrongKey"):
        minimal(wrongKey=1)


@pytest.mark.parametrize(
    "change",
    [
        {"office": {"district": "4401"}},
        {"database": {"tls": "sometimes"}},
        {"image": {"pullPolicy": "Always"}},
        {"image": {"digest": "sha256:12"}},
        {"nats": {"streamReplicas": 2}},
        {"services": {"all": {"resources": {"memory": 512}}}},
        {"services": {"intake": {"settings": {"ONEWINDOW_LOG_LEVEL": "info"}}}},
        {"office": {"settings": {"POSITION_WAIT_SECOND": "3"}}},
        {"networkPolicy": {"peers": {"sms": [{}]}}},
        {"objects": {"intake": "memory://"}},
        {"objects": {"intake": "s3://key:secret@bucket"}},
        {"sms": {"url": "https://user:password@sms.example.gov.cn/v1"}},
        {"nats": {"url": "nats://user:password@nats:4222"}},
        {"nats": {"url": "nats://a:4222,nats://b:4222"}},
        {"networkPolicy": {"peers": {"sms": [{"ipBlock": {"cidr": "10.0.0.0/8"}, "podSelector": {}}]}}},
        {"networkPolicy": {"peers": {"sms": [{"ipBlock": {"cidr": "sms.example.gov.cn"}}]}}},
        {"services": {"all": {"resources": {"memory": "0Mi"}}}},
        {"services": {"all": {"resources": {"cpu": "0"}}}},
        {"services": {"all": {"podLabels": {"app.kubernetes.io/name": "other"}}}},
        {"jobs": {"annotations": {"helm.sh/hook": "post-install"}}},
    ],
    ids=json.dumps,
)
def test_a_wrong_value_is_refused(change: Tree) -> None:
    with pytest.raises(HelmError, match="schema"):
        minimal(**change)


def test_a_name_of_digits_stays_a_name() -> None:
    found = minimal(tokens={"jwksSecret": "123"}, services={"all": {"priorityClassName": "1e3"}, "notify": None})
    spec = kind(found, "Deployment")["onewindow-intake"]["spec"]["template"]["spec"]
    assert spec["priorityClassName"] == "1e3"
    assert "123" in {volume["secret"]["secretName"] for volume in spec["volumes"] if "secret" in volume}


@pytest.mark.parametrize("name", PROFILES)
def test_helm_finds_nothing_to_complain_of(name: str) -> None:
    told = lint(CHART, values_of(name), strict=True)
    assert [message for message in told["messages"] if message["severity"] > 1] == []


@pytest.mark.parametrize("name", PROFILES)
def test_no_two_objects_have_one_name(name: str) -> None:
    found = [(each["kind"], each["metadata"]["name"]) for each in objects(values_of(name))]
    assert len(found) == len(set(found))
