"""The table of the stack: its programs and the settings of each."""

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from embedded import keys, nats, ports
from embedded.data_dir import PROJECT, DataDir, StackSettings
from embedded.supervision.processes import Program
from protocol.streams import SERVICES

SIMULATORS = 1
OFFICES = 2
"""Waves of the stop: the servers are wave 0, the simulators 1, the four services 2."""


@dataclass(frozen=True, slots=True)
class Site:
    """The paths, ports and settings to which a row of the table refers."""

    data_dir: DataDir
    ports: Mapping[str, int]
    settings: StackSettings

    def address(self, name: str) -> str:
        """HOST:PORT of a named port, such as `intake.rpc`."""
        return f"{ports.LOOPBACK}:{self.ports[name]}"


@dataclass(frozen=True, slots=True)
class ProgramTable:
    """The programs of a stack besides its two servers, and the ports that they prefer."""

    ports: Mapping[str, int]
    programs: Callable[[Site], tuple[Program, ...]]


def office(site: Site) -> tuple[Program, ...]:
    """The two simulators and the four services."""
    shared = _shared_settings(site)
    of_service = {
        "intake": {
            "SEAL_PUBLIC_KEY_FILE": str(site.data_dir.keys / keys.SEAL_PUBLIC),
            "READ_PASS_PUBLIC_KEY_FILE": str(site.data_dir.keys / keys.READ_PASS_PUBLIC),
        },
        "approval": {
            "READ_PASS_PRIVATE_KEY_FILE": str(site.data_dir.keys / keys.READ_PASS_PRIVATE),
            "DISTRICT_TARGET": site.address("district.rpc"),
            # The simulated district is back in seconds, while the office clock may stand until it has its packages.
            "BREAKER_PROBE_SECONDS": "2",
        },
        "notify": {
            "SEAL_PRIVATE_KEY_FILE": str(site.data_dir.keys / keys.SEAL_PRIVATE),
            "SMS_URL": f"http://{site.address('sms_gateway.http')}/",
        },
        "metrics": {},
    }
    services = (_service(site, name, {**shared, **of_service[name]}) for name in SERVICES)
    return (_district(site), _sms_gateway(site), *services)


OFFICE = ProgramTable(ports.OFFICE, office)
"""The programs of `onewindow up`."""


def python_module(module: str, *arguments: str) -> tuple[str, ...]:
    """The command line of a module of ours, by the interpreter that runs us."""
    return sys.executable, "-m", module, *arguments


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """A whole environment: the paths that Python needs, and the settings."""
    return {
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "PYTHONPATH": os.pathsep.join((str(PROJECT), str(PROJECT / "gen"))),
        "GRPC_ENABLE_FORK_SUPPORT": "0",
        **{f"ONEWINDOW_{name}": value for name, value in settings.items()},
    }


def _shared_settings(site: Site) -> dict[str, str]:
    data_dir = site.data_dir
    return {
        "ENVIRONMENT": "embedded",
        "LOG_LEVEL": site.settings.log_level,
        "REFLECTION": "true",
        "DRAIN_SECONDS": "0",
        "GRACE_SECONDS": "5",
        "DISTRICT": site.settings.district,
        "CLOCK": site.settings.clock,
        "CLOCK_FILE": str(data_dir.clock),
        "DATABASE_HOST": str(data_dir.socket),
        "DATABASE_PORT": str(site.ports["postgres"]),
        "NATS_URL": nats.url(site.ports["nats"]),
        "OBJECTS_URL": data_dir.objects.as_uri(),
        "JWKS_FILE": str(data_dir.keys / keys.JWKS),
        "TOKEN_ISSUER": keys.ISSUER,
        "TOKEN_AUDIENCE": keys.AUDIENCE,
        "VAULT_KEY_FILE": str(data_dir.keys / keys.VAULT),
        "QUERY_CODE_PEPPER_FILE": str(data_dir.keys / keys.PEPPER),
        **site.settings.service_settings,
    }


def _service(site: Site, name: str, settings: Mapping[str, str]) -> Program:
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
        env=environment({**own, **settings}),
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
        *("--clock-file", str(site.data_dir.clock)),
        *("--token-file", str(site.data_dir.keys / keys.DISTRICT_TOKEN)),
        *("--store", str(site.data_dir.district / "register.sqlite")),
    )
    return Program(name="district", argv=argv, env=environment({}), wave=SIMULATORS, listens=listen)


def _sms_gateway(site: Site) -> Program:
    listen = site.address("sms_gateway.http")
    argv = python_module("simulation.sms_gateway", "--listen", listen)
    return Program(name="sms_gateway", argv=argv, env=environment({}), wave=SIMULATORS, listens=listen)
