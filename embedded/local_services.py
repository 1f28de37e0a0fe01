"""Access to the stack on this machine: its status, its services, its databases as their workers see them, its NATS.

Every function that needs a running stack raises NotRunning without one.
"""

from collections.abc import Mapping, Sequence
from typing import TypedDict

from chassis.clock import OfficeClock
from chassis.nats.broker_access import BrokerAccess
from chassis.postgres.database import PoolSettings, as_role
from client.office import CALL_SECONDS, OfficeClient
from client.retries import PATIENT, RetryPolicy
from embedded import keys, nats, ports, postgres
from embedded.data_dir import StackSettings
from embedded.services import Site
from embedded.supervision.state import StackState
from operations.settings import VaultSettings
from operations.workers import STATEMENT_SECONDS, ServiceWorker
from protocol.streams import SERVICES

_SERVERS = ("postgres", "nats")


class ServerStatus(TypedDict):
    """A server, its URL for clients, and its present pid."""

    url: str
    pid: int | None


class StackStatus(TypedDict):
    """The document of `status --json`; services and simulators by name, their addresses as HOST:PORT."""

    services: dict[str, dict[str, str | int | None]]
    simulators: dict[str, dict[str, str | int | None]]
    postgres: ServerStatus
    nats: ServerStatus
    clock: str


def status_of(site: Site, state: StackState) -> StackStatus:
    """The status of a stack; a pid is None while its program is between two starts."""
    answering = {name: {**address, "pid": state.pid(name)} for name, address in _addresses(site).items()}
    address = postgres.PostgresAddress(site.data_dir.socket, site.ports["postgres"])
    password = keys.read(site.data_dir, keys.POSTGRES_PASSWORD)
    return {
        "services": {name: address for name, address in answering.items() if "health" in address},
        "simulators": {name: address for name, address in answering.items() if "health" not in address},
        "postgres": {"url": address.outside_url(password), "pid": state.pid("postgres")},
        "nats": {"url": nats.url(site.ports["nats"]), "pid": state.pid("nats")},
        "clock": OfficeClock(site.data_dir.clock).now().isoformat(),
    }


def local_client(
    site: Site,
    staff: Mapping[str, tuple[Sequence[str], str]],
    call_seconds: float = CALL_SECONDS,
    policy: RetryPolicy = PATIENT,
) -> OfficeClient:
    """A client of the four services for members of staff, each with posts and a place."""
    tokens = {name: keys.staff_token(site.data_dir, name, posts, place) for name, (posts, place) in staff.items()}
    return OfficeClient(
        {service: site.address(f"{service}.rpc") for service in SERVICES},
        tokens,
        policy=policy,
        call_seconds=call_seconds,
    )


def local_worker(site: Site, service: str) -> ServiceWorker:
    """The worker of a service, which the operating system lets into its database."""
    address = postgres.PostgresAddress(site.data_dir.socket, site.ports["postgres"])
    pool = PoolSettings(
        str(address.socket),
        address.port,
        service,
        as_role(f"{service}_worker"),
        connections=2,
        statement_timeout=STATEMENT_SECONDS,
    )
    return ServiceWorker(service, site.settings.district, pool)


def local_broker(site: Site) -> BrokerAccess:
    """The NATS server of the stack."""
    return BrokerAccess(nats.url(site.ports["nats"]))


def local_vault(settings: StackSettings) -> VaultSettings:
    """The vault keys and the object store of a stack that has its keys, running or not."""
    data_dir = settings.data_dir()
    return VaultSettings.model_validate(
        {"vault_key_file": data_dir.keys / keys.VAULT, "objects_url": data_dir.objects.as_uri()}
    )


def _addresses(site: Site) -> dict[str, dict[str, str | int | None]]:
    addresses: dict[str, dict[str, str | int | None]] = {}
    for full_name, port in site.ports.items():
        name, _, kind = full_name.partition(".")
        if name not in _SERVERS:
            addresses.setdefault(name, {})[kind] = f"{ports.LOOPBACK}:{port}"
    return addresses
