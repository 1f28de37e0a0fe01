"""A service's database as its worker sees it: in the service's own pod, or on this machine."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from chassis.nats.broker_access import BrokerAccess
from chassis.postgres.database import Pool, PoolSettings, as_role, open_worker_pool
from chassis.settings.login import LoginFolder
from chassis.settings.service import named_in_environment
from embedded import nats, postgres
from embedded.settings import StackSettings
from embedded.stack import Stack
from operations.databases import SERVICES
from operations.errors import CommandError
from operations.settings import RecreateSettings, RepairSettings

_STATEMENT_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Worker:
    """How the worker of one service reaches its database."""

    service: str
    district: str
    settings: PoolSettings

    @asynccontextmanager
    async def pool(self) -> AsyncIterator[Pool]:
        """Its connections, scoped to the district, for a while."""
        async with open_worker_pool(self.settings, self.district) as pool:
            yield pool


def in_a_pod() -> bool:
    """Whether the environment says where PostgreSQL is; else the stack on this machine is meant."""
    return "ONEWINDOW_DATABASE_HOST" in named_in_environment()


def workers(service: str) -> list[Worker]:
    """The worker of the pod's own service; on this machine of `service`, or of all. Raises CommandError."""
    if service and service not in SERVICES:
        raise CommandError(f"没有服务 {service}；可用：{'、'.join(SERVICES)}")
    if not in_a_pod():
        return [_here(name) for name in ([service] if service else SERVICES)]
    settings = RepairSettings.load()
    if service not in ("", settings.database_name):
        raise CommandError(f"这里是 {settings.database_name} 的容器，请到 {service} 的容器中执行")
    folder = settings.database_credentials_dir
    return [
        Worker(
            settings.database_name,
            settings.district,
            PoolSettings(
                host=settings.database_host,
                port=settings.database_port,
                database=settings.database_name,
                login=LoginFolder(folder, "worker") if folder else as_role(str(settings.database_worker_role)),
                tls=settings.database_tls,
                authority=settings.database_authority_file,
                connections=2,
                statement_timeout=_STATEMENT_SECONDS,
            ),
        )
    ]


def of_job(settings: RecreateSettings, service: str) -> Worker:
    """The worker of a service as a Job reaches it, which has the logins of several."""
    return Worker(
        service,
        settings.district,
        PoolSettings(
            host=settings.database_host,
            port=settings.database_port,
            database=service,
            login=LoginFolder(Path(settings.database_services_dir) / service, "worker"),
            tls=settings.database_tls,
            authority=settings.database_authority_file,
            connections=2,
            statement_timeout=_STATEMENT_SECONDS,
        ),
    )


def broker_here() -> BrokerAccess:
    """NATS of the stack on this machine. Raises NotRunning."""
    settings = StackSettings.load()
    return BrokerAccess(nats.url(Stack(settings.place(), settings).site().ports["nats"]))


def _here(service: str) -> Worker:
    settings = StackSettings.load()
    site = Stack(settings.place(), settings).site()
    address = postgres.Address(site.home.socket, site.ports["postgres"])
    reached = PoolSettings(
        str(address.socket), address.port, service, as_role(f"{service}_worker"), connections=2,
        statement_timeout=_STATEMENT_SECONDS,
    )  # fmt: skip # one line a thought
    return Worker(service, settings.district, reached)
