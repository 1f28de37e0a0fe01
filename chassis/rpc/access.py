"""Access rules of methods, read from the option in the contract; a method without one is refused to all callers."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor, MethodDescriptor, ServiceDescriptor

from chassis.refusals import NotPermitted, Unauthenticated
from chassis.rpc.identity.caller import ANY_PLACE, Caller, PlaceRules

_PUBLISHERS = frozenset({"CONFIGURATOR"})


@dataclass(frozen=True, slots=True)
class AccessRule:
    """Permitted callers of one method; the empty rule permits none."""

    posts: frozenset[str] = frozenset()
    levels: frozenset[str] = frozenset()
    machines: frozenset[str] = frozenset()
    open: bool = False

    @property
    def publishes(self) -> bool:
        """True when nobody but those who publish may call: nothing in a request is a person's."""
        return self.posts == _PUBLISHERS and not self.machines and not self.open

    def permits(self, caller: Caller) -> bool:
        """True when the rule names the caller's system, or one of its posts at its level."""
        if caller.machine:
            return caller.system in self.machines
        return not self.posts.isdisjoint(caller.posts) and (not self.levels or caller.level in self.levels)


NO_CALLER = AccessRule()


def admit(rule: AccessRule, caller: Caller | None, places: PlaceRules = ANY_PLACE) -> None:
    """Passes a permitted caller at a place of its kind.

    Raises Unauthenticated without a caller (unless open), NotPermitted for any other, PlaceOfSystem.
    """
    if rule.open:
        return
    if caller is None:
        raise Unauthenticated
    if not rule.permits(caller):
        raise NotPermitted
    places.require(caller)


def rules_of(services: Iterable[ServiceDescriptor], option: Any) -> dict[str, AccessRule]:  # noqa: ANN401 the extension's class is generated
    """Rule of each method by its full path ("/package.Service/Method"); NO_CALLER where the `option` is not set."""
    return {
        f"/{service.full_name}/{method.name}": _rule(method, option)
        for service in services
        for method in service.methods
    }


def requests_of(services: Iterable[ServiceDescriptor]) -> dict[str, Descriptor]:
    """Kind of request of each method by its full path."""
    return {
        f"/{service.full_name}/{method.name}": method.input_type for service in services for method in service.methods
    }


def _rule(method: MethodDescriptor, option: Any) -> AccessRule:  # noqa: ANN401 the extension's class is generated
    options = method.GetOptions()
    if not options.HasExtension(option):
        return NO_CALLER
    declared = options.Extensions[option]
    return AccessRule(
        posts=_names(declared, "posts"),
        levels=_names(declared, "levels"),
        machines=_names(declared, "machines"),
        open=declared.open,
    )


def _names(declared: Any, field_name: str) -> frozenset[str]:  # noqa: ANN401 the option's message is generated
    field: FieldDescriptor = declared.DESCRIPTOR.fields_by_name[field_name]
    kind = field.enum_type
    assert kind is not None
    numbers = [number for number in getattr(declared, field_name) if number]
    return frozenset(bare_name(kind, number) for number in numbers)


def bare_name(kind: EnumDescriptor, number: int) -> str:
    """Name of a value without the prefix of its enum: POST_CLERK of Post is CLERK."""
    return kind.values_by_number[number].name.removeprefix(f"{kind.name.upper()}_")
