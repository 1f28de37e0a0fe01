"""Settings of intake, besides those of every service."""

from datetime import time

from pydantic import Field, PositiveFloat, PositiveInt

from chassis.settings.servers import MountedFile
from chassis.settings.service import ServiceSettings


class IntakeSettings(ServiceSettings):
    """The hall's closing time, the days of a correction, and the keys that intake uses."""

    vault_key_file: MountedFile = Field(description="JSON file with the versions of the vault's key.")
    query_code_pepper_file: MountedFile = Field(description="File with the secret that query codes are hashed with.")
    objects_url: str = Field(
        pattern=r"^(file|s3|memory)://", description="Where materials lie: file://, s3:// or memory://."
    )
    closing_time: time = Field(
        default=time(18, 0),
        description="When a hall without published hours closes; what comes later counts from its next day.",
    )
    supply_days: PositiveInt = Field(
        default=30, le=366, description="Calendar days that a correction notice leaves the applicant."
    )
    seal_public_key_file: MountedFile | None = Field(
        default=None,
        description="PEM file with notify's public key (X25519), to which the applicant's details are sealed.",
    )
    read_pass_public_key_file: MountedFile | None = Field(
        default=None, description="PEM file with approval's public key (P-256), by which read passes are believed."
    )
    queue_shown: PositiveInt = Field(
        default=50,
        le=500,
        description="Numbers that GetQueue shows at most, waiting and called each; its counts are whole.",
    )
    catalogue_look_seconds: PositiveFloat = Field(
        default=0.5,
        description="Seconds between looks at the catalogue while nobody calls; every call looks for itself.",
    )
