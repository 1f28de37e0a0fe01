"""Load, decide, append: how every act meets its file, whoever asks for it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import TypeAlias

from chassis.event_store import Changed, Decision, FileKey, FileRepository, IdempotencyKey, PositionWaiter
from chassis.refusals import NotFound
from law.desk import Actor
from services.approval.domain.case import Case
from services.approval.domain.facts import Fact, VaultText
from services.approval.ports import Calendars, CaseList, Digests, Passes

CaseFiles: TypeAlias = FileRepository[Case | None, Fact]
ChangedCase: TypeAlias = Changed[Case | None]


@dataclass(frozen=True, slots=True)
class Office:
    """What the desks stand on."""

    calendars: Calendars
    lists: CaseList
    digests: Digests
    passes: Passes
    waiter: PositionWaiter


@dataclass(frozen=True, slots=True)
class Call:
    """Who asks for a change of which case, and why, once."""

    key: FileKey
    cause: IdempotencyKey
    actor: Actor
    revision: int = 0
    """The revision the caller saw; 0 when it does not matter."""

    @property
    def expected_revision(self) -> int | None:
        """The same, as the store asks for it."""
        return self.revision or None


def existing(case: Case | None) -> Case:
    """The case; raises NotFound when nothing is on file at the caller's place."""
    if case is None:
        raise NotFound
    return case


def deciding(
    act: Callable[[Case], Sequence[Fact]], typed: str = "", answer: Callable[[Case], bytes] = lambda _: b""
) -> Callable[[Case | None, object], Decision[Fact]]:
    """What the store asks: the act on the case as it stands, the typed text beside its fact, the answer to keep."""

    def decide(case: Case | None, _drawn: object) -> Decision[Fact]:
        found = existing(case)
        decided = act(found)
        return Decision(decided, texts=texts_of(decided, typed), answer=answer(found))

    return decide


def texts_of(decided: Sequence[Fact], typed: str) -> dict[str, str]:
    """The typed text under the name that the facts give it."""
    if not typed:
        return {}
    named = (getattr(fact, field.name) for fact in decided for field in fields(fact))
    return {text.name: typed for text in named if isinstance(text, VaultText)}
