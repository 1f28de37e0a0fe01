"""Reporter of the reference system: decides cases on their day, and reports each end until onewindow has answered.

An answer is an acknowledgement, or a refusal that no repeat would change: such a report is settled, and the register
shows its reason. Example: a case that the street holds as returned is decided; the gateway answers ALREADY_RETURNED.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import grpc
import structlog
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from onewindow.approval.v1 import district_gateway_service_pb2 as gateway
from onewindow.approval.v1 import district_gateway_service_pb2_grpc as gateway_grpc

from chassis.clock import Clock
from simulation.district.register import DistrictRegister, RegisteredCase
from simulation.district.system import OUTCOMES

_LOOK_SECONDS = 0.5
_PAUSE_SECONDS = 0.2
_CALL_SECONDS = 10.0
_CONCURRENCY = 16
_FINAL = frozenset(
    {
        grpc.StatusCode.NOT_FOUND,
        grpc.StatusCode.ALREADY_EXISTS,
        grpc.StatusCode.FAILED_PRECONDITION,
        grpc.StatusCode.OUT_OF_RANGE,
    }
)
"""Refusals by name: a repeat of the report gets the same answer."""
_PATIENCE = 50
"""Attempts after which INVALID_ARGUMENT is final as well, about ten seconds: the gateway's office clock may be a moment
behind ours, so that a decision of today looks like one of tomorrow."""

_log = structlog.get_logger()


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
        self._invalid: Counter[str] = Counter()
        self.day = ""
        """The newest day whose decisions are made and answered for."""

    @property
    def today(self) -> str:
        """The district's own day, YYYY-MM-DD."""
        return self._clock.today().isoformat()

    async def run(self) -> None:
        """Decide and report for ever."""
        options = (("grpc.enable_http_proxy", 0), ("grpc.max_reconnect_backoff_ms", 500))
        async with self._channel(options) as channel:
            stub = gateway_grpc.DistrictGatewayServiceStub(channel)
            while True:
                settled = await self._finish_day(stub)
                await self._clock.wait_change(_LOOK_SECONDS if settled else _PAUSE_SECONDS)

    def _channel(self, options: Sequence[tuple[str, int]]) -> grpc.aio.Channel:
        if self._credentials is None:
            return grpc.aio.insecure_channel(self._target, options=options)
        return grpc.aio.secure_channel(self._target, self._credentials, options=options)

    async def _finish_day(self, stub: "gateway_grpc.DistrictGatewayServiceAsyncStub") -> bool:
        today = self._clock.today()
        for case in self._register.due(today):
            # On its planned day, also when the system was away on it: a day on which nobody looked is no other day.
            self._register.close(case.key, "decided", "granted", case.decides_on, "")
        waiting = self._register.unreported()
        for begin in range(0, len(waiting), _CONCURRENCY):
            batch = waiting[begin : begin + _CONCURRENCY]
            # A report that fails otherwise, as without its token file, stays unreported and is tried again.
            await asyncio.gather(*(self._report_and_settle(stub, case) for case in batch), return_exceptions=True)
        settled = not self._register.unreported()
        if settled:
            self.day = today.isoformat()
        return settled

    async def _report_and_settle(
        self, stub: "gateway_grpc.DistrictGatewayServiceAsyncStub", case: RegisteredCase
    ) -> None:
        try:
            await self._report(stub, case)
        except grpc.aio.AioRpcError as error:
            if not self._is_final(case, error):
                return
            reason = _reason_of(error)
            _log.warning("report_refused", report_key=case.report_key, reason=reason)
            self._register.settle(case.key, refusal=reason)
        else:
            self._register.settle(case.key)
        del self._invalid[case.report_key]

    async def _report(self, stub: "gateway_grpc.DistrictGatewayServiceAsyncStub", case: RegisteredCase) -> None:
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
        request = gateway.ReturnCaseRequest(
            report_key=case.report_key, case_id=case.case_id, reasons=case.reasons, returned_on=case.decided_on
        )
        await stub.ReturnCase(request, metadata=self._metadata(), timeout=_CALL_SECONDS)

    def _is_final(self, case: RegisteredCase, error: grpc.aio.AioRpcError) -> bool:
        if error.code() is grpc.StatusCode.INVALID_ARGUMENT:
            self._invalid[case.report_key] += 1
            return self._invalid[case.report_key] >= _PATIENCE
        return error.code() in _FINAL

    def _metadata(self) -> tuple[tuple[str, str], ...]:
        if self._token_file is None:
            return ()
        return (("authorization", f"Bearer {self._token_file.read_text(encoding='ascii').strip()}"),)


def _reason_of(error: grpc.aio.AioRpcError) -> str:
    """The reason in the error's details, such as ALREADY_RETURNED; the status code where there is none."""
    status = rpc_status.from_call(error)  # type: ignore[arg-type] # an aio error has the fields that are read
    why = error_details_pb2.ErrorInfo()
    for detail in status.details if status is not None else ():
        if detail.Unpack(why):
            return str(why.reason)
    return error.code().name
