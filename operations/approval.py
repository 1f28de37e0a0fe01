"""The settings of approval: in its own pod from the environment, on this machine from the table of the stack."""

from collections.abc import Iterator, Mapping

from chassis.settings.servers import PREFIX
from embedded.services import office
from embedded.settings import StackSettings
from embedded.stack import Stack
from operations.errors import CommandError
from operations.settings import RepairSettings
from operations.workers import in_a_pod
from services.approval.settings import ApprovalSettings

_APPROVAL = "approval"
_CONNECTIONS = 2
"""A command needs few: it works beside the service, on the same database."""


def approval_settings() -> ApprovalSettings:
    """What approval is told here. Raises CommandError, NotRunning."""
    if in_a_pod():
        service = RepairSettings.load().database_name
        if service != _APPROVAL:
            raise CommandError(f"这里是 {service} 的容器，请到 {_APPROVAL} 的容器中执行")
        settings = ApprovalSettings.load()
    else:
        stack_settings = StackSettings.load()
        site = Stack(stack_settings.place(), stack_settings).site()
        told = next(program.env for program in office(site) if program.name == _APPROVAL)
        settings = ApprovalSettings.model_validate(dict(_named(told)))
    return settings.model_copy(update={"database_pool": _CONNECTIONS})


def _named(environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The fields that an environment tells."""
    for name, value in environment.items():
        if name.startswith(PREFIX):
            yield name.removeprefix(PREFIX).lower(), value
