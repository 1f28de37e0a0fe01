"""Tests; `tests.support` is shared by the rooms."""
