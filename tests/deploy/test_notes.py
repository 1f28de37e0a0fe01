"""What an install says at its end, and what is made only where a cluster knows its kind."""

import shutil
from pathlib import Path

import pytest
import yaml

from tests.deploy.rendering import CHART, SERVICES, Tree, over, texts, values_of

SAID: dict[str, Tree] = {
    "由任务 onewindow-migrate-…": {"jobs": {"mode": "named"}},
    "未填写 tokens.machinesSecret": {"tokens": {"machinesSecret": ""}, "test": {"enabled": False}},
    "networkPolicy.create 已关闭": {"networkPolicy": {"create": False}},
    "office.reflection 已打开": {"office": {"reflection": True}},
}
"""A sentence, and the values to which it belongs."""
ALWAYS_BUT: dict[str, Tree] = {
    "在安装前更新": {"jobs": {"mode": "named"}},
    "helm test onewindow -n onewindow --logs": {"test": {"enabled": False}},
    "onewindow/client=true": {"networkPolicy": {"create": False}},
    "未填写 district.target": {
        "district": {"target": "d:1"},
        "networkPolicy": {"peers": {"district": [{"podSelector": {}}]}},
    },
    "证书由本单位更新": {"tls": {"source": "certManager", "certManager": {"issuer": "i"}}},
    "集群没有 Prometheus Operator": {"monitoring": {"rules": {"create": "configMap"}}},
}
"""A sentence, and the values with which it is not said."""


def _notes(change: Tree) -> str:
    return texts(over(values_of("minimal"), change))["onewindow/templates/NOTES.txt"]


def test_the_notes_say_how_to_wait_and_where_to_call() -> None:
    for name in SERVICES:
        assert f"rollout status deployment/onewindow-{name}" in _notes({})
        assert f"dns:///onewindow-{name}.onewindow.svc:50051" in _notes({})


@pytest.mark.parametrize("sentence", [*SAID, *ALWAYS_BUT])
def test_a_sentence_is_said_where_it_holds_and_nowhere_else(sentence: str) -> None:
    holds, other = (SAID[sentence], {}) if sentence in SAID else ({}, ALWAYS_BUT[sentence])
    assert sentence in _notes(holds)
    assert sentence not in _notes(other)


def test_monitors_and_rules_are_made_by_themselves_where_the_cluster_knows_them(tmp_path: Path) -> None:
    """The engine knows no cluster, so the chart is told that this one has every kind."""
    chart = tmp_path / "chart"
    shutil.copytree(CHART, chart)
    names = chart / "templates/_names.tpl"
    names.write_text(names.read_text().replace("(.root.Capabilities.APIVersions.Has .api)", "true"))
    rendered = "\n---\n".join(
        text for path, text in texts(values_of("minimal"), chart).items() if not path.endswith("NOTES.txt")
    )
    kinds = {each["kind"] for each in yaml.safe_load_all(rendered) if each}
    assert {"PodMonitor", "PrometheusRule"} <= kinds
