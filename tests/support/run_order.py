"""A pytest plugin: what needs nothing runs first, then what takes longest, so that two workers end together."""

from pathlib import Path

import pytest

ORDER = ("unit", "journeys", "pairs", "stack", "service")
"""Folders of tests/ in their order; one that is not named runs after these, before the last."""

LAST = ("deploy", "delivery", "meta")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Sort the folders and keep the order inside each."""
    items.sort(key=lambda item: rank(item.path, config.rootpath))


def rank(path: Path, root: Path) -> int:
    """Place of a test file's folder in the order."""
    parts = path.relative_to(root).parts if path.is_relative_to(root) else ()
    folder = parts[1] if len(parts) > 1 else ""
    if folder in LAST:
        return len(ORDER) + 1 + LAST.index(folder)
    return ORDER.index(folder) if folder in ORDER else len(ORDER)
