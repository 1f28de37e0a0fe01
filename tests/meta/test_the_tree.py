"""The repository keeps its own rules: each check of `make check` on the real tree."""

import pytest

from tools.check import CHECKS, ROOT, Check


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_the_tree_keeps_the_rule(check: Check) -> None:
    found = [str(finding) for finding in check.find(ROOT)]
    assert not found, "\n".join(found)
