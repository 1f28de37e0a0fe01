"""Settings of metrics beside those of every service."""

from pydantic import Field, PositiveFloat, PositiveInt, field_validator

from chassis.settings.servers import MountedFile
from chassis.settings.service import Address, ServiceSettings


class MetricsSettings(ServiceSettings):
    """The supervision board, and the figures that Prometheus reads."""

    query_code_pepper_file: MountedFile | None = Field(
        default=None,
        validate_default=True,
        description="File with the secret that query codes are hashed with; residents ask for progress by them.",
    )
    board_pause_seconds: PositiveFloat = Field(
        default=1.0, description="Seconds between looks at whether the supervision board changed."
    )
    board_limit_seconds: PositiveFloat = Field(
        default=240.0, description="Seconds after which a board's stream ends; its client opens another."
    )
    kpi_address: Address | None = Field(
        default=None,
        description="Where Prometheus scrapes the office's figures, HOST:PORT; without it, on the metrics port.",
    )
    kpi_refresh_seconds: PositiveFloat = Field(
        default=15.0, description="Seconds a snapshot of the office's figures is shown before the next is read."
    )
    kpi_statement_milliseconds: PositiveInt = Field(
        default=2000, description="Milliseconds one query of that snapshot may take; a longer one is given up."
    )

    @field_validator("query_code_pepper_file")
    @classmethod
    def _needed_for_query_codes(cls, value: MountedFile | None) -> MountedFile | None:
        if value is None:
            raise ValueError("is not set")
        return value
