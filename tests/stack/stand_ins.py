"""A stack of two programs and its servers: one answers gRPC health as a service does, one only listens."""

import sys
from pathlib import Path

from embedded.data_dir import DataDir, StackSettings
from embedded.services import ProgramTable, Site, environment
from embedded.supervision.processes import Program

STAND_IN = str(Path(__file__).with_name("stand_in.py"))
SETTINGS = StackSettings(up_within=60.0)


def stand_ins(site: Site) -> tuple[Program, ...]:
    """One service with gRPC health, and one simulator that only accepts connections."""
    health, http = site.address("alpha.health"), site.address("world.http")
    listening = "import socket, sys, time; s = socket.create_server(('127.0.0.1', int(sys.argv[1]))); time.sleep(9e6)"
    variables = environment({"DATABASE_HOST": str(site.data_dir.socket), **site.settings.service_settings})
    return (
        Program(name="alpha", argv=(sys.executable, STAND_IN, health), env=variables, wave=2, health=health),
        Program(name="world", argv=(sys.executable, "-c", listening, http.split(":")[1]), wave=1, listens=http),
    )


SMALL_TABLE = ProgramTable({"alpha.rpc": 0, "alpha.health": 0, "alpha.metrics": 0, "world.http": 0}, stand_ins)


def programs_of(home: DataDir) -> list[str]:
    """The command lines that still name this home, whoever runs them."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if str(home.root) in line:
            found.append(line)
    return found
