"""What the chart tells a process is what the process reads, and what NATS is told is what the code needs."""

import json
import subprocess
import sysconfig
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml
from pydantic_settings import BaseSettings

from cli.catalogue.publication import PublishSettings
from cli.operator.selftest import SelftestSettings
from operations import streams
from operations.settings import (
    EveryDatabaseSettings,
    MigrateSettings,
    ProvideSettings,
    RecreateSettings,
    StreamsSettings,
)
from services.approval.settings import ApprovalSettings
from services.intake.settings import IntakeSettings
from services.metrics.settings import MetricsSettings
from services.notify.settings import NotifySettings
from tests.deploy.rendering import CHART, PROFILES, SERVICES, Tree, kind, pods, profile
from tests.deploy.surroundings import DEV, by_hand, dev_objects
from tools.cluster import dev_secrets

READERS: Mapping[str, type[BaseSettings]] = {
    "intake": IntakeSettings,
    "approval": ApprovalSettings,
    "notify": NotifySettings,
    "metrics": MetricsSettings,
    "migrate": MigrateSettings,
    "streams": StreamsSettings,
    "provide": ProvideSettings,
    "test": SelftestSettings,
    "catalogue": PublishSettings,
    "received": EveryDatabaseSettings,
    "recreate": RecreateSettings,
}
EVERY = [*PROFILES, "deploy/dev"]
PREFIX = "ONEWINDOW_"


def _told(name: str) -> dict[str, tuple[dict[str, str], Tree]]:
    """By container: what its environment says to us, and its pod."""
    found = [*dev_objects(), *by_hand()] if name == "deploy/dev" else profile(name)
    configured = kind(found, "ConfigMap")
    told = {}
    for _, _, spec, _ in pods(found):
        [container] = spec["containers"]
        env = {each["name"]: each["value"] for each in container.get("env", [])}
        for source in container.get("envFrom", []):
            env |= configured[source["configMapRef"]["name"]]["data"]
        told[container["name"]] = ({key: value for key, value in env.items() if key.startswith(PREFIX)}, spec)
    return {name: each for name, each in told.items() if name in READERS}


@pytest.mark.parametrize("name", EVERY)
def test_every_setting_told_is_read(name: str) -> None:
    for container, (env, _) in _told(name).items():
        unknown = {key.removeprefix(PREFIX).lower() for key in env} - READERS[container].model_fields.keys()
        assert unknown == set(), container


def test_values_may_add_every_setting_of_a_service_and_no_other() -> None:
    schema = json.loads((CHART / "values.schema.json").read_text())
    read = {field.upper() for name in SERVICES for field in READERS[name].model_fields}
    assert set(schema["$defs"]["settings"]["propertyNames"]["enum"]) == read


@pytest.mark.parametrize("name", EVERY)
def test_every_setting_demanded_is_told(name: str) -> None:
    for container, (env, _) in _told(name).items():
        needed = {
            f"{PREFIX}{key.upper()}" for key, field in READERS[container].model_fields.items() if field.is_required()
        }
        assert needed - env.keys() == set(), container


@pytest.mark.parametrize("name", EVERY)
def test_every_file_and_folder_told_is_mounted(name: str) -> None:
    for container, (env, spec) in _told(name).items():
        files = _files(spec)
        for key, value in env.items():
            if key.endswith("_FILE"):
                assert value in files, (container, key)
            elif key.endswith("_DIR"):
                assert any(file.startswith(f"{value}/") for file in files), (container, key)


def _files(spec: Tree) -> set[str]:
    mounts = {mount["name"]: mount["mountPath"] for mount in spec["containers"][0]["volumeMounts"]}
    assert all("subPath" not in mount for mount in spec["containers"][0]["volumeMounts"]), "subPath never changes"
    found = set()
    for volume in spec["volumes"]:
        sources = [volume["secret"]] if "secret" in volume else volume.get("projected", {}).get("sources", [])
        for source in sources:
            name, items = source.get("secretName"), source.get("secret", source).get("items")
            keys = [item["path"] for item in items] if items else SECRETS[name]
            found |= {f"{mounts[volume['name']]}/{key}" for key in keys}
    return found


SECRETS = {each["metadata"]["name"]: list(each["stringData"]) for each in dev_secrets.everything()}


@pytest.mark.parametrize("name", PROFILES)
def test_no_secret_stands_in_an_environment(name: str) -> None:
    for container, (env, _) in _told(name).items():
        assert [key for key in env if any(word in key for word in ("PASSWORD", "SECRET", "PEM"))] == [], container
    assert "valueFrom" not in yaml.safe_dump(profile(name))


def test_a_private_key_goes_to_one_service_alone() -> None:
    holders: dict[str, set[str]] = {"seal": set(), "read-pass": set()}
    for container, (_, spec) in _told("minimal").items():
        for volume in spec["volumes"]:
            keys = {item["key"] for item in volume.get("secret", {}).get("items", [])}
            if volume["name"] in holders and "private.pem" in keys:
                assert "public.pem" not in keys
                holders[volume["name"]].add(container)
    assert holders == {"seal": {"notify"}, "read-pass": {"approval"}}


def test_probes_ask_for_names_that_health_answers() -> None:
    for name in SERVICES:
        [container] = kind(profile("minimal"), "Deployment")[f"onewindow-{name}"]["spec"]["template"]["spec"][
            "containers"
        ]
        asked = {probe: container[f"{probe}Probe"]["grpc"]["service"] for probe in ("startup", "liveness", "readiness")}
        assert asked == {"startup": "live", "liveness": "live", "readiness": "ready"}


def test_nats_for_trying_out_permits_what_the_code_says() -> None:
    written = (DEV / "permissions.conf").read_text()
    assert written.partition("# ---\n")[2] == streams.authorization()


def test_nats_takes_the_configuration_with_the_passwords_that_are_made(tmp_path: Path) -> None:
    made = {each["metadata"]["name"]: each["stringData"] for each in dev_secrets.everything()}
    for folder, texts in (("passwords", made["onewindow-nats-passwords"]), ("tls", made["onewindow-nats-tls"])):
        (tmp_path / folder).mkdir()
        for file, text in texts.items():
            (tmp_path / folder / file).write_text(text)
    (tmp_path / "settings").mkdir()
    for file in ("nats.conf", "permissions.conf"):
        text = (DEV / file).read_text().replace("/etc/nats", str(tmp_path)).replace('"/data"', f'"{tmp_path}/data"')
        (tmp_path / "settings" / file).write_text(text)
    server = Path(sysconfig.get_path("scripts")) / "nats-server"
    told = subprocess.run(
        [server, "-t", "-c", tmp_path / "settings/nats.conf"], capture_output=True, text=True, check=False, timeout=60
    )
    assert told.returncode == 0, told.stderr
