"""The district decides when its day has come, and tells onewindow until onewindow has acknowledged it."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import grpc
from onewindow.approval.v1 import district_gateway_service_pb2 as gateway
from onewindow.approval.v1 import district_gateway_service_pb2_grpc as gateway_grpc

from chassis.clock import Clock
from simulation.district.register import DistrictCase, DistrictRegister
from simulation.district.system import OUTCOMES

_LOOK_SECONDS = 0.5
_PAUSE_SECONDS = 0.2
_CALL_SECONDS = 10.0
_AT_ONCE = 16


class Reporter:
    """Decides and reports, day by day."""

    def __init__(
        self,
        register: DistrictRegister,
        clock: Clock,
        target: str,
        token_file: Path | None = None,
        credentials: grpc.ChannelCredentials | None = None,
    ) -> None:
        self._register = register
        self._clock = clock
        self._target = target
        self._token_file = token_file
        self._credentials = credentials
        self.day = ""
        """The newest day whose decisions are made and acknowledged."""

    async def run(self) -> None:
        """Decide and report for ever."""
        options = (("grpc.enable_http_proxy", 0), ("grpc.max_reconnect_backoff_ms", 500))
        async with self._channel(options) as channel:
            stub = gateway_grpc.DistrictGatewayServiceStub(channel)
            while True:
                acknowledged = await self._day(stub)
                await self._clock.wait_change(_LOOK_SECONDS if acknowledged else _PAUSE_SECONDS)

    def _channel(self, options: Sequence[tuple[str, int]]) -> grpc.aio.Channel:
        if self._credentials is None:
            return grpc.aio.insecure_channel(self._target, options=options)
        return grpc.aio.secure_channel(self._target, self._credentials, options=options)

    async def _day(self, stub: "gateway_grpc.DistrictGatewayServiceAsyncStub") -> bool:
        today = self._clock.today()
        for case in self._register.due(today):
            self._register.close(case.key, "decided", "granted", today.isoformat(), "")
        waiting = self._register.unreported()
        for place in range(0, len(waiting), _AT_ONCE):
            await self._report(stub, waiting[place : place + _AT_ONCE])
        acknowledged = not self._register.unreported()
        if acknowledged:
            self.day = today.isoformat()
        return acknowledged

    async def _report(
        self, stub: "gateway_grpc.DistrictGatewayServiceAsyncStub", cases: Sequence[DistrictCase]
    ) -> None:
        answers = await asyncio.gather(*(self._tell(stub, case) for case in cases), return_exceptions=True)
        for case, answer in zip(cases, answers, strict=True):
            if not isinstance(answer, BaseException):
                self._register.reported(case.key)

    async def _tell(self, stub: "gateway_grpc.DistrictGatewayServiceAsyncStub", case: DistrictCase) -> None:
        if case.stage == "decided":
            await stub.ReportDecision(
                gateway.ReportDecisionRequest(
                    report_key=case.report_key,
                    case_id=case.case_id,
                    outcome=OUTCOMES[case.outcome],
                    decided_on=case.decided_on,
                    reasons=case.reasons,
                ),
                metadata=self._metadata(),
                timeout=_CALL_SECONDS,
            )
            return
        request = gateway.ReturnCaseRequest(report_key=case.report_key, case_id=case.case_id, reasons=case.reasons)
        await stub.ReturnCase(request, metadata=self._metadata(), timeout=_CALL_SECONDS)

    def _metadata(self) -> tuple[tuple[str, str], ...]:
        if self._token_file is None:
            return ()
        return (("authorization", f"Bearer {self._token_file.read_text(encoding='ascii').strip()}"),)
