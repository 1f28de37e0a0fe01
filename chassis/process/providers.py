"""Clock and database settings of a service, from its environment settings."""

from chassis.clock import Clock, OfficeClock, RealClock
from chassis.postgres.database import PoolSettings, as_role
from chassis.settings.login import LoginFolder
from chassis.settings.service import ClockKind, OfficeSettings, ServiceSettings


def clock_of(settings: OfficeSettings) -> Clock:
    """Clock that gives the legal day."""
    if settings.clock is ClockKind.OFFICE and settings.clock_file is not None:
        return OfficeClock(settings.clock_file)
    return RealClock()


def rpc_database(settings: ServiceSettings) -> PoolSettings:
    """Connection settings of the role that answers calls."""
    return _database(settings, "rpc", settings.database_rpc_role)


def worker_database(settings: ServiceSettings) -> PoolSettings:
    """Connection settings of the role of publishers, inbox consumers and sweeps."""
    return _database(settings, "worker", settings.database_worker_role)


def _database(settings: ServiceSettings, name: str, role: str | None) -> PoolSettings:
    folder = settings.database_credentials_dir
    return PoolSettings(
        host=settings.database_host,
        port=settings.database_port,
        database=settings.database_name,
        login=LoginFolder(folder, name) if folder else as_role(str(role)),
        tls=settings.database_tls,
        authority=settings.database_authority_file,
        connections=settings.database_pool,
        statement_timeout=settings.database_timeout_seconds,
    )
