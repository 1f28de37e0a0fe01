"""Permissions of each NATS account: its own facts, consumers and answers, nothing else."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from chassis.nats.streams import Stream
from operations.broker import ADMIN
from protocol.streams import SERVICES, STREAMS, published_by, received_by


@dataclass(frozen=True, slots=True)
class AccountPermissions:
    """Subjects of one account; a subject that is not named is refused."""

    publish: tuple[str, ...]
    subscribe: tuple[str, ...]


def permissions() -> dict[str, AccountPermissions]:
    """By account: the four services, and `admin` for the Jobs that create streams and consumers."""
    return {**{service: _of_service(service) for service in SERVICES}, ADMIN: _of_admin()}


def authorization() -> str:
    """The permissions as NATS reads them, to be included in a server's configuration.

    The passwords come from the server's environment: ONEWINDOW_INTAKE_PASSWORD and so on.
    """
    accounts = [
        {
            "user": name,
            "password": f"$ONEWINDOW_{name.upper()}_PASSWORD",
            "permissions": {"publish": list(allowed.publish), "subscribe": list(allowed.subscribe)},
        }
        for name, allowed in permissions().items()
    ]
    users = ",\n".join(f"    {_user(account)}" for account in accounts)
    return f"authorization {{\n  users: [\n{users}\n  ]\n}}\n"


def _user(account: Mapping[str, object]) -> str:
    """A variable stands without quotes, everything else as JSON."""
    return json.dumps(account).replace(f'"{account["password"]}"', str(account["password"]))


def _of_service(service: str) -> AccountPermissions:
    publish = []
    for source in published_by(service):
        publish += [Stream(source).subject, f"$JS.API.STREAM.INFO.{Stream(source).name}"]
    for source in received_by(service):
        consumer = f"{Stream(source).name}.{service}"
        publish += [
            f"$JS.API.CONSUMER.INFO.{consumer}",
            f"$JS.API.CONSUMER.MSG.NEXT.{consumer}",
            f"$JS.ACK.{consumer}.>",
        ]
    return AccountPermissions(tuple(publish), (f"_INBOX.{service}.>",))


def _of_admin() -> AccountPermissions:
    publish = ["$JS.API.INFO"]
    for topology in STREAMS:
        name = topology.stream.name
        publish += [f"$JS.API.STREAM.{act}.{name}" for act in ("CREATE", "UPDATE", "INFO", "PURGE", "DELETE")]
        publish += [f"$JS.API.CONSUMER.{act}.{name}.>" for act in ("CREATE", "DURABLE.CREATE", "INFO", "DELETE")]
    return AccountPermissions(tuple(publish), (f"_INBOX.{ADMIN}.>",))
