"""Why a command cannot do what was asked, in words for the person at the keyboard."""


class CommandError(Exception):
    """The command ends with 1; the text says what stands in the way and what helps."""
