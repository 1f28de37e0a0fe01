"""Answers to a caller are found under its whole name and under the number that earlier releases stored."""

from dataclasses import replace

import pytest

from chassis.event_store import Changed, Decision, FileKey, FileRepository, IdempotencyKey, PostgresStore
from chassis.refusals import RequestIdReused
from chassis.scope import Scope, acting_in
from tests.support.ledger import DISTRICT, STREET, Entered, Ledger, LedgerCodec, StillClock, a_cause, a_key

ELSEWHERE = f"{DISTRICT}009"
WHOLE = f"staff/{STREET}/101"


async def entered(
    store: PostgresStore, key: FileKey, cause: IdempotencyKey, caller: str, actor: str = "clerk"
) -> Changed[Ledger]:
    """The answer to a request of this caller, decided on a file that the process may know."""
    files: FileRepository[Ledger, Entered] = FileRepository(store, LedgerCodec(), StillClock())
    with acting_in(Scope(key.district, key.street)):
        await files.change(key, a_cause(), lambda *_: [Entered(1)], actor="clerk")  # the cache knows the file
        again = replace(cause, caller=caller)
        return await files.change(key, again, lambda *_: Decision([Entered(5)], answer=b"entered"), actor=actor)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param("101", WHOLE, id="asked before the update"),
        pytest.param(WHOLE, "101", id="asked before a rollback"),
        pytest.param("spiffe://onewindow.local/portal", "machine/*/spiffe://onewindow.local/portal", id="a system"),
        pytest.param("machine/*/spiffe://onewindow.local/portal", "spiffe://onewindow.local/portal", id="and back"),
        pytest.param(f"machine/{STREET}/portal", "portal", id="a system of one street"),
    ],
)
async def test_a_repeat_gets_the_first_answer_across_releases(
    postgres_store: PostgresStore, first: str, second: str
) -> None:
    key, cause = a_key(), a_cause("content")
    answered = await entered(postgres_store, key, cause, first)
    repeated = await entered(postgres_store, key, cause, second)
    assert (repeated.answer, repeated.revision) == (b"entered", answered.revision) == (b"entered", 2)
    with pytest.raises(RequestIdReused):
        await entered(postgres_store, key, replace(cause, fingerprint=b"another"), second)


@pytest.mark.parametrize(
    ("first", "place", "second", "other_place"),
    [
        pytest.param(WHOLE, STREET, f"staff/{ELSEWHERE}/101", ELSEWHERE, id="namesakes of two streets"),
        pytest.param("101", STREET, f"staff/{ELSEWHERE}/101", ELSEWHERE, id="the first one before the update"),
        pytest.param(WHOLE, STREET, f"machine/{STREET}/101", STREET, id="a system of that name"),
        pytest.param("district", STREET, f"staff/{STREET}/district", STREET, id="reports, and staff called district"),
        pytest.param("sweep:cards", STREET, f"staff/{STREET}/sweep:cards", STREET, id="a sweep, and staff of its name"),
    ],
)
async def test_another_caller_of_the_same_number_is_not_answered_for(
    postgres_store: PostgresStore, first: str, place: str, second: str, other_place: str
) -> None:
    cause = a_cause("content")
    await entered(postgres_store, a_key(place), cause, first)
    other = a_key(other_place)
    assert (await entered(postgres_store, other, cause, second)).key == other


HOUSING = "machine/*/housing"


@pytest.mark.parametrize("actor", ["housing", HOUSING])
async def test_a_report_that_was_stored_under_the_name_of_all_systems_is_found(
    postgres_store: PostgresStore, actor: str
) -> None:
    key, cause = a_key(), a_cause("content")
    answered = await entered(postgres_store, key, cause, "district", actor)
    repeated = await entered(postgres_store, key, cause, HOUSING, HOUSING)
    assert (repeated.key, repeated.revision, repeated.replayed) == (key, answered.revision, True)
    with pytest.raises(RequestIdReused):
        await entered(postgres_store, key, replace(cause, fingerprint=b"another"), HOUSING, HOUSING)


@pytest.mark.parametrize(
    ("actor", "second"),
    [
        pytest.param("district", HOUSING, id="read in the list of the district"),
        pytest.param("machine/*/district-system", HOUSING, id="of the system that packages go to"),
        pytest.param("taxes", HOUSING, id="of another system, before the update"),
        pytest.param("housing", f"staff/{STREET}/housing", id="staff of the system's name"),
        pytest.param(HOUSING, "machine/*/housing/2", id="a longer name"),
    ],
)
async def test_a_report_of_another_system_is_not_a_repeat(
    postgres_store: PostgresStore, actor: str, second: str
) -> None:
    cause = a_cause("content")
    await entered(postgres_store, a_key(), cause, "district", actor)
    other = a_key()
    assert (await entered(postgres_store, other, cause, second, second)).key == other
