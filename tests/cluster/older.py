"""A release that does not know a kind of fact of this one: the same image, changed at its start by its chart.

The last release itself knows every kind that is published today, so that only an imitation shows what happens to a new
one: consumers that do not know it park it, and the release that knows it takes it up.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from tools.cluster.install import CHART, ROOT
from tools.delivery.lock import version

UNKNOWN_KIND = "case_decided"
_VERSION = "0.0.9"
_CHANGED = f"""
from inspect import signature
from chassis.inbox import Subscription

made = Subscription.__init__

def without_the_kind(*words, **named):
    given = signature(made).bind(*words, **named)
    given.arguments["known_kinds"] = [kind for kind in given.arguments["known_kinds"] if kind != "{UNKNOWN_KIND}"]
    made(*given.args, **given.kwargs)

Subscription.__init__ = without_the_kind
"""
_MOUNTED = {
    '{{- define "onewindow.volumes" -}}\n': "- {name: older, configMap: {name: onewindow-older}}\n",
    '{{- define "onewindow.volumeMounts" -}}\n': "- {name: older, mountPath: /older, readOnly: true}\n",
}


@contextmanager
def older_chart() -> Iterator[Path]:
    """The chart of that release."""
    with TemporaryDirectory() as folder:
        chart = Path(folder) / "onewindow"
        shutil.copytree(CHART, chart)
        _replace(chart / "templates/_mounts.tpl", {define: define + line for define, line in _MOUNTED.items()})
        setting = '  GRPC_ENABLE_FORK_SUPPORT: "0"\n'
        _replace(chart / "templates/configmap.yaml", {setting: setting + "  PYTHONPATH: /older\n"})
        now = version(ROOT)
        names = {f'ersion: "{now}"': f'ersion: "{_VERSION}"', f"\nversion: {now}": f"\nversion: {_VERSION}"}
        _replace(chart / "Chart.yaml", names)
        changed = {"metadata": {"name": "onewindow-older"}, "data": {"sitecustomize.py": _CHANGED}}
        text = yaml.safe_dump({"apiVersion": "v1", "kind": "ConfigMap", **changed})
        (chart / "templates/older.yaml").write_text(text, encoding="utf-8")
        yield chart


def _replace(path: Path, texts: dict[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for old, new in texts.items():
        assert old in text, f"{path.name} has no {old!r}"
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
