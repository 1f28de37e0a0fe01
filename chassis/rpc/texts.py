"""Texts typed by people."""

import unicodedata

_UNSEEN = frozenset({"Cc", "Cf", "Mn", "Mc", "Me", "Zs", "Zl", "Zp"})
"""Controls, combining marks and blanks, by Unicode's general categories."""
_BLANK_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and signs without a visible glyph."""


def has_visible(text: str) -> bool:
    """True when a text has a visible sign; the pattern of required texts in the contract demands the same."""
    return any(unicodedata.category(sign) not in _UNSEEN and sign not in _BLANK_LETTERS for sign in text)
