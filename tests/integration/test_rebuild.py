"""Projections are what the facts say: folded again they are the same, and what was wrong is put right."""

from nats.aio.client import Client

from chassis.hearing import Hearing, Rebuild, dead_letters, rebuild
from chassis.relay import republish
from tests.integration.conftest import PACE, Service, add_up, hears
from tests.integration.test_hearing import Poisoned, a_hearing, enter, events_of
from tests.support.ledger import MORNING, a_key


def plan(service: Service) -> Rebuild:
    return Rebuild(["ledger", "tally"], {"ledger": add_up}, lambda _kind: service.files)


async def content(service: Service) -> list[object]:
    return [
        await service.value(f"select md5(string_agg(t::text, '' order by t::text)) from {table} t")
        for table in ("ledger", "tally")
    ]


async def filled(hearer: Service, client: Client) -> None:
    for amount in range(1, 8):
        key = a_key()
        await enter(hearer, key, amount, 1)
        await a_hearing(hearer, client).hear(events_of(key, amount, 2, 3))


async def test_a_rebuild_of_what_is_right_changes_nothing(hearer: Service, client: Client) -> None:
    await filled(hearer, client)
    before = await content(hearer)
    assert await rebuild(hearer.worker, plan(hearer)) == {"ledger": 0, "tally": 0}
    assert await content(hearer) == before
    assert await hearer.value("select count(*) from fact") == 14


async def test_a_rebuild_puts_right_what_was_wrong_missing_or_invented(hearer: Service, client: Client) -> None:
    await filled(hearer, client)
    before = await content(hearer)
    await hearer.worker.execute("delete from ledger where total = 2")
    await hearer.worker.execute("update ledger set total = 99 where total = 3")
    await hearer.worker.execute("update tally set events = 0")
    await hearer.worker.execute(
        "insert into ledger select district, street, gen_random_uuid(), 1, 1, now() from ledger"
    )
    differed = await rebuild(hearer.worker, plan(hearer))
    assert differed["tally"] == 7
    assert differed["ledger"] > 0
    assert await content(hearer) == before
    assert await hearer.value("select count(*) from pg_class where relnamespace = 'rebuilding'::regnamespace") == 0


async def test_dead_letters_are_told_without_their_content(hearer: Service, client: Client) -> None:
    key = a_key()
    await Hearing(hearer.worker, client, hears(Poisoned(13)), pace=PACE).hear(events_of(key, 1, 13))
    (letter,) = await dead_letters(hearer.worker)
    assert (letter.key, letter.revision, letter.error) == (key, 2, "LookupError")


async def test_a_lost_stream_is_filled_again_from_the_facts(service: Service) -> None:
    await enter(service, a_key(), 1, 2, 3)
    await service.worker.execute("delete from outbox")
    assert await republish(service.worker, MORNING, page=2) == 3
    assert await republish(service.worker, MORNING, page=2) == 3
    assert await service.value("select count(*) from outbox") == 3
