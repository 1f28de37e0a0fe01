"""`onewindow selftest`: a synthetic matter through the whole office, reported step by step."""

import asyncio
from collections.abc import Mapping
from typing import Annotated

import typer
from pydantic import Field, field_validator

from chassis.rpc.identity.rotating_certificates import IdentityFiles
from chassis.settings.servers import MountedFile
from chassis.settings.service import AsJson, EnvironmentSettings
from embedded.keys import system_token
from embedded.stack import Stack
from law.desk import RESERVED
from operations.selftest import Probe, ServiceAddresses, selftest
from protocol.streams import SERVICES

app = typer.Typer()


class SelftestSettings(EnvironmentSettings):
    """The addresses of the four services, and the test's certificate; without addresses, the stack on this machine."""

    selftest_services: Annotated[dict[str, ServiceAddresses] | None, AsJson] = Field(
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
    def _whole(cls, value: dict[str, ServiceAddresses] | None) -> dict[str, ServiceAddresses] | None:
        if value is not None and (missing := set(SERVICES) - value.keys()):
            raise ValueError(f"lacks {', '.join(sorted(missing))}")
        return value

    def probe(self) -> Probe:
        """The caller of the test."""
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
    if settings.selftest_services is None:
        addresses, probe = _local(settings.district)
    else:
        addresses, probe = settings.selftest_services, settings.probe()
    asyncio.run(selftest(addresses, probe, typer.echo, item))
    typer.echo("自检通过")


def _local(district: str) -> tuple[Mapping[str, ServiceAddresses], Probe]:
    site = Stack.of_settings().site()
    addresses = {
        service: ServiceAddresses(site.address(f"{service}.rpc"), site.address(f"{service}.health"))
        for service in SERVICES
    }
    return addresses, Probe(district, token=system_token(site.data_dir, "probe", "PROBE", f"{district}{RESERVED}"))
