"""Descriptors of proto/ as protoc writes them, with comments and lines, for checks that read every element."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message, message_factory

from tools import generate

_OPTIONS = {
    "method": "google.protobuf.MethodOptions",
    "field": "google.protobuf.FieldOptions",
    "oneof": "google.protobuf.OneofOptions",
}


@dataclass(frozen=True, slots=True)
class Element:
    """One named thing of a contract: its kind in protobuf's words, full name, line and the comment beside it."""

    kind: str
    name: str
    full_name: str
    line: int
    comment: str


def write(root: Path) -> bytes:
    """The image of `root`/proto with what it imports; empty without protos. Raises generate.GenerationFailed."""
    return _written(root, _state(root))


def own_files(root: Path) -> list[descriptor_pb2.FileDescriptorProto]:
    """The files of `root`/proto, without what they import."""
    parsed = descriptor_pb2.FileDescriptorSet.FromString(write(root))
    return [file for file in parsed.file if file.package.startswith("onewindow.")]


def has_extension(root: Path, kind: str, options: message.Message, extension: str) -> bool:
    """True when `options` of a method, field or oneof have the extension of this full name."""
    pool = _pool(write(root))
    wanted: Any  # the stubs know extensions of generated modules alone
    try:
        wanted = pool.FindExtensionByName(extension)
    except KeyError:
        return False
    read = message_factory.GetMessageClass(pool.FindMessageTypeByName(_OPTIONS[kind]))
    return bool(read.FromString(options.SerializeToString()).HasExtension(wanted))


def walk(file: descriptor_pb2.FileDescriptorProto) -> Iterator[Element]:
    """Every message, field, oneof, enum, value, service and method of a file, in the order of its kinds."""
    places = {tuple(place.path): place for place in file.source_code_info.location}
    for kind, path, full_name in _descend(file):
        place = places.get(path)
        comment = f"{place.leading_comments} {place.trailing_comments}".strip() if place else ""
        line = place.span[0] + 1 if place else 1
        yield Element(kind, full_name.rpartition(".")[2], full_name, line, comment)


def _state(root: Path) -> tuple[tuple[str, int], ...]:
    return tuple((path.as_posix(), path.stat().st_mtime_ns) for path in sorted((root / "proto").rglob("*.proto")))


@lru_cache(maxsize=8)
def _written(root: Path, state: tuple[tuple[str, int], ...]) -> bytes:
    if not state:
        return b""
    with tempfile.TemporaryDirectory() as folder:
        generate.write_image(root / "proto", Path(folder))
        return (Path(folder) / generate.IMAGE).read_bytes()


@lru_cache(maxsize=8)
def _pool(image: bytes) -> descriptor_pool.DescriptorPool:
    pool = descriptor_pool.DescriptorPool()
    for file in descriptor_pb2.FileDescriptorSet.FromString(image).file:
        pool.Add(file)
    return pool


# Where source info keeps an element: field numbers and indexes of descriptor.proto, from the file down.
Way = tuple[int, ...]


def _descend(file: descriptor_pb2.FileDescriptorProto) -> Iterator[tuple[str, Way, str]]:
    for index, found in enumerate(file.message_type):
        yield from _message(found, (4, index), file.package)
    for index, enum in enumerate(file.enum_type):
        yield from _enum(enum, (5, index), file.package)
    for index, service in enumerate(file.service):
        yield "service", (6, index), f"{file.package}.{service.name}"
        for inner, method in enumerate(service.method):
            yield "method", (6, index, 2, inner), f"{file.package}.{service.name}.{method.name}"
    for index, extension in enumerate(file.extension):
        yield "extension", (7, index), f"{file.package}.{extension.name}"


def _message(found: descriptor_pb2.DescriptorProto, path: Way, scope: str) -> Iterator[tuple[str, Way, str]]:
    name = f"{scope}.{found.name}"
    yield "message", path, name
    for index, field in enumerate(found.field):
        yield "field", (*path, 2, index), f"{name}.{field.name}"
    for index, oneof in enumerate(found.oneof_decl):
        if not oneof.name.startswith("_"):
            yield "oneof", (*path, 8, index), f"{name}.{oneof.name}"
    for index, nested in enumerate(found.nested_type):
        if not nested.options.map_entry:
            yield from _message(nested, (*path, 3, index), name)
    for index, enum in enumerate(found.enum_type):
        yield from _enum(enum, (*path, 4, index), name)


def _enum(found: descriptor_pb2.EnumDescriptorProto, path: Way, scope: str) -> Iterator[tuple[str, Way, str]]:
    name = f"{scope}.{found.name}"
    yield "enum", path, name
    for index, value in enumerate(found.value):
        yield "value", (*path, 2, index), f"{name}.{value.name}"
