"""The named queries of a service: its `queries.sql`, each behind a line `-- name: …` and a sentence."""

import re
from collections.abc import Callable
from importlib import resources

_NAMED = re.compile(r"^-- name: (\w+)\n", re.MULTILINE)


def queries_of(package: str) -> Callable[[str], str]:
    """The statement of a name in `queries.sql` of the package; raises KeyError for a name that is not there."""
    written = resources.files(package).joinpath("queries.sql").read_text("utf-8")
    parts = _NAMED.split(written)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True)).__getitem__
