"""Named queries of a service: its `queries.sql`, each after a line `-- name: …` and a sentence."""

import re
from collections.abc import Callable
from importlib import resources

_NAMED = re.compile(r"^-- name: (\w+)\n", re.MULTILINE)


def queries_of(package: str) -> Callable[[str], str]:
    """Lookup of a statement by its name in `queries.sql` of the package; raises KeyError for an unknown name."""
    text = resources.files(package).joinpath("queries.sql").read_text("utf-8")
    parts = _NAMED.split(text)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True)).__getitem__
