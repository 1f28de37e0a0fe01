"""The four services as a cluster runs them: Jobs first, mounted Secrets, mutual TLS, accounts of their own."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from embedded import keys, ports
from embedded.data_dir import DataDir
from embedded.services import environment, python_module
from embedded.supervision.processes import Program, launch
from operations.streams import authorization
from protocol.streams import SERVICES
from tests.support.certificates import Authority, mount
from tests.support.nats_servers import NatsOf, mounted
from tests.support.servers import PostgresServer

DISTRICT = "440105"
PROBE = "spiffe://onewindow/ns/onewindow/sa/onewindow-test"
NATS_TLS = 'tls {{ cert_file: "{0}/tls.crt", key_file: "{0}/tls.key", ca_file: "{0}/ca.crt" }}\n'


class MountedSite:
    """Every Secret in a folder of its own; `generation` is in every name and password."""

    def __init__(self, home: DataDir, postgres: PostgresServer, root: Path) -> None:
        self.home, self.root, self.postgres = home, root, postgres
        self.generation = "a"
        self.authority = Authority()
        keys.provide(home)
        doors = {f"{name}.{door}": 0 for name in SERVICES for door in ("rpc", "health", "metrics")}
        self.ports = ports.choose(doors)
        self.write()
        self.nats = NatsOf(root, "")
        self.nats.configure(self._nats_config())

    def write(self) -> None:
        """Every Secret as this generation has it."""
        mounted(self.root / "postgres-admin", "admin", "of no use over a socket")
        mount(self.root / "postgres-admin", **{"admin.username": b"postgres", "admin.password": b"x"})
        for service in SERVICES:
            owners, logins = self.root / "owners" / service, self.root / "logins" / service
            for folder, kinds in ((owners, ("owner",)), (logins, ("rpc", "worker"))):
                folder.mkdir(parents=True, exist_ok=True)
                for kind in kinds:
                    user = f"{service}_{kind}_of_site_{self.generation}"
                    mount(folder, **{f"{kind}.username": user.encode(), f"{kind}.password": b"password"})
            self._certify(self.root / "tls" / service)
        for account in (*SERVICES, "admin"):
            mounted(self.root / "nats" / account, account, f"{account}-{self.generation}")
        self._certify(self.root / "tls" / "nats")
        self._certify(self.root / "tls" / "test", PROBE)
        mount(
            self.root, machines=b'{"%s": {"system": "PROBE", "place": "%s999"}}' % (PROBE.encode(), DISTRICT.encode())
        )

    def rotate(self) -> None:
        """Every password, and every certificate under the authority of now."""
        self.generation = chr(ord(self.generation) + 1)
        self.write()
        self.nats.configure(self._nats_config())
        self.nats.read_again()

    def onewindow(self, *words: str, **told: str) -> subprocess.CompletedProcess[str]:
        """A command as a Job or the test pod runs it."""
        settings = {
            **self._servers(),
            "DATABASE_CREDENTIALS_DIR": str(self.root / "postgres-admin"),
            "DATABASE_OWNERS_DIR": str(self.root / "owners"),
            "DATABASE_SERVICES_DIR": str(self.root / "logins"),
            "NATS_CREDENTIALS_DIR": str(self.root / "nats" / "admin"),
            "STREAMS_MAX_BYTES": str(1 << 30),
            "DISTRICT": DISTRICT,
            **told,
        }
        argv = [sys.executable, "-m", "cli.main", *words]
        return subprocess.run(argv, env=environment(settings), capture_output=True, text=True, check=False)

    def program(self, service: str) -> Program:
        """One service as its pod runs it."""
        secrets = self.home.keys
        own: Mapping[str, Mapping[str, object]] = {
            "intake": {
                "SEAL_PUBLIC_KEY_FILE": secrets / keys.SEAL_PUBLIC,
                "READ_PASS_PUBLIC_KEY_FILE": secrets / keys.READ_PASS_PUBLIC,
            },
            "approval": {"READ_PASS_PRIVATE_KEY_FILE": secrets / keys.READ_PASS_PRIVATE},
            "notify": {"SEAL_PRIVATE_KEY_FILE": secrets / keys.SEAL_PRIVATE, "SMS_URL": "http://127.0.0.1:1/"},
            "metrics": {},
        }
        tls = self.root / "tls" / service
        told: dict[str, object] = {
            **self._servers(),
            "DISTRICT": DISTRICT,
            "DATABASE_NAME": service,
            "DATABASE_CREDENTIALS_DIR": self.root / "logins" / service,
            "NATS_CREDENTIALS_DIR": self.root / "nats" / service,
            "OBJECTS_URL": self.home.objects.as_uri(),
            "JWKS_FILE": secrets / keys.JWKS,
            "TOKEN_ISSUER": keys.ISSUER,
            "TOKEN_AUDIENCE": keys.AUDIENCE,
            "MACHINES_FILE": self.root / "machines",
            "VAULT_KEY_FILE": secrets / keys.VAULT,
            "QUERY_CODE_PEPPER_FILE": secrets / keys.PEPPER,
            "TLS_CERTIFICATE_FILE": tls / "tls.crt",
            "TLS_KEY_FILE": tls / "tls.key",
            "TLS_CLIENT_AUTHORITY_FILE": tls / "ca.crt",
            "RPC_ADDRESS": self.door(service, "rpc"),
            "HEALTH_ADDRESS": self.door(service, "health"),
            "METRICS_ADDRESS": self.door(service, "metrics"),
            "DRAIN_SECONDS": 0,
            "GRACE_SECONDS": 5,
            **own[service],
        }
        argv = python_module(f"services.{service}")
        return Program(service, argv, environment({name: str(value) for name, value in told.items()}))

    @contextmanager
    def running(self) -> Iterator[None]:
        """The four services, whatever they lack."""
        with ExitStack() as stack:
            for service in SERVICES:
                child = launch(self.program(service), self.home.log(f"mounted-{service}"))
                stack.callback(child.wait, 20)
                stack.callback(child.terminate)
            yield

    def door(self, service: str, door: str) -> str:
        """HOST:PORT."""
        return f"{ports.LOOPBACK}:{self.ports[f'{service}.{door}']}"

    def log(self, service: str) -> str:
        """Output of a service."""
        return self.home.log(f"mounted-{service}").read_text()

    def _servers(self) -> Mapping[str, str]:
        return {
            "DATABASE_HOST": str(self.postgres.address.socket),
            "DATABASE_PORT": str(self.postgres.address.port),
            "NATS_URL": self.nats.url,
            "NATS_AUTHORITY_FILE": str(self.root / "tls" / "nats" / "ca.crt"),
        }

    def _certify(self, folder: Path, *names: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        key, certificate = self.authority.give(*names)
        mount(folder, **{"tls.key": key, "tls.crt": certificate, "ca.crt": self.authority.pem})

    def _nats_config(self) -> str:
        accounts = authorization()
        for name in (*SERVICES, "admin"):
            accounts = accounts.replace(f"$ONEWINDOW_{name.upper()}_PASSWORD", f'"{name}-{self.generation}"')
        return NATS_TLS.format(self.root / "tls" / "nats") + accounts
