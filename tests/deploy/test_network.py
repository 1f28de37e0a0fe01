"""The pairs that the rendered policies let through are those of docs/map.md, and no others."""

import re
from collections.abc import Iterator
from itertools import product

import pytest

from tests.deploy.reach import Party, allowed, of_chart
from tests.deploy.rendering import NAMESPACE, ROOT, SERVICES, Tree, kind, objects, over, values_of
from tests.deploy.surroundings import dev_objects

Pair = tuple[str, str, str]

FROM = {
    "windows, portal, desks, supervisors (ingress)": ("clients",),
    "the district's system": ("districtCallers",),
    "Prometheus": ("prometheus",),
    "test pod": ("test",),
    "Job for migrations": ("migrate",),
    "Job for streams": ("streams",),
}
TO = {
    "PostgreSQL": "database",
    "NATS": "nats",
    "DNS": "dns",
    "traces": "traces",
    "single sign-on": "singleSignOn",
    "object store": "objects",
    "the district's system": "district",
    "SMS gateway": "sms",
}
"""The words of the table, and the names of the values."""
OUTSIDE = {
    "database": 5432,
    "nats": 4222,
    "objects": 443,
    "singleSignOn": 443,
    "traces": 4317,
    "sms": 443,
    "district": 1,
}
CALLERS = ("clients", "prometheus", "districtCallers")


def declared() -> set[Pair]:
    """The pairs of the table."""
    section = (ROOT / "docs/map.md").read_text().partition("## Who may reach whom")[2].partition("\n## ")[0]
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line.startswith("|")
    ]
    assert rows[0] == ["From", "To", "For"]
    return {(source, *target) for who, where, _ in rows[2:] for source in _sources(who) for target in _targets(where)}


def _sources(cell: str) -> tuple[str, ...]:
    return FROM.get(cell) or tuple(name for name in re.split(r", ", cell) if _service(name))


def _service(name: str) -> bool:
    assert name in SERVICES, f"docs/map.md says {name!r}: teach this reader the word first"
    return True


def _targets(cell: str) -> Iterator[tuple[str, str]]:
    for part in cell.split("; "):
        if part == "metrics ports of all":
            yield from [*((name, "metrics") for name in SERVICES), ("metrics", "kpi")]
        elif part == "RPC and health of the four services":
            yield from product(SERVICES, ("rpc", "health"))
        elif part.endswith(": RPC"):
            yield from ((name, "rpc") for name in part.removesuffix(": RPC").split(", ") if _service(name))
        else:
            words = [word for word in TO if word in part]
            assert words, f"docs/map.md says {part!r}: teach this reader the word first"
            yield from ((TO[word], "") for word in words)


def _everything() -> Tree:
    """Values under which every flow is in use, with each party told by a label of its own."""
    peers = {name: [{"podSelector": {"matchLabels": {"party": name}}}] for name in (*OUTSIDE, *CALLERS, "dns")}
    change = {
        "office": {"traces": "http://otel:4317"},
        "tokens": {"jwksSecret": "", "jwksUrl": "https://sso.example.gov.cn/jwks"},
        "district": {"target": "district:1"},
        "networkPolicy": {"peers": peers},
    }
    return over(values_of("minimal"), change)


def _world(found: list[Tree]) -> list[Party]:
    outside = [Party(name, {"party": name}, {"": port}) for name, port in {**OUTSIDE, "dns": 53}.items()]
    callers = [Party(name, {"party": name}, {}) for name in CALLERS]
    other = Party("neighbour", {}, {"": 80}, "other", {"kubernetes.io/metadata.name": "other"})
    return [*of_chart(found), *outside, *callers, Party("stranger", {"app": "other"}, {"": 80}), other]


def _of_chart(pairs: set[Pair]) -> set[Pair]:
    """Pairs in which a pod of the chart has a part; what others do among themselves is not ours."""
    ours = {*SERVICES, "migrate", "streams", "test"}
    return {pair for pair in pairs if ours & set(pair[:2])}


def test_the_pairs_let_through_are_those_of_the_map() -> None:
    found = objects(_everything())
    assert _of_chart(allowed(found, _world(found))) == declared()


def test_no_service_reaches_another() -> None:
    assert [pair for pair in declared() if set(pair[:2]) <= set(SERVICES)] == []


def test_without_policies_everybody_reaches_everybody() -> None:
    found = [each for each in objects(_everything()) if each["kind"] != "NetworkPolicy"]
    assert ("stranger", "intake", "rpc") in allowed(found, _world(found))


@pytest.mark.parametrize("name", ["onewindow-intake", "onewindow-migrate", "onewindow-test"])
def test_a_policy_that_is_missing_is_noticed(name: str) -> None:
    found = objects(_everything())
    fewer = [each for each in found if (each["kind"], each["metadata"]["name"]) != ("NetworkPolicy", name)]
    assert _of_chart(allowed(fewer, _world(found))) != declared()


def test_a_policy_that_opens_everything_is_noticed() -> None:
    found = objects(_everything())
    wider = [*found, {"kind": "NetworkPolicy", "metadata": {"name": "open"}, "spec": _open_to_all()}]
    assert _of_chart(allowed(wider, _world(found))) != declared()


def _open_to_all() -> Tree:
    return {"podSelector": {}, "policyTypes": ["Ingress", "Egress"], "ingress": [{}], "egress": [{}]}


def test_every_pod_of_the_chart_is_denied_by_default() -> None:
    deny = kind(objects(_everything()), "NetworkPolicy")["onewindow-default-deny"]["spec"]
    assert deny["policyTypes"] == ["Ingress", "Egress"]
    assert "ingress" not in deny and "egress" not in deny
    for party in of_chart(objects(_everything())):
        assert deny["podSelector"]["matchLabels"].items() <= party.labels.items(), party.name


def test_the_servers_for_trying_out_let_in_those_who_need_them() -> None:
    found = dev_objects()
    servers = [
        Party("database", {"app.kubernetes.io/name": "onewindow-postgres"}, {"postgres": 5432}),
        Party("nats", {"app.kubernetes.io/name": "onewindow-nats"}, {"nats": 4222}),
    ]
    reached = {pair[:2] for pair in allowed(found, [*_chart_pods(found), *servers, Party("stranger", {}, {})])}
    expected = {*product((*SERVICES, "migrate"), ("database",)), *product((*SERVICES, "streams"), ("nats",))}
    assert {pair for pair in reached if pair[1] in ("database", "nats")} == expected


def _chart_pods(found: list[Tree]) -> list[Party]:
    return of_chart(
        [each for each in found if each["metadata"].get("labels", {}).get("app.kubernetes.io/name") == NAMESPACE]
    )
