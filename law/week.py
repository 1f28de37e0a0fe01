"""The bare week, Monday to Friday, on day numbers: what holds where no notice orders anything.

Day numbers are `date.toordinal`; day 1 was a Monday.
"""

_WEEK, _WORKED = 7, 5


def is_weekday(ordinal: int) -> bool:
    """True for a Monday to Friday."""
    return 1 <= ordinal % _WEEK <= _WORKED


def weekdays_until(ordinal: int) -> int:
    """Number of Mondays to Fridays from day 1 to the day, both included."""
    weeks, days = divmod(ordinal, _WEEK)
    return weeks * _WORKED + min(days, _WORKED)


def nth_weekday(after: int, count: int) -> int:
    """The `count`-th Monday to Friday after the day."""
    weeks, days = divmod(weekdays_until(after) + count - 1, _WORKED)
    return weeks * _WEEK + days + 1
