"""The sweep of docs/access.md against running services: every method by every caller at every kind of place.

Each call is allowed or refused by name and field, as the page says; none ends as INTERNAL.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from typing import Any

import grpc
import pytest
from google.protobuf import message_factory
from google.protobuf.message import Message
from onewindow.catalogue.v1 import catalogue_pb2
from onewindow.intake.v1 import catalogue_service_pb2 as catalogue_pb
from onewindow.intake.v1.catalogue_service_pb2_grpc import CatalogueServiceStub

from embedded import keys
from embedded.services import Site
from tests.support.stacks import running_stack
from tests.support.wire_refusal import WireRefusal
from tests.unit.contracts.requests import METHODS, example
from tools.contracts.access_page import ALLOWED, PLACES, TriedCaller, callers, methods, verdict

AT_ONCE = 32
WITHOUT_FIELD = {"RESOURCE_EXHAUSTED", "UNAVAILABLE"}
"""Refusals of the moment, which no field caused."""


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    """A whole stack of its own, in which the district published two streets."""
    with running_stack("access") as whole:
        asyncio.run(_publish_streets(whole.site()))
        yield whole.site()


async def test_every_call_is_allowed_or_refused_by_name_and_field(site: Site) -> None:
    limit = asyncio.Semaphore(AT_ONCE)
    channels = {service: grpc.aio.insecure_channel(site.address(f"{service}.rpc")) for service in _services()}

    async def tried(method: str, caller: TriedCaller, number: int) -> tuple[str, str]:
        async with limit:
            return f"{method} by {caller.name} at {caller.place}", await _wrong(site, channels, method, caller, number)

    trials = [(method, caller) for method in methods() for caller in callers()]
    answers = await asyncio.gather(*(tried(*trial, number) for number, trial in enumerate(trials)))
    for channel in channels.values():
        await channel.close(None)
    assert len(trials) == len(methods()) * len(callers()) > 3_000
    assert {call: wrong for call, wrong in answers if wrong} == {}


def test_the_sweep_has_callers_of_both_kinds_that_are_allowed_and_refused() -> None:
    found = Counter(verdict(method, caller) for method in methods() for caller in callers())
    assert set(found) == {
        ALLOWED,
        "NOT_PERMITTED",
        "PLACE_OF_SYSTEM",
        "STREET_NOT_PUBLISHED",
        "UNAUTHENTICATED",
    }


SERVED_BY = {"recount": "approval"}
"""A contract that several services serve, by the one that is called here."""


async def _wrong(
    site: Site, channels: dict[str, grpc.aio.Channel], method: str, caller: TriedCaller, number: int
) -> str:
    """What is wrong with the answer to one call; empty when nothing is."""
    code, reason, fields = await _answer(
        site, channels[SERVED_BY.get(method.partition(".")[0], method.partition(".")[0])], method, caller, number
    )
    expected = verdict(method, caller)
    if code in ("INTERNAL", "UNKNOWN", "UNIMPLEMENTED", "DEADLINE_EXCEEDED"):
        return f"{code} {reason}"
    if expected != ALLOWED:
        return "" if (reason, fields) == (expected, ["authorization"]) else f"{code} {reason} {fields}, not {expected}"
    if reason in ("NOT_PERMITTED", "PLACE_OF_SYSTEM", "STREET_NOT_PUBLISHED", "UNAUTHENTICATED"):
        return f"{code} {reason}, though the page says that it may call"
    if code == "OK" or code in WITHOUT_FIELD:
        return ""
    return "" if reason and fields else f"{code} {reason} names no field"


async def _answer(
    site: Site, channel: grpc.aio.Channel, method: str, caller: TriedCaller, number: int
) -> tuple[str, str, list[str]]:
    headers = _headers(site, caller)
    descriptor = METHODS[method.partition("v1.")[2]]
    answer_class = message_factory.GetMessageClass(descriptor.output_type)
    path, request = f"/onewindow.{method}", _request(method, number)
    options: dict[str, Any] = {
        "request_serializer": lambda message: message.SerializeToString(),
        "response_deserializer": answer_class.FromString,
    }
    try:
        if descriptor.client_streaming:
            await channel.stream_unary(path, **options)(_once(request), metadata=headers, timeout=20)
        elif descriptor.server_streaming:
            stream = channel.unary_stream(path, **options)(request, metadata=headers, timeout=20)
            await stream.read()
            stream.cancel()
        else:
            await channel.unary_unary(path, **options)(request, metadata=headers, timeout=20)
    except grpc.aio.AioRpcError as error:
        told = WireRefusal(error)
        return told.code, told.why.reason, [violation.field for violation in told.fields]
    return "OK", "", []


def _headers(site: Site, caller: TriedCaller) -> list[tuple[str, str]]:
    if caller.claims is None:
        return []
    name = "district-system" if caller.name == "DISTRICT_SYSTEM" else f"sweep-{caller.name.replace(' ', '-')}"
    return [("authorization", f"Bearer {keys.sign(site.data_dir, {'sub': name, **caller.claims}, 3600)}")]


def _request(method: str, number: int) -> Message:
    """A whole request that waits for nothing, under an id of its own."""
    name = method.partition("v1.")[2]
    request: Any = example(name)
    for field in ("after", "page_token"):
        if field in request.DESCRIPTOR.fields_by_name:
            request.ClearField(field)
    for field in ("request_id", "report_key", "order_key"):
        if field in request.DESCRIPTOR.fields_by_name:
            setattr(request, field, f"sweep-{number:06}")
    return request  # type: ignore[no-any-return] # a message of any kind


async def _once(request: Message) -> AsyncIterator[Message]:
    yield request


def _services() -> set[str]:
    return {SERVED_BY.get(service, service) for service in (method.partition(".")[0] for method in methods())}


async def _publish_streets(site: Site) -> None:
    token = keys.staff_token(site.data_dir, "CATALOGUE", ["CONFIGURATOR"], PLACES["district"])
    async with grpc.aio.insecure_channel(site.address("intake.rpc")) as channel:
        for place in ("own street", "another street"):
            street = catalogue_pb2.Street(code=PLACES[place], name=place)
            request = catalogue_pb.PublishStreetRequest(request_id=f"street-{PLACES[place]}", street=street)
            await CatalogueServiceStub(channel).PublishStreet(
                request, metadata=[("authorization", f"Bearer {token}")], timeout=20
            )
