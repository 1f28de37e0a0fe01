"""Templates and letterheads in force, and the text of each message by them."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.notify.domain.correspondence import Letterhead
from services.notify.domain.template.text import MessageTemplate, compose
from services.notify.ports import DueMessage, OutgoingMessage


@dataclass(frozen=True, slots=True)
class ComposedMessage:
    """A message with its text."""

    due: DueMessage
    template: MessageTemplate
    text: str

    @property
    def outgoing(self) -> OutgoingMessage:
        """The message as the gateway gets it."""
        return OutgoingMessage(self.due.message_id, self.due.phone, self.text)


@dataclass(frozen=True, slots=True)
class Letterheads:
    """The letterhead of each street."""

    by_street: Mapping[str, Letterhead]
    default: Letterhead

    def of(self, street: str) -> Letterhead:
        """The letterhead of a street."""
        return self.by_street.get(street, self.default)


@dataclass(frozen=True, slots=True)
class MessageTexts:
    """The templates in force by their codes, and the letterheads that sign them."""

    templates: Mapping[str, MessageTemplate]
    letterheads: Letterheads

    def composed(self, due: DueMessage) -> ComposedMessage:
        """A message with its text. Raises KeyError for an unknown template or placeholder."""
        template = self.templates[due.template]
        letterhead = self.letterheads.of(due.key.street)
        return ComposedMessage(due, template, compose(template, letterhead, due.matter, due.particulars))
