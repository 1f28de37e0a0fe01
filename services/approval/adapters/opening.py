"""What the settings name, opened: the clock, the pools of both roles, the vault, the key of passes."""

from chassis.clock import Clock, OfficeClock, RealClock
from chassis.database import PoolSettings
from chassis.settings import ClockKind
from chassis.vault.keys import Keyring
from chassis.vault.vault import FileVault
from chassis.watched_file import WatchedFile
from services.approval.settings import ApprovalSettings

from .passes import SignedPasses


def clock_of(settings: ApprovalSettings) -> Clock:
    """The clock that gives the legal day."""
    if settings.clock is ClockKind.OFFICE and settings.clock_file is not None:
        return OfficeClock(settings.clock_file)
    return RealClock()


def database_of(settings: ApprovalSettings, role: str) -> PoolSettings:
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


def vault_of(settings: ApprovalSettings) -> FileVault:
    """The vault of what desks typed."""
    return FileVault(Keyring(WatchedFile(settings.vault_key_file)))


def passes_of(settings: ApprovalSettings) -> SignedPasses:
    """Signs passes to the applicant's details."""
    key_file = WatchedFile(settings.read_pass_private_key_file)
    return SignedPasses(key_file, settings.read_pass_minutes, settings.package_pass_days)
