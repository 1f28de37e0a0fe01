"""After a restore each service is looked through by a Job that is made of the service's own Deployment."""

import pytest
import yaml
from kubernetes_validate import validate

from tests.deploy.rendering import PROFILES, SERVICES, Tree, profile
from tools.cluster.verify import job_of


def deployments(name: str) -> list[Tree]:
    return [each for each in profile(name) if each["kind"] == "Deployment"]


@pytest.mark.parametrize("name", PROFILES)
def test_the_job_has_the_pod_of_its_service_without_what_serves(name: str) -> None:
    found = deployments(name)
    assert {each["metadata"]["name"] for each in found} == {f"onewindow-{service}" for service in SERVICES}
    for deployment in found:
        job, template = job_of(deployment), deployment["spec"]["template"]
        validate(job, "1.34", strict=True)
        made = job["spec"]["template"]
        assert made["metadata"]["labels"] == template["metadata"]["labels"]  # policies know the pod by them
        [container], [served, *_] = made["spec"]["containers"], template["spec"]["containers"]
        assert container["command"] == ["/opt/onewindow/bin/onewindow", "audit", "verify"]
        assert not any("Probe" in key for key in container)
        for same in ("image", "env", "envFrom", "volumeMounts", "securityContext", "resources"):
            assert container.get(same) == served.get(same)
        for same in ("volumes", "securityContext", "serviceAccountName", "automountServiceAccountToken"):
            assert made["spec"].get(same) == template["spec"].get(same)
        assert made["spec"]["restartPolicy"] == "Never"


def test_making_the_job_leaves_the_deployment_as_it_is() -> None:
    deployment = deployments("default" if "default" in PROFILES else next(iter(PROFILES)))[0]
    before = yaml.safe_dump(deployment)
    job_of(deployment)
    assert yaml.safe_dump(deployment) == before
