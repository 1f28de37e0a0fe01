"""Settings of approval, besides those of every service."""

from pydantic import Field, PositiveFloat, PositiveInt

from chassis.settings.servers import MountedFile
from chassis.settings.service import Address, ServiceSettings
from protocol.identifiers import LONGEST_PASS


class ApprovalSettings(ServiceSettings):
    """Settings of approval."""

    vault_key_file: MountedFile = Field(description="JSON file with the versions of the vault's key.")
    district_target: Address | None = Field(
        default=None,
        description="HOST:PORT of the district's own approval system; without it referrals wait until it is set.",
    )
    district_authority_file: MountedFile | None = Field(
        default=None, description="PEM authorities of the district's system; without it the connection is plaintext."
    )
    district_certificate_file: MountedFile | None = Field(
        default=None, description="PEM certificate shown to the district's system (mutual TLS)."
    )
    district_key_file: MountedFile | None = Field(default=None, description="PEM key of that certificate.")
    district_token_file: MountedFile | None = Field(
        default=None, description="File with the bearer token shown to the district's system."
    )
    district_system: str = Field(
        default="district-system",
        min_length=1,
        max_length=64,
        description="Name by which the district's system is known in its certificate or token.",
    )
    read_pass_private_key_file: MountedFile = Field(description="PEM key that signs passes to the applicant's details.")
    read_pass_minutes: PositiveInt = Field(default=30, description="Minutes for which a desk's read pass holds.")
    package_pass_days: PositiveInt = Field(
        default=60,
        le=LONGEST_PASS.days,
        description="Days for which the read pass in a referred package holds, a year at most.",
    )
    handoff_deadline_seconds: PositiveFloat = Field(
        default=10.0, description="Seconds the district's system has to answer one call."
    )
    handoff_concurrency: PositiveInt = Field(default=16, description="Obligations sent to the district at one time.")
    handoff_backoff_cap_seconds: PositiveFloat = Field(
        default=300.0, description="Seconds between two attempts at most; they double from one, with full jitter."
    )
    handoff_real_retry_seconds: PositiveFloat = Field(
        default=2.0,
        description="Seconds by the machine's clock before a retry at the earliest, for an office clock that stands.",
    )
    handoff_poll_seconds: PositiveFloat = Field(
        default=0.5, description="Seconds between looks at the queue without a wake-up."
    )
    breaker_failures: PositiveInt = Field(
        default=5, description="Transport failures in a row after which a destination is left alone."
    )
    breaker_probe_seconds: PositiveFloat = Field(
        default=60.0, description="Seconds between two probes of a destination that is left alone."
    )
    pull_seconds: PositiveFloat = Field(
        default=60.0, description="Seconds between two readings of what changed at the district."
    )
    pull_page: PositiveInt = Field(default=100, le=500, description="Changes read from the district at one time.")
