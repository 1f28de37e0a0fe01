"""`onewindow database …`: databases and roles, once; migrations, before every update."""

import asyncio

import asyncpg
import typer

from operations.databases import provide as provide_all
from operations.errors import CommandError
from operations.migrate import migrate as migrate_one
from operations.settings import MigrateSettings, ProvideSettings
from protocol.streams import SERVICES

app = typer.Typer(no_args_is_help=True, help="数据库：建库与账号，升级表结构")


@app.command()
def provide() -> None:
    """建立四个数据库、各自的角色与挂载的账号；已有的不动，口令按挂载的更新。供试用，或供数据库管理员使用。"""
    made = asyncio.run(_provide(ProvideSettings.load()))
    typer.echo(f"已建立：{'、'.join(made)}" if made else "数据库、角色与账号都已具备")


@app.command()
def migrate() -> None:
    """把四个数据库的表结构升级到本版本；可重复执行，同时执行时依次进行。"""
    settings = MigrateSettings.load()
    for service in SERVICES:
        applied = asyncio.run(migrate_one(settings.server(), service, service, settings.owner(service)))
        typer.echo(f"{service}：{'已升级 ' + '、'.join(applied) if applied else '已是最新'}")


async def _provide(settings: ProvideSettings) -> list[str]:
    connection = await settings.server().connect(settings.admin(), settings.database_admin_database)
    try:
        return await provide_all(connection, settings.logins())
    except asyncpg.PostgresError as error:
        raise CommandError(f"数据库没有接受：{error}") from error
    finally:
        await connection.close()
