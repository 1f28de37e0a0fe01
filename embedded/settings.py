"""Settings of the embedded stack; in the environment each name is ONEWINDOW_ and the field in capitals."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, PositiveFloat

from chassis.settings.service import AsJson, EnvironmentSettings
from embedded.data_dir import DataDir


class StackSettings(EnvironmentSettings):
    """The settings of `onewindow up` and of the commands that work on the stack."""

    home: Path = Field(default=Path(".onewindow"), description="The folder of the stack, from the current folder on.")
    clock: str = Field(default="office", pattern="^(office|real)$", description="Which clock gives the legal day.")
    district: str = Field(default="440105", pattern="^[0-9]{6}$", description="The district served, GB/T 2260.")
    log_level: str = Field(default="info", description="From which weight on the services write log lines.")
    service_settings: Annotated[dict[str, str], AsJson] = Field(
        default={}, description="Further settings of the services, as JSON: names without ONEWINDOW_, and values."
    )
    up_within: PositiveFloat = Field(default=90.0, description="Seconds in which every program has to be ready.")
    settle_within: PositiveFloat = Field(default=120.0, description="Seconds in which a day has to come to rest.")
    settle_pause: PositiveFloat = Field(default=0.01, description="Seconds between two looks whether a day rests.")

    def data_dir(self) -> DataDir:
        """The folder that these settings name."""
        return DataDir(self.home.resolve())
