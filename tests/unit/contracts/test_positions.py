"""A service knows of every source whether it hears it, as the streams have it: nobody waits for what never comes."""

import pytest

from chassis.event_store import PositionSources
from protocol.streams import PUBLISHERS, STREAMS
from services.approval.app import SOURCES as APPROVAL
from services.intake.adapters.application.inbox import SOURCES as INTAKE
from services.metrics.adapters.subscriptions import SOURCES as METRICS
from services.notify.adapters.matter.projector import SOURCES as NOTIFY
from tests.unit.contracts.requests import METHODS

SERVICES = {"intake": INTAKE, "approval": APPROVAL, "notify": NOTIFY, "metrics": METRICS}


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_waits_for_the_sources_whose_streams_it_receives(service: str) -> None:
    known: PositionSources = SERVICES[service]
    own = {service} & set(PUBLISHERS)
    received = {each.source for each in STREAMS if service in each.receivers} & set(PUBLISHERS)
    assert ({known.own} - {""}, set(known.received)) == (own, received)
    assert {known.own, *known.received, *known.ignored} - {""} == set(PUBLISHERS), "every teller's positions are known"


OWN_FACTS_ALONE = {
    "IntakeService/UploadMaterial",
    "IntakeService/CorrectOnTheSpot",
    "IntakeService/Accept",
    "IntakeService/Decline",
    "IntakeService/RequestCorrection",
    "IntakeService/SupplyCorrection",
    "CatalogueService/PublishItem",
    "CatalogueService/PublishCalendar",
    "CatalogueService/PublishWindow",
    "CatalogueService/PublishStreet",
    "CatalogueService/PublishDestination",
    "CatalogueService/PublishHall",
    "CatalogueService/GetCalendar",
    "HallService/TakeTicket",
    "HallService/CallTicket",
    "HallService/GetQueue",
}
"""Methods that rest on facts of their own service, which are stored before anybody has seen them."""
FROM_THE_DISTRICT = {
    "DistrictGatewayService/ReportProgress",
    "DistrictGatewayService/ReportDecision",
    "DistrictGatewayService/ReturnCase",
    "DistrictGatewayService/ReportPause",
    "DistrictGatewayService/ReportResumption",
    "DistrictGatewayService/ReportExtension",
    "DistrictGatewayService/IssueSupervisionOrder",
}
"""Methods about a leg that was opened before its package was sent to their caller."""
AGAIN_AND_AGAIN = {"MetricsService/WatchBoard"}
"""A stream that shows what is received meanwhile."""
OF_A_RECOUNT = {"RecountService/PreviewCalendar", "RecountService/GetRecount"}
"""Methods that say themselves whether the publication that they are asked for is here."""


def test_every_method_that_rests_on_what_others_said_can_wait_for_it() -> None:
    services = {name: method for name, method in METHODS.items() if not name.startswith("DistrictApprovalService/")}
    others = {name for name, method in services.items() if "after" not in method.input_type.fields_by_name}
    assert others == OWN_FACTS_ALONE | FROM_THE_DISTRICT | AGAIN_AND_AGAIN | OF_A_RECOUNT
