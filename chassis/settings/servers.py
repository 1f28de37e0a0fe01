"""Settings of PostgreSQL and NATS, for the services and for the Jobs that prepare both.

Names and passwords are never settings: a setting names the mounted folder that holds a file for each.
"""

from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from pydantic import (
    AfterValidator,
    DirectoryPath,
    Field,
    FilePath,
    PositiveFloat,
    PositiveInt,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import BaseSettings

PREFIX = "ONEWINDOW_"

Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
Tls: TypeAlias = Literal["disable", "prefer", "require", "verify-ca", "verify-full"]


def _filled(path: Path) -> Path:
    if path.stat().st_size == 0:
        raise ValueError(f"{path} is empty; look at the Secret that it is mounted from")
    return path


MountedFile = Annotated[FilePath, AfterValidator(_filled)]
"""A mounted file that is not empty."""


class PostgresSettings(BaseSettings):
    """Address, TLS and credentials of PostgreSQL."""

    database_host: str = Field(min_length=1, description="Host of PostgreSQL, or the folder of its socket.")
    database_port: Annotated[int, Field(ge=1, le=65535)] = Field(default=5432, description="Port of PostgreSQL.")
    database_tls: Tls = Field(
        default="prefer",
        description="How much TLS PostgreSQL must show, in libpq's words: disable, prefer, require, verify-ca,"
        " verify-full.",
    )
    database_authority_file: MountedFile | None = Field(
        default=None,
        validate_default=True,
        description="PEM authorities that PostgreSQL's certificate is held against; read for every new connection.",
    )
    database_credentials_dir: DirectoryPath | None = Field(
        default=None,
        description="Mounted folder with <login>.username and <login>.password: rpc and worker for a service, admin"
        " for who provides databases. Read for every new connection.",
    )

    @field_validator("database_authority_file")
    @classmethod
    def _verified_by_something(cls, value: Path | None, known: ValidationInfo) -> Path | None:
        tls = str(known.data.get("database_tls", ""))
        if tls.startswith("verify") and value is None:
            raise ValueError(f"is needed where {PREFIX}DATABASE_TLS is {tls}")
        return value


class NatsSettings(BaseSettings):
    """Address, TLS and credentials of NATS."""

    nats_url: str = Field(pattern=r"^(nats|tls)://", description="Where NATS is, nats:// or tls://.")
    nats_authority_file: MountedFile | None = Field(
        default=None,
        description="PEM authorities that NATS' certificate is held against; TLS is demanded then. Read again at every"
        " reconnect, as are the next three.",
    )
    nats_certificate_file: MountedFile | None = Field(
        default=None, description="PEM certificate shown to NATS (mutual TLS)."
    )
    nats_key_file: MountedFile | None = Field(
        default=None, validate_default=True, description="PEM key of that certificate."
    )
    nats_credentials_dir: DirectoryPath | None = Field(
        default=None, description="Mounted folder with username and password, or with nkey.seed."
    )

    @field_validator("nats_key_file")
    @classmethod
    def _certificate_and_key(cls, value: Path | None, known: ValidationInfo) -> Path | None:
        if (value is None) != (known.data.get("nats_certificate_file") is None):
            raise ValueError(f"and {PREFIX}NATS_CERTIFICATE_FILE need each other")
        return value


class ServiceDatabaseSettings(PostgresSettings):
    """Database of a service, with its roles and limits."""

    database_name: Identifier = Field(description="The service's own database.")
    database_rpc_role: Identifier | None = Field(
        default=None,
        validate_default=True,
        description="Login that answers calls, where no credentials folder names it.",
    )
    database_worker_role: Identifier | None = Field(
        default=None,
        validate_default=True,
        description="Login of publishers, inbox consumers and sweeps, where no credentials folder names it.",
    )
    database_pool: PositiveInt = Field(default=12, description="Connections of each role kept to PostgreSQL.")
    database_timeout_seconds: PositiveFloat = Field(default=10.0, description="Seconds one statement may take.")

    @field_validator("database_rpc_role", "database_worker_role")
    @classmethod
    def _somebody(cls, value: str | None, known: ValidationInfo) -> str | None:
        if (value is None) == (known.data.get("database_credentials_dir") is None):
            raise ValueError(f"or {PREFIX}DATABASE_CREDENTIALS_DIR is needed, not both")
        return value
