"""Copy of the sources for mutation testing, in which functions under a decorator can be changed as well.

mutmut leaves a function with a decorator alone. In the copy its statements stand in one without decorators, which the
decorated one calls:

    @rule("民法典 203")                        def received_on_undecorated(at: datetime) -> date:
    def received_on(at: datetime) -> date:         return …
        return …                               @rule("民法典 203")
                                               def received_on(at: datetime) -> date:
                                                   return received_on_undecorated(at)
"""

import ast
import shutil
from collections.abc import Iterator, Sequence
from fnmatch import fnmatch
from pathlib import Path
from textwrap import indent

_TAKEN_OFF = {"property", "cache", "lru_cache", "rule"}
"""Decorators that give back what their function gives back."""
_LEFT = shutil.ignore_patterns("__pycache__", "*.pyc")


def fill(copy: Path, root: Path, folders: Sequence[str], mutable: Sequence[str]) -> None:
    """Bring the copy up to date: the folders of the repository, the files that match `mutable` without decorators."""
    copy.mkdir(parents=True, exist_ok=True)
    shutil.copy(root / "pyproject.toml", copy)
    for folder in folders:
        shutil.rmtree(copy / folder, ignore_errors=True)
        shutil.copytree(root / folder, copy / folder, ignore=_LEFT)
    for path in [each for folder in folders for each in (copy / folder).rglob("*.py")]:
        if any(fnmatch(path.relative_to(copy).as_posix(), pattern) for pattern in mutable):
            path.write_text(undecorated(path.read_text("utf-8")), "utf-8")


def undecorated(source: str) -> str:
    """The source with every decorated function split into its body, undecorated, and a call of it."""
    lines = source.splitlines(keepends=True)
    for node, in_class in reversed(list(_decorated(ast.parse(source)))):
        first = min(each.lineno for each in node.decorator_list) - 1
        caller = ast.unparse(_caller(node, in_class=in_class))
        node.name, node.decorator_list = f"{node.name}_undecorated", []
        node.args.defaults, node.args.kw_defaults = [], [None] * len(node.args.kwonlyargs)  # the caller has them
        lines[first : node.end_lineno] = [indent(f"{ast.unparse(node)}\n{caller}\n", " " * node.col_offset)]
    return "".join(lines)


def _decorated(module: ast.Module) -> Iterator[tuple[ast.FunctionDef, bool]]:
    for node in module.body:
        if isinstance(node, ast.FunctionDef) and _taken_off(node):
            yield node, False
        if isinstance(node, ast.ClassDef):
            yield from ((each, True) for each in node.body if isinstance(each, ast.FunctionDef) and _taken_off(each))


def _taken_off(node: ast.FunctionDef) -> bool:
    names = {ast.unparse(each.func if isinstance(each, ast.Call) else each) for each in node.decorator_list}
    return bool(names) and names <= _TAKEN_OFF


def _caller(node: ast.FunctionDef, *, in_class: bool) -> ast.FunctionDef:
    """The function under its decorators, as a call of the one without."""
    names = [each.arg for each in [*node.args.posonlyargs, *node.args.args]]
    name = f"{names.pop(0)}.{node.name}_undecorated" if in_class else f"{node.name}_undecorated"
    given = [*names, *(f"{each.arg}={each.arg}" for each in node.args.kwonlyargs)]
    doc = [node.body[0]] if ast.get_docstring(node) else []
    body = [*doc, *ast.parse(f"return_ = {name}({', '.join(given)})").body]
    body[-1] = ast.Return(body[-1].value)  # type: ignore[attr-defined] # the line above is an assignment
    return ast.FunctionDef(node.name, node.args, body, node.decorator_list, node.returns, lineno=0)
