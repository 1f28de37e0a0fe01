"""Rules of streets, windows and destinations, asked at every door: the file of a district and its publication."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from law.desk import Place
from law.items import FIRST_DAY, LAST_DAY, Breach, public_text_faults
from law.not_allowed import rule


@dataclass(frozen=True, slots=True)
class PublicWindow:
    """A window of a hall as a publication and a file state it."""

    street: str
    name: str
    open_from: date
    open_to: date | None


@rule()
def street_is_of_the_district(code: str, district: str, field: str = "code") -> Iterator[Breach]:
    """A street's code begins with its district's; 000 is the district itself, and 999 is reserved."""
    own = (Place.of_district(district).street, Place.reserved(district).street)
    if not code.startswith(district) or code in own:
        yield Breach((field,), "street_code", f"{code}不是本区街道的代码；000为区本级、999为系统自检保留。")


@rule()
def name_is_plain_text(name: str) -> Iterator[Breach]:
    """The name of a street, a window or a destination is text that the public can read."""
    yield from (Breach(("name",), broken, sentence) for broken, sentence in public_text_faults(name))


@rule("行政许可法 30")
def window_serves_real_days(window: PublicWindow) -> Iterator[Breach]:
    """The days of a window lie between 1950 and 2200, the last not before the first."""
    for field, day in (("open_from", window.open_from), ("open_to", window.open_to)):
        if day is not None and not FIRST_DAY <= day <= LAST_DAY:
            yield Breach((field,), "year", f"{day} 不在1950年至2200年之间，请核对年份。")
    if window.open_to is not None and window.open_to < window.open_from:
        yield Breach(("open_to",), "window_dates", f"停用日{window.open_to}早于启用日{window.open_from}。")


@rule("行政许可法 35")
def destination_decides(decided_by: str, destination: str) -> Iterator[Breach]:
    """What is referred is decided by the department that it is referred to, under the name it was published with."""
    if destination != decided_by:
        sentence = f"决定机关「{decided_by}」与上报去向「{destination}」不一致。"
        yield Breach(("refers_to",), "referral_target", sentence)


def street_breaches(code: str, name: str, district: str) -> Iterator[Breach]:
    """Every rule that a street breaks."""
    yield from street_is_of_the_district(code, district)
    yield from name_is_plain_text(name)


def destination_breaches(name: str) -> Iterator[Breach]:
    """Every rule that a destination breaks."""
    yield from name_is_plain_text(name)


def window_breaches(window: PublicWindow, district: str) -> Iterator[Breach]:
    """Every rule that a window breaks."""
    yield from street_is_of_the_district(window.street, district, "street")
    yield from name_is_plain_text(window.name)
    yield from window_serves_real_days(window)
