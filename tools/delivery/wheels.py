"""Records the wheel of each library of the image for amd64 and arm64: `python -m tools.delivery.wheels`.

pip chooses them by the lock's hashes as on such a machine, and deploy/wheels.json stores the choice. A test then needs
no network to check that every library has a wheel for both platforms, with a hash that the lock allows.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from packaging.tags import Tag, compatible_tags, cpython_tags
from packaging.utils import InvalidWheelFilename, parse_wheel_filename

from tools.delivery.lock import LOCK, entries
from tools.tree import Violation, read

WHEELS = "deploy/wheels.json"
MACHINES = {"amd64": "x86_64", "arm64": "aarch64"}
"""Platforms of the image, and the kernel's name of each."""
PYTHON = (3, 11)
"""The image's Python."""
GLIBC = 36
"""Minor version of the image's C library: Debian 12."""
_OLDEST_GLIBC = 17

Chosen = Mapping[str, Mapping[str, tuple[str, str]]]
"""Platform and library: file name and SHA-256 of the wheel."""


def platforms(machine: str) -> list[str]:
    """The platform tags that run in the image on such a machine, best first."""
    newer = [f"manylinux_2_{minor}_{machine}" for minor in range(GLIBC, _OLDEST_GLIBC - 1, -1)]
    return [*newer, f"manylinux2014_{machine}", f"linux_{machine}"]


def tags(machine: str) -> frozenset[Tag]:
    """Every tag of a wheel that can be installed in the image on such a machine."""
    found = platforms(machine)
    return frozenset([*cpython_tags(PYTHON, platforms=found), *compatible_tags(PYTHON, platforms=found)])


def chosen(root: Path, machine: str) -> dict[str, tuple[str, str]]:
    """The wheels that pip installs from the lock on such a machine. Raises CalledProcessError when one is missing."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--dry-run"]
        command += ["--ignore-installed", "--no-deps", "--only-binary", ":all:", "--require-hashes"]
        command += ["--target", folder, "--implementation", "cp", "--python-version", ".".join(map(str, PYTHON))]
        command += [f"--platform={tag}" for tag in platforms(machine)]
        subprocess.run([*command, "--report", str(report), "-r", str(root / LOCK)], check=True)
        installs = json.loads(report.read_text())["install"]
    files = [(each["metadata"]["name"], each["download_info"]) for each in installs]
    return {
        name.lower().replace("_", "-"): (file["url"].rpartition("/")[2], file["archive_info"]["hashes"]["sha256"])
        for name, file in files
    }


def recorded(root: Path) -> Chosen:
    """The record: pip's choice for each platform."""
    return {
        platform: {name: (file, digest) for name, (file, digest) in wheels.items()}
        for platform, wheels in json.loads(read(root / WHEELS)).items()
    }


def check(root: Path) -> list[Violation]:
    """Libraries of the lock without a wheel for a platform of the image, by the record."""
    if not (root / WHEELS).exists():
        return []
    return list(_findings(root, recorded(root)))


def _findings(root: Path, record: Chosen) -> Iterator[Violation]:
    locked = {each.name: each for each in entries(root / LOCK)}
    for platform, machine in MACHINES.items():
        wheels, allowed = record.get(platform, {}), tags(machine)
        for name in sorted(wheels.keys() ^ locked.keys()):
            yield Violation(WHEELS, 1, f"{name} stands in lock or record alone ({platform}): make wheels")
        for name in sorted(wheels.keys() & locked.keys()):
            file, digest = wheels[name]
            if digest not in locked[name].hashes:
                yield Violation(WHEELS, 1, f"{file} is not a file that the lock allows ({platform}): make wheels")
            elif not _runs(file, allowed, locked[name].version):
                yield Violation(
                    WHEELS, 1, f"{file} is no wheel of {name} {locked[name].version} that runs on {platform}"
                )


def _runs(file: str, allowed: frozenset[Tag], version: str) -> bool:
    try:
        _, found, _, carried = parse_wheel_filename(file)
    except InvalidWheelFilename:
        return False
    return str(found) == version and not allowed.isdisjoint(carried)


def main() -> int:
    """Ask the index for both platforms and keep what it answers; 1 when a library has no wheel for one of them."""
    root = Path(__file__).resolve().parent.parent.parent
    try:
        found = {platform: chosen(root, machine) for platform, machine in MACHINES.items()}
    except subprocess.CalledProcessError:
        sys.stderr.write(f"a library of {LOCK} has no wheel for a platform of the image: see what pip says above\n")
        return 1
    (root / WHEELS).write_text(json.dumps(found, indent=1, sort_keys=True) + "\n")
    differ = [file for _, (file, _) in found["arm64"].items() if not file.endswith("-any.whl")]
    sys.stdout.write(f"{WHEELS}: {len(found['arm64'])} libraries on amd64 and arm64, {len(differ)} of them compiled\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
