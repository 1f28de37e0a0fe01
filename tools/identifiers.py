"""Names defined by a Python or proto file, with their lines; imported names are left out."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from google.protobuf import descriptor_pb2

from tools.contracts.image import walk

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


@dataclass(frozen=True, slots=True)
class Identifier:
    """A name and the line where it is first defined."""

    name: str
    line: int


def in_python(tree: ast.Module, module: str) -> list[Identifier]:
    """Every name the module defines, its own among them, each once."""
    found: dict[str, int] = {}
    for identifier in definitions(tree, module):
        found.setdefault(identifier.name, identifier.line)
    return [Identifier(name, line) for name, line in found.items()]


def definitions(tree: ast.Module, module: str) -> Iterator[Identifier]:
    """Every definition: the module's name, then each name once for each function or class that defines it."""
    yield Identifier(module, 1)
    yield from _scope(tree, set())


def in_proto(file: descriptor_pb2.FileDescriptorProto) -> list[Identifier]:
    """Every package part, message, field, oneof, enum, value, service, method of the file, each once."""
    found = dict.fromkeys(file.package.split("."), 1)
    for element in walk(file):
        found.setdefault(element.name, element.line)
    return [Identifier(name, line) for name, line in found.items()]


def _scope(node: ast.AST, seen: set[str]) -> Iterator[Identifier]:
    for child in ast.iter_child_nodes(node):
        for name in _defined(child):
            if name not in seen:
                seen.add(name)
                yield Identifier(name, getattr(child, "lineno", 1))
        yield from _scope(child, set() if isinstance(child, _SCOPES) else seen)


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
