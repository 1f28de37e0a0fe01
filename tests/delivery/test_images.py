"""The Dockerfile, the builder, and the description of an archive."""

import hashlib
import io
import json
import tarfile
import tomllib
from pathlib import Path

import pytest

from tools.delivery import images, programs
from tools.delivery.archive import read_archive
from tools.tree import read

ROOT = Path(__file__).parent.parent.parent
DOCKERFILE = read(ROOT / "Dockerfile")


def _archive(path: Path, layers: list[bytes]) -> str:
    configuration = json.dumps({"os": "linux", "architecture": "arm64"}).encode()
    manifest = [{"Config": "c.json", "RepoTags": ["localhost/a:1"], "Layers": [f"{n}" for n, _ in enumerate(layers)]}]
    members = {"c.json": configuration, "manifest.json": json.dumps(manifest).encode()}
    with tarfile.open(path, "w") as archive:
        for name, content in (members | {f"{n}": layer for n, layer in enumerate(layers)}).items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return f"sha256:{hashlib.sha256(configuration).hexdigest()}"


def test_an_archive_tells_its_names_its_id_and_its_size(tmp_path: Path) -> None:
    identity = _archive(tmp_path / "a.tar", [b"x" * 7, b"y" * 5])
    found = read_archive(tmp_path / "a.tar")
    assert (found.names, found.id, found.size, found.platform) == (("localhost/a:1",), identity, 12, "linux/arm64")


@pytest.mark.parametrize("content", [b"", b"not a tar"])
def test_what_is_no_archive_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.tar").write_bytes(content)
    with pytest.raises(ValueError, match="no docker archive"):
        read_archive(tmp_path / "a.tar")


def test_two_stages_stand_on_one_ground_whose_tag_is_pinned() -> None:
    assert DOCKERFILE.count("FROM ${BASE}") == 2
    [ground] = [line for line in DOCKERFILE.splitlines() if line.startswith("ARG BASE=")]
    assert ground.partition(":")[2].startswith("3.11.")


def test_every_library_comes_as_a_wheel_with_its_hash() -> None:
    installs = [line for line in DOCKERFILE.replace("\\\n", "").splitlines() if " install " in line]
    hashed = [line for line in installs if "--require-hashes" in line]
    assert [("--only-binary :all:" in line, "--no-deps" in line) for line in hashed] == [(True, True)] * 2
    assert all("--no-index" in line for line in installs if line not in hashed)
    assert "requirements-dev.lock" not in DOCKERFILE


def test_the_image_runs_without_root_and_without_a_shell() -> None:
    assert "\nUSER 65532:65532\n" in DOCKERFILE
    assert 'CMD ["/opt/onewindow/bin/onewindow", "--help"]' in DOCKERFILE


def test_the_build_sees_what_the_wheel_is_made_of_and_nothing_else() -> None:
    """A package that .dockerignore leaves out would be missing from the image without a word."""
    seen = {line.removeprefix("!") for line in read(ROOT / ".dockerignore").splitlines() if line.startswith("!")}
    project = tomllib.loads(read(ROOT / "pyproject.toml"))
    packages = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert seen == {"requirements.lock", "requirements-build.lock", "pyproject.toml", "README.md", "LICENSE", *packages}


def test_without_a_builder_it_says_what_is_needed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(programs.StepFailed, match="buildah"):
        images.builder()
