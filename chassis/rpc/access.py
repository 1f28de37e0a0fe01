"""Who may call which method, read from the contract's option; a method without one is refused to everybody."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from google.protobuf.descriptor import EnumDescriptor, FieldDescriptor, MethodDescriptor, ServiceDescriptor

from chassis.refusals import NotPermitted, Unauthenticated
from chassis.rpc.identity.caller import Caller


@dataclass(frozen=True, slots=True)
class AccessRule:
    """Who may call one method; the empty rule refuses everybody."""

    posts: frozenset[str] = frozenset()
    levels: frozenset[str] = frozenset()
    machines: frozenset[str] = frozenset()
    open: bool = False

    def permits(self, caller: Caller) -> bool:
        """Whether this caller's system, or one of its posts at its level, is named."""
        if caller.machine:
            return caller.system in self.machines
        return not self.posts.isdisjoint(caller.posts) and (not self.levels or caller.level in self.levels)


NOBODY = AccessRule()


def admit(rule: AccessRule, caller: Caller | None) -> None:
    """Let the caller pass or raise: Unauthenticated without one (unless open), NotPermitted where not named."""
    if rule.open:
        return
    if caller is None:
        raise Unauthenticated
    if not rule.permits(caller):
        raise NotPermitted


def rules_of(services: Iterable[ServiceDescriptor], option: Any) -> dict[str, AccessRule]:  # noqa: ANN401 the extension's class is generated
    """The rule of each method by its full path ("/package.Service/Method"), NOBODY where the `option` is not set."""
    return {
        f"/{service.full_name}/{method.name}": _rule(method, option)
        for service in services
        for method in service.methods
    }


def _rule(method: MethodDescriptor, option: Any) -> AccessRule:  # noqa: ANN401 the extension's class is generated
    options = method.GetOptions()
    if not options.HasExtension(option):
        return NOBODY
    said = options.Extensions[option]
    return AccessRule(
        posts=_names(said, "posts"), levels=_names(said, "levels"), machines=_names(said, "machines"), open=said.open
    )


def _names(said: Any, field_name: str) -> frozenset[str]:  # noqa: ANN401 the option's message is generated
    field: FieldDescriptor = said.DESCRIPTOR.fields_by_name[field_name]
    kind = field.enum_type
    assert kind is not None
    numbers = [number for number in getattr(said, field_name) if number]
    return frozenset(bare_name(kind, number) for number in numbers)


def bare_name(kind: EnumDescriptor, number: int) -> str:
    """The name of a value without its enum's prefix: POST_CLERK of Post is CLERK."""
    return kind.values_by_number[number].name.removeprefix(f"{kind.name.upper()}_")
