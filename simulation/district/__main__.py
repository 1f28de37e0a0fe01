"""Run the reference system: `python -m simulation.district --listen … --control … --gateway … --clock-file …`."""

import argparse
import asyncio
import signal
from pathlib import Path

import grpc
from aiohttp import web
from onewindow.district.v1 import district_service_pb2_grpc as contract_grpc

from chassis.clock import Clock, OfficeClock, RealClock
from law.workdays import state_council
from simulation.district.control import control
from simulation.district.register import DistrictRegister
from simulation.district.reporter import Reporter
from simulation.district.system import FaultPlan, ReferenceSystem

_GRACE_SECONDS = 2.0


async def serve(arguments: argparse.Namespace) -> None:
    """Serve until the process is stopped."""
    clock: Clock = OfficeClock(arguments.clock_file) if arguments.clock_file else RealClock()
    register, faults = DistrictRegister(arguments.store), FaultPlan()
    reporter = Reporter(register, clock, arguments.gateway, arguments.token_file, _credentials(arguments.tls))
    server = grpc.aio.server(options=(("grpc.so_reuseport", 0),))
    system = ReferenceSystem(register, clock, state_council(), faults)
    contract_grpc.add_DistrictApprovalServiceServicer_to_server(system, server)
    server.add_insecure_port(arguments.listen)
    await server.start()
    runner = web.AppRunner(control(register, reporter, faults), access_log=None)
    await runner.setup()
    host, _, port = arguments.control.rpartition(":")
    await web.TCPSite(runner, host, int(port)).start()
    reports = asyncio.create_task(reporter.run())
    stop = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, stop.set)
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait({reports, stopped}, return_when=asyncio.FIRST_COMPLETED)
    reports.cancel()
    await runner.cleanup()
    await server.stop(_GRACE_SECONDS)


def _credentials(folder: Path | None) -> grpc.ChannelCredentials | None:
    if folder is None:
        return None
    authority, key, certificate = ((folder / name).read_bytes() for name in ("ca.crt", "tls.key", "tls.crt"))
    return grpc.ssl_channel_credentials(authority, key, certificate)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--listen", required=True, help="HOST:PORT of the gRPC contract")
    parser.add_argument("--control", required=True, help="HOST:PORT of the control paths")
    parser.add_argument("--gateway", required=True, help="HOST:PORT of onewindow's DistrictGatewayService")
    parser.add_argument("--clock-file", type=Path, help="file of the office clock; without it, the real clock")
    parser.add_argument("--token-file", type=Path, help="file with the machine token for the gateway")
    parser.add_argument("--tls", type=Path, help="folder with ca.crt, tls.crt, tls.key for the gateway; else plaintext")
    parser.add_argument("--store", type=Path, help="file of the register; without it, memory")
    return parser.parse_args()


if __name__ == "__main__":
    asyncio.run(serve(_arguments()))
