"""Texts that people type."""

import unicodedata

_UNSEEN = frozenset({"Cc", "Cf", "Mn", "Mc", "Me", "Zs", "Zl", "Zp"})
"""Controls, marks that need a letter under them, and blanks, by Unicode's general categories."""
_BLANK_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and signs that are drawn as nothing."""


def has_visible(text: str) -> bool:
    """Whether there is anything in a text to read; required texts are held to the same by the contract's pattern."""
    return any(unicodedata.category(sign) not in _UNSEEN and sign not in _BLANK_LETTERS for sign in text)
