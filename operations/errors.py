"""Failures and waits of a command, in sentences for its user."""

import sys

_SILENT_SECONDS = 3.0
"""Seconds of waiting that are not worth a line: servers that start together."""


class CommandError(Exception):
    """The command ends with 1; the text names the obstacle and the remedy."""


def report_waiting(sentence: str, waited: float, reported: str) -> str:
    """Writes to standard error why it still waits, unless `reported` already; returns the last sentence written."""
    if waited < _SILENT_SECONDS or sentence == reported:
        return reported
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()
    return sentence
