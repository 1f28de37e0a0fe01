"""What each account may publish and receive at NATS: its own facts, consumers and answers, nothing else."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from chassis.nats.streams import Stream
from operations.broker import ADMIN
from operations.databases import SERVICES
from operations.streams import STREAMS

_TELLS: Mapping[str, tuple[str, ...]] = {
    "intake": ("intake", "sealed"),
    "approval": ("approval",),
    "notify": ("notify",),
}
"""By service: the streams on which it tells; metrics only hears."""


@dataclass(frozen=True, slots=True)
class Permissions:
    """Subjects of one account; what is not named is refused."""

    publish: tuple[str, ...]
    subscribe: tuple[str, ...]


def permissions() -> dict[str, Permissions]:
    """By account: the four services, and `admin` for the Jobs that make streams and consumers."""
    return {**{service: _of_service(service) for service in SERVICES}, ADMIN: _of_admin()}


def authorization() -> str:
    """The same as NATS reads it, to be included in a server's configuration.

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


def _of_service(service: str) -> Permissions:
    publish = []
    for told in _TELLS.get(service, ()):
        publish += [Stream(told).subject, f"$JS.API.STREAM.INFO.{Stream(told).name}"]
    for heard in STREAMS:
        if service in heard.hearers:
            consumer = f"{heard.stream.name}.{service}"
            publish += [
                f"$JS.API.CONSUMER.INFO.{consumer}",
                f"$JS.API.CONSUMER.MSG.NEXT.{consumer}",
                f"$JS.ACK.{consumer}.>",
            ]
    return Permissions(tuple(publish), (f"_INBOX.{service}.>",))


def _of_admin() -> Permissions:
    publish = ["$JS.API.INFO"]
    for heard in STREAMS:
        name = heard.stream.name
        publish += [f"$JS.API.STREAM.{act}.{name}" for act in ("CREATE", "UPDATE", "INFO", "PURGE", "DELETE")]
        publish += [f"$JS.API.CONSUMER.{act}.{name}.>" for act in ("CREATE", "DURABLE.CREATE", "INFO", "DELETE")]
    return Permissions(tuple(publish), (f"_INBOX.{ADMIN}.>",))
