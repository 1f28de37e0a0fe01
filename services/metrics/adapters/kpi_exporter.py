"""Exporter of the hall's figures to Prometheus: one snapshot, read by the leading replica alone."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import structlog
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from chassis.clock import Clock, real_seconds
from chassis.postgres.database import Pool, is_away
from chassis.postgres.leader import DEFAULT_LEADER, LeaderSettings, lead
from services.metrics.adapters.figures import query
from services.metrics.adapters.kpi_series import series

_LOOP = "kpi"
_TODAY, _MONTH, _YEAR = 0, 1, 2
_DAYS: Mapping[str, Sequence[int]] = {
    "kpi_streets": (),
    "kpi_accepted": (_TODAY, _MONTH, _YEAR),
    "kpi_instant": (_TODAY, _MONTH, _YEAR),
    "kpi_closed": (_TODAY, _MONTH, _YEAR),
    "kpi_open": (_TODAY,),
    "kpi_procedures": (_TODAY,),
    "kpi_cards": (_TODAY, _YEAR),
    "kpi_ratings": (_TODAY, _MONTH, _YEAR),
    "kpi_tickets": (_TODAY,),
    "kpi_called": (_TODAY,),
}
"""The queries of a snapshot, each with the days it takes: today, the first of its month, the first of its year."""
_log = structlog.get_logger()


class KpiExporter(Collector):
    """Collector of the last snapshot; a replica that does not lead shows only that it does not."""

    def __init__(
        self,
        pool: Pool,
        clock: Clock,
        refresh_seconds: float,
        statement_milliseconds: int,
        leader: LeaderSettings = DEFAULT_LEADER,
    ) -> None:
        self._pool = pool
        self._clock = clock
        self._refresh = refresh_seconds
        self._limit = f"{statement_milliseconds}ms"
        self._leader = leader
        self._shown: list[GaugeMetricFamily] = []

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """No series at registration: they depend on which replica leads."""
        return ()

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """The leader gauge, and the figures where this replica leads."""
        shown = self._shown
        leads = "1 where this replica shows the office's figures, else 0; all replicas together show 1."
        yield GaugeMetricFamily("onewindow_kpi_leader", leads, value=1 if shown else 0)
        yield from shown

    async def run(self) -> None:
        """Read a snapshot again and again while leading; the loop that the service supervises."""
        await lead(self._pool, _LOOP, self._refresh_for_ever, self._leader)

    async def _refresh_for_ever(self) -> None:
        try:
            while True:
                await self._look()
                await asyncio.sleep(self._refresh)
        finally:
            self._shown = []

    async def _look(self) -> None:
        """Show a newer snapshot; the last one stays, with its timestamp, while PostgreSQL is away."""
        try:
            self._shown = await self.snapshot()
        except Exception as error:
            if not is_away(error):
                raise
            _log.warning("kpi_snapshot_missed", reason=type(error).__name__)

    async def snapshot(self) -> list[GaugeMetricFamily]:
        """Every figure as it stands now, all of one instant. Raises what PostgreSQL raises while it is away."""
        today = self._clock.today()
        days: tuple[date, ...] = (today, today.replace(day=1), today.replace(month=1, day=1))
        async with (
            self._pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            await connection.execute("select set_config('statement_timeout', $1, true)", self._limit)
            records = {
                name: await connection.fetch(query(name), *(days[n] for n in which)) for name, which in _DAYS.items()
            }
        rows = {name: [dict(record) for record in found] for name, found in records.items()}
        taken = "Seconds since 1970 at which the figures were read; older than a minute, they are stale."
        return [*series(rows), GaugeMetricFamily("onewindow_kpi_snapshot_timestamp_seconds", taken, real_seconds())]


def on_metrics_port(exporter: KpiExporter, own_address: str | None) -> Sequence[Collector]:
    """The exporter, unless the hall's figures have a port of their own, which is opened here."""
    if own_address is None:
        return [exporter]
    registry = CollectorRegistry()
    registry.register(exporter)
    host, _, port = own_address.rpartition(":")
    start_http_server(int(port), host.strip("[]"), registry)
    return []
