"""Builds the image: `make images [BASE=…]`, by buildah or docker; the archive and the bill go to build/images/."""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools import environment
from tools.delivery import sbom
from tools.delivery.archive import MEGABYTE, Archive, read_archive, sha256
from tools.delivery.lock import committed_at, version
from tools.delivery.programs import StepFailed, exit_code, run, succeeds

ROOT = Path(__file__).resolve().parent.parent.parent
IMAGES = ROOT / "build/images"
_NO_BUILDER = (
    "make images needs buildah (Debian: apt-get install buildah) or docker with a running daemon: neither was found"
)
_SECRETS = "/run/secrets"
_AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")
_PASSED_ON = ("index-url", "extra-index-url", "trusted-host", "proxy", "timeout")
"""pip settings of this machine that are used in the build too."""


def builder() -> str:
    """The program that builds: buildah, or docker when its daemon answers. Raises StepFailed."""
    if succeeds(["buildah", "--version"]):
        return "buildah"
    if succeeds(["docker", "info"]):
        return "docker"
    raise StepFailed(_NO_BUILDER)


def build(ground: str | None) -> Archive:
    """Build the image on `ground` (default: the Dockerfile's) and save it as a docker archive. Raises StepFailed."""
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
    """pip settings and authorities of the build as secrets, which stay in no layer."""
    with tempfile.TemporaryDirectory() as folder:
        file, authorities = Path(folder) / "pip", Path(folder) / "authorities"
        settings = pip_settings()
        trusted = Path(settings.pop("cert", str(_AUTHORITIES)))
        found = {"pip": file}
        if trusted.exists():
            authorities.write_bytes(trusted.read_bytes())
            settings["cert"], found["authorities"] = f"{_SECRETS}/authorities", authorities
        file.write_text("[global]\n" + "".join(f"{name} = {value}\n" for name, value in settings.items()))
        yield [f"--secret=id={name},src={path}" for name, path in found.items()]


def pip_settings() -> dict[str, str]:
    """Settings by which pip reaches an index on this machine; the environment wins over files."""
    settings = environment.pip_settings([sys.executable, "-m", "pip"])
    return {name: value for name, value in settings.items() if name in (*_PASSED_ON, "cert")}


def summary(archive: Archive) -> str:
    """The image and its archive in two lines: name, sizes, id, checksum."""
    layers = " + ".join(f"{size / MEGABYTE:.0f}" for size in archive.layers)
    where = archive.path.relative_to(ROOT)
    packed = archive.path.stat().st_size / MEGABYTE
    return (
        f"{archive.names[0]}  {archive.platform}  {archive.size / MEGABYTE:.0f} MB unpacked ({layers})  {archive.id}\n"
        f"{where}  {packed:.0f} MB  sha256:{sha256(archive.path)}\n"
    )


def main() -> None:
    """Build, save, write the bill, say how large it is. Raises StepFailed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", dest="ground", metavar="IMAGE", help="image to build on, with Python 3.11")
    ground = parser.parse_args().ground
    if not (ROOT / "gen/onewindow").is_dir():
        raise StepFailed("gen/ is missing: make setup")
    sys.stdout.write(summary(build(ground)))
    path = IMAGES / f"onewindow-{version(ROOT)}.cdx.json"
    path.write_text(sbom.bill(ROOT), encoding="utf-8")
    sys.stdout.write(f"{path.relative_to(ROOT)}  what is in it\n")


if __name__ == "__main__":
    sys.exit(exit_code(main))
