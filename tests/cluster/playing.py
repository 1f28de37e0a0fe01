"""The player's pod: lifecycles from inside the cluster while a test does something to the office."""

import json
import time
from base64 import b64decode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.lifecycle import CLERK, CONFIGURATOR, HEAD
from embedded import keys
from embedded.data_dir import DataDir
from embedded.keys import staff_token
from tests.cluster.ledger import Ledger, judge, received_once
from tests.cluster.office import Office, ready, say, until
from tools.cluster.dev_secrets import DISTRICT

POD = "onewindow-player"
_PLAYER = Path(__file__).with_name("player.py")
_STARTS_WITHIN, _ENDS_WITHIN = 180.0, 240.0


@dataclass(frozen=True, slots=True)
class Player:
    """A pod that plays lifecycles at a street of its own."""

    office: Office
    street: str

    def ledger(self) -> Ledger:
        """The ledger so far."""
        return Ledger.read(self.python("import sys; sys.stdout.write(open('/ledger/ledger.jsonl').read())"))

    def pause(self) -> Ledger:
        """Begin no call; the ledger when the last one is answered. Lifecycles stand in their middle."""
        self.python("open('/ledger/pause', 'w')")
        until(lambda: self.ledger().paused, "the player paused", _ENDS_WITHIN, lambda: self.ledger().summary())
        return self.ledger()

    def go_on(self) -> None:
        """Every lifecycle goes on where it stood."""
        self.python("import os; os.unlink('/ledger/pause')")

    def stop(self) -> Ledger:
        """Begin nothing more; the whole ledger, when everything under way has ended."""
        self.python("open('/ledger/stop', 'w')")
        until(lambda: self.ledger().ended, "every lifecycle ended", _ENDS_WITHIN, lambda: self.ledger().summary())
        return self.ledger()

    def python(self, program: str, *words: str) -> str:
        """The output of a small program in its pod."""
        python = ["/opt/onewindow/bin/python", "-c", program, *words]
        return self.office.kube.run("exec", POD, "--", *python)


@contextmanager
def playing(office: Office, image: str, rate: float) -> Iterator[Player]:
    """Plays while the block runs, from an image of this release whichever release is installed.

    At rate 0 it measures what is possible and takes half of it, 50 a second at most.
    """
    kube, street = office.kube, _unused_street(office)
    _gone(office)
    kube.apply(_objects(office, street, image, rate))
    player = Player(office, street)
    try:
        until(lambda: ready(kube.get("pod", POD)), "the player plays", _STARTS_WITHIN, lambda: kube.run("logs", POD))
        begun, capacity = player.ledger().rate
        say(f"\nlifecycles begun: {begun:.1f} a second" + (f", half of {capacity:.1f}" if capacity else ""))
        yield player
    finally:
        _gone(office)


@contextmanager
def timed(player: Player, what: str) -> Iterator[None]:
    """Says how long the pods needed, until when calls had to be repeated, and waits until a call was answered after."""
    began, instant = time.monotonic(), float(player.python("import time; print(time.time())"))
    yield
    took = time.monotonic() - began
    _until_answered(player)
    after = player.ledger().since(instant)
    recovered = after.recovered(instant)
    say(f"{what}: whole after {took:.1f} s, last repeated call answered after {recovered:.1f} s; {after.summary()}")
    assert not after.failed, after.failed[:5]


def demand_nothing_lost(player: Player) -> None:
    """Stops the player; the ledger and the databases must agree. Raises AssertionError with what differs."""
    ledger = player.stop()
    say(judge(ledger, player.office, player.street))
    say(f"everything received and sent {player.office.settle():.1f} s after the last call")
    received_once(ledger, player.office, player.street)


def _until_answered(player: Player) -> None:
    def count() -> int:
        return len(player.ledger().acknowledged("decide"))

    before = count()
    until(lambda: count() > before, "a lifecycle ends", 60.0)


def tokens(office: Office, street: str) -> Mapping[str, str]:
    """Tokens of the window, the head of the street and the district's catalogue, by the issuer of deploy/dev."""
    secret = office.kube.get("secret", "onewindow-dev-issuer")
    with TemporaryDirectory() as folder:
        data_dir = DataDir(Path(folder))
        data_dir.keys.mkdir(parents=True)
        (data_dir.keys / keys.TOKEN_ISSUER).write_text(decoded(secret, keys.TOKEN_ISSUER))
        desks = {CLERK: ("CLERK", street), HEAD: ("HEAD", street), CONFIGURATOR: ("CONFIGURATOR", DISTRICT)}
        return {who: staff_token(data_dir, who, [post], place) for who, (post, place) in desks.items()}


def decoded(secret: Mapping[str, Any], key: str) -> str:
    """One text of a Secret."""
    return b64decode(secret["data"][key]).decode()


def _unused_street(office: Office) -> str:
    """A street where nothing happened yet, so that whatever is stored there was played by one player."""
    used = {row[0] for row in office.rows("intake", "select distinct street from fact")}
    return next(street for number in range(100, 900) if (street := f"{DISTRICT}{number}") not in used)


def _gone(office: Office) -> None:
    office.kube.run("delete", "pod", POD, "--ignore-not-found", "--grace-period=1", "--wait=true")


def _objects(office: Office, street: str, image: str, rate: float) -> list[dict[str, Any]]:
    labels = {"app.kubernetes.io/name": POD, "app.kubernetes.io/part-of": "onewindow", "onewindow/client": "true"}
    meta = {"name": POD, "labels": labels}
    setup = json.dumps({"place": street, "tokens": tokens(office, street)})
    files = {"player.py": _PLAYER.read_text(encoding="utf-8"), "tokens.json": setup}
    return [
        {"apiVersion": "v1", "kind": "Secret", "metadata": meta, "stringData": files},
        {"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": _pod(image, rate)},
    ]


def _pod(image: str, rate: float) -> dict[str, Any]:
    volumes: dict[str, dict[str, Any]] = {
        "tmp": {"emptyDir": {"sizeLimit": "64Mi"}},
        "ledger": {"emptyDir": {}},
        "player": {"secret": {"secretName": POD, "defaultMode": 0o440}},
        "tls": {"secret": {"secretName": "onewindow-client-tls", "defaultMode": 0o440}},
    }
    container = {
        "name": "player",
        "image": image,
        "command": ["/opt/onewindow/bin/python", "/player/player.py", str(rate)],
        "readinessProbe": {"exec": {"command": ["/opt/onewindow/bin/python", "-S", "-c", _PLAYS]}, "periodSeconds": 2},
        "terminationMessagePolicy": "FallbackToLogsOnError",
        "resources": {"requests": {"cpu": "50m", "memory": "256Mi"}, "limits": {"memory": "256Mi"}},
        "volumeMounts": [{"name": name, "mountPath": f"/{name}"} for name in volumes],
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
    }
    return {
        "restartPolicy": "Never",
        "automountServiceAccountToken": False,
        "terminationGracePeriodSeconds": 1,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": 65532,
            "fsGroup": 65532,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "volumes": [{"name": name, **source} for name, source in volumes.items()],
        "containers": [container],
    }


_PLAYS = "import sys; sys.exit(b'\"rate\"' not in open('/ledger/ledger.jsonl', 'rb').read(1 << 22))"
"""Ready when the pace is found: its line is in the ledger."""
