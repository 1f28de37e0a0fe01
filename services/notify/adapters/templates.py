"""The texts of messages that come with the product."""

import tomllib
from collections.abc import Mapping
from importlib import resources

from services.notify.domain.wording import Template


def shipped() -> Mapping[str, Template]:
    """Every template by its code."""
    written = resources.files("services.notify").joinpath("templates/messages.toml").read_text("utf-8")
    return {
        row["code"]: Template(row["code"], row["version"], row["text"]) for row in tomllib.loads(written)["template"]
    }
