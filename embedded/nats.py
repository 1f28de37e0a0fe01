"""NATS from pip: one JetStream server on the loopback."""

import sysconfig
from pathlib import Path

from embedded.data_dir import DataDir, write_whole
from embedded.ports import LOOPBACK
from embedded.supervision.processes import Program

_LIMITS = """
max_payload: 64KB
jetstream {{ store_dir: {store}, max_mem: 64MB, max_file: 20GB }}
"""


def program(data_dir: DataDir, port: int, monitor_port: int) -> Program:
    """The server. A fact is at most 48 KiB, so a payload above 64 KiB is a mistake of ours and refused."""
    addresses = f'server_name: onewindow\nlisten: "{LOOPBACK}:{port}"\nhttp: "{LOOPBACK}:{monitor_port}"\n'
    config = data_dir.run / "nats.conf"
    write_whole(config, addresses + _LIMITS.format(store=_quoted(data_dir.nats)))
    server = Path(sysconfig.get_path("scripts")) / "nats-server"
    return Program(
        name="nats",
        argv=(str(server), "-c", str(config), "-P", str(data_dir.run / "nats.pid")),
        listens=f"{LOOPBACK}:{port}",
    )


def url(port: int) -> str:
    """The URL for clients."""
    return f"nats://{LOOPBACK}:{port}"


def _quoted(path: Path) -> str:
    escaped = str(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
