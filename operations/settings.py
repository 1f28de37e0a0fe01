"""Settings of the Jobs of a cluster; in the environment each name is ONEWINDOW_ and the field in capitals."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from pydantic import DirectoryPath, Field, NonNegativeFloat, PositiveFloat, PositiveInt

from chassis.settings.login import Login, LoginFolder
from chassis.settings.servers import Identifier, MountedFile, NatsSettings, PostgresSettings, ServiceDatabaseSettings
from chassis.settings.service import EnvironmentSettings
from chassis.settings.watched_file import FileAway
from operations.databases import KINDS, Logins
from operations.errors import CommandError
from operations.server import Server
from protocol.streams import SERVICES


class _WaitingSettings(PostgresSettings):
    database_wait_seconds: PositiveFloat = Field(
        default=120.0, description="Seconds PostgreSQL is waited for while it does not answer."
    )

    def server(self) -> Server:
        """The server of these settings."""
        return Server(
            self.database_host,
            self.database_port,
            self.database_tls,
            self.database_authority_file,
            self.database_wait_seconds,
        )


class MigrateSettings(_WaitingSettings, EnvironmentSettings):
    """The settings of `onewindow database migrate`."""

    database_owners_dir: DirectoryPath = Field(
        description="Mounted folder with <service>/owner.username and owner.password for each service."
    )

    def owner(self, service: str) -> Login:
        """The login that migrates the database of a service. Raises CommandError."""
        return login_in(self.database_owners_dir / service, "owner")


class ProvideSettings(_WaitingSettings, EnvironmentSettings):
    """The settings of `onewindow database provide`."""

    database_credentials_dir: DirectoryPath = Field(
        description="Mounted folder with admin.username and admin.password: a role that may make roles and databases."
    )
    database_admin_database: Identifier = Field(
        default="postgres", description="The database that the admin enters to make the others."
    )
    database_owners_dir: DirectoryPath = Field(
        description="Mounted folder with <service>/owner.username and owner.password for each service."
    )
    database_services_dir: DirectoryPath = Field(
        description="Mounted folder with <service>/rpc.username, rpc.password, worker.username, worker.password."
    )

    def admin(self) -> Login:
        """The login that creates roles and databases. Raises CommandError."""
        return login_in(self.database_credentials_dir, "admin")

    def logins(self) -> Logins:
        """By role, the login that uses it. Raises CommandError."""
        return dict(self._logins())

    def _logins(self) -> Iterator[tuple[str, Login]]:
        for service in SERVICES:
            for kind in KINDS:
                root = self.database_owners_dir if kind == "owner" else self.database_services_dir
                yield f"{service}_{kind}", login_in(root / service, kind)


class StreamsSettings(NatsSettings, EnvironmentSettings):
    """The settings of `onewindow streams …`."""

    streams_replicas: Annotated[int, Field(ge=1, le=5)] = Field(
        default=1, description="Copies of each stream and its consumers: 3 where NATS has three servers."
    )
    streams_max_bytes: PositiveInt = Field(
        default=16 << 30,
        description="Bytes all streams together may take on one server; each gets its share. Full, they refuse, and"
        " the outboxes keep what waits.",
    )
    nats_wait_seconds: PositiveFloat = Field(
        default=120.0, description="Seconds NATS is waited for while it does not answer."
    )


class EveryDatabaseSettings(_WaitingSettings, EnvironmentSettings):
    """The settings of a Job that reaches the database of every service, such as `onewindow audit received`."""

    district: str = Field(pattern=r"^[0-9]{6}$", description="The district served, six digits of GB/T 2260.")
    database_services_dir: DirectoryPath = Field(
        description="Mounted folder with <service>/worker.username and worker.password of each service."
    )


class RecreateSettings(StreamsSettings, EveryDatabaseSettings):
    """The settings of `onewindow streams recreate`, which fills the streams again from PostgreSQL."""


class RepairSettings(ServiceDatabaseSettings, EnvironmentSettings):
    """Settings of a service's own pod that the commands run in it need."""

    district: str = Field(pattern=r"^[0-9]{6}$", description="The district served, six digits of GB/T 2260.")


class AuditSettings(EnvironmentSettings):
    """Limits of `onewindow audit verify`, besides its options."""

    audit_statement_seconds: PositiveFloat = Field(
        default=10.0, description="Seconds one page may take; PostgreSQL stops it then."
    )
    audit_settled_seconds: NonNegativeFloat = Field(
        default=60.0, description="Seconds after which a published fact must have been received by everybody."
    )
    audit_objects: PositiveInt = Field(
        default=8, le=256, description="Objects read at the same time; of those over 1 MiB one."
    )


class VaultSettings(EnvironmentSettings):
    """Settings of a service's own pod for its vault and its object store."""

    vault_key_file: MountedFile | None = Field(
        default=None, description="JSON file with the versions of the vault's key."
    )
    objects_url: str | None = Field(
        default=None,
        pattern=r"^(file|s3|memory)://",
        description="Object store of the materials: file://, s3:// or memory://.",
    )
    objects_credentials_file: MountedFile | None = Field(
        default=None, description="JSON file with the S3 client's own settings (access_key_id, endpoint …)."
    )


def login_in(folder: Path, name: str) -> Login:
    """A login from its mounted folder. Raises CommandError."""
    try:
        return LoginFolder(folder, name).read()
    except FileAway as error:
        raise CommandError(f"账号文件缺失或为空（{error}）：请检查挂载的 Secret") from error
