"""A service knows of every source whether it hears it, as the streams have it: nobody waits for what never comes."""

import pytest

from chassis.event_store import PositionSources
from protocol.streams import PUBLISHERS, STREAMS
from services.approval.app import SOURCES as APPROVAL
from services.intake.adapters.application.inbox import SOURCES as INTAKE
from services.metrics.adapters.subscriptions import SOURCES as METRICS
from services.notify.adapters.matter.projector import SOURCES as NOTIFY

SERVICES = {"intake": INTAKE, "approval": APPROVAL, "notify": NOTIFY, "metrics": METRICS}


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_waits_for_the_sources_whose_streams_it_receives(service: str) -> None:
    known: PositionSources = SERVICES[service]
    own = {service} & set(PUBLISHERS)
    received = {each.source for each in STREAMS if service in each.receivers} & set(PUBLISHERS)
    assert ({known.own} - {""}, set(known.received)) == (own, received - own)
    assert {known.own, *known.received, *known.ignored} - {""} == set(PUBLISHERS), "every teller's positions are known"
