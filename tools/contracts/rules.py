"""Rules that buf does not have: a method says who may call, a field that a caller fills has a rule of protovalidate."""

import sys
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

from google.protobuf import descriptor_pb2

from tools.contracts import image
from tools.tree import Violation, read

ALLOW = "onewindow.access.v1.allow"
FIELD_RULES = "buf.validate.field"
ONEOF_RULES = "buf.validate.oneof"

# Implemented by the district's system, which keeps its own access rules.
_FOREIGN = "onewindow.district.v1.*"
_EXEMPT = Path(__file__).with_name("unruled_fields.toml")


def check_access(root: Path) -> list[Violation]:
    """Methods that we serve without the option that says who may call them: they would be refused at start."""
    return [
        Violation(f"proto/{file.name}", lines[full_name], f"{full_name} does not say who may call: add ({ALLOW})")
        for file in image.own_files(root)
        if not fnmatch(file.package, _FOREIGN.removesuffix(".*"))
        for lines in [{element.full_name: element.line for element in image.walk(file)}]
        for service in file.service
        for method in service.method
        for full_name in [f"{file.package}.{service.name}.{method.name}"]
        if not image.has_extension(root, "method", method.options, ALLOW)
    ]


def check_fields(root: Path) -> list[Violation]:
    """Fields that a caller fills without a rule of protovalidate, and exemptions that no longer exempt anything."""
    exempt = _exempt()
    unruled = dict(_unruled(root))
    stale = [name for name in exempt if name.startswith("onewindow.") and name not in unruled] if unruled else []
    return [
        *(finding for name, finding in unruled.items() if name not in exempt),
        *(
            Violation(f"tools/contracts/{_EXEMPT.name}", 1, f"{name} is exempt but needs no exemption")
            for name in stale
        ),
    ]


def _exempt() -> dict[str, str]:
    return {row["field"]: row["reason"] for row in tomllib.loads(read(_EXEMPT)).get("exempt", [])}


def _unruled(root: Path) -> Iterator[tuple[str, Violation]]:
    messages = _messages(root)
    for name in _reachable(messages):
        file, found = messages[name]
        lines = {element.full_name: element.line for element in image.walk(file)}
        for field in found.field:
            if not _ruled(root, found, field):
                full_name = f"{name}.{field.name}"
                sentence = f"{full_name} comes from a caller without a rule: add ({FIELD_RULES})"
                yield full_name, Violation(f"proto/{file.name}", lines[full_name], sentence)


def _messages(root: Path) -> dict[str, tuple[descriptor_pb2.FileDescriptorProto, descriptor_pb2.DescriptorProto]]:
    found = {}
    for file in image.own_files(root):
        waiting = [(file.package, message) for message in file.message_type]
        while waiting:
            scope, message = waiting.pop()
            name = f"{scope}.{message.name}"
            found[name] = (file, message)
            waiting += [(name, nested) for nested in message.nested_type if not nested.options.map_entry]
    return found


def _reachable(
    messages: dict[str, tuple[descriptor_pb2.FileDescriptorProto, descriptor_pb2.DescriptorProto]],
) -> list[str]:
    reached: set[str] = set()
    waiting = [name for name in messages if name.endswith("Request")]
    while waiting:
        name = waiting.pop()
        if name in messages and name not in reached:
            reached.add(name)
            waiting += [field.type_name.removeprefix(".") for field in messages[name][1].field if field.type_name]
    return sorted(reached)


def _ruled(root: Path, found: descriptor_pb2.DescriptorProto, field: descriptor_pb2.FieldDescriptorProto) -> bool:
    """A message in a oneof that has rules needs none: its own fields and the oneof's say everything."""
    if image.has_extension(root, "field", field.options, FIELD_RULES):
        return True
    if not field.HasField("oneof_index") or field.proto3_optional:
        return False
    oneof = found.oneof_decl[field.oneof_index]
    chosen = image.has_extension(root, "oneof", oneof.options, ONEOF_RULES)
    return chosen and field.type == descriptor_pb2.FieldDescriptorProto.TYPE_MESSAGE


RELEASED = "proto/released.binpb"


def release(root: Path) -> Path:
    """Write the released image, without comments and lines: they may change at any time."""
    image_set = descriptor_pb2.FileDescriptorSet.FromString(image.write(root))
    for file in image_set.file:
        file.ClearField("source_code_info")
    path = root / RELEASED
    path.write_bytes(image_set.SerializeToString(deterministic=True))
    return path


def main() -> int:
    """Store the present contracts as those of the release."""
    sys.stdout.write(f"{release(Path(__file__).resolve().parent.parent.parent)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
