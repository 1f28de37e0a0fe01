"""What Prometheus reads: one snapshot, from the leader alone, whose sums agree with the rows."""

import asyncio
from collections.abc import Iterable
from datetime import date, timedelta

import pytest
from prometheus_client.core import GaugeMetricFamily

from chassis.clock import real_seconds
from chassis.postgres.database import Pool
from chassis.postgres.leader import LeaderSettings
from law.lamp import LampDates, lamp
from law.procedures import statutory_procedures
from services.metrics.adapters.kpi_exporter import KpiExporter
from services.metrics.adapters.kpi_series import GRADES, LAMPS, LIMITS, PERIODS, PROCEDURE_STATES, RESULTS
from tests.service.metrics.conftest import MetricsDatabase
from tests.service.metrics.lives import DAY, INSTANT, OTHER_STREET, STREET, SYNTHETIC, Life, catalogue_events, ticket
from tests.support.ledger import StillClock

NEXT = timedelta(days=1)
QUICK = LeaderSettings(retry=0.05, heartbeat=0.1)
CLOSED_SETS = {
    "period": {*PERIODS},
    "lamp": {*LAMPS},
    "result": {*RESULTS},
    "limit": {*LIMITS},
    "level": {*LAMPS[1:]},
    "grade": {*GRADES},
    "act": {"accepted", "called"},
    "stage": {"taken", "called"},
    "street": {STREET, OTHER_STREET},
    "window": {"W1", "W2", "none", "other"},
    "kind": {*(kind.code for kind in statutory_procedures()), "other"},
    "state": {*PROCEDURE_STATES},
}


def exporter(pool: Pool, refresh: float = 0.05) -> KpiExporter:
    """An exporter on the first of March, quick to lead."""
    return KpiExporter(pool, StillClock(), refresh, 2000, QUICK)


def lives() -> list[Life]:
    """Open matters under every lamp, closed ones of every kind, a synthetic one."""
    opened = [Life(f"open {days}").submitted(DAY - days * NEXT).accepted(DAY - days * NEXT) for days in range(0, 40, 3)]
    stands = Life("stands").submitted(DAY - 20 * NEXT).accepted(DAY - 20 * NEXT).paused(DAY - 15 * NEXT)
    elsewhere = Life("elsewhere", OTHER_STREET, window="W9").submitted(DAY).accepted(DAY)
    closed = [
        Life("early").submitted(DAY).accepted(DAY).decided("granted", DAY, early=True).rated(1, DAY),
        Life("last day").submitted(DAY - 10 * NEXT).accepted(DAY - 10 * NEXT).decided("granted", DAY),
        Life("late").submitted(DAY - 60 * NEXT).accepted(DAY - 60 * NEXT).decided("refused", DAY, on_time=False),
        Life("spot", kind=INSTANT, window="").submitted(DAY).accepted(DAY).ended("completed_on_the_spot", DAY),
    ]
    canary = Life("canary", SYNTHETIC).submitted(DAY).accepted(DAY).card(3, DAY)
    return [*opened, stands, elsewhere.card(2, DAY), *closed, canary]


async def hear_all(metrics: MetricsDatabase) -> None:
    """The lives, the catalogue and two tickets."""
    told = [event for life in lives() for event in life.events]
    await metrics.receive([*catalogue_events(), *ticket("A001", DAY, "W1"), *ticket("A002", DAY), *told])


def values(families: Iterable[GaugeMetricFamily], name: str) -> dict[tuple[str, ...], float]:
    """The samples of a family by their label values."""
    (family,) = [family for family in families if family.name == name]
    return {tuple(sample.labels.values()): sample.value for sample in family.samples}


async def test_the_lamps_add_up_to_the_open_matters_and_follow_the_law(metrics: MetricsDatabase) -> None:
    await hear_all(metrics)
    shown = values(await exporter(metrics.worker).snapshot(), "onewindow_matters_open")
    rows = await metrics.worker.fetch(
        "select * from matter where closed_on is null and accepted_on is not null and street not like '%999'"
    )
    assert sum(shown.values()) == len(rows)
    expected = dict.fromkeys(LAMPS, 0)
    for row in rows:
        stands_on = min(DAY, row["paused_on"] - NEXT) if row["paused"] else DAY
        expected[LAMPS[lamp(LampDates(row["warn_on"], row["yellow_on"], row["red_on"]), stands_on)]] += 1
    by_lamp = {name: sum(count for (_, each), count in shown.items() if each == name) for name in LAMPS}
    assert by_lamp == expected
    assert all(expected.values()), "every lamp is lit by some matter of this test"


async def test_what_is_shown_is_what_the_rows_say(metrics: MetricsDatabase) -> None:
    await hear_all(metrics)
    families = await exporter(metrics.worker).snapshot()
    for name, column, condition in (
        ("accepted", "accepted_on", "true"),
        ("instant", "accepted_on", "instant"),
        ("closed", "closed_on", "on_time is not null"),
    ):
        shown = values(families, f"onewindow_matters_{name}")
        for period, first in zip(PERIODS, (DAY, DAY.replace(day=1), date(2016, 1, 1)), strict=True):
            counted = await metrics.worker.fetchval(
                f"select count(*) from matter_figures where {condition} and {column} between $1 and $2", first, DAY
            )
            assert sum(count for labels, count in shown.items() if labels[-1] == period) == counted, (name, period)
    overdue = values(families, "onewindow_matters_overdue")
    late = "select count(*) from matter_figures where closed_on is null and promised_due_on < $1 and paused is null"
    assert overdue[STREET, "promised"] == await metrics.worker.fetchval(late, DAY)
    assert values(families, "onewindow_matters_closed")[STREET, "late", "today"] == 1
    assert values(families, "onewindow_ratings")[STREET, "1", "today"] == 1
    assert values(families, "onewindow_cards")[OTHER_STREET, "yellow"] == 1
    assert values(families, "onewindow_window_throughput")[STREET, "W1", "called"] == 1
    assert values(families, "onewindow_tickets") == {
        (STREET, "taken"): 2, (STREET, "called"): 1, (OTHER_STREET, "taken"): 0, (OTHER_STREET, "called"): 0,
    }  # fmt: skip # two streets, two stages


async def test_running_procedures_are_counted_by_kind_and_by_their_expected_end(metrics: MetricsDatabase) -> None:
    def began(name: str) -> Life:
        return Life(name).submitted(DAY - 20 * NEXT).accepted(DAY - 20 * NEXT)

    last_day, day_before = DAY, DAY - NEXT
    stories = [
        began("on its last day").paused(DAY - 9 * NEXT, "hearing", last_day),
        began("overdue").paused(DAY - 9 * NEXT, "hearing", day_before),
        began("of another law").paused(DAY - 9 * NEXT, "publicity", day_before),
        began("of an earlier release").paused(DAY - 9 * NEXT),
        began("over").paused(DAY - 9 * NEXT, "hearing", day_before).resumed(DAY - NEXT, DAY - 20 * NEXT),
        began("again")
        .paused(DAY - 15 * NEXT, "hearing", DAY - 12 * NEXT)
        .resumed(DAY - 10 * NEXT, DAY - 20 * NEXT)
        .paused(DAY - 9 * NEXT, "appraisal", last_day),
        began("decided").paused(DAY - 9 * NEXT, "hearing", day_before).decided("granted", DAY),
        Life("canary", SYNTHETIC).submitted(DAY).accepted(DAY).paused(DAY, "hearing", DAY),
    ]
    await metrics.receive([*catalogue_events(), *(event for life in stories for event in life.events)])
    shown = values(await exporter(metrics.worker).snapshot(), "onewindow_procedures_running")
    assert {labels: count for labels, count in shown.items() if count} == {
        (STREET, "hearing", "running"): 1,
        (STREET, "hearing", "overdue"): 1,
        (STREET, "appraisal", "running"): 1,
        (STREET, "other", "running"): 1,
        (STREET, "other", "overdue"): 1,
    }


async def test_labels_come_from_closed_sets_and_every_series_has_its_sentence(metrics: MetricsDatabase) -> None:
    await hear_all(metrics)
    for family in await exporter(metrics.worker).snapshot():
        assert family.documentation.endswith(".")
        for sample in family.samples:
            for label, value in sample.labels.items():
                assert value in CLOSED_SETS[label], (family.name, label, value)


async def test_where_nothing_happened_a_series_stands_at_zero(metrics: MetricsDatabase) -> None:
    await metrics.receive(catalogue_events())
    families = await exporter(metrics.worker).snapshot()
    assert values(families, "onewindow_matters_open") == {(STREET, each): 0 for each in LAMPS}
    assert (STREET, "W2", "month") in values(families, "onewindow_matters_accepted")


async def test_one_replica_shows_figures_and_when_it_goes_another_does(metrics: MetricsDatabase) -> None:
    await hear_all(metrics)
    replicas = [exporter(metrics.worker) for _ in range(3)]
    running = {replica: asyncio.ensure_future(replica.run()) for replica in replicas}
    try:
        for _ in range(3):
            leader = await leading(list(running))
            others = [replica for replica in running if replica is not leader]
            assert all([family.name for family in other.collect()] == ["onewindow_kpi_leader"] for other in others)
            assert values(leader.collect(), "onewindow_kpi_snapshot_timestamp_seconds")[()] <= real_seconds()
            task = running.pop(leader)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            assert not leads(leader)
    finally:
        for task in running.values():
            task.cancel()
        await asyncio.gather(*running.values(), return_exceptions=True)


async def test_a_snapshot_that_takes_too_long_leaves_the_last_one_with_its_age(
    metrics: MetricsDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    await hear_all(metrics)
    slow = exporter(metrics.worker)
    task = asyncio.ensure_future(slow.run())
    try:
        await leading([slow])
        locked = await metrics.superuser()
        try:
            async with locked.transaction():
                await locked.execute("lock table matter in access exclusive mode")
                monkeypatch.setattr(slow, "_limit", "50ms")
                before = values(slow.collect(), "onewindow_kpi_snapshot_timestamp_seconds")
                await asyncio.sleep(0)
                for _ in range(3):
                    await slow._look()
                assert values(slow.collect(), "onewindow_kpi_snapshot_timestamp_seconds") == before
        finally:
            await locked.close()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def leads(replica: KpiExporter) -> bool:
    """Whether a replica shows the figures."""
    return values(replica.collect(), "onewindow_kpi_leader")[()] == 1


async def leading(replicas: list[KpiExporter]) -> KpiExporter:
    """The one replica that shows figures, as soon as there is one."""
    async with asyncio.timeout(20):
        while True:
            found = [replica for replica in replicas if leads(replica)]
            assert len(found) <= 1
            if found:
                return found[0]
            await asyncio.sleep(0.02)
