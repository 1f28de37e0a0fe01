"""The whole office on one machine: PostgreSQL and NATS from pip, four services, two simulators, one supervisor.

`Stack` is loaded when it is asked for: it brings grpc along, which the supervisor, who forks, must never import.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from embedded.stack import Stack as Stack


def __getattr__(name: str) -> object:
    if name == "Stack":
        return import_module("embedded.stack").Stack
    raise AttributeError(name)
