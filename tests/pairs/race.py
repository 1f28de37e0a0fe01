"""A race: two acts on one matter, in one order or the other or truly at once; and many races in a batch."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import grpc.aio

from client.retries import answered
from tests.pairs.acts import Act, Stage
from tests.pairs.hall import Hall, Matter
from tests.pairs.truth import Stored, contradictions, said, stored
from tests.support.wire_refusal import WireRefusal

APART = 0.005
AT_ONCE = 24
_NEVER = (grpc.StatusCode.INTERNAL, grpc.StatusCode.UNKNOWN, grpc.StatusCode.UNIMPLEMENTED)
Done = TypeVar("Done")
Work = TypeVar("Work")


@dataclass(slots=True)
class Race:
    """One try of a pair: what was prepared, answered and found."""

    stage: Stage
    acts: tuple[Act, Act]
    order: int
    """0: the first act 5 ms before the second; 1: after it; 2: both at once."""
    matter: Matter | None = None
    answers: list[Any] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Stage and acts, in the order in which they were sent."""
        first, second = (each.name for each in (self.acts if self.order != 1 else self.acts[::-1]))
        return f"{self.stage.name}: {first} {'with' if self.order == 2 else 'before'} {second}"

    def ours(self) -> Matter:
        """The matter, once it is prepared."""
        assert self.matter is not None
        return self.matter

    def outcomes(self) -> str:
        """Each act with OK or the reason of its refusal."""
        return ", ".join(f"{act.name} {_word(answer)}" for act, answer in zip(self.acts, self.answers, strict=True))


def races(pairs: Iterable[tuple[Stage, Act, Act]], times: int, seed: int) -> list[Race]:
    """Every pair so many times, its three orders in turn, all of them shuffled."""
    planned = [
        Race(stage, (first, second), (n + offset) % 3)
        for offset, (stage, first, second) in enumerate(pairs)
        for n in range(times)
    ]
    random.Random(seed).shuffle(planned)
    return planned


async def run(
    hall: Hall, batch: Sequence[Race], *, heard: bool = True, meanwhile: Callable[[], Awaitable[None]] | None = None
) -> None:
    """Prepares the matters, lets the acts meet, waits for quiet, and notes each fault at its race.

    `heard` is False where the acts meet before the services have heard of each other's part of the preparation.
    """
    await each(batch, lambda race: prepare(hall, race))
    if heard:
        await hall.rest.wait(hall.clock.now())
    before = await stored(hall, [race.ours() for race in batch])
    disturbed = asyncio.ensure_future(meanwhile()) if meanwhile else None
    await each(batch, lambda race: meet(hall, race))
    if disturbed:
        await disturbed
    await hall.rest.wait(hall.clock.now())
    await check(hall, batch, before)


async def prepare(hall: Hall, race: Race) -> None:
    """A matter at the stage of the race."""
    race.matter = await race.stage.reach(hall)


async def meet(hall: Hall, race: Race) -> None:
    """Both acts, as the race orders them."""
    waits = (0.0, APART) if race.order == 0 else (APART, 0.0) if race.order == 1 else (0.0, 0.0)
    race.answers = list(await asyncio.gather(*(_act(hall, race, place, wait) for place, wait in enumerate(waits))))


async def check(hall: Hall, batch: Sequence[Race], before: Stored) -> None:
    """Notes at each race what is wrong with it after quiet."""
    seen = dict(zip(map(id, batch), await each(batch, lambda race: said(hall, race.ours())), strict=True))
    after = await stored(hall, [race.ours() for race in batch])
    for race in batch:
        race.faults += contradictions(race.ours(), seen[id(race)], after)
        race.faults += _answers(race)
        race.faults += _facts(race, before, after)
    await each(batch, lambda race: _repeat(hall, race))


async def each(works: Sequence[Work], act: Callable[[Work], Awaitable[Done]]) -> list[Done]:
    """The results of all, so many at a time."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(work: Work) -> Done:
        async with gate:
            return await act(work)

    return list(await asyncio.gather(*map(one, works)))


def report(faulty: Sequence[Race]) -> str:
    """The faults by pair, each with one example."""
    counted = Counter((race.name, fault) for race in faulty for fault in race.faults)
    examples = {(race.name, fault): race for race in faulty for fault in race.faults}
    lines = []
    for (name, fault), many in counted.most_common(60):
        race = examples[name, fault]
        lines.append(f"{many} x {name}: {fault}\n      {race.outcomes()}; {race.ours().application_id}")
    return "\n".join(lines)


async def _act(hall: Hall, race: Race, place: int, wait: float) -> Any:
    act, which, matter = race.acts[place], "ab"[place], race.ours()
    await asyncio.sleep(wait)
    try:
        return await answered(lambda: act.does(hall, matter, matter.key(which), which))
    except grpc.aio.AioRpcError as error:
        return error


async def _repeat(hall: Hall, race: Race) -> None:
    for place, answer in enumerate(race.answers):
        if isinstance(answer, grpc.aio.AioRpcError):
            continue
        again = await _act(hall, race, place, 0.0)
        if isinstance(again, grpc.aio.AioRpcError) or _bytes(again) != _bytes(answer):
            race.faults.append(f"{race.acts[place].name} repeated: {_word(again)} instead of the first answer")


def _answers(race: Race) -> Iterator[str]:
    for act, answer in zip(race.acts, race.answers, strict=True):
        if isinstance(answer, grpc.aio.AioRpcError) and (answer.code() in _NEVER or not _reason(answer)):
            yield f"{act.name} was answered {answer.code().name} {answer.details()}"


def _facts(race: Race, before: Stored, after: Stored) -> Iterator[str]:
    """Each acknowledged act is on its file, and nothing that was refused is."""
    matter = race.ours()
    for act in dict.fromkeys(race.acts):
        done = sum(
            each is act and not isinstance(answer, grpc.aio.AioRpcError)
            for each, answer in zip(race.acts, race.answers, strict=True)
        )
        file_id = (
            matter.leg_id if act.on_leg else matter.case_id if act.service == "approval" else matter.application_id
        )
        new = after.count(act.service, file_id, act.fact) - before.count(act.service, file_id, act.fact)
        if not min(done, 1) <= new <= done + (act.fact == race.stage.swept):
            yield f"{act.name} was acknowledged {done} times and is on file {new} times"


def _bytes(answer: Any) -> bytes:
    return bytes(answer.SerializeToString(deterministic=True))


def _reason(error: grpc.aio.AioRpcError) -> str:
    return str(WireRefusal(error).why.reason)


def _word(answer: Any) -> str:
    return _reason(answer) or answer.code().name if isinstance(answer, grpc.aio.AioRpcError) else "OK"
