"""What `onewindow status` tells of a running stack."""

from typing import TypedDict

from chassis.clock import OfficeClock
from embedded import keys, nats, ports, postgres
from embedded.roll import Roll
from embedded.services import Site

_SERVERS = ("postgres", "nats")


class Server(TypedDict):
    """A server, where clients reach it, and its present pid."""

    url: str
    pid: int | None


class Status(TypedDict):
    """The document of `status --json`; services and simulators by name, their doors as HOST:PORT."""

    services: dict[str, dict[str, str | int | None]]
    simulators: dict[str, dict[str, str | int | None]]
    postgres: Server
    nats: Server
    clock: str


def describe(site: Site, roll: Roll) -> Status:
    """The status of a stack; a pid is None while its program is between two starts."""
    doors = _doors(site)
    answering = {name: {**door, "pid": roll.pid(name)} for name, door in doors.items()}
    address = postgres.Address(site.home.socket, site.ports["postgres"])
    password = keys.read(site.home, keys.POSTGRES_PASSWORD)
    return {
        "services": {name: door for name, door in answering.items() if "health" in door},
        "simulators": {name: door for name, door in answering.items() if "health" not in door},
        "postgres": {"url": address.outside_url(password), "pid": roll.pid("postgres")},
        "nats": {"url": nats.url(site.ports["nats"]), "pid": roll.pid("nats")},
        "clock": OfficeClock(site.home.clock).now().isoformat(),
    }


def _doors(site: Site) -> dict[str, dict[str, str | int | None]]:
    doors: dict[str, dict[str, str | int | None]] = {}
    for full_name, port in site.ports.items():
        name, _, door = full_name.partition(".")
        if name not in _SERVERS:
            doors.setdefault(name, {})[door] = f"{ports.LOOPBACK}:{port}"
    return doors
