"""A release before this one: its schema lacks the event store's last migration, and one kind of fact it does not know.

It runs from the same image, changed at its start by a module that the chart of that release mounts.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from tests.cluster.office import SERVICES, Office
from tools.cluster.install import CHART

UNKNOWN_KIND, LACKS = "case_decided", "0004"
_MIGRATION = Path(__file__).parents[2] / "chassis/migrations/0004_dead_letters.sql"
_CHANGED = f"""
import asyncio
from inspect import signature
from chassis import schema
from chassis.hearing import consumer, hears

every, made = schema.migrations_of, hears.Hears.__init__
schema.migrations_of = lambda service: [step for step in every(service) if step.version != "{LACKS}"]

def known_then(*words, **told):
    given = signature(made).bind(*words, **told)
    given.arguments["known_kinds"] = [kind for kind in given.arguments["known_kinds"] if kind != "{UNKNOWN_KIND}"]
    made(*given.args, **given.kwargs)

async def nothing_is_redriven(self):
    await asyncio.Event().wait()

hears.Hears.__init__ = known_then
consumer.Hearing._redrive_as_asked = nothing_is_redriven
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
        told = '  GRPC_ENABLE_FORK_SUPPORT: "0"\n'
        _replace(chart / "templates/configmap.yaml", {told: told + "  PYTHONPATH: /older\n"})
        _replace(chart / "Chart.yaml", {'ersion: "0.1.0"': 'ersion: "0.0.9"', "\nversion: 0.1.0": "\nversion: 0.0.9"})
        changed = {"metadata": {"name": "onewindow-older"}, "data": {"sitecustomize.py": _CHANGED}}
        text = yaml.safe_dump({"apiVersion": "v1", "kind": "ConfigMap", **changed})
        (chart / "templates/older.yaml").write_text(text, encoding="utf-8")
        yield chart


def lack_the_last_migration(office: Office) -> None:
    """Take the databases back to the schema of that release."""
    down = _MIGRATION.read_text(encoding="utf-8").partition("-- migrate:down")[2]
    for service in SERVICES:
        office.rows(service, f"{down}; delete from schema_migrations where version = '{LACKS}'")


def has_the_last_migration(office: Office) -> bool:
    """Whether every database has the schema of this release."""
    sql = f"select count(*) from schema_migrations where version = '{LACKS}'"
    return all(office.number(service, sql) for service in SERVICES)


def _replace(path: Path, texts: dict[str, str]) -> None:
    text = path.read_text(encoding="utf-8")
    for old, new in texts.items():
        assert old in text, f"{path.name} has no {old!r}"
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
