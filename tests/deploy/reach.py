"""Who may reach whom under NetworkPolicies, worked out as a network plugin would."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tests.deploy.rendering import NAMESPACE, Tree, kind, pods


@dataclass(frozen=True)
class Party:
    """A pod, or somebody outside: its labels, where it is, and the ports it opens by name."""

    name: str
    labels: Mapping[str, str]
    ports: Mapping[str, int]
    namespace: str = NAMESPACE
    of_namespace: Mapping[str, str] = field(default_factory=dict)


def of_chart(found: list[Tree]) -> list[Party]:
    """What the chart runs, each under the name of its component."""
    return [
        Party(
            metadata["labels"]["app.kubernetes.io/component"],
            metadata["labels"],
            {port["name"]: port["containerPort"] for port in spec["containers"][0].get("ports", [])},
        )
        for _, metadata, spec, _ in pods(found)
    ]


def allowed(found: list[Tree], parties: Iterable[Party]) -> set[tuple[str, str, str]]:
    """Every (from, to, port) that all policies together let through; nobody is asked about reaching itself."""
    policies, everybody = list(kind(found, "NetworkPolicy").values()), list(parties)
    return {
        (source.name, target.name, port)
        for source in everybody
        for target in everybody
        for port in target.ports
        if source is not target
        and _lets(policies, "Egress", source, target, port)
        and _lets(policies, "Ingress", target, source, port)
    }


def _lets(policies: list[Tree], way: str, here: Party, there: Party, port: str) -> bool:
    """Whether the policies that select `here` let traffic through; where none does, all traffic passes."""
    mine = [each["spec"] for each in policies if way in each["spec"]["policyTypes"] and _selects(each["spec"], here)]
    opened = there if way == "Egress" else here
    ends = "to" if way == "Egress" else "from"
    return not mine or any(
        _port(rule, opened, port) and _peer(rule, ends, there) for spec in mine for rule in spec.get(way.lower(), [])
    )


def _selects(spec: Tree, party: Party) -> bool:
    return party.namespace == NAMESPACE and _matches(spec["podSelector"], party.labels)


def _port(rule: Tree, opened: Party, port: str) -> bool:
    wanted = [each["port"] for each in rule.get("ports", [])]
    return not wanted or port in wanted or opened.ports[port] in wanted


def _peer(rule: Tree, ends: str, party: Party) -> bool:
    return not rule.get(ends) or any(_is(peer, party) for peer in rule[ends])


def _is(peer: Tree, party: Party) -> bool:
    if "ipBlock" in peer:
        return party.labels.get("cidr") == str(peer["ipBlock"]["cidr"])
    inside = (
        _matches(peer["namespaceSelector"], party.of_namespace)
        if "namespaceSelector" in peer
        else party.namespace == NAMESPACE
    )
    return inside and _matches(peer.get("podSelector", {}), party.labels)


def _matches(selector: Tree, labels: Mapping[str, str]) -> bool:
    equal = all(labels.get(key) == value for key, value in selector.get("matchLabels", {}).items())
    for rule in selector.get("matchExpressions", []):
        assert rule["operator"] == "In", "teach this reader the others first"
        equal = equal and labels.get(rule["key"]) in rule["values"]
    return equal
