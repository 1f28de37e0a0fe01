"""Small trees with a breach in them: the working tree is never touched."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tools.check import ROOT
from tools.tree import PRODUCT

Seed = Callable[[dict[str, str]], Path]

ACCESS = "onewindow/access/v1/access.proto"


def planted(root: Path, written: dict[str, str]) -> Path:
    """Write files below `root`, which gets the product's packages and settings first; returns `root`."""
    shutil.copy(ROOT / "pyproject.toml", root)
    packages = {f"{package}/__init__.py": f'"""{package}."""\n' for package in PRODUCT}
    for where, text in (packages | written).items():
        path = root / where
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


@pytest.fixture
def seed(tmp_path: Path) -> Seed:
    """Write files below a new root that has the product's packages and settings, and nothing else."""

    return lambda written: planted(tmp_path, written)


@pytest.fixture
def seed_contract(seed: Seed) -> Callable[[str], Path]:
    """Write one contract of intake beside the real access option."""

    def write(contract: str) -> Path:
        head = 'syntax = "proto3";\npackage onewindow.intake.v1;\n'
        imports = f'import "buf/validate/validate.proto";\nimport "{ACCESS}";\n'
        access = (ROOT / "proto" / ACCESS).read_text(encoding="utf-8")
        contracts = {"onewindow/intake/v1/intake_service.proto": head + imports + contract, ACCESS: access}
        return seed({f"proto/{where}": text for where, text in contracts.items()})

    return write
