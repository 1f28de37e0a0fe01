"""Technical metrics of every service; the figures of the hall come from the database instead."""

from prometheus_client import Counter, Gauge, Histogram

RPC_SECONDS = Histogram(
    "onewindow_rpc_duration_seconds",
    "Seconds a call took, by method and the status it ended with.",
    ["method", "code"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 7.5, 10),
)
LOOP_RESTARTS = Counter(
    "onewindow_loop_restarts_total", "How often a background loop died and was started again.", ["loop"]
)
DATABASE_REACHABLE = Gauge("onewindow_database_reachable", "1 while PostgreSQL answers this process, else 0.")
HEARTBEAT_SECONDS = Gauge("onewindow_loop_lag_seconds", "Seconds by which the event loop's last heartbeat was late.")
