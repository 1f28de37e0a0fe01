"""`onewindow selftest`: whether the office works from end to end, told step by step."""

import asyncio
from collections.abc import Mapping
from typing import Annotated

import typer
from pydantic import Field, field_validator

from chassis.rpc.identity.identity_files import IdentityFiles
from chassis.settings.servers import MountedFile
from chassis.settings.service import AsJson, EnvironmentSettings
from embedded.keys import system_token
from embedded.settings import StackSettings
from embedded.stack import Stack
from operations.selftest import Doors, Probe, selftest
from protocol.streams import SERVICES

app = typer.Typer()


class SelftestSettings(EnvironmentSettings):
    """Where the four services are, and as whom the test calls; without addresses, the stack on this machine."""

    selftest_services: Annotated[dict[str, Doors] | None, AsJson] = Field(
        default=None, description='JSON by service: {"intake": {"rpc": "HOST:PORT", "health": "HOST:PORT"}, …}.'
    )
    district: str = Field(default="440105", pattern=r"^[0-9]{6}$", description="The district served, GB/T 2260.")
    selftest_authority_file: MountedFile | None = Field(
        default=None, description="PEM authorities of the services; without it the calls are in the clear."
    )
    selftest_certificate_file: MountedFile | None = Field(
        default=None, description="PEM certificate of the test, registered as PROBE at the reserved place."
    )
    selftest_key_file: MountedFile | None = Field(default=None, description="PEM key of that certificate.")

    @field_validator("selftest_services")
    @classmethod
    def _whole(cls, value: dict[str, Doors] | None) -> dict[str, Doors] | None:
        if value is not None and (missing := set(SERVICES) - value.keys()):
            raise ValueError(f"lacks {', '.join(sorted(missing))}")
        return value

    def doors(self) -> Mapping[str, Doors] | None:
        """Where the services are; None for the stack on this machine."""
        return self.selftest_services

    def probe(self) -> Probe:
        """As whom the test calls."""
        if self.selftest_authority_file is None:
            return Probe(self.district)
        files = IdentityFiles(self.selftest_certificate_file, self.selftest_key_file, self.selftest_authority_file)
        return Probe(self.district, files.pems)


@app.command("selftest")
def run(
    item: Annotated[str, typer.Option(metavar="CODE", help="用哪个事项；不写时取目录中第一个可网上提交的承诺件")] = "",
) -> None:
    """自检：四个服务的健康，一件合成办件在保留地点提交、受理、可见、撤回；不计数、不发消息、不转区。失败时退出码为1。"""
    settings = SelftestSettings.load()
    doors, probe = settings.doors(), settings.probe()
    if doors is None:
        doors, probe = _on_this_machine(settings.district)
    asyncio.run(selftest(doors, probe, typer.echo, item))
    typer.echo("自检通过")


def _on_this_machine(district: str) -> tuple[Mapping[str, Doors], Probe]:
    stack = Stack(StackSettings.load().data_dir())
    services = stack.status()["services"]
    doors = {name: Doors(str(door["rpc"]), str(door["health"])) for name, door in services.items()}
    return doors, Probe(district, token=system_token(stack.data_dir, "probe", "PROBE", f"{district}999"))
