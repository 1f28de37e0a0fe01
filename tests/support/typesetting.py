"""One warm document compiler for all tests that set documents."""

import pytest

from services.notify.adapters.document.typesetting import TypstTypesetter


@pytest.fixture(scope="session")
def typesetter() -> TypstTypesetter:
    """One warm compiler."""
    return TypstTypesetter()
