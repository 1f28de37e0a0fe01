"""What a service keeps between calls is emptied before each call of its suite, or cannot change an answer.

An attribute that is new in the rooms below belongs to one of the two: to `CACHES` of `tests/support/forgetful.py`, or
to the table here, with its reason.
"""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.support.forgetful import CACHES

ROOT = Path(__file__).resolve().parents[2]
ROOMS = (
    "chassis/event_store",
    "chassis/rpc/identity",
    "chassis/vault",
    "chassis/settings",
    "protocol",
    "services",
    "law",
)
"""What answers calls. Edge, loops, pools and streams keep work that is under way, and answer nothing about a file."""

CANNOT_CHANGE_AN_ANSWER: Mapping[str, str] = {
    "@cache": "computed from its arguments alone",
    "IntakeCodec._classes": "the contract, read when the process starts",
    "IntakeCodec._kinds": "the contract, read when the process starts",
    "DueDates._computed": "computed from one calendar, which HallOffice replaces with it",
    "DueDates._matters": "computed from one calendar, which HallOffice replaces with it",
    "SharedLook._next": "a look that has not begun",
    "SharedLook._running": "a look that is under way, which nobody who comes now gets",
    "PositionSignal._waiting": "calls that wait",
    "CallerStreets._found": "streets that exist, which never end",
    "FileKeys._keys": "the mounted file, looked at each second",
    "FileKeys._looked_at": "the mounted file, looked at each second",
    "PublishedKeys._keys": "the keys of the single sign-on, fetched again while they are used",
    "PublishedKeys._read_at": "when they were fetched",
    "PublishedKeys._tried_at": "when a fetch was tried",
    "PublishedKeys._fetching": "a fetch that is under way",
    "TokenVerifier._keys": "the keys by which the cached callers were verified: others empty the cache",
    "IdentityFiles._pems": "the mounted certificates, looked at for each handshake",
    "SystemRegistry._systems": "the mounted file, looked at for each call",
    "WatchedFile._content": "the mounted file, looked at each second or for each call",
    "WatchedFile._mark": "the mounted file, looked at each second or for each call",
    "WatchedFile._look_again": "when it is looked at again",
    "Keyring._read": "the mounted file, looked at each second",
    "MemoryStore._answers": "the store of tests and simulations, which is the truth there",
    "MemoryStore._files": "the store of tests and simulations, which is the truth there",
    "MemoryStore._serials": "the store of tests and simulations, which is the truth there",
    "MemoryStore.projections": "the store of tests and simulations, which is the truth there",
    "MemoryStore.published": "the store of tests and simulations, which is the truth there",
    "MemoryStore.sealed": "the store of tests and simulations, which is the truth there",
    "_PulledChange.refused": "one page of the district's list",
    "Sender._counted_at": "when a queue was counted for its gauge",
    "QueueLoop._wakeups": "wake-ups of a loop",
    "QueueSize._count_from": "when a queue is counted for its gauge",
    "KpiExporter._shown": "gauges for Prometheus, with the time at which they were read, shown by the leader alone",
    "RowBatch._rows": "one batch of events",
    "TypstTypesetter._forms": "forms of letterheads, by everything that is printed on them",
}
_CONTAINERS = {"dict", "list", "set", "OrderedDict", "deque", "defaultdict", "WeakSet", "WeakKeyDictionary"}


def test_everything_that_is_kept_between_calls_is_emptied_or_cannot_change_an_answer() -> None:
    emptied = {f"{kind.__name__}.{name}" for kind, names in CACHES.items() for name in names}
    found = {name for room in ROOMS for path in sorted((ROOT / room).rglob("*.py")) for name in kept_in(path)}
    assert found - emptied - CANNOT_CHANGE_AN_ANSWER.keys() == set(), "in CACHES of tests/support/forgetful.py, or here"
    assert (emptied | CANNOT_CHANGE_AN_ANSWER.keys()) - found == set(), "is gone"


def kept_in(path: Path) -> Iterator[str]:
    """Attributes that hold a container from the start or are set again later, and cached functions."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and any(map(_caches, node.decorator_list)):
            yield "@cache"
        elif isinstance(node, ast.ClassDef):
            for method in node.body:
                if isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef):
                    yield from (f"{node.name}.{name}" for name in _kept_by(method))


def _kept_by(method: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    first = method.name in ("__init__", "__post_init__")
    for node in ast.walk(method):
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in [each for one in targets for each in (one.elts if isinstance(one, ast.Tuple) else [one])]:
                match target:
                    case ast.Attribute(value=ast.Name(id="self"), attr=name) if not first or _is_container(node.value):
                        yield name


def _is_container(value: ast.expr | None) -> bool:
    if isinstance(value, ast.Call):
        return isinstance(value.func, ast.Name) and value.func.id in _CONTAINERS
    return isinstance(value, ast.Dict | ast.List | ast.Set | ast.DictComp)


def _caches(decorator: ast.expr) -> bool:
    name = decorator.func if isinstance(decorator, ast.Call) else decorator
    return isinstance(name, ast.Name) and name.id in ("cache", "lru_cache")
