"""Counters right after a start: each series of errors is there with 0, so that the first burst is an increase."""

import os
import re
import signal
from collections.abc import Mapping
from pathlib import Path
from urllib.request import urlopen

import pytest
import yaml
from onewindow.approval.v1 import approval_service_pb2, district_gateway_service_pb2
from onewindow.intake.v1 import catalogue_service_pb2, hall_service_pb2, intake_service_pb2
from onewindow.metrics.v1 import metrics_service_pb2
from onewindow.notify.v1 import notify_service_pb2
from onewindow.recount.v1 import recount_service_pb2
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

from embedded.stack import Stack
from tests.journeys.office import Office
from tests.support.waiting import until

_ERRORS = "rejected|failed|dead_letters|restarts|remade|handoff_attempts|messages"
CODES = {
    "OK", "CANCELLED", "INVALID_ARGUMENT", "UNAUTHENTICATED", "PERMISSION_DENIED", "NOT_FOUND", "ALREADY_EXISTS",
    "FAILED_PRECONDITION", "ABORTED", "RESOURCE_EXHAUSTED", "DEADLINE_EXCEEDED", "UNAVAILABLE", "INTERNAL",
}  # fmt: skip # every code that ends a call, as docs/integration/clients.md has them
CHART = Path(__file__).resolve().parents[2] / "deploy/helm/onewindow"
SERVICES = {
    "intake": (intake_service_pb2, hall_service_pb2, catalogue_service_pb2, recount_service_pb2),
    "approval": (approval_service_pb2, district_gateway_service_pb2, recount_service_pb2),
    "notify": (notify_service_pb2, recount_service_pb2),
    "metrics": (metrics_service_pb2,),
}
PARTS_OF_OTHERS = {
    "metrics": ("onewindow_publish", "onewindow_swe", "onewindow_stream_losses", "onewindow_republished"),
    "notify": ("onewindow_swe",),
}
"""Counters of what a service does not do: notify and metrics have no sweeps, metrics no facts of its own."""


def named_by_rules() -> set[str]:
    """Families of the series that alerts and records take increases or rates of; quantiles of durations need calls."""
    texts = [path.read_text("utf-8") for folder in ("alerts", "rules") for path in (CHART / folder).glob("*.yaml")]
    rules = [rule["expr"] for text in texts for group in yaml.safe_load(text)["groups"] for rule in group["rules"]]
    found = {name for rule in rules for name in re.findall(r"(?:rate|increase)\((onewindow_\w+)", rule)}
    return {re.sub("_(total|count|sum)$", "", name) for name in found if not name.endswith("_bucket")}


def families(address: str) -> dict[str, Metric]:
    """Metrics of a running service by name."""
    with urlopen(f"http://{address}/metrics", timeout=5) as answer:
        return {family.name: family for family in text_string_to_metric_families(answer.read().decode())}


def _scraped(address: str) -> bool:
    try:
        return bool(families(address))
    except OSError:
        return False


@pytest.fixture(scope="module")
def fresh(stack: Stack, office: Office) -> Mapping[str, dict[str, Metric]]:
    """First scrape of each service after it was killed and started again."""
    return {service: _killed_and_scraped(stack, service) for service in SERVICES}


def _killed_and_scraped(stack: Stack, service: str) -> dict[str, Metric]:
    before = stack.status()["services"][service]
    os.kill(int(str(before["pid"])), signal.SIGKILL)
    until(lambda: stack.status()["services"][service]["pid"] not in (before["pid"], None))
    until(lambda: _scraped(str(before["metrics"])))
    return families(str(before["metrics"]))


@pytest.mark.parametrize("service", SERVICES)
def test_each_labelled_counter_begins_at_0(fresh: Mapping[str, dict[str, Metric]], service: str) -> None:
    counters = {name: family for name, family in fresh[service].items() if family.type == "counter"}
    others = PARTS_OF_OTHERS.get(service, ("of nobody",))
    own = [name for name in counters if name.startswith("onewindow_") and not name.startswith(others)]
    assert [name for name in own if not counters[name].samples] == []
    errors = [sample for name in own for sample in counters[name].samples if re.search(_ERRORS, sample.name)]
    assert len(errors) > 5
    assert [sample for sample in errors if sample.name.endswith("_total") and sample.value != 0] == []


@pytest.mark.parametrize("service", SERVICES)
def test_each_method_begins_at_0_with_each_code_that_ends_it(
    fresh: Mapping[str, dict[str, Metric]], service: str
) -> None:
    contracts = [each for file in SERVICES[service] for each in file.DESCRIPTOR.services_by_name.values()]
    calls = [each for each in fresh[service]["onewindow_rpc_calls"].samples if each.name == "onewindow_rpc_calls_total"]
    series = {(sample.labels["method"], sample.labels["code"]) for sample in calls}
    methods = {f"/{each.full_name}/{method.name}" for each in contracts for method in each.methods}
    assert {(method, code) for method in methods for code in CODES} | {("unknown", "UNIMPLEMENTED")} <= series
    assert {method for method, _ in series} - methods == {"unknown"}, "every contract of the service is meant"


def test_no_rule_takes_the_increase_of_a_series_that_no_service_has(fresh: Mapping[str, dict[str, Metric]]) -> None:
    assert named_by_rules() <= {name for metrics in fresh.values() for name in metrics if metrics[name].samples}
