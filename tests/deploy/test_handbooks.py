"""What handbooks and runbooks tell an operator to type exists, and works where there is a cluster and no laptop."""

import json
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest
from google.protobuf.descriptor import MethodDescriptor
from onewindow.access.v1 import access_pb2
from onewindow.approval.v1 import approval_service_pb2, district_gateway_service_pb2
from onewindow.intake.v1 import catalogue_service_pb2, hall_service_pb2, intake_service_pb2
from onewindow.metrics.v1 import metrics_service_pb2
from onewindow.notify.v1 import notify_service_pb2
from typer.main import get_group

from chassis.rpc.identity import passes
from chassis.settings.watched_file import WatchedFile
from chassis.vault.keys import Keyring
from chassis.vault.sealed import open_sealed, seal_to
from cli.main import COMMANDS
from tests.deploy.rendering import CHART, ROOT, Tree, kind, minimal, named
from tests.deploy.test_alerts import ALERTS

PAGES = [
    *sorted((ROOT / "docs/runbook").glob("*.md")),
    *sorted((ROOT / "docs/deploy").glob("*.md")),
    *sorted((ROOT / "deploy").rglob("*.md")),
    *(ROOT / name for name in ("docs/operations.md", "docs/zh/operations.md", "UPGRADING.md")),
]
OF_A_LAPTOP = {"up", "down", "status", "demo", "clock", "token", "report", "case", "bench"}
"""Commands that look for the embedded stack; beside a cluster they find none."""
_TYPED = re.compile(r"(?:`|/bin/|^ *)onewindow ((?:[a-z]+ ?)+)", re.MULTILINE)
_CALLED = re.compile(r"`([A-Z][a-z]+(?:[A-Z][a-z]+)+)`")
_LOGGED = re.compile(r"`([a-z]+(?:_[a-z]+)+)`")


def _commands(text: str) -> Iterator[list[str]]:
    for found in _TYPED.finditer(text):
        yield found[1].split()


def _known(words: list[str]) -> bool:
    """Whether the words lead to a command; what follows one are its arguments."""
    if words[0] not in COMMANDS:
        return False
    group = get_group(import_module(COMMANDS[words[0]][0]).app)
    return words[0] in group.commands or len(words) == 1 or words[1] in group.commands


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_that_a_page_tells_exists(page: Path) -> None:
    told = list(_commands(page.read_text()))
    assert [words for words in told if not _known(words)] == []
    sized = page.name == "sizing.md"  # what a matter costs is measured on a machine of one's own
    assert [words for words in told if words[0] in OF_A_LAPTOP and not sized] == []


def test_commands_are_found_at_all() -> None:
    assert ["streams", "recreate"] in list(_commands((ROOT / "docs/operations.md").read_text()))
    assert not _known(["streams", "drop"])


@pytest.mark.parametrize("page", sorted((ROOT / "docs/runbook").glob("O*.md")), ids=lambda page: page.stem)
def test_every_line_of_a_log_that_a_runbook_names_is_written(page: Path) -> None:
    sources = "".join(
        path.read_text() for name in ("chassis", "protocol", "services") for path in (ROOT / name).rglob("*.py")
    )
    lines = [line for line in page.read_text().splitlines() if re.search(r"日志|\blogs?\b", line)]
    assert [name for name in _LOGGED.findall("\n".join(lines)) if f'"{name}"' not in sources] == []


@cache
def _methods() -> dict[str, MethodDescriptor]:
    files = (
        intake_service_pb2,
        hall_service_pb2,
        catalogue_service_pb2,
        approval_service_pb2,
        district_gateway_service_pb2,
        notify_service_pb2,
        metrics_service_pb2,
    )
    services = [service for file in files for service in file.DESCRIPTOR.services_by_name.values()]
    return {method.name: method for service in services for method in service.methods}


@pytest.mark.parametrize("page", sorted((ROOT / "docs/runbook").glob("O*.md")), ids=lambda page: page.stem)
def test_a_runbook_names_calls_that_exist_and_that_a_supervisor_may_make_where_it_sends_one(page: Path) -> None:
    sentences = re.split(r"(?<=[。；.;])\s*", page.read_text().replace("\n   ", ""))
    for sentence in sentences:
        called = _CALLED.findall(sentence)
        assert [name for name in called if name not in _methods()] == [], sentence
        if re.search("督查岗位调用|supervisor finds", sentence):
            allowed = [_methods()[name].GetOptions().Extensions[access_pb2.allow].posts for name in called]
            assert [posts for posts in allowed if access_pb2.POST_SUPERVISOR not in posts] == [], sentence


def test_the_list_of_alerts_repeats_the_first_sentence_of_each_page() -> None:
    listed = dict(re.findall(r"\[(\w+)\]\(\w+\.md\) \| \w+ \| (.+?) \|", (ROOT / "docs/runbook/README.md").read_text()))
    pages = {page.stem: page.read_text() for page in (ROOT / "docs/runbook").glob("O*.md")}
    assert listed == {name: re.findall(r"## 含义\n\n([^。]+。)", text)[0] for name, text in pages.items()}


def test_a_runbook_names_panels_that_a_board_has() -> None:
    boards = [json.loads(path.read_text()) for path in CHART.glob("dashboards/*.json")]
    titles = {panel["title"] for board in boards for panel in board["panels"]}
    text = "".join(page.read_text() for page in (ROOT / "docs/runbook").glob("O*.md"))
    shown = {*re.findall("“([^“”]+)”面板", text), *re.findall("面板“([^“”]+)”", text)}
    assert len(shown) > 3
    assert shown - titles == set()


@pytest.mark.parametrize("page", ["docs/operations.md", "docs/zh/operations.md"])
def test_what_hooks_leave_behind_is_exactly_what_the_handbook_clears_away(page: str) -> None:
    [(kinds, components)] = re.findall(
        r"delete ([a-z,]+) -l 'app.kubernetes.io/name=onewindow,app.kubernetes.io/component in \(([a-z,]+)\)'",
        (ROOT / page).read_text(),
    )

    def cleared(each: Tree) -> bool:
        labels = each["metadata"].get("labels", {})
        component = labels.get("app.kubernetes.io/component")
        return each["kind"].lower() in kinds.split(",") and component in components.split(",")

    rendered = minimal()
    hooks = {named(each) for each in rendered if "pre-upgrade" in str(each["metadata"].get("annotations"))}
    assert hooks == {named(each) for each in rendered if cleared(each)}
    assert all(name.split("/")[1] in (ROOT / page).read_text() for name in hooks)


def _blocks(language: str) -> list[str]:
    page = (CHART / "README.md").read_text()
    return re.findall(rf"```{language}\n(.*?)```", page, re.DOTALL)


def test_the_office_keys_made_as_the_chart_says_are_keys_that_the_services_take(tmp_path: Path) -> None:
    [made] = [block for block in _blocks("sh") if "genpkey" in block]
    subprocess.run(["sh", "-euc", made], cwd=tmp_path, check=True, capture_output=True, timeout=60)
    for service in ("intake", "approval", "notify"):
        assert Keyring(WatchedFile(tmp_path / f"vault-{service}.json")).now().current == 1
    sealed = seal_to((tmp_path / "seal-public.pem").read_bytes(), b"words", b"place")
    assert open_sealed([(tmp_path / "seal-private.pem").read_bytes()], sealed, b"place") == b"words"
    read_pass = passes.sign({"case": "1"}, (tmp_path / "read-pass-private.pem").read_bytes(), 2e9)
    assert passes.verify(read_pass, (tmp_path / "read-pass-public.pem").read_bytes(), 1e9)["case"] == "1"
    assert len((tmp_path / "pepper").read_text().strip()) == 64


def test_the_register_of_systems_that_the_chart_shows_is_one(tmp_path: Path) -> None:
    [shown] = _blocks("json")
    assert {each["system"] for each in json.loads(shown).values()} == {"PROBE", "PORTAL", "DISTRICT_SYSTEM", "SCREEN"}
    told = kind(minimal(tls={"source": "certManager", "certManager": {"issuer": "i"}}), "Certificate")
    assert told["onewindow-test"]["spec"]["uris"][0] in json.loads(shown)


def _renamed() -> dict[str, str]:
    section = (ROOT / "UPGRADING.md").read_text().partition("## To 0.2.0")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (?:alert )?`(\w+)` \| `(\w+)` \|$", section, re.MULTILINE)
    return {old.removesuffix("_total"): new.removesuffix("_total") for old, new in rows}


def test_every_metric_and_alert_of_the_last_release_is_there_or_its_new_name_is() -> None:
    before = json.loads((Path(__file__).parent / "names_0_1.json").read_text())
    sources = (path.read_text() for name in ("chassis", "protocol", "services") for path in (ROOT / name).rglob("*.py"))
    declared = {name.removesuffix("_total") for text in sources for name in re.findall(r'"(onewindow_\w+)"', text)}
    there, renamed = declared | set(ALERTS), _renamed()
    names = [name.removesuffix("_total") for name in [*before["metrics"], *before["alerts"]]]
    assert [name for name in names if name not in there and renamed.get(name) not in there] == []
    assert [old for old in renamed if old in there or old not in names] == []
