"""Use cases of metrics over figures in memory: reach of a caller, progress by number and code, a watched board."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from chassis.refusals import NotFound, Refusal, TooManyCalls
from chassis.rpc.identity.caller import Caller, level_of, set_caller
from chassis.rpc.limits import RateLimit
from chassis.scope import EVERY_STREET, Scope
from chassis.vault import code_digest, is_query_code
from law.not_allowed import WrongDesk
from protocol.query_codes import WrongCodes
from services.metrics.domain.indicator.indicators import indicator
from services.metrics.domain.period import Period, PeriodKind, read_period
from services.metrics.ports import Board, Figures, MattersQuery, Row, Side
from services.metrics.usecases import BoardPace, Progress, Supervision, reach
from tests.support.ledger import StillClock

DISTRICT, STREET, OTHER = "440105", "440105008", "440105009"
MATTER = UUID("01957a3e-7c00-7000-8000-000000000001")
PEPPER, CODE = b"pepper of the test", "7KQ2M9PX"
ROW: Row = {"application_id": MATTER, "query_code_digest": code_digest(PEPPER, MATTER, CODE).hex(), "item_name": "事项"}


class MemoryFigures:
    """Figures of one matter and a row of boards, with the order in which they were read."""

    def __init__(self, matters: dict[str, Row] | None = None, boards: Sequence[Board] = ()) -> None:
        self.steps: list[object] = []
        self._matters = matters or {}
        self._boards = list(boards)

    async def until_reached(self, position: str) -> None:
        """Notes the position."""
        self.steps.append(f"reached {position}")

    async def figures(self, scope: Scope, period: Period) -> Figures:
        """Figures without a number."""
        self.steps.append((scope, period))
        return Figures(period, {}, (), (), {}, {})

    async def matters(self, scope: Scope, wanted: MattersQuery) -> tuple[Sequence[Row], int]:
        """The one matter."""
        self.steps.append((scope, wanted))
        return [ROW], 1

    async def matter(self, scope: Scope, number: str) -> Row | None:
        """The matter of that number."""
        self.steps.append((scope, number))
        return self._matters.get(number)

    async def board(self, scope: Scope, today: date) -> Board:
        """The next board; the last one stays."""
        self.steps.append(scope)
        return self._boards.pop(0) if len(self._boards) > 1 else self._boards[0]

    current = board


def caller(street: str) -> Caller:
    """A supervisor at that place."""
    return Caller("NH001", False, frozenset({"SUPERVISOR"}), DISTRICT, street, level_of(street))


@pytest.mark.parametrize(
    ("own", "wanted", "scope"),
    [
        (STREET, "", Scope(DISTRICT, STREET)),
        (STREET, STREET, Scope(DISTRICT, STREET)),
        ("440105000", "", Scope(DISTRICT, EVERY_STREET)),
        ("440105000", STREET, Scope(DISTRICT, STREET)),
        ("440105000", "440105000", Scope(DISTRICT, "440105000")),
        (EVERY_STREET, OTHER, Scope(DISTRICT, OTHER)),
    ],
)
def test_a_street_reads_itself_and_the_district_every_street(own: str, wanted: str, scope: Scope) -> None:
    assert reach(caller(own), wanted) == scope


@pytest.mark.parametrize(
    ("own", "wanted"),
    [
        (STREET, OTHER),
        (STREET, "440105000"),
        ("440105000", "440106001"),
        (EVERY_STREET, "440106001"),
        ("440105000", "440105999"),
        (EVERY_STREET, "440105999"),
    ],
)
def test_another_street_or_district_is_for_another_desk(own: str, wanted: str) -> None:
    with pytest.raises(WrongDesk) as refused:
        reach(caller(own), wanted)
    assert refused.value.field == "street"


def test_the_reserved_place_is_read_by_the_probe_alone() -> None:
    probe = replace(caller("440105999"), machine=True, posts=frozenset(), system="PROBE")
    assert reach(probe, "440105999") == reach(probe, "") == Scope(DISTRICT, "440105999")
    with pytest.raises(WrongDesk):
        reach(probe, STREET)


def supervision(figures: MemoryFigures, pause: float = 0, limit: float = 60) -> Supervision:
    """The use cases over these figures."""
    return Supervision(figures, figures, figures, StillClock(), BoardPace(pause, limit))


async def test_a_report_waits_for_its_position_and_reads_then() -> None:
    figures, period = MemoryFigures(), read_period(PeriodKind.MONTH, "2016-03")
    await supervision(figures).reached("p-7")
    assert (await supervision(figures).report(Scope(DISTRICT, STREET), period)).period == period
    assert figures.steps == ["reached p-7", (Scope(DISTRICT, STREET), period)]


async def test_the_matters_behind_a_figure_are_read_as_they_were_wanted() -> None:
    figures = MemoryFigures()
    wanted = MattersQuery(indicator("on_time"), Side.REST, read_period(PeriodKind.YEAR, "2016"), 50)
    assert await supervision(figures).matters(Scope(DISTRICT, STREET), wanted) == ([ROW], 1)
    assert figures.steps == [(Scope(DISTRICT, STREET), wanted)]


async def test_a_board_is_sent_again_only_when_it_has_changed() -> None:
    first, second = (Board(date(2016, 3, 1), {"normal": count}, ()) for count in (1, 2))
    figures = MemoryFigures(boards=[first, first, second, second, first])
    watched = supervision(figures).watch(Scope(DISTRICT, STREET))
    assert [await anext(watched) for _ in range(3)] == [first, second, first]
    await watched.aclose()  # type: ignore[attr-defined] # it is a generator


async def test_a_watch_ends_after_its_limit() -> None:
    figures = MemoryFigures(boards=[Board(date(2016, 3, 1), {}, ())])
    boards = [board async for board in supervision(figures, pause=0.01, limit=0.02).watch(Scope(DISTRICT, STREET))]
    assert len(boards) == 1


async def test_a_watch_with_no_time_shows_nothing() -> None:
    figures = MemoryFigures(boards=[Board(date(2016, 3, 1), {}, ())])
    assert [board async for board in supervision(figures, limit=0).watch(Scope(DISTRICT, STREET))] == []
    assert figures.steps == []


def progress(figures: MemoryFigures, now: Sequence[float] = (0.0,)) -> Progress:
    """Progress of matters over these figures."""
    limits = WrongCodes(RateLimit(6, 10, lambda: now[0]), RateLimit(60, 100, lambda: now[0]))
    return Progress(figures, figures, DISTRICT, lambda: PEPPER, limits)


async def test_the_holder_of_number_and_code_reads_the_matter_of_any_street() -> None:
    figures = MemoryFigures({"N1": ROW})
    assert await progress(figures).of("N1", CODE, "p-1") == ROW
    assert figures.steps == ["reached p-1", (Scope(DISTRICT, EVERY_STREET), "N1")]


@pytest.mark.parametrize(
    ("number", "code"),
    [("N1", "7KQ2M9PY"), ("N1", ""), ("N2", CODE)],
    ids=["wrong code", "no code", "unknown number"],
)
async def test_a_wrong_code_and_an_unknown_number_are_answered_alike(number: str, code: str) -> None:
    with pytest.raises(NotFound) as refused:
        await progress(MemoryFigures({"N1": ROW})).of(number, code, "")
    assert refused.value.sentence == NotFound().sentence


async def test_guesses_are_limited_for_each_number_and_right_codes_are_not_counted() -> None:
    of_matters = progress(MemoryFigures({"N1": ROW, "N2": ROW}))
    for _ in range(20):
        await of_matters.of("N1", CODE, "")
    for _ in range(10):
        with pytest.raises(NotFound):
            await of_matters.of("N1", "7KQ2M9PY", "")
    for code in (CODE, "7KQ2M9PY"):
        with pytest.raises(TooManyCalls):
            await of_matters.of("N1", code, "")
    assert await of_matters.of("N2", CODE, "") == ROW


WRONG = "7KQ2M9PY"


async def test_wrong_codes_at_one_instant_are_compared_no_oftener_than_the_limit_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compared: list[str] = []

    class Database(MemoryFigures):
        async def matter(self, scope: Scope, number: str) -> Row | None:
            await asyncio.sleep(0.01)
            return await super().matter(scope, number)

    def compare(pepper: bytes, of: UUID, code: str, digest: bytes) -> bool:
        compared.append(code)
        return is_query_code(pepper, of, code, digest)

    monkeypatch.setattr("services.metrics.usecases.is_query_code", compare)
    of_matters = progress(Database({"N1": ROW}))
    for number in ("N1", "N2"):
        tries = (of_matters.of(number, WRONG, "") for _ in range(500))
        ends = Counter(map(type, await asyncio.gather(*tries, return_exceptions=True)))
        assert (ends, len(compared)) == (Counter({NotFound: 10, TooManyCalls: 490}), 10)
        compared.clear()


async def test_right_codes_at_one_instant_all_pass() -> None:
    of_matters = progress(MemoryFigures({"N1": ROW}))
    assert await asyncio.gather(*(of_matters.of("N1", CODE, "") for _ in range(50))) == [ROW] * 50


async def guessed(of_matters: Progress, network: str, code: str = WRONG) -> type[Exception] | None:
    """How a try of a stranger from this network ends."""
    set_caller(None, network)
    try:
        await of_matters.of("N1", code, "")
    except Refusal as refusal:
        return type(refusal)
    finally:
        set_caller(None)
    return None


async def test_one_stranger_who_guesses_locks_nobody_out_but_themselves() -> None:
    now = [0.0]
    of_matters = progress(MemoryFigures({"N1": ROW}), now)
    for second in range(0, 3600, 2):
        now[0] = float(second)
        last = await guessed(of_matters, "10.0.0.1")
        assert await guessed(of_matters, "10.0.0.2", CODE) is None
    assert last is TooManyCalls and await guessed(of_matters, "10.0.0.1", CODE) is TooManyCalls


async def test_many_strangers_together_guess_no_faster_than_the_limit_of_the_matter() -> None:
    now = [0.0]
    of_matters, ends = progress(MemoryFigures({"N1": ROW}), now), Counter[type[Exception] | None]()
    for second in range(600):
        now[0] = float(second)
        ends.update([await guessed(of_matters, f"10.0.{second % 50}.{n}") for n in range(5)])
    assert ends[NotFound] == pytest.approx(100 + 60 * 600 / 60, abs=1)
    assert ends[NotFound] + ends[TooManyCalls] == 3000


async def test_a_code_may_be_typed_in_small_letters() -> None:
    assert await progress(MemoryFigures({"N1": ROW})).of("N1", CODE.lower(), "") == ROW


@pytest.mark.parametrize("digest", [None, ""])
async def test_a_matter_without_a_code_is_read_by_nobody(digest: str | None) -> None:
    figures = MemoryFigures({"N1": {**ROW, "query_code_digest": digest}})
    for code in ("", CODE):
        with pytest.raises(NotFound):
            await progress(figures).of("N1", code, "")


async def test_several_watch_at_once_without_disturbing_each_other() -> None:
    boards = [Board(date(2016, 3, 1), {"normal": 1}, ())]

    async def first_board() -> Board:
        return await anext(supervision(MemoryFigures(boards=boards)).watch(Scope(DISTRICT, STREET)))

    assert await asyncio.gather(*(first_board() for _ in range(10))) == boards * 10
