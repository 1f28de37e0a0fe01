"""A service's database as its worker sees it: in the service's own pod, or in a Job that has several logins."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from chassis.postgres.database import Pool, PoolSettings, as_role, open_worker_pool
from chassis.settings.login import LoginFolder
from chassis.settings.service import named_in_environment
from operations.errors import CommandError
from operations.settings import EveryDatabaseSettings, RepairSettings
from protocol.streams import SERVICES

DATABASE_SERVICES_DIR = "ONEWINDOW_DATABASE_SERVICES_DIR"
"""Set in a Job that has the logins of every service."""
STATEMENT_SECONDS = 600.0
"""Seconds a statement of an operator's command may take."""
_CONNECTIONS = 2
"""A command needs few: it works next to the service, on the same database."""


@dataclass(frozen=True, slots=True)
class ServiceWorker:
    """The access of the worker of one service to its database."""

    service: str
    district: str
    settings: PoolSettings

    @asynccontextmanager
    async def pool(self) -> AsyncIterator[Pool]:
        """A pool of connections, scoped to the district."""
        async with open_worker_pool(self.settings, self.district) as pool:
            yield pool


def in_a_pod() -> bool:
    """True when the environment names a PostgreSQL; otherwise the stack on this machine is meant."""
    return "ONEWINDOW_DATABASE_HOST" in named_in_environment()


def pod_settings(service: str) -> RepairSettings:
    """The settings of the pod. Raises CommandError when it is the pod of another service than the one named."""
    settings = RepairSettings.load()
    if service not in ("", settings.database_name):
        raise CommandError(f"这里是 {settings.database_name} 的容器，请到 {service} 的容器中执行")
    return settings


def pod_worker(service: str) -> ServiceWorker:
    """The worker of the pod's own service. Raises CommandError when another one is named."""
    settings = pod_settings(service)
    folder = settings.database_credentials_dir
    return ServiceWorker(
        settings.database_name,
        settings.district,
        PoolSettings(
            host=settings.database_host,
            port=settings.database_port,
            database=settings.database_name,
            login=LoginFolder(folder, "worker") if folder else as_role(str(settings.database_worker_role)),
            tls=settings.database_tls,
            authority=settings.database_authority_file,
            connections=_CONNECTIONS,
            statement_timeout=STATEMENT_SECONDS,
        ),
    )


def reachable_workers() -> dict[str, ServiceWorker]:
    """The workers that a pod reaches: of every service in a Job with their logins, else of its own service."""
    if DATABASE_SERVICES_DIR in named_in_environment():
        settings = EveryDatabaseSettings.load()
        return {service: job_worker(settings, service) for service in SERVICES}
    worker = pod_worker("")
    return {worker.service: worker}


def job_worker(settings: EveryDatabaseSettings, service: str) -> ServiceWorker:
    """The worker of a service as a Job reaches it."""
    return ServiceWorker(
        service,
        settings.district,
        PoolSettings(
            host=settings.database_host,
            port=settings.database_port,
            database=service,
            login=LoginFolder(Path(settings.database_services_dir) / service, "worker"),
            tls=settings.database_tls,
            authority=settings.database_authority_file,
            connections=_CONNECTIONS,
            statement_timeout=STATEMENT_SECONDS,
        ),
    )
