"""The names that a file defines, with their lines: what it borrows from others is not its choice."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from google.protobuf import descriptor_pb2

from tools.image import walk


@dataclass(frozen=True, slots=True)
class Identifier:
    """A name and the line where it is first defined."""

    name: str
    line: int


def in_python(tree: ast.Module, module: str) -> list[Identifier]:
    """Every name the module defines, its own among them, each once."""
    found = {module: 1}
    for node in ast.walk(tree):
        for name in _defined(node):
            found.setdefault(name, getattr(node, "lineno", 1))
    return [Identifier(name, line) for name, line in found.items()]


def in_proto(file: descriptor_pb2.FileDescriptorProto) -> list[Identifier]:
    """Every package part, message, field, oneof, enum, value, service, method of the file, each once."""
    found = dict.fromkeys(file.package.split("."), 1)
    for element in walk(file):
        found.setdefault(element.name, element.line)
    return [Identifier(name, line) for name, line in found.items()]


def _defined(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            yield name
        case ast.arg(arg=name) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            yield name
        case ast.MatchMapping(rest=str(name)) | ast.ExceptHandler(name=str(name)) | ast.alias(asname=str(name)):
            yield name
        case ast.Name(id=name, ctx=ast.Store()):
            yield name
        case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=name, ctx=ast.Store()):
            yield name
