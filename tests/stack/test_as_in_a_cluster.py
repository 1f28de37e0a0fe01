"""The whole office as a cluster runs it: it waits with a sentence, comes up, is tested, and every secret is rotated."""

import asyncio
import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import asyncpg
import grpc
import grpc.aio
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from onewindow.intake.v1 import catalogue_service_pb2 as catalogue_pb
from onewindow.intake.v1.catalogue_service_pb2_grpc import CatalogueServiceStub

from catalogue.check import load
from catalogue.wire import destination_messages, item_message
from chassis.process.health import READY
from embedded.data_dir import DataDir
from embedded.keys import staff_token
from protocol.streams import SERVICES
from tests.support.mounted_site import DISTRICT, MountedSite
from tests.support.servers import PostgresServer, outside_loop

WITHIN = 60.0


@pytest.fixture
def site(postgres_server: PostgresServer, server_home: DataDir, tmp_path: Path) -> Iterator[MountedSite]:
    outside_loop(_drop(postgres_server))
    site = MountedSite(server_home, postgres_server, tmp_path)
    with site.nats:
        yield site
    outside_loop(_drop(postgres_server))


async def _drop(server: PostgresServer) -> None:
    superuser = await asyncpg.connect(server.dsn())
    for service in SERVICES:
        await superuser.execute(f"drop database if exists {service} with (force)")
    await superuser.close()


async def lacks(site: MountedSite, service: str) -> str:
    """The health answer of a pod; empty when it is ready."""
    async with grpc.aio.insecure_channel(site.door(service, "health")) as channel:
        try:
            request = health_pb2.HealthCheckRequest(service=READY)
            await health_pb2_grpc.HealthStub(channel).Check(request, timeout=2)
        except grpc.aio.AioRpcError as error:
            return error.details() or error.code().name
    return ""


async def becomes(site: MountedSite, service: str, sentence: str) -> None:
    """Waits until a service lacks what the sentence says; nothing when it is empty."""
    said = "nothing was request"
    try:
        async with asyncio.timeout(WITHIN):
            while (said := await lacks(site, service)) != sentence and not (sentence and sentence in said):
                await asyncio.sleep(0.1)
    except TimeoutError as error:
        raise AssertionError(f"{service} says {said!r}\n{site.log(service)[-3000:]}") from error


async def publish(site: MountedSite) -> None:
    """The shipped catalogue, by the district's configurator."""
    tls = site.root / "tls" / "intake"
    credentials = grpc.ssl_channel_credentials(
        *((tls / name).read_bytes() for name in ("ca.crt", "tls.key", "tls.crt"))
    )
    token = staff_token(site.home, "HZQ-001", ["CONFIGURATOR"], DISTRICT)
    documents = load(Path(str(files("catalogue"))) / "items")
    async with grpc.aio.secure_channel(site.door("intake", "rpc"), credentials) as channel:
        stub, signed = CatalogueServiceStub(channel), [("authorization", f"Bearer {token}")]
        for destination in destination_messages(documents):
            named = catalogue_pb.PublishDestinationRequest(
                request_id=f"destination-{destination.code}", destination=destination
            )
            await stub.PublishDestination(named, metadata=signed, timeout=20)
        for n, item in enumerate(map(item_message, documents)):
            request = catalogue_pb.PublishItemRequest(request_id=f"publish-{n:04}", item=item)
            await stub.PublishItem(request, metadata=signed, timeout=20)


async def selftest(site: MountedSite) -> None:
    tls = site.root / "tls" / "test"
    doors = {name: {door: site.door(name, door) for door in ("rpc", "health")} for name in SERVICES}
    settings = {
        "SELFTEST_SERVICES": json.dumps(doors),
        "SELFTEST_AUTHORITY_FILE": str(tls / "ca.crt"),
        "SELFTEST_CERTIFICATE_FILE": str(tls / "tls.crt"),
        "SELFTEST_KEY_FILE": str(tls / "tls.key"),
    }
    ran = await asyncio.to_thread(site.onewindow, "selftest", **settings)
    assert ran.returncode == 0, ran.stdout + ran.stderr + "".join(site.log(name)[-4000:] for name in SERVICES)


async def still_as(server: PostgresServer, generation: str) -> set[str]:
    """The sessions under the logins of a generation."""
    superuser = await asyncpg.connect(server.dsn())
    rows = await superuser.fetch(
        "select distinct usename || ' ' || query from pg_stat_activity where usename like $1",
        f"%\\_of\\_site\\_{generation}",
    )
    await superuser.close()
    return {row[0] for row in rows}


async def nobody_comes_as(server: PostgresServer, generation: str) -> None:
    """Waits until no connection under the logins of a generation is left."""
    left: set[str] = set()
    try:
        async with asyncio.timeout(WITHIN):
            while left := await still_as(server, generation):
                await asyncio.sleep(0.2)
    except TimeoutError as error:
        raise AssertionError(left) from error


async def test_it_waits_comes_up_and_has_every_secret_rotated_while_it_works(
    site: MountedSite, postgres_server: PostgresServer
) -> None:
    with site.running():
        for service in SERVICES:
            await becomes(site, service, "数据库不接受账号")
        assert site.onewindow("database", "provide").returncode == 0
        await becomes(site, "metrics", "请先执行 onewindow database migrate")
        assert site.onewindow("database", "migrate").returncode == 0
        await becomes(site, "metrics", "请先执行 onewindow streams apply")
        applied = site.onewindow("streams", "apply")
        assert applied.returncode == 0, applied.stderr
        for service in SERVICES:
            await becomes(site, service, "")
        await publish(site)
        await selftest(site)

        site.rotate()
        assert site.onewindow("database", "provide").returncode == 0
        await selftest(site)
        await nobody_comes_as(postgres_server, "a")
        assert await still_as(postgres_server, "b")
        await selftest(site)
    for service in SERVICES:
        assert "Permissions Violation" not in site.log(service)
        assert "loop died" not in site.log(service)
