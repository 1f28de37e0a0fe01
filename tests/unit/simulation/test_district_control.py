"""Control paths of the reference system, and the faults that they plan."""

from collections.abc import AsyncIterator
from typing import Any

import grpc
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from simulation.district.control import control
from simulation.district.register import DistrictRegister, RegisteredCase
from simulation.district.reporter import Reporter
from simulation.district.system import FaultPlan
from tests.unit.simulation.test_district_reporter import StandingClock

Paths = TestClient[web.Request, web.Application]


class Context:
    """A call whose abort raises."""

    async def abort(self, code: grpc.StatusCode, details: str) -> None:
        """End the call."""
        raise RuntimeError(code.name)


@pytest.fixture
def register() -> DistrictRegister:
    """A register with one open case."""
    made = DistrictRegister(None)
    made.receive(RegisteredCase("leg-1", "leg-1", "4401", "Q1", "2016-03-01", "2016-03-04"))
    return made


@pytest.fixture
def faults() -> FaultPlan:
    """No faults yet."""
    return FaultPlan()


@pytest.fixture
async def paths(register: DistrictRegister, faults: FaultPlan) -> AsyncIterator[Paths]:
    """A client of the control paths."""
    reporter = Reporter(register, StandingClock(), "nowhere:1")
    async with TestClient(TestServer(control(register, reporter, faults))) as client:
        yield client


async def test_pending_counts_what_a_day_still_waits_for(paths: Paths, register: DistrictRegister) -> None:
    register.receive(RegisteredCase("leg-2", "leg-2", "4402", "Q2", "2016-03-01", "2016-03-04"))
    register.close("leg-1", "decided", "granted", "2016-03-04", "")
    answer = await (await paths.get("/pending")).json()
    assert answer == {"day": "", "unreported": 1, "refused": 0, "open": 1}


async def test_refused_lists_reports_that_were_refused_for_good(paths: Paths, register: DistrictRegister) -> None:
    register.close("leg-1", "decided", "granted", "2016-03-04", "")
    register.settle("leg-1", refusal="ALREADY_RETURNED")
    assert await (await paths.get("/refused")).json() == [
        {"key": "leg-1", "report_key": "decided:leg-1", "refusal": "ALREADY_RETURNED"}
    ]
    assert (await (await paths.get("/pending")).json())["refused"] == 1


async def test_a_case_is_returned_lost_and_altered(paths: Paths, register: DistrictRegister) -> None:
    assert (await paths.post("/alter", json={"key": "leg-1", "to": {"district_number": "Q9"}})).status == 200
    assert (await paths.post("/return", json={"key": "leg-1", "reasons": "材料不清"})).status == 200
    found = register.find("leg-1")
    assert found is not None
    assert (found.district_number, found.stage, found.reasons) == ("Q9", "returned", "材料不清")
    assert found.decided_on == "2016-03-04"
    assert (await paths.post("/forget", json={"key": "leg-1"})).status == 200
    assert register.find("leg-1") is None


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/return", {"key": "leg-9"}, 404),
        ("/forget", {"key": "leg-9"}, 404),
        ("/alter", {"key": "leg-9", "to": {"reasons": "x"}}, 404),
        ("/alter", {"key": "leg-1", "to": {"key": "x"}}, 400),
        ("/alter", {"key": "leg-1"}, 400),
        ("/faults", {"kind": "fire", "count": 1}, 400),
        ("/faults", {"kind": "slow", "count": "many"}, 400),
    ],
)
async def test_a_wrong_order_is_refused(paths: Paths, path: str, body: dict[str, Any], status: int) -> None:
    answer = await paths.post(path, json=body)
    assert (answer.status, "error" in await answer.json()) == (status, True)


@pytest.mark.parametrize(("kind", "code"), [("unavailable", "UNAVAILABLE"), ("refuse", "INVALID_ARGUMENT")])
async def test_a_planned_fault_strikes_before_the_work(paths: Paths, faults: FaultPlan, kind: str, code: str) -> None:
    assert (await paths.post("/faults", json={"kind": kind, "count": 1})).status == 200
    with pytest.raises(RuntimeError, match=code):
        await faults.before(Context())  # type: ignore[arg-type] # abort is all that it uses
    await faults.before(Context())  # type: ignore[arg-type] # abort is all that it uses


async def test_a_lost_answer_strikes_after_the_work(faults: FaultPlan) -> None:
    faults.order("lost_answer", 1)
    await faults.before(Context())  # type: ignore[arg-type] # abort is all that it uses
    with pytest.raises(RuntimeError, match="UNAVAILABLE"):
        await faults.after(Context())  # type: ignore[arg-type] # abort is all that it uses
    await faults.after(Context())  # type: ignore[arg-type] # abort is all that it uses


async def test_a_slow_answer_only_waits(faults: FaultPlan, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr("simulation.district.system.asyncio.sleep", sleep)
    faults.order("slow", 1)
    await faults.before(Context())  # type: ignore[arg-type] # abort is all that it uses
    assert waited == [30.0]
