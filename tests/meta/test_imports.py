"""Each import contract turns red when somebody breaks it."""

import pytest

from tests.meta.conftest import Seed, planted
from tools import commands
from tools.check import ROOT
from tools.tree import PRODUCT, below, python_files, read

SKELETON = {
    where: read(ROOT / where) if "/domain/" in where else ""
    for where in (below(ROOT, path) for path in python_files(ROOT, *PRODUCT))
}
"""Every module of the product, because the contracts name them; only domains have imports."""


def test_a_tree_that_imports_downwards_is_left_alone(seed: Seed) -> None:
    downwards = {
        "services/intake/__main__.py": "import services.intake.app",
        "services/intake/app.py": "import services.intake.adapters, chassis.process, onewindow",
        "services/intake/adapters/probe.py": "import services.intake.usecases, services.intake.ports",
        "services/intake/domain/application/rate.py": "from services.intake.domain.application import facts, stages",
        "services/intake/domain/application/stages.py": "from services.intake.domain.application import state",
    }
    assert commands.check_imports(seed(SKELETON | downwards)) == []


CLIMBING = [
    ("law/term.py", "chassis"),
    ("law/term.py", "services.intake"),
    ("law/term.py", "onewindow.desk.v1"),
    ("law/term.py", "grpc"),
    ("law/term.py", "os.path"),
    ("chassis/outbox/probe.py", "law"),
    ("chassis/outbox/probe.py", "services.intake.settings"),
    ("chassis/outbox/probe.py", "chassis.inbox"),
    ("chassis/settings/probe.py", "chassis.rpc"),
    ("services/intake/adapters/probe.py", "services.intake.app"),
    ("services/intake/usecases/probe.py", "services.intake.adapters"),
    ("services/intake/ports.py", "services.intake.usecases"),
    ("services/intake/settings.py", "services.intake.ports"),
    ("services/intake/domain/probe.py", "services.intake.settings"),
    ("services/intake/app.py", "services.intake.__main__"),
    ("services/intake/app.py", "services.approval.usecases"),
    ("services/intake/domain/probe.py", "chassis"),
    ("services/intake/domain/probe.py", "asyncio"),
    ("services/intake/domain/probe.py", "asyncpg"),
    ("services/intake/domain/probe.py", "nats"),
    ("services/intake/domain/probe.py", "google.protobuf.message"),
    ("services/intake/app.py", "simulation"),
    ("services/intake/app.py", "tools"),
    ("protocol/probe.py", "services.intake"),
    ("client/probe.py", "services.intake"),
    ("simulation/probe.py", "services.intake"),
    ("operations/probe.py", "embedded"),
    ("cli/main.py", "tools"),
    ("bench/lifecycle.py", "cli"),
    ("simulation/probe.py", "bench"),
    ("catalogue/probe.py", "simulation"),
    ("simulation/probe.py", "chinese_calendar"),
    ("law/term.py", "holidays"),
    ("law/notices/probe.py", "ephem"),
    ("services/approval/domain/case/item.py", "services.approval.domain.case.facts"),
    ("services/approval/domain/case/facts.py", "services.approval.domain.case.state"),
    ("services/approval/domain/case/state.py", "services.approval.domain.case.stages"),
    ("services/approval/domain/case/stages.py", "services.approval.domain.case.extend"),
    ("services/approval/domain/case/facts.py", "services.approval.domain.case.extend"),
    ("services/approval/domain/case/withdraw.py", "services.approval.domain.case.extend"),
]
"""Module and import, each against one of the contracts."""


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, str]]:
    """Path and sentence of every broken contract of a tree with all imports of CLIMBING: one run is enough."""
    lines: dict[str, str] = {}
    for where, imported in CLIMBING:
        lines[where] = f"{lines.get(where, '')}import {imported}\n"
    root = planted(tmp_path_factory.mktemp("imports"), SKELETON | lines)
    return {(found.path, found.sentence) for found in commands.check_imports(root)}


@pytest.mark.parametrize(("where", "imported"), CLIMBING)
def test_an_import_against_the_direction_is_found(broken: set[tuple[str, str]], where: str, imported: str) -> None:
    # Of a library the report names the package alone.
    ends = [sentence.partition(" -> ")[2].split()[0] for path, sentence in broken if path == where and "->" in sentence]
    assert {imported, imported.partition(".")[0]} & set(ends)


def test_a_room_that_the_plan_does_not_know_is_found(seed: Seed) -> None:
    found = commands.check_imports(seed(SKELETON | {"services/intake/ledger.py": ""}))
    assert [finding.path for finding in found] == ["services/intake/ledger.py"]


def test_a_circle_between_packages_is_found_though_no_file_is_in_one(seed: Seed) -> None:
    circle = {
        "cli/stack/one.py": "import cli.operator.one",
        "cli/operator/one.py": "",
        "cli/stack/other.py": "",
        "cli/operator/other.py": "import cli.stack.other",
    }
    sentences = [finding.sentence for finding in commands.check_imports(seed(SKELETON | circle))]
    assert "No cycles are allowed in cli." in sentences
