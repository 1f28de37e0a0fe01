"""Systems are known by their certificates, and only by those that are in the register."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import grpc
import grpc.aio
import pytest

from chassis.refusals import Unauthenticated
from chassis.rpc.access import AccessRule, admit
from chassis.rpc.identity.caller import PlaceOfSystem, PlaceRules
from chassis.rpc.identity.system_registry import SystemRegistry
from chassis.settings.watched_file import UnusableFile, WatchedFile
from tests.support.certificates import Authority, mount
from tests.support.echo.edge import DISTRICT, Edge, Issuer, serving

PORTAL = "spiffe://onewindow/ns/portal/sa/portal"
STRANGER = "spiffe://onewindow/ns/other/sa/other"


class Site:
    """A service with mutual TLS and one system in its register."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.authority = Authority()
        key, certificate = self.authority.give()
        self.files = mount(
            folder,
            tls_key_file=key,
            tls_certificate_file=certificate,
            tls_client_authority_file=self.authority.pem,
            machines_file=json.dumps({PORTAL: {"system": "PORTAL", "place": "*"}}).encode(),
        )

    @asynccontextmanager
    async def channel(self, edge: Edge, *uris: str, authority: Authority | None = None) -> AsyncIterator[Edge]:
        """The same service, called with a certificate that names `uris`."""
        key, certificate = (authority or self.authority).give(*uris)
        credentials = grpc.ssl_channel_credentials(self.authority.pem, key, certificate)
        async with grpc.aio.secure_channel(f"127.0.0.1:{edge.port}", credentials) as channel:
            yield Edge(edge.messages, channel, edge.servicer, edge.issuer, edge.port)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A site of the test's own."""
    return Site(tmp_path)


@pytest.fixture
async def secure(messages: ModuleType, issuer: Issuer, site: Site) -> AsyncIterator[Edge]:
    """The echo service with mutual TLS."""
    async with serving(messages, issuer, **site.files) as edge:
        yield edge


async def test_a_system_in_the_register_calls_without_a_token(secure: Edge, site: Site) -> None:
    async with site.channel(secure, PORTAL) as portal:
        assert (await portal.call("Say", text="x", token=None)).caller == PORTAL
        assert (await portal.refusal(portal.call("SayAtDistrict", text="x", token=None))).code == "PERMISSION_DENIED"


async def test_a_token_comes_before_the_certificate_that_carries_it(secure: Edge, site: Site) -> None:
    async with site.channel(secure, PORTAL) as portal:
        assert (await portal.call("Say", text="x")).caller == "10001"


@pytest.mark.parametrize("uris", [[STRANGER], [PORTAL, STRANGER], []], ids=["stranger", "two names", "no name"])
async def test_an_unknown_name_is_refused(secure: Edge, site: Site, uris: list[str]) -> None:
    async with site.channel(secure, *uris) as stranger:
        assert (await stranger.refusal(stranger.call("Say", text="x", token=None))).code == "UNAUTHENTICATED"


async def test_a_certificate_of_another_authority_does_not_connect(secure: Edge, site: Site) -> None:
    async with site.channel(secure, PORTAL, authority=Authority("another")) as forged:
        assert (await forged.refusal(forged.call("Say", text="x", token=None))).code == "UNAVAILABLE"


async def test_plaintext_does_not_connect(secure: Edge) -> None:
    assert (await secure.refusal(secure.call("Say", text="x"))).code == "UNAVAILABLE"


async def test_a_replaced_certificate_is_shown_without_a_restart(secure: Edge, site: Site) -> None:
    newer = Authority("newer")
    key, certificate = newer.give()
    mount(site.folder, tls_key_file=key, tls_certificate_file=certificate, tls_client_authority_file=newer.pem)
    site.authority = newer
    async with site.channel(secure, PORTAL) as portal:
        assert (await portal.call("Say", text="x", token=None)).caller == PORTAL


PLACES = PlaceRules({"PROBE": "999"}, frozenset({"SCREEN"}))


def registered(folder: Path, entries: dict[str, Any]) -> SystemRegistry:
    file = WatchedFile(mount(folder, register=json.dumps(entries).encode())["register"])
    return SystemRegistry(file, DISTRICT, PLACES)


def test_a_system_removed_from_the_registry_is_refused_at_once(tmp_path: Path) -> None:
    register = registered(tmp_path, {PORTAL: {"system": "PORTAL", "place": "440105999"}})
    presented = {"peer_spiffe_id": [PORTAL.encode()]}
    caller = register.caller(presented)
    assert caller is not None
    assert (caller.system, caller.street, caller.level) == ("PORTAL", "440105999", "STREET")
    mount(tmp_path, register=b"{}")
    with pytest.raises(Unauthenticated):
        register.caller(presented)


@pytest.mark.parametrize("entry", [{}, {"place": "*"}, {"place": "440105008"}])
def test_a_probe_is_bound_to_the_reserved_place_whatever_its_registration_says(
    tmp_path: Path, entry: dict[str, str]
) -> None:
    caller = registered(tmp_path, {PORTAL: {"system": "PROBE"} | entry}).caller({"peer_spiffe_id": [PORTAL.encode()]})
    assert caller is not None
    assert (caller.street, caller.level) == ("440105999", "STREET")


@pytest.mark.parametrize("entry", [{}, {"place": "440105999"}])
def test_a_system_without_a_place_of_its_own_may_call_nothing(tmp_path: Path, entry: dict[str, str]) -> None:
    caller = registered(tmp_path, {PORTAL: {"system": "PORTAL"} | entry}).caller({"peer_spiffe_id": [PORTAL.encode()]})
    with pytest.raises(PlaceOfSystem):
        admit(AccessRule(machines=frozenset({"PORTAL"})), caller, PLACES)


def test_a_screen_is_at_the_street_of_its_registration(tmp_path: Path) -> None:
    register = registered(tmp_path, {PORTAL: {"system": "SCREEN", "place": "440105008"}})
    caller = register.caller({"peer_spiffe_id": [PORTAL.encode()]})
    assert caller is not None
    assert (caller.system, caller.street) == ("SCREEN", "440105008")


NO_STREET = [{}, {"place": ""}, {"place": "*"}, {"place": "440105000"}, {"place": "440105999"}]


@pytest.mark.parametrize("entry", NO_STREET, ids=str)
def test_a_screen_of_no_street_is_refused_when_the_register_is_read(tmp_path: Path, entry: dict[str, str]) -> None:
    with pytest.raises(UnusableFile, match=r"register.*SCREEN works at one street"):
        registered(tmp_path, {PORTAL: {"system": "SCREEN"} | entry})


@pytest.mark.parametrize("entry", NO_STREET, ids=str)
def test_a_register_with_a_screen_of_no_street_changes_nothing(tmp_path: Path, entry: dict[str, str]) -> None:
    register, presented = registered(tmp_path, {PORTAL: {"system": "PORTAL", "place": "*"}}), [PORTAL.encode()]
    mount(tmp_path, register=json.dumps({PORTAL: {"system": "SCREEN"} | entry}).encode())
    caller = register.caller({"peer_spiffe_id": presented})
    assert caller is not None
    assert caller.system == "PORTAL"


@pytest.mark.parametrize(
    "entries",
    [
        {PORTAL: {"system": "PORTAL", "place": "440106001"}},
        {PORTAL: {"system": "PORTAL", "place": "44010500٨"}},
        {PORTAL: {}},
        [],
    ],
)
def test_a_register_that_is_none_is_refused(tmp_path: Path, entries: Any) -> None:
    with pytest.raises(ValueError, match="register"):
        registered(tmp_path, entries)
