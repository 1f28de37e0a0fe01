"""The district asks the applicant for nothing: what it lacks, it sends back to the street. (行政许可法 35)"""

import pytest
from onewindow.access.v1 import access_pb2
from onewindow.approval.v1 import district_gateway_service_pb2 as gateway
from onewindow.intake.v1 import intake_service_pb2 as intake

from chassis.rpc.access import rules_of

RULES = rules_of([*intake.DESCRIPTOR.services_by_name.values()], access_pb2.allow)
DEMANDS = ("RequestCorrection", "CorrectOnTheSpot", "SupplyCorrection", "UploadMaterial", "Decline")


@pytest.mark.parametrize("name", DEMANDS)
def test_papers_are_asked_for_and_taken_by_a_clerk_of_the_hall_alone(name: str) -> None:
    rule = RULES[f"/onewindow.intake.v1.IntakeService/{name}"]
    assert rule.posts == {"CLERK"}, "a clerk, who acts on files of the own hall alone"
    assert rule.machines <= {"PORTAL"}
    assert not rule.open


def test_the_districts_own_calls_ask_for_no_paper() -> None:
    (service,) = gateway.DESCRIPTOR.services_by_name.values()
    requests = [method.input_type for method in service.methods]
    asked = {field.name for request in requests for field in request.fields if "material" in field.name}
    assert asked == set()
