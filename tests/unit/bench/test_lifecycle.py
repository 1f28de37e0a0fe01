"""Load of whole lifecycles: the calls of each in their order, their times, and a case that reads back wrongly."""

import asyncio
from collections import Counter
from types import SimpleNamespace
from typing import Any, cast

import pytest
from onewindow.approval.v1 import approval_service_pb2 as approval
from onewindow.approval.v1 import case_pb2
from onewindow.desk.v1.desk_pb2 import Place
from onewindow.intake.v1 import intake_service_pb2 as intake
from onewindow.intake.v1 import submission_pb2 as submission_pb

from bench.lifecycle import CLERK, CONFIGURATOR, HEAD, LifecycleLoad, LifecycleMeasurement
from chassis.rpc.validation import check
from client.office import OfficeClient

PLACE = Place(district="440105", street="440105008")
CASE, APPLICATION = "01957a3e-7c00-7000-8000-000000000002", "01957a3e-7c00-7000-8000-000000000001"


class Answers:
    """Stubs of the services that answer every call at once, and the calls in their order."""

    def __init__(self, outcome: str = "granted") -> None:
        self.calls: list[tuple[str, Any]] = []
        self._outcome = outcome
        names = ("PublishStreet", "PublishWindow", "PublishItem", "Submit", "Accept", "Decide", "GetCase")
        methods = SimpleNamespace(**{name: name for name in names})
        self.catalogue = self.intake = self.approval = methods

    async def call(self, caller: str, method: str, request: Any) -> Any:
        """The answer to a request, which must break no rule of its contract."""
        check(request)
        await asyncio.sleep(0)
        self.calls.append((caller, request))
        match method:
            case "Submit":
                return submission_pb.SubmitResponse(application_id=APPLICATION)
            case "Accept":
                return intake.AcceptResponse(case_id=CASE, position="intake/x/2")
            case "GetCase":
                return approval.GetCaseResponse(case=case_pb2.Case(outcome=self._outcome))
        return None


def load(answers: Answers) -> LifecycleLoad:
    """The load over these answers."""
    return LifecycleLoad(cast(OfficeClient, answers), PLACE)


async def test_street_item_and_window_are_published_by_the_configurator() -> None:
    answers = Answers()
    await load(answers).publish()
    assert [(caller, type(request).__name__) for caller, request in answers.calls] == [
        (CONFIGURATOR, "PublishStreetRequest"),
        (CONFIGURATOR, "PublishWindowRequest"),
        (CONFIGURATOR, "PublishItemRequest"),
    ]
    window, item = answers.calls[1][1].window, answers.calls[2][1].item
    assert (window.street, window.code) == (PLACE.street, "W1")
    assert item.line in window.lines


async def test_each_lifecycle_is_submitted_accepted_decided_and_read_back() -> None:
    answers = Answers()
    measured = await load(answers).run(0.02)
    counts = Counter((caller, type(request).__name__) for caller, request in answers.calls)
    assert counts == {
        (CLERK, "SubmitRequest"): measured.lifecycles,
        (CLERK, "AcceptRequest"): measured.lifecycles,
        (HEAD, "DecideRequest"): measured.lifecycles,
        (HEAD, "GetCaseRequest"): measured.lifecycles,
    }
    assert measured.lifecycles > 0
    assert {request.after for _, request in answers.calls if isinstance(request, approval.DecideRequest)} == {
        "intake/x/2"
    }


async def test_no_request_id_and_no_applicant_comes_twice() -> None:
    answers = Answers()
    await load(answers).run(0.02)
    ids = [request.request_id for _, request in answers.calls if hasattr(request, "request_id")]
    assert len(ids) == len(set(ids))
    numbers = [
        request.submission.applicant.identity_number
        for _, request in answers.calls
        if isinstance(request, submission_pb.SubmitRequest)
    ]
    assert numbers and len(set(numbers)) > 0.9 * len(numbers)


async def test_a_case_that_reads_back_wrongly_ends_the_run() -> None:
    with pytest.raises(AssertionError, match="reads back as 'refused'"):
        await load(Answers("refused")).run(0.02)


async def test_a_run_without_time_measures_nothing() -> None:
    measured = await load(Answers()).run(0)
    assert (measured.lifecycles, measured.milliseconds()) == (0, {})


def test_lifecycles_a_second_are_none_before_the_first_second() -> None:
    assert LifecycleMeasurement().per_second == 0.0
    assert LifecycleMeasurement(lifecycles=30, seconds=2.0).per_second == 15.0


@pytest.mark.parametrize(
    ("times", "percentiles"),
    [([0.004], (4.0, 4.0)), ([0.002, 0.004], (3.0, 3.98)), ([n / 1000 for n in range(101)], (50.0, 99.0))],
)
def test_half_and_ninety_nine_percent_of_the_calls_took_so_many_milliseconds(
    times: list[float], percentiles: tuple[float, float]
) -> None:
    measured = LifecycleMeasurement()
    measured.took["Submit"] = times
    assert measured.milliseconds()["Submit"] == pytest.approx(percentiles)
