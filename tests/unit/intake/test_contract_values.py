"""Values of the domain and of the contract: the same names with the same numbers, the same fields in the same words."""

from dataclasses import fields
from enum import IntEnum
from typing import Any

import pytest
from onewindow.catalogue.v1 import catalogue_pb2
from onewindow.intake.v1 import application_pb2, intake_event_pb2, submission_pb2

from services.intake.domain.application import applicant, facts, state
from services.intake.domain.catalogue import item

ENUMS: list[tuple[type[IntEnum], Any]] = [
    (item.Line, catalogue_pb2.Line),
    (item.ItemKind, catalogue_pb2.ItemKind),
    (item.ClosesOn, catalogue_pb2.ClosesOn),
    (item.LimitUnit, catalogue_pb2.LimitUnit),
    (item.AcceptPoint, catalogue_pb2.AcceptPoint),
    (item.ItemStatus, catalogue_pb2.ItemStatus),
    (item.StepPost, catalogue_pb2.StepPost),
    (item.StepKind, catalogue_pb2.StepKind),
    (item.Channel, intake_event_pb2.Channel),
    (facts.MaterialForm, intake_event_pb2.MaterialForm),
    (facts.ApplicantKind, intake_event_pb2.ApplicantKind),
    (facts.AcceptanceGround, intake_event_pb2.AcceptanceGround),
    (facts.DeclineGround, intake_event_pb2.DeclineGround),
    (state.ApplicationStage, application_pb2.ApplicationStage),
]
MESSAGES: list[tuple[type, Any]] = [
    (item.Limit, catalogue_pb2.Limit),
    (item.Material, catalogue_pb2.Material),
    (item.Step, catalogue_pb2.Step),
    (item.Season, catalogue_pb2.Season),
    (item.CatalogueItem, catalogue_pb2.Item),
    (item.AcceptedItem, catalogue_pb2.AcceptedItem),
    (item.HolidayNotice, catalogue_pb2.HolidayNotice),
    (item.Window, catalogue_pb2.Window),
    (facts.HandedIn, intake_event_pb2.HandedIn),
    (facts.VaultText, intake_event_pb2.VaultText),
    (facts.Shortfall, intake_event_pb2.Shortfall),
    (applicant.Applicant, submission_pb2.Applicant),
    (applicant.Agent, submission_pb2.Agent),
]


@pytest.mark.parametrize(("domain", "contract"), ENUMS, ids=lambda value: getattr(value, "__name__", ""))
def test_the_values_of_an_enum_have_the_names_and_numbers_of_the_contract(domain: type[IntEnum], contract: Any) -> None:
    prefix = contract.DESCRIPTOR.values_by_number[0].name.removesuffix("UNSPECIFIED")
    stated = {value.name.removeprefix(prefix): value.number for value in contract.DESCRIPTOR.values if value.number}
    assert {value.name: value.value for value in domain if value} == stated


@pytest.mark.parametrize(("domain", "contract"), MESSAGES, ids=lambda value: getattr(value, "__name__", ""))
def test_the_fields_of_a_value_are_those_of_the_contract(domain: type, contract: Any) -> None:
    assert [field.name for field in fields(domain)] == [field.name for field in contract.DESCRIPTOR.fields]
