"""The bundle for places without internet: `make bundle [KEY=…] [POSTGRES_IMAGE=…] [NATS_IMAGE=…]`.

Images, chart, image list, bill of materials, checksums, a detached signature, and scripts that verify and load.
"""

import argparse
import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml
from helm_python import Chart, package

from tools.delivery.archive import MEGABYTE, Archive, read_archive, sha256
from tools.delivery.images import IMAGES, ROOT, builder
from tools.delivery.lock import version
from tools.delivery.programs import StepFailed, exit_code, need, run

CHART = ROOT / "deploy/helm/onewindow"
PARTS = ROOT / "deploy/bundle"
PAGES = (
    "docs/operations.md",
    "docs/zh/operations.md",
    "docs/runbook",
    "docs/deploy",
    "docs/integration",
    "UPGRADING.md",
    "deploy/values",
    "deploy/helm/onewindow/README.md",
    "deploy/helm/onewindow/ci",
)
"""Pages of the bundle, under the paths that their links name."""
SUMS, SIGNATURE, LIST = "SHA256SUMS", "SHA256SUMS.sig", "images.txt"
_LIST_HEAD = "# 镜像名称 镜像编号 归档文件\n"
_IMAGE = re.compile(r"^\s*(?:- )?image: [\"']?([^\s\"']+)", re.MULTILINE)
_SM2 = ("-sm3", "-sigopt", "distid:1234567812345678")
"""SM2 signs over SM3, with the identity that GM/T 0009 gives by default."""


def rendered_images(chart: Path = CHART) -> set[str]:
    """Every image that the chart names, hooks and tests included, whatever the values of ci/ switch on."""
    found: set[str] = set()
    with Chart.load(chart) as loaded:
        for path in sorted((chart / "ci").glob("*-values.yaml")):
            plain = yaml.safe_load(path.read_text(encoding="utf-8")) | {"image": {}, "global": {}}
            texts = loaded.render(plain, name="onewindow", namespace="onewindow")
            found |= {image for text in texts.values() for image in _IMAGE.findall(text)}
    return found


def make(folder: Path, archives: Sequence[Archive], bill: Path, key: Path | None = None) -> None:
    """Fill an empty `folder`. Raises StepFailed when the chart names an image that is not among the archives."""
    names = {name for archive in archives for name in archive.names}
    if missing := sorted(rendered_images() - names):
        raise StepFailed(f"the chart names {', '.join(missing)}, which is not in the bundle")
    (folder / "images").mkdir(parents=True)
    for archive in archives:
        shutil.copy(archive.path, folder / "images")
    shutil.copy(bill, folder)
    for part in sorted(PARTS.iterdir()):
        shutil.copy(part, folder)
    for page in PAGES:
        (folder / page).parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if (ROOT / page).is_dir() else shutil.copy
        copy(ROOT / page, folder / page)
    package(CHART, destination=folder)
    (folder / LIST).write_text(_LIST_HEAD + "".join(_lines(archives)), encoding="utf-8")
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    sums = "".join(f"{sha256(path)}  {path.relative_to(folder).as_posix()}\n" for path in files)
    (folder / SUMS).write_text(sums, encoding="utf-8")
    if key:
        sign(folder, key)


def sign(folder: Path, key: Path) -> None:
    """Sign the checksums: SM2 over SM3, other keys (ECDSA, RSA) over SHA-256. Raises StepFailed."""
    openssl = need("openssl", "it signs the bundle (Debian: apt-get install openssl)")
    about = run([openssl, "pkey", "-in", key, "-noout", "-text"])
    digest = _SM2 if "SM2" in about else ("-sha256",)
    run([openssl, "dgst", *digest, "-sign", key, "-out", folder / SIGNATURE, folder / SUMS])


def _lines(archives: Sequence[Archive]) -> Iterator[str]:
    for archive in archives:
        for name in archive.names:
            yield f"{name} {archive.id} {archive.path.name}\n"


def _saved(image: str) -> Archive:
    """Save an image of the builder's store as an archive next to ours. Raises StepFailed."""
    path = IMAGES / f"{re.sub(r'[^a-zA-Z0-9.]+', '-', image.rpartition('/')[2])}.tar"
    path.unlink(missing_ok=True)
    engine = builder()
    if engine == "buildah":
        run(["buildah", "push", "--quiet", image, f"docker-archive:{path}:{image}"])
    else:
        run(["docker", "save", f"--output={path}", image])
    return read_archive(path)


def main() -> None:
    """Make the bundle in build/bundle. Raises StepFailed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--key", type=Path, metavar="FILE", help="private key (PEM: SM2, ECDSA or RSA) that signs")
    parser.add_argument("--image", action="append", default=[], help="a further image of the builder's store")
    options = parser.parse_args()
    name = f"onewindow-{version(ROOT)}"
    folder = ROOT / f"build/bundle/{name}"
    shutil.rmtree(folder, ignore_errors=True)
    archives = [read_archive(IMAGES / f"{name}.tar"), *map(_saved, options.image)]
    make(folder, archives, IMAGES / f"{name}.cdx.json", options.key)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    sys.stdout.write(f"{folder.relative_to(ROOT)}  {size / MEGABYTE:.0f} MB  {len(archives)} images\n")
    if not options.key:
        sys.stdout.write("not signed: KEY=file of a private key signs it, and verify.sh then asks for its public key\n")


if __name__ == "__main__":
    sys.exit(exit_code(main))
