"""The named queries of the service: `queries.sql`, each behind a line `-- name: …` and a sentence."""

import re
from functools import cache
from importlib import resources

_NAMED = re.compile(r"^-- name: (\w+)\n", re.MULTILINE)


def query(name: str) -> str:
    """The statement of that name."""
    return _queries()[name]


@cache
def _queries() -> dict[str, str]:
    written = resources.files("services.metrics").joinpath("queries.sql").read_text("utf-8")
    parts = _NAMED.split(written)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))
