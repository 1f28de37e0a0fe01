"""Change of a case file: load, decide, append. Every act goes this way, whoever calls it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import TypeAlias

from chassis.event_store import Changed, Decision, FileKey, FileRepository, IdempotencyKey
from chassis.refusals import NotFound
from law.desk import Actor
from services.approval.domain.case.facts import Fact, VaultText
from services.approval.domain.case.state import Case

CaseFiles: TypeAlias = FileRepository[Case | None, Fact]
ChangedCase: TypeAlias = Changed[Case | None]

OFFICE = "office"
"""Actor of a change that follows from another file."""


@dataclass(frozen=True, slots=True)
class CaseCall:
    """Call that changes a case: the case, the idempotency key, the actor, the revision that the caller saw."""

    key: FileKey
    cause: IdempotencyKey
    actor: Actor
    revision: int = 0
    """The revision the caller saw; 0 when it does not matter."""

    @property
    def expected_revision(self) -> int | None:
        """The revision as the store expects it: None when it does not matter."""
        return self.revision or None


def existing(case: Case | None) -> Case:
    """The case; raises NotFound when nothing is on file at the caller's place."""
    if case is None:
        raise NotFound
    return case


def deciding(
    act: Callable[[Case], Sequence[Fact]], typed: str = "", answer: Callable[[Case], bytes] = lambda _: b""
) -> Callable[[Case | None, object], Decision[Fact]]:
    """The decision for the store: facts of the act on the current case, the typed text, the answer to keep for repeats.

    `answer` sees the case as it was before the act.
    """

    def decide(case: Case | None, _drawn: object) -> Decision[Fact]:
        current = existing(case)
        decided = act(current)
        return Decision(decided, texts=texts_of(decided, typed), answer=answer(current))

    return decide


def texts_of(decided: Sequence[Fact], typed: str) -> dict[str, str]:
    """The typed text under the name that the facts give it."""
    if not typed:
        return {}
    values = (getattr(fact, field.name) for fact in decided for field in fields(fact))
    return {value.name: typed for value in values if isinstance(value, VaultText)}
