"""Steps of a history: an act of somebody, or something that happens; readable, and enough to play it again."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from protocol.identifiers import district_leg_id, street_leg_id

TOGETHER, THEN, QUIET = "together", "then", "when all is quiet"
"""Moments of a step: with the one before, once the one before was answered, once everything was heard."""
HAPPENINGS = frozenset(
    {
        *("forward", "evening", "kill", "take over", "consumer stops", "consumer resumes", "pull"),
        "decide on the list",
    }
)
"""Steps that are no act of anybody at a desk."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step; `options` are those of its act."""

    act: str
    matter: int = 0
    who: str = ""
    moment: str = THEN
    options: tuple[tuple[str, Any], ...] = ()
    key: int = 0
    """The request id of an act follows from it; a repeat has the key of the first."""
    number: int = 0
    """Its number in the history as it was made, also when others are left out."""

    @property
    def request_id(self) -> str:
        """Request id, or report key, of an act."""
        return f"request-{self.key:08x}"

    @property
    def is_act(self) -> bool:
        """True for a call by somebody."""
        return self.act not in HAPPENINGS

    def option(self, name: str, default: Any = None) -> Any:
        """An option, or the default."""
        return dict(self.options).get(name, default)

    def __str__(self) -> str:
        options = " ".join(f"{name}={value}" for name, value in self.options)
        if self.is_act:
            options = f"[{self.request_id}] {options}"
        who = f"{self.who}: " if self.who else ""
        matter = f" matter {self.matter + 1}" if self.is_act else ""
        return f"{self.number:>3}  {self.moment:<17}  {who}{self.act}{matter} {options}".rstrip()


@dataclass(slots=True)
class Matter:
    """A matter as its applicant and the desks know it from answers."""

    item: str = "promised"
    application_id: str = ""
    number: str = ""
    serial_number: str = ""
    query_code: str = ""
    attempts: int = 0
    """Referrals that were answered."""
    positions: list[str] = field(default_factory=list)
    """Positions of the answers so far."""

    @property
    def street_case(self) -> str:
        """The street's leg."""
        return str(street_leg_id(UUID(self.application_id)))

    @property
    def district_case(self) -> str:
        """The newest leg at the district."""
        return str(district_leg_id(UUID(self.application_id), max(1, self.attempts)))
