"""The second net under the logs: identity numbers and telephone numbers are blotted out wherever they slipped in.

The first net is that nobody logs them. Nothing here decides what may be logged.
"""

import re

_IDENTITY = re.compile(r"(?<![0-9A-Za-z])[0-9]{17}[0-9Xx](?![0-9A-Za-z])")
_IDENTITY_BEFORE_1999 = re.compile(
    r"(?<![0-9A-Za-z])[1-9][0-9]{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}(?![0-9A-Za-z])"
)
_TELEPHONE = re.compile(r"(?<![0-9A-Za-z])(?:\+?86[- ]?)?1[3-9][0-9][- ]?[0-9]{4}[- ]?[0-9]{4}(?![0-9A-Za-z])")


def masked(text: str) -> str:
    """`text` with every identity number (15 or 18 characters) and mobile number replaced by what it was."""
    text = _IDENTITY.sub("[identity]", text)
    text = _IDENTITY_BEFORE_1999.sub("[identity]", text)
    return _TELEPHONE.sub("[telephone]", text)
