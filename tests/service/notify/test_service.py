"""A matter from acceptance to collection, and a kill in the middle of a call, with the real process."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import grpc
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from onewindow.notify.v1 import notify_event_pb2 as event
from onewindow.notify.v1 import notify_service_pb2 as pb

from chassis.settings.watched_file import WatchedFile
from chassis.vault import FileVault, Keyring
from embedded.data_dir import DataDir
from protocol.identifiers import IDENTITY_NUMBER
from simulation.sms_gateway import GatewaySimulator, application
from tests.service.intake.intake_service import refusal_in
from tests.service.notify.running import RunningNotify, Signed, Stub, running
from tests.support.servers import NatsServer, PostgresServer
from tests.support.wire_refusal import WireRefusal
from tests.unit.contracts.requests import awaiting
from tests.unit.notify.matter_events import IDENTITY as NUMBER
from tests.unit.notify.matter_events import MatterEvents, street_event, window_event

SENT = pb.NOTICE_STATE_SENT


class HeldGateway(GatewaySimulator):
    """A gateway that can be made to keep its answers back."""

    def __init__(self) -> None:
        super().__init__()
        self.answers = asyncio.Event()
        self.answers.set()

    async def take(self, request: web.Request) -> web.Response:
        answer = await super().take(request)
        await self.answers.wait()
        return answer


@pytest.fixture
async def held() -> AsyncIterator[tuple[HeldGateway, str]]:
    """The carrier, and where it answers."""
    carrier = HeldGateway()
    async with TestServer(application(carrier)) as server:
        yield carrier, str(server.make_url("/"))
        carrier.answers.set()


@pytest.fixture
def notify(
    server_home: DataDir,
    postgres_server: PostgresServer,
    nats_server: NatsServer,
    key_files: tuple[Path, Path],
    held: tuple[HeldGateway, str],
) -> Iterator[RunningNotify]:
    """One process, with streams and a database of its own."""
    nats_server.reset_streams()
    database = postgres_server.create_database("notify", "notify_running")
    with running(server_home, database, (nats_server.url, held[1]), key_files) as started:
        yield started


async def until(look: Callable[[], Awaitable[bool]], within: float = 20.0) -> None:
    async with asyncio.timeout(within):
        while not await look():
            await asyncio.sleep(0.02)


def collection_of(matter: str, request_id: str, window: str = "W1", after: str = "") -> pb.RecordCollectionRequest:
    """The applicant collects in person."""
    return pb.RecordCollectionRequest(
        request_id=request_id,
        application_id=matter,
        receiver_identity_number=NUMBER,
        in_person=True,
        window=window,
        after=after,
    )


async def issued(stub: Any, receipt: pb.GetDocumentRequest, clerk: Signed) -> bool:
    """True once the call gives the receipt: it waits for it, on a machine that has much to do more than once."""
    try:
        return bool((await stub.GetDocument(receipt, metadata=clerk)).pdf.startswith(b"%PDF-"))
    except grpc.aio.AioRpcError as error:
        assert refusal_in(error).reason == "NOT_YET_HERE"
        return False


async def test_a_matter_gets_messages_documents_and_is_handed_out(
    notify: RunningNotify, key_files: tuple[Path, Path]
) -> None:
    vault = FileVault(Keyring(WatchedFile(key_files[0])))
    matter = MatterEvents(applicant_index=vault.blind_index(NUMBER, IDENTITY_NUMBER).hex())
    of, clerk = str(matter.application_id), notify.signed()
    async with notify.channel() as channel:
        stub = Stub(channel)
        position = await notify.publish(
            street_event("440105009"),
            window_event("W1", "440105008"),
            matter.item_published(),
            matter.envelope(),
            matter.submitted(),
            matter.accepted(),
            matter.decided(),
        )
        receipt = pb.GetDocumentRequest(application_id=of, kind=event.DOCUMENT_KIND_RECEIPT, after=position)
        await until(lambda: issued(stub, receipt, clerk))
        missing = pb.GetDocumentRequest(application_id=of, kind=event.DOCUMENT_KIND_DECISION, after=position)
        with pytest.raises(grpc.aio.AioRpcError) as refusal:
            await stub.GetDocument(missing, metadata=clerk)
        assert refusal_in(refusal.value).reason == "DOCUMENT_NOT_ISSUED"

        unknown = collection_of(of, "collect-0000", window="ZZZ99")
        with pytest.raises(grpc.aio.AioRpcError) as refusal:
            await stub.RecordCollection(unknown, metadata=clerk)
        assert refusal_in(refusal.value).reason == "UNKNOWN_WINDOW"

        collection = collection_of(of, "collect-0001", after=position)
        collected = await stub.RecordCollection(collection, metadata=clerk)
        assert collected.on_time and collected.position.startswith("notify/440105/440105008/")
        assert await stub.RecordCollection(collection, metadata=clerk) == collected

        async def sent() -> bool:
            notices = (await stub.ListNotices(pb.ListNoticesRequest(application_id=of), metadata=clerk)).notices
            return [notice.state for notice in notices if notice.template == "N07"] == [SENT]

        await until(sent)
        auditor = notify.signed("AUDITOR", "440105000")
        assert (await stub.GetDocument(receipt, metadata=auditor)).issued_on == "2016-03-01"
        with pytest.raises(grpc.aio.AioRpcError) as refusal:
            await stub.GetDocument(receipt, metadata=notify.signed(street="440105009"))
        assert refusal.value.code() is grpc.StatusCode.NOT_FOUND


async def test_a_kill_while_the_gateway_answers_leaves_exactly_one_message(
    notify: RunningNotify, held: tuple[HeldGateway, str]
) -> None:
    carrier, _ = held
    matter = MatterEvents()
    carrier.answers.clear()
    await notify.publish(matter.item_published(), matter.envelope(), matter.submitted(), matter.accepted())

    async def offered() -> bool:
        return bool(carrier.taken)

    await until(offered)
    assert notify.stop(kill=True) != 0
    carrier.answers.set()
    await asyncio.to_thread(notify.start)
    request = pb.ListNoticesRequest(application_id=str(matter.application_id))
    async with notify.channel() as channel:

        async def sent() -> bool:
            notices = (await Stub(channel).ListNotices(request, metadata=notify.signed())).notices
            return [notice.state for notice in notices] == [SENT]

        await until(sent)
    assert list(carrier.seen.values()) == [1]


async def test_a_receiver_without_a_matter_is_told_so(notify: RunningNotify) -> None:
    request = pb.RecordCollectionRequest(
        request_id="collect-0002", application_id=str(uuid4()), receiver_identity_number=NUMBER, window="W1"
    )
    await notify.publish(street_event("440105008"))
    async with notify.channel() as channel:
        with pytest.raises(grpc.aio.AioRpcError) as refusal:
            await Stub(channel).RecordCollection(request, metadata=notify.signed())
    assert refusal.value.code() is grpc.StatusCode.NOT_FOUND


async def test_every_call_waits_for_what_its_caller_has_seen_elsewhere(notify: RunningNotify) -> None:
    clerk, seen = notify.signed(), (f"intake/440105/440105008/{uuid4()}/1", f"approval/440105/440105008/{uuid4()}/1")
    async with notify.channel() as channel:
        calls = [
            getattr(Stub(channel), name)(request, metadata=clerk)
            for position in seen
            for name, request in awaiting("NotifyService", position).items()
        ]
        assert len(calls) == 10
        for refusal in await asyncio.gather(*calls, return_exceptions=True):
            assert isinstance(refusal, grpc.aio.AioRpcError)
            told = WireRefusal(refusal)
            assert (told.code, told.why.reason, told.has_retry) == ("UNAVAILABLE", "NOT_YET_HERE", True)
