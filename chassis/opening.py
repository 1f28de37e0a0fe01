"""What the settings of every service name, opened: its clock, and how a role reaches its database."""

from chassis.clock import Clock, OfficeClock, RealClock
from chassis.database import PoolSettings
from chassis.settings import ClockKind, OfficeSettings, ServiceSettings
from chassis.watched_file import WatchedFile


def clock_of(settings: OfficeSettings) -> Clock:
    """The clock that gives the legal day."""
    if settings.clock is ClockKind.OFFICE and settings.clock_file is not None:
        return OfficeClock(settings.clock_file)
    return RealClock()


def database_of(settings: ServiceSettings, role: str) -> PoolSettings:
    """How a role reaches the service's database."""
    password = settings.database_password_file
    return PoolSettings(
        host=settings.database_host,
        port=settings.database_port,
        database=settings.database_name,
        user=role,
        password=WatchedFile(password).text() if password else None,
        connections=settings.database_pool,
        statement_timeout=settings.database_timeout_seconds,
    )
