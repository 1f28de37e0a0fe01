"""What a command says while it waits for a server: whoever reads the log of its Job then sees for what."""

import sys

_SILENT_SECONDS = 3.0
"""What comes within this is not worth a line: servers that start together."""


def say_waiting(sentence: str, waited: float, said: str) -> str:
    """Tell why it still waits, after `waited` seconds, unless that was `said` before; gives what was said last."""
    if waited < _SILENT_SECONDS or sentence == said:
        return said
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()
    return sentence
