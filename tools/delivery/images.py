"""Builds the image: `make images [BASE=…]`, by buildah or docker; the archive and the bill go to build/images/."""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.delivery import sbom
from tools.delivery.archive import MEGABYTE, Archive, read_archive, sha256
from tools.delivery.programs import Undelivered, ended, run, succeeds
from tools.delivery.version import committed_at, version

ROOT = Path(__file__).resolve().parent.parent.parent
IMAGES = ROOT / "build/images"
_NONE_THERE = (
    "make images needs buildah (Debian: apt-get install buildah) or docker with a running daemon: neither is there"
)
_SECRETS = "/run/secrets"
_AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")
_PASSED_ON = ("index-url", "extra-index-url", "trusted-host", "proxy", "timeout")
"""Settings of this machine's pip that hold in the build too."""


def builder() -> str:
    """buildah, or docker whose daemon answers. Raises Undelivered."""
    if succeeds(["buildah", "--version"]):
        return "buildah"
    if succeeds(["docker", "info"]):
        return "docker"
    raise Undelivered(_NONE_THERE)


def build(ground: str | None) -> Archive:
    """Build the image on `ground` (default: the Dockerfile's) and save it as a docker archive. Raises Undelivered."""
    engine, name = builder(), f"localhost/onewindow:{version(ROOT)}"
    instant = committed_at(ROOT)
    arguments = [f"--build-arg=VERSION={version(ROOT)}", f"--tag={name}", "--file=Dockerfile"]
    arguments += [f"--build-arg=BASE={ground}"] if ground else []
    path = IMAGES / f"onewindow-{version(ROOT)}.tar"
    IMAGES.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with _secrets() as secrets:
        if engine == "buildah":
            arguments += [f"--timestamp={instant}"] if instant else []
            run(["buildah", "bud", "--isolation=chroot", "--quiet", *arguments, *secrets, str(ROOT)], show=True)
            run(["buildah", "push", "--quiet", name, f"docker-archive:{path}:{name}"])
        else:
            arguments += [f"--build-arg=SOURCE_DATE_EPOCH={instant}"] if instant else []
            run(["docker", "build", *arguments, *secrets, str(ROOT)], show=True)
            run(["docker", "save", f"--output={path}", name])
    return read_archive(path)


@contextmanager
def _secrets() -> Iterator[list[str]]:
    """The build's own pip settings and authorities, which no layer keeps."""
    with tempfile.TemporaryDirectory() as folder:
        settings, authorities = Path(folder) / "pip", Path(folder) / "authorities"
        told = pip_settings()
        trusted = Path(told.pop("cert", str(_AUTHORITIES)))
        found = {"pip": settings}
        if trusted.exists():
            authorities.write_bytes(trusted.read_bytes())
            told["cert"], found["authorities"] = f"{_SECRETS}/authorities", authorities
        settings.write_text("[global]\n" + "".join(f"{name} = {value}\n" for name, value in told.items()))
        yield [f"--secret=id={name},src={path}" for name, path in found.items()]


def pip_settings() -> dict[str, str]:
    """How pip reaches an index on this machine; what the environment says wins."""
    printed = run([sys.executable, "-m", "pip", "config", "list"])
    lines = [line.partition("=") for line in printed.splitlines()]
    ordered = sorted(lines, key=lambda line: line[0].startswith(":env:"))
    told = {name.rpartition(".")[2]: value.strip("'\"") for name, _, value in ordered}
    return {name: value for name, value in told.items() if name in (*_PASSED_ON, "cert")}


def told(archive: Archive) -> str:
    """What is there now, in two lines."""
    layers = " + ".join(f"{size / MEGABYTE:.0f}" for size in archive.layers)
    where = archive.path.relative_to(ROOT)
    packed = archive.path.stat().st_size / MEGABYTE
    return (
        f"{archive.names[0]}  {archive.platform}  {archive.size / MEGABYTE:.0f} MB unpacked ({layers})  {archive.id}\n"
        f"{where}  {packed:.0f} MB  sha256:{sha256(archive.path)}\n"
    )


def main() -> None:
    """Build, save, write the bill, say how large it is. Raises Undelivered."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", dest="ground", metavar="IMAGE", help="image to build on, with Python 3.11")
    ground = parser.parse_args().ground
    if not (ROOT / "gen/onewindow").is_dir():
        raise Undelivered("gen/ is missing: make setup")
    sys.stdout.write(told(build(ground)))
    path = IMAGES / f"onewindow-{version(ROOT)}.cdx.json"
    path.write_text(sbom.bill(ROOT), encoding="utf-8")
    sys.stdout.write(f"{path.relative_to(ROOT)}  what is in it\n")


if __name__ == "__main__":
    sys.exit(ended(main))
