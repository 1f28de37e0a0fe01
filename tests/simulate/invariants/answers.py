"""Answers: what callers were told is what is on file."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from protocol.streams import SERVICES
from tests.simulate.acts import ACTS
from tests.simulate.invariants.checked import Checked, Violations, ends
from tests.simulate.play import Attempt
from tests.simulate.record import Recorded

_ONCE = frozenset(
    [
        "application_submitted",
        "application_accepted",
        "application_declined",
        "application_withdrawn",
        "completed_on_the_spot",
        "correction_lapsed",
        "service_rated",
        "case_opened",
        "case_withdrawn",
        "term_extended",
        "delivery_opened",
        "result_delivered",
    ]
)
"""Facts that a file has at most once."""
_ENDS_THE_MATTER = ("case_referred", "case_withdrawn")
_UNKNOWN = ("UNAVAILABLE", "ABORTED")
"""Codes after which a caller does not know whether the act is done."""


def answers_are_true(checked: Checked) -> Violations:
    """An acknowledged act is on file once, a refused one not at all; a repeat got the first answer."""
    by_cause: dict[tuple[str, str, str], list[Attempt]] = {}
    for attempt in checked.played.attempts:
        service = ACTS[attempt.step.act].service
        by_cause.setdefault((service, attempt.step.request_id, attempt.step.who), []).append(attempt)
        if attempt.code == "INTERNAL":
            yield f"step {attempt.step.number} {attempt.step.act}: INTERNAL {attempt.error!r}"
    causes = Counter(
        (service, row["request_id"]) for service in SERVICES for row in checked.world.databases[service].table("cause")
    )
    told: Counter[tuple[str, str]] = Counter()
    unknown: set[tuple[str, str]] = set()
    for (service, request_id, _), attempts in by_cause.items():
        done = [attempt for attempt in attempts if attempt.acknowledged]
        told[service, request_id] += bool(done)
        if any(attempt.code in _UNKNOWN for attempt in attempts):
            unknown.add((service, request_id))
        yield from _one_answer(done)
    listed = {step.request_id for step in checked.played.history.steps if step.act == "decide on the list"}
    for (service, request_id), count in told.items():
        stored = causes[service, request_id]
        if stored < count:
            yield f"{service} {request_id}: {count} acknowledged, {stored} on file"
        if stored > count and (service, request_id) not in unknown and request_id not in listed:
            yield f"{service} {request_id}: {count} acknowledged, {stored} on file: a refused act was done"


def _one_answer(done: Sequence[Attempt]) -> Violations:
    if not done:
        return
    first = done[0]
    for other in done[1:]:
        if _content(other) != _content(first):
            yield f"{first.step.request_id}: acknowledged with two contents, {first.step.act}"
        elif other.answer != first.answer:
            yield f"{first.step.request_id}: a repeat of {first.step.act} got another answer"


def _content(attempt: Attempt) -> bytes:
    content = type(attempt.request)()
    content.CopyFrom(attempt.request)
    if "after" in content.DESCRIPTOR.fields_by_name:
        content.ClearField("after")
    return bytes(content.SerializeToString(deterministic=True))


def facts_come_once(checked: Checked) -> Violations:
    """Facts that a file has once are there once; each submission that was acknowledged is one application."""
    for matter in checked.matters:
        for name, facts in [("intake", matter.intake), ("street", matter.street), ("notify", matter.dossier)] + [
            ("district", facts) for facts in matter.districts.values()
        ]:
            counted = Counter(fact.kind for fact in facts)
            demands = [fact.body for fact in facts if fact.kind == "correction_requested"]
            if [demand.supplement for demand in demands] != list(range(len(demands))):
                yield "a demand after the notice is no supplement to it"
            if len({demand.letter_number for demand in demands}) > 1:
                yield "a supplement has another number than its notice"
            for kind in sorted(_ONCE & counted.keys()):
                if counted[kind] > 1:
                    yield f"{name}: {counted[kind]} facts {kind}"
            yield from _ended_once(name, facts)
    submissions = {
        (attempt.step.who, attempt.step.request_id): attempt.answer
        for attempt in checked.played.attempts
        if attempt.step.act in ("submit", "complete at once") and attempt.answer is not None
    }
    ids = {str(matter.application_id) for matter in checked.matters}
    known = {answer.application_id for answer in submissions.values()}
    if known - ids:
        yield "an acknowledged application is not on file"
    lost = any(
        attempt.step.act in ("submit", "complete at once") and attempt.code in _UNKNOWN
        for attempt in checked.played.attempts
    )
    if ids - known and not lost:
        yield "an application is on file that nobody was told of"


def _ended_once(name: str, facts: Sequence[Recorded]) -> Violations:
    """A leg ends once. The street's goes on after a return, and a withdrawal ends a matter that was referred."""
    ended = ""
    for fact in facts:
        if name == "street" and (fact.kind == "case_returned" or (ended, fact.kind) == _ENDS_THE_MATTER):
            ended = ""
        if ends(fact):
            if ended:
                yield f"{name}: {fact.kind} after {ended}"
            ended = fact.kind


def cards_come_once(checked: Checked) -> Violations:
    """A case gets each card once."""
    for matter in checked.matters:
        for facts in (matter.street, *matter.districts.values()):
            levels = [fact.body.level for fact in facts if fact.kind == "card_issued"]
            if len(levels) != len(set(levels)):
                yield f"cards {levels}"


def reports_stand(checked: Checked) -> Violations:
    """A decision of the district that was acknowledged is the one on file, with its day."""
    cases = {str(case_id): facts for matter in checked.matters for case_id, facts in matter.districts.items()}
    for attempt in checked.played.attempts:
        if attempt.step.act != "report decision" or attempt.answer is None:
            continue
        request: Any = attempt.request
        decided = [fact for fact in cases.get(request.case_id, ()) if fact.kind == "district_decided"]
        if not decided:
            yield f"step {attempt.step.number}: an acknowledged decision is not on file"
        elif decided[0].body.outcome != request.outcome:
            yield f"step {attempt.step.number}: another outcome is on file than the acknowledged one"
        elif decided[0].body.decided_on != request.decided_on:
            yield f"step {attempt.step.number}: decided on {decided[0].body.decided_on}, reported {request.decided_on}"


def refusals_are_right(checked: Checked) -> Violations:
    """A refusal is that of a process that remembers nothing; the applicant is never taken for somebody else.

    What is due at the end can be done.
    """
    yield from checked.world.wrong_refusals
    for attempt in checked.played.probes:
        if not attempt.acknowledged:
            yield f"{attempt.step.act} is due, and refused: {attempt.refusal or attempt.code}"
    for attempt in checked.played.attempts:
        if attempt.refusal == "NotTheApplicant" and attempt.request.in_person:
            yield f"step {attempt.step.number}: the applicant was refused as another person"
