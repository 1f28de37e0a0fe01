"""One image, from one registry: with `global.imageRegistry` no other host occurs in any object."""

import json
import re

import pytest

from tests.deploy.rendering import PROFILES, ROOT, objects, over, pods, profile, values_of
from tests.deploy.surroundings import dev_objects
from tools.tree import read

MIRROR = "registry.example.gov.cn:5000/zwfw"
DIGEST = "sha256:" + "3" * 64
_IMAGE = re.compile(r'"image": "([^"]+)"')


def _images(found: list[dict[str, object]]) -> set[str]:
    return set(_IMAGE.findall(json.dumps(found)))


@pytest.mark.parametrize("name", PROFILES)
def test_with_a_mirror_no_other_registry_occurs_anywhere(name: str) -> None:
    found = objects(
        over(values_of(name), {"global": {"imageRegistry": MIRROR}, "image": {"registry": "docker.io/acme"}})
    )
    assert {image.rpartition("/")[0] for image in _images(found)} == {MIRROR}
    assert "docker.io" not in json.dumps(found)
    assert "localhost" not in json.dumps(found)


def test_a_digest_wins_over_the_tag() -> None:
    found = objects(over(values_of("minimal"), {"image": {"digest": DIGEST, "tag": "1.2.3"}}))
    assert _images(found) == {f"localhost/onewindow@{DIGEST}"}


def test_every_pod_may_pull_with_the_same_secrets() -> None:
    assert all(spec["imagePullSecrets"] == [{"name": "registry"}] for _, _, spec, _ in pods(profile("airgap")))


def test_what_stands_around_the_chart_runs_the_same_version() -> None:
    [version] = re.findall(r'^version = "(.+)"$', read(ROOT / "pyproject.toml"), re.MULTILINE)
    ours = {image for image in _images(dev_objects()) if "/onewindow" in image}
    assert ours == {f"localhost/onewindow:{version}"}
    assert _images(dev_objects()) - ours == {"localhost/postgres:15", "localhost/nats:2"}
