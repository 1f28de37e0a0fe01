"""Settings of a service; the environment name of each is ONEWINDOW_ and the field's name in capitals.

Secrets are never settings: a setting names the mounted file that holds one.
"""

import json
import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NoReturn, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    NonNegativeFloat,
    PositiveFloat,
    PositiveInt,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, SettingsConfigDict

from chassis.settings.servers import PREFIX, MountedFile, NatsSettings, ServiceDatabaseSettings


class EnvironmentKind(StrEnum):
    """Environment of the process."""

    EMBEDDED = "embedded"
    PRODUCTION = "production"


class ClockKind(StrEnum):
    """Clock that gives the legal day."""

    REAL = "real"
    OFFICE = "office"


class LogLevel(StrEnum):
    """Least level of log lines that are written."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


def _address(value: str) -> str:
    host, colon, port = value.rpartition(":")
    if not (colon and host and port.isdigit() and int(port) < 65536):
        raise ValueError("must be HOST:PORT, the port from 0 to 65535")
    return value


Address = Annotated[str, AfterValidator(_address)]
"""HOST:PORT; an IPv6 host in brackets; port 0 takes a free one."""

Milliseconds = PositiveInt


def _read_json(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError as error:
        raise ValueError(f"must be JSON; {error}") from error


AsJson = BeforeValidator(_read_json)
"""Annotation of a setting that is written as one JSON document."""


class EdgeSettings(BaseSettings):
    """Ports, TLS, deadlines and limits of calls."""

    environment: EnvironmentKind = Field(
        default=EnvironmentKind.PRODUCTION, description="Where the process runs: embedded (laptop, CI) or production."
    )
    rpc_address: Address = Field(default="[::]:50051", description="Where calls are answered, HOST:PORT.")
    health_address: Address = Field(
        default="[::]:50052", description="Where plaintext gRPC health is answered, HOST:PORT."
    )
    metrics_address: Address = Field(default="0.0.0.0:9464", description="Where Prometheus scrapes, HOST:PORT.")
    reflection: bool = Field(default=False, description="Whether the RPC port lists its services to anyone who asks.")
    tls_certificate_file: MountedFile | None = Field(
        default=None, description="PEM chain of the RPC port; without it the port is plaintext."
    )
    tls_key_file: MountedFile | None = Field(
        default=None, validate_default=True, description="PEM key of the certificate."
    )
    tls_client_authority_file: MountedFile | None = Field(
        default=None,
        validate_default=True,
        description="PEM authorities whose client certificates are demanded and believed.",
    )
    rpc_deadline_seconds: PositiveFloat = Field(default=10.0, description="Seconds a call gets that names no deadline.")
    rpc_deadline_limit_seconds: PositiveFloat = Field(default=30.0, description="Seconds a call gets at most.")
    rpc_stream_limit_seconds: PositiveFloat = Field(
        default=300.0, description="Seconds a stream (an upload, a board) stays open at most; its client opens another."
    )
    rpc_least_left_milliseconds: Milliseconds = Field(
        default=100, description="Milliseconds that must be left of a deadline for work to begin."
    )
    rpc_concurrency: PositiveInt = Field(
        default=256, description="Calls answered at one time, streams not counted; more are refused with RetryInfo."
    )
    rpc_streams: PositiveInt = Field(
        default=256, description="Streams (uploads, boards) open at one time; more are refused with RetryInfo."
    )
    rpc_streams_per_caller: PositiveInt = Field(
        default=32, description="Streams that one caller (person, system, address) may have open at one time."
    )
    rpc_message_bytes: PositiveInt = Field(
        default=4 * 1024 * 1024, description="Bytes one request or answer may have; a larger request names its field."
    )
    rpc_message_cap_bytes: PositiveInt = Field(
        default=6 * 1024 * 1024,
        description="Bytes of a request that are read to refuse it by its field; gRPC cuts larger ones off, unnamed. "
        "6 MiB name what is a quarter above 4 MiB with its frame; calls, streams and 64 more may each hold as much.",
    )
    rpc_connection_age_seconds: PositiveInt = Field(
        default=120, description="Seconds after which a connection is renewed, so that new replicas are found."
    )
    rpc_ping_interval_seconds: PositiveInt = Field(
        default=4,
        description="Least seconds between two keepalive pings of a client; pinging more often ends its connection.",
    )
    open_calls_per_minute: PositiveInt = Field(
        default=30, description="Calls a minute that one address without a caller may make to a method open to all."
    )
    open_calls_burst: PositiveInt = Field(
        default=10, description="Open calls that one address without a caller may make at once."
    )
    open_calls_caller_per_minute: PositiveInt = Field(
        default=1200, description="Open calls a minute that one known caller (person or system) may make."
    )
    open_calls_caller_burst: PositiveInt = Field(
        default=300, description="Open calls that one known caller may make at once."
    )
    wrong_codes_per_minute: PositiveInt = Field(
        default=6, description="Wrong query codes a minute that one caller or network may try on one matter."
    )
    wrong_codes_burst: PositiveInt = Field(
        default=10, description="Wrong query codes that one caller or network may try on one matter at once."
    )
    wrong_codes_matter_per_minute: PositiveInt = Field(
        default=60, description="Wrong query codes a minute on one matter from all callers together."
    )
    wrong_codes_matter_burst: PositiveInt = Field(
        default=100, description="Wrong query codes on one matter from all callers together at once."
    )
    log_successes_one_in: PositiveInt = Field(
        default=100, description="One in how many successful calls leaves a log line."
    )
    drain_seconds: NonNegativeFloat = Field(
        default=5.0,
        description="Seconds between saying NOT_SERVING and refusing new calls, for clients to look elsewhere.",
    )
    grace_seconds: PositiveFloat = Field(
        default=25.0, description="Seconds that calls under way get to end at shutdown."
    )
    heartbeat_limit_seconds: PositiveFloat = Field(
        default=30.0, description="Seconds the event loop may be stuck before the process calls itself dead."
    )

    @field_validator("tls_key_file", "tls_client_authority_file")
    @classmethod
    def _tls_is_whole(cls, value: Path | None, known: ValidationInfo) -> Path | None:
        certified = known.data.get("tls_certificate_file") is not None
        if value is not None and not certified:
            raise ValueError(f"needs {PREFIX}TLS_CERTIFICATE_FILE")
        if value is None and certified and known.field_name == "tls_key_file":
            raise ValueError(f"is needed beside {PREFIX}TLS_CERTIFICATE_FILE")
        return value


class IdentitySettings(EdgeSettings):
    """Single sign-on whose tokens are accepted, and the register of systems."""

    jwks_file: MountedFile | None = Field(
        default=None, description="JSON file with the public keys of the single sign-on."
    )
    jwks_url: str | None = Field(
        default=None,
        validate_default=True,
        pattern=r"^https?://",
        description="Where the single sign-on publishes its public keys; this or the file, not both.",
    )
    jwks_refresh_seconds: PositiveFloat = Field(
        default=300.0, description="Seconds after which published keys are read again."
    )
    jwks_timeout_seconds: PositiveFloat = Field(default=3.0, description="Seconds the single sign-on has to answer.")
    token_issuer: str = Field(min_length=1, description="The issuer (iss) that a token must name.")
    token_audience: str = Field(
        default="onewindow", min_length=1, description="The audience (aud) that a token must name."
    )
    token_skew_seconds: NonNegativeFloat = Field(
        default=30.0, le=300, description="Seconds by which the clock of the single sign-on may differ from ours."
    )
    machines_file: MountedFile | None = Field(
        default=None, description='JSON file of the systems known by certificate: {"spiffe://…": {"system", "place"}}.'
    )
    token_cache: PositiveInt = Field(default=4096, description="Verified tokens remembered until they expire.")

    @field_validator("jwks_url")
    @classmethod
    def _one_source_of_keys(cls, value: str | None, known: ValidationInfo) -> str | None:
        if value and known.data.get("jwks_file"):
            raise ValueError(f"excludes {PREFIX}JWKS_FILE")
        if not value and "jwks_file" in known.data and known.data["jwks_file"] is None:
            raise ValueError(f"is needed where {PREFIX}JWKS_FILE is not set")
        return value


class OfficeSettings(IdentitySettings):
    """District that is served, and its clock."""

    district: str = Field(pattern=r"^[0-9]{6}$", description="The district served, six digits of GB/T 2260.")
    clock_file: MountedFile | None = Field(
        default=None, description="File with the instant that the office clock shows."
    )
    clock: ClockKind = Field(
        default=ClockKind.REAL,
        validate_default=True,
        description="real, or office (a stored instant, embedded stack only).",
    )

    @field_validator("clock")
    @classmethod
    def _production_lives_in_real_time(cls, value: ClockKind, known: ValidationInfo) -> ClockKind:
        if value is ClockKind.OFFICE and known.data.get("environment") is EnvironmentKind.PRODUCTION:
            raise ValueError("production runs on the real clock")
        if value is ClockKind.OFFICE and known.data.get("clock_file") is None:
            raise ValueError(f"office needs {PREFIX}CLOCK_FILE")
        return value


class EnvironmentSettings(BaseSettings):
    """Settings that come from the environment."""

    # AsJson decodes documents: the library's own decoding ends at the first invalid one, with a traceback.
    model_config = SettingsConfigDict(
        env_prefix=PREFIX, extra="ignore", env_ignore_empty=True, frozen=True, enable_decoding=False
    )

    @classmethod
    def load(cls) -> Self:
        """Settings from the environment; every mistake is written as a line of its own, with exit code 1."""
        try:
            return cls.model_validate({})
        except ValidationError as error:
            _refuse([_mistake(cls.model_fields, dict(mistake)) for mistake in error.errors(include_url=False)])


class ServiceSettings(OfficeSettings, ServiceDatabaseSettings, NatsSettings, EnvironmentSettings):
    """Settings of every service; a service adds its own fields in a subclass."""

    vault_key_file: MountedFile | None = Field(
        default=None, description="JSON file with the versions of the vault's key."
    )
    query_code_pepper_file: MountedFile | None = Field(
        default=None, description="File with the secret that query codes are hashed with."
    )
    objects_url: str | None = Field(
        default=None,
        pattern=r"^(file|s3|memory)://",
        description="Where materials are stored: file://, s3:// or memory://.",
    )
    objects_credentials_file: MountedFile | None = Field(
        default=None, description="JSON file with the S3 client's own settings (access_key_id, endpoint …)."
    )
    object_bytes: PositiveInt = Field(default=20 * 1024 * 1024, description="Bytes one material may have.")
    streams_self_healing: bool = Field(
        default=True,
        description="Whether a service makes its lost subscription anew and publishes again what its stream has lost;"
        " without it both are only reported.",
    )
    log_level: LogLevel = Field(default=LogLevel.INFO, description="From which weight on log lines are written.")
    otlp_endpoint: str | None = Field(
        default=None, pattern=r"^https?://", description="Where traces are sent by OTLP gRPC; unset, none are made."
    )
    position_wait_seconds: PositiveFloat = Field(
        default=2.0, description="Seconds a call waits until the service has reached the caller's position."
    )
    outbox_grace_seconds: NonNegativeFloat = Field(
        default=1.0,
        description="Seconds that a call which would be refused for what another service has not said is tried again,"
        " since that may still be in the other's outbox; a call that is not refused never waits for it.",
    )


def named_in_environment(prefix: str = PREFIX) -> list[str]:
    """Names in the environment that start with `prefix`, for tools that pass settings on."""
    return sorted(name for name in os.environ if name.startswith(prefix))


def without_fork_support() -> None:
    """Disables the fork handlers of gRPC, before it starts: they can hang the exit or end a program that is started.

    Nothing here goes on with gRPC in a forked process.
    """
    os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "0")


def _mistake(fields: dict[str, FieldInfo], mistake: dict[str, Any]) -> str:
    name, *inside = map(str, mistake["loc"])
    rule = str(mistake["msg"]).removeprefix("Value error, ")
    rule = "is not set" if mistake["type"] == "missing" else rule[0].lower() + rule[1:]
    return f"{'.'.join((PREFIX + name.upper(), *inside))}: {rule}. ({fields[name].description})"


def _refuse(mistakes: list[str]) -> NoReturn:
    sys.stderr.write("".join(f"{line}\n" for line in mistakes))
    raise SystemExit(1)
