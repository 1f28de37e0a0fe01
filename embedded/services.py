"""The table of the stack: which programs run, and what each of them is told."""

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from embedded import keys, nats, ports
from embedded.home import PROJECT, Home
from embedded.program import Program
from embedded.settings import StackSettings
from operations.databases import SERVICES

SIMULATORS = 1
OFFICES = 2
"""Waves: the servers stand in wave 0, the world around the office in 1, the four services in 2."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where everything is: what a row of the table may refer to."""

    home: Home
    ports: Mapping[str, int]
    settings: StackSettings

    def address(self, name: str) -> str:
        """HOST:PORT of a named port, such as `intake.rpc`."""
        return f"{ports.LOOPBACK}:{self.ports[name]}"


@dataclass(frozen=True, slots=True)
class Table:
    """The programs of a stack beside its two servers, and the ports that they prefer."""

    ports: Mapping[str, int]
    programs: Callable[[Site], tuple[Program, ...]]


def office(site: Site) -> tuple[Program, ...]:
    """The two simulators and the four services."""
    told = _told_to_all(site)
    of_service = {
        "intake": {
            "SEAL_PUBLIC_KEY_FILE": str(site.home.keys / keys.SEAL_PUBLIC),
            "READ_PASS_PUBLIC_KEY_FILE": str(site.home.keys / keys.READ_PASS_PUBLIC),
        },
        "approval": {
            "READ_PASS_PRIVATE_KEY_FILE": str(site.home.keys / keys.READ_PASS_PRIVATE),
            "DISTRICT_TARGET": site.address("district.rpc"),
        },
        "notify": {
            "SEAL_PRIVATE_KEY_FILE": str(site.home.keys / keys.SEAL_PRIVATE),
            "SMS_URL": f"http://{site.address('sms_gateway.http')}/",
        },
        "metrics": {},
    }
    services = (_service(site, name, {**told, **of_service[name]}) for name in SERVICES)
    return (_district(site), _sms_gateway(site), *services)


OFFICE = Table(ports.OFFICE, office)
"""What `onewindow up` runs."""


def python_module(module: str, *arguments: str) -> tuple[str, ...]:
    """The command line of a module of ours, by the interpreter that runs us."""
    return sys.executable, "-m", module, *arguments


def environment(told: Mapping[str, str]) -> dict[str, str]:
    """A whole environment: what Python needs to find us, and the settings."""
    return {
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "PYTHONPATH": os.pathsep.join((str(PROJECT), str(PROJECT / "gen"))),
        "GRPC_ENABLE_FORK_SUPPORT": "0",
        **{f"ONEWINDOW_{name}": value for name, value in told.items()},
    }


def _told_to_all(site: Site) -> dict[str, str]:
    home = site.home
    return {
        "ENVIRONMENT": "embedded",
        "LOG_LEVEL": site.settings.log_level,
        "REFLECTION": "true",
        "DRAIN_SECONDS": "0",
        "GRACE_SECONDS": "5",
        "DISTRICT": site.settings.district,
        "CLOCK": site.settings.clock,
        "CLOCK_FILE": str(home.clock),
        "DATABASE_HOST": str(home.socket),
        "DATABASE_PORT": str(site.ports["postgres"]),
        "NATS_URL": nats.url(site.ports["nats"]),
        "OBJECTS_URL": home.objects.as_uri(),
        "JWKS_FILE": str(home.keys / keys.JWKS),
        "TOKEN_ISSUER": keys.ISSUER,
        "TOKEN_AUDIENCE": keys.AUDIENCE,
        "VAULT_KEY_FILE": str(home.keys / keys.VAULT),
        "QUERY_CODE_PEPPER_FILE": str(home.keys / keys.PEPPER),
        **site.settings.service_settings,
    }


def _service(site: Site, name: str, told: Mapping[str, str]) -> Program:
    own = {
        "RPC_ADDRESS": site.address(f"{name}.rpc"),
        "HEALTH_ADDRESS": site.address(f"{name}.health"),
        "METRICS_ADDRESS": site.address(f"{name}.metrics"),
        "DATABASE_NAME": name,
        "DATABASE_RPC_ROLE": f"{name}_rpc",
        "DATABASE_WORKER_ROLE": f"{name}_worker",
    }
    return Program(
        name=name,
        argv=python_module(f"services.{name}"),
        env=environment({**own, **told}),
        wave=OFFICES,
        health=site.address(f"{name}.health"),
    )


def _district(site: Site) -> Program:
    listen = site.address("district.rpc")
    argv = python_module(
        "simulation.district",
        *("--listen", listen),
        *("--control", site.address("district.control")),
        *("--gateway", site.address("approval.rpc")),
        *("--clock-file", str(site.home.clock)),
        *("--token-file", str(site.home.keys / keys.DISTRICT_TOKEN)),
        *("--store", str(site.home.district / "register.sqlite")),
    )
    return Program(name="district", argv=argv, env=environment({}), wave=SIMULATORS, listens=listen)


def _sms_gateway(site: Site) -> Program:
    listen = site.address("sms_gateway.http")
    argv = python_module("simulation.sms_gateway", "--listen", listen)
    return Program(name="sms_gateway", argv=argv, env=environment({}), wave=SIMULATORS, listens=listen)
