"""What has to be there before the services start: roles, databases, their newest schema, streams, durables."""

import asyncio

from chassis.nats.broker_access import BrokerAccess
from embedded import keys, nats, postgres
from embedded.services import Site
from operations import databases
from operations.broker import jetstream
from operations.databases import SERVICES
from operations.migrate import migrate
from operations.streams import apply_streams


async def prepare(site: Site) -> None:
    """Makes what is missing; a second call changes nothing. Raises CommandError with what stands in the way."""
    address = postgres.Address(site.home.socket, site.ports["postgres"])
    server = address.server(site.settings.up_within)
    connection = await server.connect(postgres.SUPERUSER_LOGIN, postgres.SUPERUSER)
    try:
        await databases.provide(connection)
        await postgres.set_password(connection, keys.read(site.home, keys.POSTGRES_PASSWORD))
    finally:
        await connection.close()
    owners = [(service, postgres.owner(service)) for service in SERVICES]
    migrations = [migrate(server, service, service, owner) for service, owner in owners]
    await asyncio.gather(*migrations, _provide_streams(site))


async def _provide_streams(site: Site) -> None:
    async with jetstream(BrokerAccess(nats.url(site.ports["nats"])), site.settings.up_within) as context:
        await apply_streams(context)
