"""The databases and settings on which an operator's command works: those of its pod, or of the stack on this machine.

Every function raises CommandError; NotRunning where the stack on this machine is meant and does not run.
"""

import re
from collections.abc import Iterable

import typer

from chassis.nats.broker_access import BrokerAccess
from chassis.settings.servers import PREFIX
from embedded.data_dir import StackSettings
from embedded.local_services import local_broker, local_vault, local_worker
from embedded.services import Site, office
from embedded.stack import Stack
from operations.errors import CommandError
from operations.settings import VaultSettings
from operations.workers import ServiceWorker, in_a_pod, pod_settings, pod_worker, reachable_workers
from protocol.streams import APPROVAL, SERVICES
from services.approval.settings import ApprovalSettings

EVERY_LOGIN = "请在有全部账号的任务中执行（集群照 deploy/dev/received.yaml 写）"
"""What to do where one service's database is reached and every one is needed."""

_CONNECTIONS = 2
"""A command needs few: it works next to the service, on the same database."""
_DISTRICT_DIGITS = 6


def workers(service: str) -> list[ServiceWorker]:
    """The worker of the pod's own service; on this machine that of `service`, or of all."""
    if service and service not in SERVICES:
        raise CommandError(f"没有服务 {service}；可用：{'、'.join(SERVICES)}")
    if in_a_pod():
        return [pod_worker(service)]
    site = Stack.of_settings().site()
    return [local_worker(site, name) for name in ([service] if service else SERVICES)]


def all_workers() -> dict[str, ServiceWorker]:
    """Every worker that is reached from here: all of this machine or of a Job with their logins, else a pod's own."""
    return reachable_workers() if in_a_pod() else {worker.service: worker for worker in workers("")}


def place_of(workers: Iterable[ServiceWorker], place: str) -> str:
    """Nine digits of a typed place of the district; empty where none is. Ends the command with 2 for any other."""
    if not place:
        return place
    districts = {worker.district for worker in workers}
    if re.fullmatch("[0-9]{9}", place) is None or place[:_DISTRICT_DIGITS] not in districts:
        raise typer.BadParameter(
            f"应为本区 {'、'.join(sorted(districts))} 的九位地点代码（街道，或区代码加000），不是 {place!r}",
            param_hint="--place",
        )
    return place


def broker() -> BrokerAccess:
    """NATS of the stack on this machine."""
    return local_broker(Stack.of_settings().site())


def vault_settings() -> VaultSettings:
    """The vault keys and the object store."""
    return VaultSettings.load() if in_a_pod() else local_vault(StackSettings.load())


def approval_settings() -> ApprovalSettings:
    """The settings of approval, with few connections."""
    if in_a_pod():
        pod_settings(APPROVAL)
        settings = ApprovalSettings.load()
    else:
        settings = _local_approval_settings(Stack.of_settings().site())
    return settings.model_copy(update={"database_pool": _CONNECTIONS})


def _local_approval_settings(site: Site) -> ApprovalSettings:
    environment = next(program.env for program in office(site) if program.name == APPROVAL)
    named = {name.removeprefix(PREFIX).lower(): value for name, value in environment.items() if name.startswith(PREFIX)}
    return ApprovalSettings.model_validate(named)
