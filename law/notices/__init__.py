"""The State Council's holiday notices: which days the country rests and works, year by year."""

import tomllib
from functools import cache
from importlib import resources

from law.notices.notice import Holiday, Notice, NoticeFault, WrongNotice, normal_number, require_own_number
from law.notices.parser import read_notice
from law.notices.statutory import days_within_reach, statutory_days

__all__ = [
    "Holiday",
    "Notice",
    "NoticeFault",
    "WrongNotice",
    "days_within_reach",
    "normal_number",
    "read_notice",
    "require_own_number",
    "state_council",
    "statutory_days",
]


@cache
def state_council() -> tuple[str, tuple[Notice, ...]]:
    """The version of the notices that come with the product, and the notices in the order of their publication."""
    written = tomllib.loads(resources.files(__name__).joinpath("state_council.toml").read_text("utf-8"))
    return written["version"], tuple(read_notice(each) for each in written["notices"])
