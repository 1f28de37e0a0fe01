"""NATS servers of a test's own: with accounts, with TLS, with or without JetStream."""

import os
import subprocess
import sysconfig
from collections.abc import Mapping
from pathlib import Path

from chassis.nats.broker_access import BrokerAccess
from embedded import ports
from embedded.readiness import wait_ready
from embedded.supervision.processes import Program, launch

PASSWORDS = {name: f"password-of-{name}" for name in ("intake", "approval", "notify", "metrics", "admin")}
JETSTREAM = 'jetstream {{ store_dir: "{store}", max_mem: 64MB, max_file: 20GB }}\n'


class NatsOf:
    """One server with a configuration of its own; it may be given another while it runs."""

    def __init__(self, root: Path, config: str, *, jetstream: bool = True) -> None:
        self.root = root
        self._jetstream = jetstream
        port = ports.choose({"nats": 0})["nats"]
        self.url = f"nats://{ports.LOOPBACK}:{port}"
        self._config = root / "nats.conf"
        self.configure(config)
        self._program = Program(
            name="nats",
            argv=(str(Path(sysconfig.get_path("scripts")) / "nats-server"), "-c", str(self._config)),
            env=_environment(PASSWORDS),
            listens=f"{ports.LOOPBACK}:{port}",
        )
        self._child: subprocess.Popen[bytes] | None = None

    def configure(self, config: str) -> None:
        """Configuration, read at the start and at a reload."""
        stored = JETSTREAM.format(store=self.root / "store") if self._jetstream else ""
        listen = self.url.removeprefix("nats://")
        self._config.write_text(f'server_name: onewindow\nlisten: "{listen}"\n{stored}{config}')

    def read_again(self) -> None:
        """Tells it to read its configuration and its files again."""
        assert self._child is not None
        self._child.send_signal(1)

    def access(self, folder: Path | None = None) -> BrokerAccess:
        """Access of a client with the credentials of `folder`."""
        return BrokerAccess(self.url, credentials=folder)

    def __enter__(self) -> "NatsOf":
        log = self.root / "nats.log"
        child = self._child = launch(self._program, log)
        assert not wait_ready([self._program], 30, lambda: child.poll() is None), log.read_text()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._child is not None
        self._child.terminate()
        self._child.wait(10)


def mounted(folder: Path, user: str, password: str) -> Path:
    """The credentials of an account, as a Secret is mounted."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in (("username", user), ("password", password)):
        (folder / f".{name}").write_text(text)
        (folder / f".{name}").replace(folder / name)
    return folder


def _environment(passwords: Mapping[str, str]) -> dict[str, str]:
    return {"PATH": os.defpath, **{f"ONEWINDOW_{name.upper()}_PASSWORD": value for name, value in passwords.items()}}
