"""The end of a message: the gateway has it, or a member of staff informs the applicant."""

from collections.abc import Mapping
from uuid import UUID

from law.rules import rule
from services.notify.domain.message.facts import MessageEnd


@rule()
def end_message(ended: Mapping[UUID, MessageEnd], end: MessageEnd) -> list[MessageEnd]:
    """A message ends once; the end that is on file stays."""
    return [] if end.message_id in ended else [end]
