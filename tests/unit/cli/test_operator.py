"""Commands of operators: which databases they work on, what they refuse, what they say."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from chassis.audit import AuditCount, AuditedService, AuditFinding, AuditRule
from cli import targets
from cli.catalogue.publication import PublishSettings
from cli.main import COMMANDS, app
from cli.operator import audit, repair, streams
from embedded import keys
from embedded.data_dir import DataDir
from operations.audit import AuditReport
from operations.errors import CommandError
from operations.workers import in_a_pod
from protocol.streams import SERVICES
from tests.support.certificates import Authority


@pytest.fixture
def pod(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The environment of a pod of approval."""
    settings = {
        "DATABASE_HOST": "db",
        "DATABASE_NAME": "approval",
        "DATABASE_RPC_ROLE": "approval_rpc",
        "DATABASE_WORKER_ROLE": "approval_worker",
        "DISTRICT": "440105",
    }
    for name, value in settings.items():
        monkeypatch.setenv(f"ONEWINDOW_{name}", value)


def test_a_command_in_a_pod_works_on_its_own_service(pod: None) -> None:
    assert in_a_pod()
    (worker,) = targets.workers("")
    assert (worker.service, worker.district, worker.settings.host) == ("approval", "440105", "db")
    assert [one.service for one in targets.workers("approval")] == ["approval"]
    assert targets.vault_settings().vault_key_file is None
    with pytest.raises(CommandError, match="这里是 approval 的容器，请到 notify 的容器中执行"):
        targets.workers("notify")


PLACED = [
    ["audit", "received"],
    ["republish"],
    ["republish", "--missing"],
]


@pytest.mark.parametrize("command", PLACED, ids=" ".join)
@pytest.mark.parametrize("place", ["44", "abc", "440105", "440106001", "44010500８", "4401050081"])
def test_a_place_that_the_district_has_not_is_wrong_usage(
    monkeypatch: pytest.MonkeyPatch, pod: None, command: list[str], place: str
) -> None:
    every = {service: replace(targets.workers("")[0], service=service) for service in SERVICES}
    for module in (audit, repair):
        monkeypatch.setattr(module, "all_workers", lambda: every)
    answer = CliRunner().invoke(app, [*command, "--place", place])
    assert answer.exit_code == 2
    assert "九位地点代码" in "".join(answer.stderr.split())


@pytest.mark.parametrize(("options", "wrong"), [(["--missing", "--since", "2016-03-01"], "--since"),
                                                (["--settled", "3"], "--settled")])  # fmt: skip # one case a line
def test_options_of_a_republication_that_would_be_ignored_are_wrong_usage(
    pod: None, options: list[str], wrong: str
) -> None:
    answer = CliRunner().invoke(app, ["republish", *options])
    assert answer.exit_code == 2
    assert wrong in answer.stderr


def test_an_unknown_service_is_named_with_the_known_ones() -> None:
    with pytest.raises(CommandError, match="没有服务 mail；可用：intake、approval、notify、metrics"):
        targets.workers("mail")


def test_on_this_machine_a_command_needs_a_running_stack(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ONEWINDOW_HOME", str(tmp_path))
    for target in (lambda: targets.workers(""), targets.broker, targets.approval_settings):
        with pytest.raises(CommandError, match="onewindow up"):
            target()
    data_dir = DataDir(tmp_path)
    data_dir.create()
    keys.provide(data_dir)
    assert targets.vault_settings().objects_url == (tmp_path / "objects").as_uri()


def test_an_instant_is_typed_in_shanghai_or_is_as_far_back_as_a_stream() -> None:
    assert repair.instant("2016-03-01T08:30").isoformat() == "2016-03-01T08:30:00+08:00"
    assert repair.instant("2016-03-01").isoformat() == "2016-03-01T00:00:00+08:00"
    assert repair.instant("").utcoffset() is not None
    with pytest.raises(typer.BadParameter, match="不是日期"):
        repair.instant("yesterday")


def test_recreating_streams_asks_for_a_confirmation() -> None:
    with pytest.raises(CommandError, match="--confirmed"):
        streams.recreate(confirmed=False)


def test_findings_of_an_audit_end_the_command_with_their_number_and_services() -> None:
    sound, wrong = AuditReport(AuditedService("intake"), most=1), AuditReport(AuditedService("notify"), most=1)
    audit.refuse_findings([sound])
    for _ in range(1_200):
        wrong.add(AuditFinding(AuditRule.CHAIN_BROKEN))
    with pytest.raises(CommandError, match=r"共 1,200 处不一致（notify）"):
        audit.refuse_findings([sound, wrong])


def test_the_progress_of_an_audit_is_written_every_few_seconds(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = [0.0]
    monkeypatch.setattr("cli.operator.audit.time.monotonic", lambda: now[0])
    report = audit._progress("intake")
    for now[0] in (1.0, 6.0, 7.0, 12.0):
        report(Counter({AuditCount.FACTS: int(now[0])}))
    assert capsys.readouterr().err.splitlines() == ["intake：已核对事实 6……", "intake：已核对事实 12……"]


async def test_the_catalogue_of_a_cluster_needs_a_token_and_certificates(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    authority = Authority()
    key, chain = authority.give()
    files = {"TOKEN": b"a-token\n", "AUTHORITY": authority.pem, "CERTIFICATE": chain, "KEY": key}
    monkeypatch.setenv("ONEWINDOW_CATALOGUE_TARGET", "intake:50051")
    with pytest.raises(CommandError, match="还须指明令牌、CA、证书和私钥文件"):
        PublishSettings.load().client()
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
        monkeypatch.setenv(f"ONEWINDOW_CATALOGUE_{name}_FILE", str(tmp_path / name))
    client = PublishSettings.load().client()
    assert client.metadata("CATALOGUE") == (("authorization", "Bearer a-token"),)
    await client.close()


def test_every_command_has_a_module_with_its_name_or_its_group() -> None:
    for name, (module, sentence) in COMMANDS.items():
        folder = Path(module.replace(".", "/") + ".py")
        text = (Path(__file__).parents[3] / folder).read_text(encoding="utf-8")
        assert f"onewindow {name}" in text or f"`{name}`" in text.splitlines()[0], module
        assert sentence
