"""Plays lifecycles from inside the cluster and writes down, fsynced, each change that was acknowledged.

It runs in a pod of the release's own image, as `python player.py RATE`; RATE 0 first measures what is possible and
takes half of it, 50 a second at most. It repeats a call as docs/integration asks every client to. /ledger/stop ends it,
/ledger/pause holds it: no call begins while it is there.
"""

import asyncio
import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

import grpc
from onewindow.desk.v1 import desk_pb2 as desk

from bench.lifecycle import LifecycleLoad, LifecycleMeasurement
from chassis.clock import real_seconds
from chassis.rpc.identity.rotating_certificates import IdentityFiles
from client.channels import EVERY_REPLICA, mutual_tls
from client.office import CallFailed, OfficeClient

LEDGER, STOP, PAUSE = Path("/ledger/ledger.jsonl"), Path("/ledger/stop"), Path("/ledger/pause")
TOKENS, TLS = Path("/player/tokens.json"), Path("/tls")
ADDRESSES = {name: f"dns:///onewindow-{name}:50051" for name in ("intake", "approval", "notify", "metrics")}
MOST = 50.0
_CHANGES = {"SubmitRequest": "submit", "AcceptRequest": "accept", "DecideRequest": "decide"}
_NOT_IN_EVERY_RELEASE = {"PublishStreetRequest"}
"""Calls that releases up to 0.2 do not know, and which the load does without there."""
_MEASURE_SECONDS, _TOGETHER = 10.0, 16
_MOST_OPEN = 400
_LEAVES_WITHIN_SECONDS = 30.0
_LOOK_SECONDS = 0.2
_KNOWN_EVERYWHERE_SECONDS = 3.0
"""Every replica looks twice a second at what another one published."""


class Ledger:
    """Lines on disk before anyone acts on them; lines that come together share one fsync."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("ab", buffering=0)
        self._lines: list[bytes] = []
        self._written: asyncio.Future[None] | None = None

    async def write(self, **fields: object) -> None:
        """Returns when the line is on disk."""
        self._lines.append(json.dumps({"at": round(real_seconds(), 4), **fields}).encode() + b"\n")
        if self._written is None:
            self._written = asyncio.ensure_future(self._flush())
        await asyncio.shield(self._written)

    async def _flush(self) -> None:
        await asyncio.sleep(0)
        lines, self._lines, self._written = self._lines, [], None
        await asyncio.to_thread(self._append, b"".join(lines))

    def _append(self, text: bytes) -> None:
        self._file.write(text)
        os.fsync(self._file.fileno())


class RecordingClient(OfficeClient):
    """A client whose every answer is in the ledger before the next step of the lifecycle."""

    def __init__(self, tokens: Mapping[str, str], files: IdentityFiles, ledger: Ledger) -> None:
        self._files, self._leaving = files, set[asyncio.Task[None]]()
        self._under_way, self._reported_paused = 0, False
        self.ledger = ledger
        super().__init__(ADDRESSES, tokens, mutual_tls(files.pems), EVERY_REPLICA)

    def renew(self) -> None:
        """Other channels once other certificates are mounted; calls on the old ones come to their end."""
        pems = self._files.replaced()
        if pems is None:
            return
        leaving = asyncio.create_task(self._leave(self.reconnect(mutual_tls(pems))))
        self._leaving.add(leaving)
        leaving.add_done_callback(self._leaving.discard)

    async def _hold(self) -> None:
        """While it is paused; the ledger says when nothing is under way any more."""
        while PAUSE.exists():
            if not self._under_way and not self._reported_paused:
                self._reported_paused = True
                await self.ledger.write(paused=True)
            await asyncio.sleep(_LOOK_SECONDS)
        self._reported_paused = False

    async def _leave(self, channels: Sequence[grpc.aio.Channel]) -> None:
        await asyncio.gather(*(channel.close(_LEAVES_WITHIN_SECONDS) for channel in channels))

    async def call(self, staff_no: str, method: Any, request: Any) -> Any:
        """Call until it is answered; the line says how long it took, how often it was tried, and which file changed."""
        await self._hold()
        tries: list[str] = []
        began, name = real_seconds(), type(request).__name__

        async def counted(sent: Any, **rest: Any) -> Any:
            try:
                answer = await method(sent, **rest)
            except grpc.aio.AioRpcError as error:
                tries.append(f"{error.code().name} {error.details()}"[:200])
                raise
            return answer

        self._under_way += 1
        try:
            answer: Any = await super().call(staff_no, cast(Any, counted), request)
        except CallFailed as failure:
            if name not in _NOT_IN_EVERY_RELEASE or failure.code is not grpc.StatusCode.UNIMPLEMENTED:
                await self.ledger.write(call=name, began=began, failed=str(failure), tries=tries)
            raise
        finally:
            self._under_way -= 1
        await self.ledger.write(call=name, began=began, tries=tries, **_changed(name, request, answer))
        return answer


class PacedLoad(LifecycleLoad):
    """Lifecycles at a steady pace, whether the last ones were answered or not."""

    client: RecordingClient

    async def capacity(self) -> float:
        """Lifecycles a second by sixteen callers."""
        measured = LifecycleMeasurement()
        until = real_seconds() + _MEASURE_SECONDS

        async def caller(number: int) -> None:
            while real_seconds() < until:
                await self.one(measured, number)

        await asyncio.gather(*(caller(number) for number in range(_TOGETHER)))
        return measured.lifecycles / _MEASURE_SECONDS

    async def pace(self, rate: float) -> None:
        """Begin one every 1/rate seconds until STOP is there; then let those under way end."""
        measured, under_way = LifecycleMeasurement(), set[asyncio.Task[None]]()
        due = asyncio.get_running_loop().time()
        while not STOP.exists():
            due += 1 / rate
            await asyncio.sleep(max(0.0, due - asyncio.get_running_loop().time()))
            self.client.renew()
            if len(under_way) < _MOST_OPEN:
                task = asyncio.create_task(self.one(measured, len(under_way)))
                under_way.add(task)
                task.add_done_callback(under_way.discard)
        await asyncio.gather(*under_way)

    async def one(self, measured: LifecycleMeasurement, number: int) -> None:
        """One whole lifecycle; a call that failed for good is in the ledger and ends only this one."""
        name = uuid4().hex[:16]
        try:
            await self._lifecycle(measured, name, int(name, 16) % 10_000_000 + number)
        except CallFailed:
            return
        except AssertionError as wrong:
            await self.client.ledger.write(call="lifecycle", began=real_seconds(), failed=str(wrong), tries=[])
            return
        measured.lifecycles += 1


async def main(rate: float) -> None:
    """Publish what is needed, find the pace, play."""
    setup: Mapping[str, Any] = json.loads(TOKENS.read_text())
    files = IdentityFiles(TLS / "tls.crt", TLS / "tls.key", TLS / "ca.crt", look_seconds=1.0)
    client = RecordingClient(setup["tokens"], files, Ledger(LEDGER))
    bench = PacedLoad(client, desk.Place(district=setup["place"][:6], street=setup["place"]))
    await bench.publish()
    await asyncio.sleep(_KNOWN_EVERYWHERE_SECONDS)
    capacity = await bench.capacity() if not rate else None
    pace = rate or max(1.0, min(MOST, (capacity or 0) / 2))
    await client.ledger.write(rate=pace, capacity=capacity)
    await bench.pace(pace)
    await client.ledger.write(ended=True)
    await asyncio.Event().wait()  # until the pod is deleted: its ledger is read before


def _changed(name: str, request: Any, answer: Any) -> dict[str, str]:
    change = _CHANGES.get(name)
    if change == "submit":
        return {"change": change, "file": answer.application_id}
    if change == "accept":
        return {"change": change, "file": request.application_id}
    return {"change": change, "file": request.case_id} if change else {}


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1])))
