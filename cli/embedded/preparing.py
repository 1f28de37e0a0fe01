"""What has to be there before the services start: roles, databases, their newest schema, streams, durables."""

import asyncio

import nats as nats_client

from cli.embedded import databases, keys, migrate, nats, postgres, streams
from cli.embedded.services import Site


async def prepare(site: Site) -> None:
    """Makes what is missing; a second call changes nothing. Raises StackError with what stands in the way."""
    address = postgres.Address(site.home.socket, site.ports["postgres"])
    connection = await databases.connect(address, within=site.settings.up_within)
    try:
        await databases.provide(connection)
        await databases.set_password(connection, keys.read(site.home, keys.POSTGRES_PASSWORD))
    finally:
        await connection.close()
    await asyncio.gather(migrate.migrate_all(address), _provide_streams(nats.url(site.ports["nats"])))


async def _provide_streams(url: str) -> None:
    client = await nats_client.connect(url)
    try:
        await streams.apply_streams(client.jetstream())
    finally:
        await client.close()
