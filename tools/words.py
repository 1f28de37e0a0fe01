"""The office's words, one meaning each: checks identifiers of Python and proto against `tools/words.toml`."""

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from google.protobuf import descriptor_pb2

from tools.contracts import image
from tools.tree import Violation, below, parse, python_files, read

_TABLE = Path(__file__).with_suffix(".toml")
_ROOMS = {"law": re.compile(r"law/"), "domain": re.compile(r"services/[^/]+/domain/")}
_PARTS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[^\W\d_a-zA-Z]+")
_MESSAGE_OF_CALL = re.compile(r"(?<=[a-z0-9])(Request|Response)$")
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


@dataclass(frozen=True, slots=True)
class Identifier:
    """A name and the line where it is first defined."""

    name: str
    line: int


@dataclass(frozen=True, slots=True)
class Words:
    """Words banned everywhere, words banned in the folders that use the office's language, and exemptions."""

    everywhere: tuple[str, ...]
    spoken: dict[str, str]
    banned_in: frozenset[str]
    verbs: frozenset[str]
    exempt: tuple[str, ...]
    names: frozenset[str]


@lru_cache(maxsize=1)
def table() -> Words:
    """The table as it stands in `tools/words.toml`; `spoken` leads from a banned phrase to the word to say."""
    source = tomllib.loads(read(_TABLE))
    spoken = {phrase.lower(): row["word"] for row in source["word"] for phrase in row["never"]}
    return Words(
        everywhere=tuple(source["everywhere"]),
        spoken=spoken,
        banned_in=frozenset(source["banned_in"]),
        verbs=frozenset(source["verbs"]),
        exempt=tuple(phrase for row in source["exempt"] for phrase in row.get("phrases", [])),
        names=frozenset(name for row in source["exempt"] for name in row.get("names", [])),
    )


def check(root: Path) -> list[Violation]:
    """Identifiers of Python and proto files that contain a banned word."""
    return [*_python(root), *_protos(root)]


def parts(name: str) -> str:
    """The parts of a name in lower case, with a space before, between and behind."""
    return f" {' '.join(part.lower() for part in _PARTS.findall(name))} "


def banned(name: str, words: Words, *, spoken_here: bool) -> str | None:
    """The reason why `name` is banned, or None. `spoken_here`: the room uses the office's language."""
    if name in words.names:
        return None
    said = parts(_MESSAGE_OF_CALL.sub("", name))
    for phrase in words.exempt:
        said = said.replace(f" {phrase} ", "  ")
    for word in words.everywhere:
        if _contains(said, word, words.verbs):
            return f"`{name}` says `{word}`, which means nothing in the office"
    for phrase, word in words.spoken.items() if spoken_here else ():
        if _contains(said, phrase, words.verbs):
            return f"`{name}` says `{phrase}`: the office's word is {word}"
    return None


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
    for element in image.walk(file):
        found.setdefault(element.name, element.line)
    return [Identifier(name, line) for name, line in found.items()]


def _contains(said: str, phrase: str, verbs: frozenset[str]) -> bool:
    return f" {phrase} " in said or (phrase not in verbs and f" {phrase}s " in said)


def _python(root: Path) -> Iterator[Violation]:
    rooms = [pattern for room, pattern in _ROOMS.items() if room in table().banned_in]
    for path in python_files(root):
        where = below(root, path)
        module = path.parent.name if path.stem == "__init__" else path.stem
        here = any(room.match(where) for room in rooms)
        yield from _judged(where, in_python(parse(path), module), spoken_here=here)


def _protos(root: Path) -> Iterator[Violation]:
    for file in image.own_files(root):
        yield from _judged(f"proto/{file.name}", in_proto(file), spoken_here="proto" in table().banned_in)


def _judged(where: str, names: list[Identifier], *, spoken_here: bool) -> Iterator[Violation]:
    for identifier in names:
        if (sentence := banned(identifier.name, table(), spoken_here=spoken_here)) is not None:
            yield Violation(where, identifier.line, sentence)


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
