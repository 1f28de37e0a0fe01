"""What messages and documents are written with: the texts in force, and how each street signs."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.notify.domain.wording import Template, compose
from services.notify.domain.words import Office
from services.notify.ports import DueNotice


@dataclass(frozen=True, slots=True)
class Wordbook:
    """What messages are composed from: the texts in force, and how each street signs."""

    templates: Mapping[str, Template]
    offices: Mapping[str, Office]
    default: Office

    def office(self, street: str) -> Office:
        """How the office of a street signs."""
        return self.offices.get(street, self.default)

    def written(self, notice: DueNotice) -> tuple[Template, str]:
        """The text of a message and the template it follows; raises KeyError for an unknown template or name."""
        template = self.templates[notice.template]
        return template, compose(template, self.office(notice.key.street), notice.matter, notice.particulars)
