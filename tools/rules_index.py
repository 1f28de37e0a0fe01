"""Writes docs/rules.md: refusals and decisions with sentence, article, place in the code and the tests that keep them.

Refusals are the classes derived from NotAllowed, decisions the functions marked with `@rule`, both in law/ and
services/*/domain/; refusals of calls are the classes derived from Refusal. Tests are those that name them.
`python -m tools.rules_index` writes the page; the check says when it is stale and which rule no test names.
"""

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.tree import Violation, below, files, parse, read

PAGE = "docs/rules.md"

_ROOT_CLASS = "NotAllowed"
_ROOT_OF_CALLS = "Refusal"
_LAW_FILES = ("law/*.py", "services/*/domain/*.py")
_CALL_FILES = ("chassis/*.py", "protocol/*.py", "services/*.py")
_MARK = "rule"
_HEAD = """# The rules, by article

Each row is one way the office says no. Generated from the code and its tests; search it by
`make rule Q='行政许可法 42'`.

| Article | Rule | Sentence | On the screen | Act | Tests |
|---|---|---|---|---|---|
"""
_DECISIONS = """
## Decisions that refuse nothing

Each row is a rule by which something follows from the facts: a message, a delivery, an hour.

| Article | Rule | Sentence | On the screen | Function | Tests |
|---|---|---|---|---|---|
"""
_CALLS = """
## Refusals of calls

Each row refuses a call whatever its act is: who calls, how often, with which request id or code, or what is away.

| Article | Rule | Sentence | On the screen | Where | Tests |
|---|---|---|---|---|---|
"""
_WORD_STARTS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_CITED = re.compile(r"\(([^()]*[\u4e00-\u9fff][^()]*\d[^()]*)\)\s*$")


@dataclass(frozen=True, slots=True)
class Rule:
    """One named refusal or decision: its class or function, file and line, sentences, article, and tests."""

    name: str
    where: str
    line: int
    sentence: str
    screen: str
    article: str
    tests: tuple[str, ...]

    @property
    def reason(self) -> str:
        """The name in upper snake case; of a refusal the reason that a caller reads in ErrorInfo."""
        return _WORD_STARTS.sub("_", self.name).upper()


def check(root: Path) -> list[Violation]:
    """Rules without a test or a sentence, and a page that is not what the code says."""
    refused, decided, calls = rules(root), decisions(root), call_refusals(root)
    found = [*refused, *decided]
    untested = [
        Violation(rule.where, rule.line, f"{rule.name}: no test names this rule") for rule in found if not rule.tests
    ]
    silent = [Violation(rule.where, rule.line, f"{rule.name} has no sentence") for rule in found if not rule.sentence]
    path = root / PAGE
    stale = (read(path) if path.exists() else "") != page(refused, decided, calls) and bool(found)
    return [*untested, *silent, *([Violation(PAGE, 1, "is stale: run python -m tools.rules_index")] if stale else [])]


def rules(root: Path) -> list[Rule]:
    """Every refusal, by article and name; a class that only gathers others and is never raised is not one."""
    classes = _refusals(root, _ROOT_CLASS, _LAW_FILES)
    gathering = {name for _, found, _ in classes.values() for name in _parents(found)} - _raised(root)
    tests, numbers = _tests_by_name(root), _numbers(root)
    found = [
        _rule(root, *classes[name], tests=tuple(sorted(tests[name])), numbers=numbers)
        for name in classes
        if name not in gathering
    ]
    return sorted(found, key=_by_article)


def call_refusals(root: Path) -> list[Rule]:
    """Every refusal of a call as such, by name; test_every_refusal.py of the chassis holds all of them to one form."""
    classes, tests = _refusals(root, _ROOT_OF_CALLS, _CALL_FILES), _tests_by_name(root)
    found = [
        _rule(root, *each, tests=tuple(sorted(tests[name])), numbers=_texts(each[2])) for name, each in classes.items()
    ]
    return sorted(found, key=_by_article)


def decisions(root: Path) -> list[Rule]:
    """Every function marked as a rule, by article and name."""
    tests, numbers = _tests_by_name(root), _numbers(root)
    found = [
        _decision(below(root, path), node, marks[0], tests=tuple(sorted(tests[node.name])), numbers=numbers)
        for path in files(root, *_LAW_FILES)
        for node in parse(path).body
        if isinstance(node, ast.FunctionDef)
        if (marks := [mark for mark in node.decorator_list if _is_mark(mark)])
    ]
    return sorted(found, key=_by_article)


def page(refused: list[Rule], decided: Sequence[Rule] = (), calls: Sequence[Rule] = ()) -> str:
    """The page as it should stand."""
    further = [(head, found) for head, found in ((_DECISIONS, decided), (_CALLS, calls)) if found]
    tables = [(_HEAD, refused), *further]
    return "".join(head + "".join(map(_row, found)) for head, found in tables)


def main() -> int:
    """Write the page of this repository."""
    root = Path(__file__).resolve().parent.parent
    refused, decided, calls = rules(root), decisions(root), call_refusals(root)
    (root / PAGE).parent.mkdir(exist_ok=True)
    (root / PAGE).write_text(page(refused, decided, calls), encoding="utf-8")
    sys.stdout.write(f"{PAGE}: {len(refused)} refusals, {len(decided)} decisions, {len(calls)} refusals of calls\n")
    return 0


def _by_article(rule: Rule) -> tuple[bool, str, str]:
    return rule.article == "", rule.article, rule.name


def _is_mark(node: ast.expr) -> bool:
    """True for `@rule(...)`, whichever way it was imported."""
    return isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == _MARK


def _decision(
    where: str, node: ast.FunctionDef, mark: ast.expr, *, tests: tuple[str, ...], numbers: dict[str, str]
) -> Rule:
    cited = [_text(argument, numbers) for argument in getattr(mark, "args", [])]
    sentence = " ".join((ast.get_docstring(node) or "").partition("\n\n")[0].split())
    return Rule(node.name, where, node.lineno, sentence, "", "".join(cited), tests)


def _refusals(root: Path, kind: str, among: Sequence[str]) -> dict[str, tuple[Path, ast.ClassDef, ast.Module]]:
    """Classes in these files that descend from `kind`, by name; the ancestors may stand in other files."""
    candidates = {
        node.name: (path, node, parse(path))
        for path in files(root, *among)
        for node in parse(path).body
        if isinstance(node, ast.ClassDef)
    }
    found = {kind}
    while more := {name for name, (_, node, _) in candidates.items() if found & set(_parents(node))} - found:
        found |= more
    return {name: candidates[name] for name in sorted(found - {kind})}


def _raised(root: Path) -> set[str]:
    """Names that stand in a raise, in the law or in a service."""
    nodes = [node for path in files(root, "law/*.py", "services/*.py") for node in ast.walk(parse(path))]
    causes = [node.exc for node in nodes if isinstance(node, ast.Raise) and node.exc]
    made = [cause.func if isinstance(cause, ast.Call) else cause for cause in causes]
    return {ast.unparse(cause).rpartition(".")[2] for cause in made}


def _parents(node: ast.ClassDef) -> list[str]:
    return [ast.unparse(parent).rpartition(".")[2] for parent in node.bases]


def _rule(
    root: Path, path: Path, node: ast.ClassDef, module: ast.Module, *, tests: tuple[str, ...], numbers: dict[str, str]
) -> Rule:
    docstring = " ".join((ast.get_docstring(node) or "").split())
    article = (
        _attribute(node, "article", numbers)
        or _cited(docstring)
        or _cited((ast.get_docstring(module) or "").partition("\n")[0])
    )
    sentence = _CITED.sub("", docstring).strip()
    return Rule(
        node.name,
        below(root, path),
        node.lineno,
        sentence,
        _attribute(node, "sentence", numbers) or _attribute(node, "default", numbers),
        article,
        tests,
    )


def _attribute(node: ast.ClassDef, wanted: str, numbers: dict[str, str]) -> str:
    """The text of a class attribute, with what it takes from law/terms.py as it is written there."""
    for statement in node.body:
        targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
        if any(isinstance(target, ast.Name) and target.id == wanted for target in targets):
            value = getattr(statement, "value", None)
            return _text(value, numbers) if value else ""
    return ""


def _text(value: ast.expr, numbers: dict[str, str]) -> str:
    match value:
        case ast.Constant():
            return str(value.value)
        case ast.JoinedStr():
            return "".join(_text(part, numbers) for part in value.values)
        case ast.FormattedValue():
            return _text(value.value, numbers)
        case _:
            return numbers.get(ast.unparse(value), ast.unparse(value))


def _texts(module: ast.Module) -> dict[str, str]:
    """The constants of a module that are texts, by name."""
    return {
        ast.unparse(node.targets[0]): str(node.value.value)
        for node in module.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
    }


def _numbers(root: Path) -> dict[str, str]:
    """The numbers and articles of law/terms.py by the name an act calls them, such as terms.EXTENSION.article."""
    body = [statement for path in files(root, "law/terms.py") for statement in parse(path).body]
    fields = {
        node.name: [ast.unparse(field.target) for field in node.body if isinstance(field, ast.AnnAssign)]
        for node in body
        if isinstance(node, ast.ClassDef)
    }
    return {
        f"terms.{ast.unparse(node.targets[0])}.{field}": str(value.value)
        for node in body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
        for field, value in zip(fields.get(ast.unparse(node.value.func), ()), node.value.args, strict=False)
        if isinstance(value, ast.Constant)
    }


def _cited(text: str) -> str:
    found = _CITED.search(text)
    return found.group(1) if found else ""


def _tests_by_name(root: Path) -> dict[str, set[str]]:
    """Tests by the names that they mention; a name in a table outside a test leads to the file."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in files(root, "tests/**/test_*.py", "tests/test_*.py"):
        where = below(root, path)
        for statement in parse(path).body:
            for label, node in _labelled(statement, where):
                for name in _mentioned(node):
                    found[name].add(label)
    return found


def _labelled(statement: ast.stmt, where: str) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(statement, ast.ClassDef):
        for inner in statement.body:
            yield from _labelled(inner, where)
    elif isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef) and statement.name.startswith("test_"):
        yield f"{where}::{statement.name}", statement
    elif not isinstance(statement, ast.Import | ast.ImportFrom):
        yield where, statement


def _mentioned(node: ast.AST) -> set[str]:
    names = {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
    return names | {inner.attr for inner in ast.walk(node) if isinstance(inner, ast.Attribute)}


def _row(rule: Rule) -> str:
    tests = "<br>".join(f"`{test}`" for test in rule.tests)
    cells = [rule.article, f"`{rule.reason}`", rule.sentence, rule.screen, f"`{rule.where}` {rule.name}", tests]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


if __name__ == "__main__":
    sys.exit(main())
