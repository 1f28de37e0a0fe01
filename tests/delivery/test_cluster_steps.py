"""Steps on a cluster, with kubectl and helm that only note their commands: order, Jobs, images, messages."""

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
import yaml

from tools.cluster import install, kube, restore, verify
from tools.cluster.install import Images
from tools.cluster.kube import Kube, Tree
from tools.delivery.programs import StepFailed

IMAGES = Images("registry.example/one/onewindow@sha256:ab", "registry.example/postgres:15", "registry.example/nats:2")


@dataclass(frozen=True)
class NotedKube(Kube):
    """A cluster of the test: it notes every command, and its Jobs end as `ends` says."""

    ends: str = "Complete"
    pods: int = 1
    commands: list[str] = field(default_factory=list)
    applied: list[Tree] = field(default_factory=list)

    def run(self, *arguments: str, stdin: str | None = None, show: bool = False) -> str:
        """Answers for the commands that read."""
        self.commands.append(" ".join(arguments))
        if stdin is not None:
            self.applied.extend(json.loads(stdin)["items"])
        match arguments:
            case ("kustomize", *_):
                return yaml.safe_dump({"kind": "StatefulSet", "spec": [{"image": "localhost/postgres:15"}]}) + "---\n"
            case ("get", "job", *_):
                return json.dumps({"status": {"conditions": [{"type": self.ends, "status": "True"}]}})
            case ("get", "deployment", *_):
                return (DEPLOYMENT % arguments[2]) if "-o" in arguments else ""
            case ("get", "pods", *_) if "name" in arguments:
                return "pod/a" * self.pods
            case ("get", *_):
                return json.dumps({"items": []})
        return ""

    def helm(self, *arguments: str, show: bool = False) -> str:
        """Notes the command."""
        self.commands.append(f"helm {' '.join(arguments)}")
        return ""


DEPLOYMENT = """{"metadata": {"name": "%s"}, "spec": {"replicas": 0, "template": {"metadata": {"labels": {}},
"spec": {"containers": [{"name": "service", "image": "a", "ports": []}]}}}}"""


@pytest.fixture(autouse=True)
def programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """No kubectl of this machine is called."""

    def logs(words: Sequence[str], **_options: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(words, 0, stdout=f"log of {words[-2]}\n", stderr="")

    monkeypatch.setattr(install, "run", lambda _words: "")
    monkeypatch.setattr(subprocess, "run", logs)
    monkeypatch.setattr(install, "_POLL_SECONDS", 0.0)


def starts(noted: NotedKube) -> list[str]:
    """The first words of each command that changes or waits."""
    return [" ".join(line.split()[:2]) for line in noted.commands if not line.startswith(("get", "helm --"))]


def test_an_installation_takes_its_steps_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    noted = NotedKube()
    install.install(noted, IMAGES, ["--set=a=b"])
    printed = [line[:32].strip() for line in capsys.readouterr().out.splitlines()]
    assert printed[0] == "namespace and Secrets"
    assert printed[-2:] == ["helm test", "from nothing to helm test green"]
    [chart] = [line for line in noted.commands if line.startswith("helm upgrade")]
    assert (
        "--set-string=image.repository=onewindow --set-string=image.tag= --set-string=image.digest=sha256:ab" in chart
    )
    assert chart.endswith("--set=a=b --wait --timeout=5m")
    assert noted.applied[0]["spec"] == [{"image": "registry.example/postgres:15"}]


def test_a_job_that_fails_ends_the_step_with_its_name_and_its_log() -> None:
    with pytest.raises(StepFailed, match="PostgreSQL, NATS, simulators: onewindow-provide failed\nlog of job/onewind"):
        install.install(NotedKube(ends="Failed"), IMAGES)


def test_a_job_that_does_not_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install, "_JOB_SECONDS", -1)
    with pytest.raises(StepFailed, match="a is not done in -1 s"):
        install.wait_for_job(NotedKube(ends="Suspended"), "a")


def test_a_restore_stops_everything_first_and_starts_the_services_last() -> None:
    noted = NotedKube()
    restore.restore(noted, IMAGES, "2026-11-25 10:00:00+08")
    scaled = [line for line in noted.commands if line.startswith("scale")]
    assert [line.split("=")[-1] for line in scaled] == ["0"] * 5 + ["1", "1"] + ["2"] * 4
    assert scaled[4].startswith("scale statefulset onewindow-postgres")
    values = [value for each in noted.applied for value in _variables(each)]
    assert {"name": "RESTORE_TO", "value": "2026-11-25 10:00:00+08"} in values


def test_what_has_no_pod_is_not_waited_for() -> None:
    noted = NotedKube(pods=0)
    restore.stop_servers(noted)
    assert starts(noted) == ["scale statefulset", "scale statefulset"]


def test_a_copy_is_made_by_the_nightly_job() -> None:
    noted = NotedKube()
    restore.back_up(noted)
    assert "create job onewindow-backup-now --from=cronjob/onewindow-backup" in noted.commands


def test_the_findings_of_all_services_are_reported_together() -> None:
    with pytest.raises(StepFailed) as refused:
        verify.verify(NotedKube(ends="Failed"), ("intake", "notify"))
    assert [line for line in str(refused.value).splitlines() if "failed" in line] == [
        "onewindow-intake-verify failed",
        "onewindow-notify-verify failed",
    ]
    verify.verify(NotedKube(), ("intake",))


def test_messages_say_why_pods_are_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    def pod(name: str, state: Tree, conditions: list[Tree]) -> Tree:
        return {
            "metadata": {"name": name},
            "status": {"containerStatuses": [{"state": state}], "conditions": conditions},
        }

    pods = [
        pod("a", {"waiting": {"reason": "ImagePullBackOff", "message": "no such image"}}, []),
        pod("b", {"running": {}}, [{"status": "False", "reason": "Unschedulable"}]),
        pod("c", {"terminated": {"reason": "Completed"}}, [{"status": "False", "reason": "PodCompleted"}]),
    ]
    events = [{"involvedObject": {"name": "a"}, "message": "Failed to pull"}]
    answers = {"pods": pods, "events": events}
    monkeypatch.setattr(kube, "run", lambda words, **_: json.dumps({"items": answers[words[4]]}))
    assert Kube().trouble().splitlines() == [
        "a: ImagePullBackOff no such image",
        "b: Unschedulable",
        "a: Failed to pull",
    ]


def test_a_cluster_that_does_not_answer_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_words: Sequence[str]) -> str:
        raise StepFailed("connection refused")

    monkeypatch.setattr(kube, "need", lambda program, _hint: program)
    monkeypatch.setattr(kube, "run", refuse)
    with pytest.raises(StepFailed, match="no cluster answers: set KUBECONFIG"):
        Kube.reached()


@pytest.mark.parametrize(
    ("arguments", "command"),
    [(["--copy"], "create job onewindow-backup-now"), ([], "scale deployment onewindow-intake")],
)
def test_restore_copies_or_restores(monkeypatch: pytest.MonkeyPatch, arguments: list[str], command: str) -> None:
    noted = NotedKube()
    monkeypatch.setattr(Kube, "reached", classmethod(lambda _cls: noted))
    monkeypatch.setattr("sys.argv", ["restore", *arguments])
    restore.main()
    assert any(line.startswith(command) for line in noted.commands)


def _variables(tree: Any) -> list[Tree]:
    if isinstance(tree, list):
        return [found for each in tree for found in _variables(each)]
    if not isinstance(tree, dict):
        return []
    return [*([tree] if "name" in tree and "value" in tree else []), *_variables(list(tree.values()))]
