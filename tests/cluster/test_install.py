"""Bar 1: from nothing to a green `helm test`, two replicas each, in a namespace that enforces Pod Security."""

import json
import time

import pytest

from tests.cluster.office import SERVICES, Office, say, until
from tools.cluster.install import Images, install
from tools.cluster.kube import Kube
from tools.delivery.programs import StepFailed

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(900)]

_WITHIN_SECONDS = 300.0


def test_from_nothing_to_a_green_helm_test_within_five_minutes(kube: Kube, images: Images) -> None:
    kube.run("delete", "namespace", kube.namespace, "--ignore-not-found", "--wait=true", "--timeout=180s")
    began = time.monotonic()
    install(kube, images)
    took = time.monotonic() - began
    assert took < _WITHIN_SECONDS
    assert Office(kube).whole()
    say(f"from nothing to a green helm test: {took:.1f} s")


def test_the_namespace_refuses_a_pod_that_is_not_restricted(office: Office) -> None:
    container = {"name": "loose", "image": "localhost/onewindow:0", "securityContext": {"runAsUser": 0}}
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "loose"}, "spec": {"containers": [container]}}
    with pytest.raises(StepFailed, match='violates PodSecurity "restricted'):
        office.kube.run("create", "--dry-run=server", "-f", "-", stdin=json.dumps(pod))


def test_each_service_answers_with_two_replicas_that_never_had_to_start_again(office: Office) -> None:
    for service in SERVICES:
        found = office.pods(component=service)
        assert len(found) == 2, service
        assert [office.restarts(pod) for pod in found] == [0, 0], service


def test_an_installation_that_is_repeated_changes_nothing_that_runs(office: Office, images: Images) -> None:
    before = {pod["metadata"]["uid"] for pod in office.services()}
    install(office.kube, images)
    until(office.whole, "everything stands")
    assert {pod["metadata"]["uid"] for pod in office.services()} == before
