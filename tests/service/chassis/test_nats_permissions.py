"""Each account does at NATS what its service needs, and every other subject is refused by the server itself."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg

from chassis.inbox.acks import AckLedger
from chassis.inbox.pull_session import PullSession
from chassis.nats import broker
from chassis.nats.broker import BatchPublisher, OutgoingMessage, request
from chassis.nats.broker_access import BrokerAccess, connect_once
from chassis.nats.streams import Stream
from chassis.settings.tuning import Tuning
from operations.broker import jetstream
from operations.streams import apply_streams, authorization, permissions
from protocol.streams import SERVICES, STREAMS
from tests.support.nats_servers import PASSWORDS, NatsOf, mounted

PUBLICATIONS = [("intake", "intake"), ("intake", "sealed"), ("approval", "approval"), ("notify", "notify")]
SUBSCRIPTIONS = [(receiver, one.source) for one in STREAMS for receiver in one.receivers]
TUNING = Tuning(pull_heartbeat=0.5, ack_timeout=2.0, publish_timeout=2.0)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NatsOf]:
    """A server with the accounts as they are rendered for a cluster, and the streams as their Job makes them."""
    root = tmp_path_factory.mktemp("nats")
    for name, password in PASSWORDS.items():
        mounted(root / name, name, password)
    with NatsOf(root, authorization()) as server:
        asyncio.run(_apply(access(server, root, "admin")))
        yield server


def access(server: NatsOf, root: Path, account: str) -> BrokerAccess:
    return server.access(root / account)


async def _apply(admin: BrokerAccess) -> None:
    async with jetstream(admin, 10) as context:
        assert await apply_streams(context)
        assert await apply_streams(context) == []


class Accounts:
    """A connection for each account, and what the server refused each."""

    def __init__(self, server: NatsOf) -> None:
        self._server = server
        self.clients: dict[str, Client] = {}
        self.refused: dict[str, list[str]] = {}

    async def open(self) -> None:
        for name in PASSWORDS:
            refused = self.refused[name] = []

            async def on_error(error: Exception, refused: list[str] = refused) -> None:
                refused.append(str(error))

            self.clients[name] = await connect_once(access(self._server, self._server.root, name), name, on_error)

    async def refusals(self, name: str) -> list[str]:
        """Refusals since the last call: the server answers in order, so one more answer completes them."""
        for _ in range(2):
            await self.clients[name].flush()
        refused, self.refused[name][:] = list(self.refused[name]), []
        return refused


@pytest.fixture(scope="module")
async def accounts(server: NatsOf) -> AsyncIterator[Accounts]:
    accounts = Accounts(server)
    await accounts.open()
    yield accounts
    for client in accounts.clients.values():
        await client.close()


def message(source: str) -> OutgoingMessage:
    return OutgoingMessage(f"onewindow.{source}.v1.fact.440105.440105008", b"a fact", f"{source}-1", {})


@pytest.mark.parametrize("service, source", PUBLICATIONS)
async def test_a_service_publishes_its_own_facts(accounts: Accounts, service: str, source: str) -> None:
    assert (await BatchPublisher(accounts.clients[service]).publish([message(source)], 5.0)).places == {0}
    answer = await request(accounts.clients[service], f"$JS.API.STREAM.INFO.{Stream(source).name}", b"", 5.0)
    assert json.loads(answer.data)["config"]["subjects"] == [Stream(source).subject]
    assert await accounts.refusals(service) == []


@pytest.mark.parametrize("service, source", SUBSCRIPTIONS)
async def test_a_service_receives_its_streams_and_acknowledges_them(
    accounts: Accounts, service: str, source: str
) -> None:
    publisher = next(each for each, published in PUBLICATIONS if published == source)
    await BatchPublisher(accounts.clients[publisher]).publish([message(source)], 5.0)
    client = accounts.clients[service]
    async with PullSession(client, Stream(source).name, service, AckLedger(), TUNING) as session:
        batch = await session.collect()
        await session.settle([delivered for delivered, _ in batch])
    answer = await request(client, f"$JS.API.CONSUMER.INFO.{Stream(source).name}.{service}", b"", 5.0)
    assert json.loads(answer.data)["num_ack_pending"] == 0
    assert await accounts.refusals(service) == []


def _others(service: str) -> list[str]:
    """Everything that any other account may publish, and that this one may not."""
    own = permissions()[service].publish
    others = {subject for name, allowed in permissions().items() if name != service for subject in allowed.publish}
    return sorted(others - set(own))


@pytest.mark.parametrize("service", SERVICES)
async def test_every_subject_of_another_is_refused(accounts: Accounts, service: str) -> None:
    subjects = [subject.replace(">", "fact.440105.440105008") for subject in _others(service)]
    subjects += ["$JS.API.STREAM.DELETE.OW_INTAKE", "$JS.API.STREAM.PURGE.OW_INTAKE", "$SYS.REQ.SERVER.PING", "other"]
    for subject in dict.fromkeys(subjects):
        await accounts.clients[service].publish(subject, b"")
    refused = await accounts.refusals(service)
    unrefused = [
        subject
        for subject in subjects
        if not any(f'"{subject}"' in said.lower() or f'"{subject.lower()}"' in said.lower() for said in refused)
    ]
    assert unrefused == []


@pytest.mark.parametrize("service", SERVICES)
async def test_no_service_listens_to_another_or_to_the_streams_themselves(accounts: Accounts, service: str) -> None:
    async def received(_: Msg) -> None:
        raise AssertionError

    others = [f"_INBOX.{name}.>" for name in PASSWORDS if name != service]
    for subject in [*others, "_INBOX.>", "onewindow.>", "onewindow.sealed.v1.>", ">", "$JS.EVENT.>"]:
        subscription = await accounts.clients[service].subscribe(subject, cb=received)
        assert await accounts.refusals(service), subject
        await subscription.unsubscribe()


async def test_the_admin_makes_streams_and_reads_no_fact(accounts: Accounts) -> None:
    for source in ("intake", "sealed"):
        await accounts.clients["admin"].publish(f"onewindow.{source}.v1.fact.440105.440105008", b"")
        await accounts.clients["admin"].publish(f"$JS.API.STREAM.MSG.GET.{Stream(source).name}", b"")
    assert len(await accounts.refusals("admin")) == 4


async def test_a_wrong_password_is_logged_and_tried_again(server: NatsOf, tmp_path: Path) -> None:
    folder = mounted(tmp_path / "intake", "intake", "wrong")
    connecting = asyncio.create_task(broker.connect(server.access(folder), "intake", reconnect_wait=0.05))
    await asyncio.sleep(0)
    mounted(folder, "intake", PASSWORDS["intake"])
    client = await connecting
    assert client.is_connected
    await client.close()
