"""The district publishes a window of a hall; an equal one is not published again."""

from datetime import date

from law.not_allowed import Malformed
from services.intake.domain.catalogue import Entry
from services.intake.domain.facts import WindowPublished
from services.intake.domain.item import Window


class WrongWindow(Malformed):
    """A window contradicts itself, or stands in another district."""

    sentence = "窗口内容有误：{rule}。"


def publish_window(entry: Entry, window: Window, district: str, today: date) -> list[WindowPublished]:
    """The publication; nothing when it equals the window as it is known. Raises WrongWindow."""
    if not window.street.startswith(district):
        raise WrongWindow("window.street", rule="街道不属于本区")
    if window.open_to is not None and window.open_to < window.open_from:
        raise WrongWindow("window.open_to", rule="停用日期早于启用日期")
    return [] if entry.window == window else [WindowPublished(today, window)]
