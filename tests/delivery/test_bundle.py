"""The bundle proves where it comes from without a network, and loads what the chart names."""

import io
import json
import os
import re
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest
import yaml

from tools.delivery import bundle
from tools.delivery.archive import Archive, read_archive, sha256
from tools.delivery.lock import version
from tools.delivery.programs import StepFailed

ROOT = Path(__file__).parent.parent.parent
OURS = f"localhost/onewindow:{version(ROOT)}"
_KEYS = {
    "SM2": ["-algorithm", "SM2"],
    "ECDSA": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:prime256v1"],
    "RSA": ["-algorithm", "RSA"],
}
signing = pytest.mark.skipif(
    shutil.which("openssl") is None, reason="openssl signs and verifies: apt-get install openssl"
)


def _image(folder: Path, name: str = OURS) -> Archive:
    folder.mkdir(exist_ok=True)
    settings = json.dumps({"os": "linux", "architecture": "amd64"}).encode()
    manifest = json.dumps([{"Config": "c", "RepoTags": [name], "Layers": []}]).encode()
    path = folder / f"{name.rpartition('/')[2].replace(':', '-')}.tar"
    with tarfile.open(path, "w") as archive:
        for member, content in (("c", settings), ("manifest.json", manifest)):
            entry = tarfile.TarInfo(member)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return read_archive(path)


def _made(folder: Path, key: Path | None = None) -> Path:
    bill = folder / "onewindow.cdx.json"
    bill.write_text("{}")
    bundle.make(folder / "made", [_image(folder / "built")], bill, key)
    return folder / "made"


def _key(folder: Path, kind: str = "ECDSA") -> tuple[Path, Path]:
    private, public = folder / f"{kind}.key", folder / f"{kind}.pem"
    subprocess.run(["openssl", "genpkey", *_KEYS[kind], "-out", private], check=True, capture_output=True)
    subprocess.run(["openssl", "pkey", "-in", private, "-pubout", "-out", public], check=True, capture_output=True)
    return private, public


def _verified(made: Path, *arguments: str | Path) -> tuple[int, str]:
    ran = subprocess.run([made / "verify.sh", *arguments], capture_output=True, text=True, check=False)
    return ran.returncode, ran.stdout + ran.stderr


def test_it_has_images_chart_list_bill_scripts_and_a_checksum_for_each(tmp_path: Path) -> None:
    made = _made(tmp_path)
    lines = [line.split("  ") for line in (made / "SHA256SUMS").read_text().splitlines()]
    sums = {name: digest for digest, name in lines}
    assert {f"images/onewindow-{version(ROOT)}.tar", "images.txt", "load.sh", "verify.sh", "README.md"} <= set(sums)
    assert {f"onewindow-{version(ROOT)}.tgz", "onewindow.cdx.json"} <= set(sums)
    assert {name: sha256(made / name) for name in sums} == sums
    assert os.access(made / "load.sh", os.X_OK)


def test_handbooks_and_runbooks_are_in_it_and_their_links_lead_somewhere(tmp_path: Path) -> None:
    made = _made(tmp_path)
    pages = sorted(made.rglob("*.md"))
    assert {"docs/zh/operations.md", "docs/runbook/OnewindowNoLeader.md"} <= {str(p.relative_to(made)) for p in pages}
    links = [(page, link) for page in pages for link in re.findall(r"\]\(([^):#]+)", page.read_text())]
    assert links
    assert [f"{page.name}: {link}" for page, link in links if not (page.parent / link).exists()] == []


def test_the_chart_in_it_is_the_chart(tmp_path: Path) -> None:
    with tarfile.open(_made(tmp_path) / f"onewindow-{version(ROOT)}.tgz") as packed:
        names = {member.name for member in packed.getmembers()}
        chart = packed.extractfile("onewindow/Chart.yaml")
        assert chart is not None
        assert yaml.safe_load(chart)["version"] == version(ROOT)
    assert {"onewindow/values.schema.json", "onewindow/templates/deployment.yaml", "onewindow/README.md"} <= names


def test_the_list_names_every_image_that_the_chart_renders_with_its_id(tmp_path: Path) -> None:
    made = _made(tmp_path)
    lines = [line.split() for line in (made / "images.txt").read_text().splitlines() if not line.startswith("#")]
    assert {image for image, _, _ in lines} == bundle.rendered_images() == {OURS}
    assert all(read_archive(made / "images" / archive).id == identity for _, identity, archive in lines)


def test_a_chart_whose_image_is_not_in_it_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StepFailed, match=f"the chart names {OURS}"):
        bundle.make(tmp_path / "made", [_image(tmp_path, "localhost/postgres:15")], tmp_path / "none")


@signing
@pytest.mark.parametrize("kind", _KEYS)
def test_its_signature_is_verified_with_the_public_key_alone(kind: str, tmp_path: Path) -> None:
    private, public = _key(tmp_path, kind)
    code, told = _verified(_made(tmp_path, private), public)
    assert (code, "签名相符" in told, "全部文件相符" in told) == (0, True, True), told


@signing
def test_another_key_is_refused(tmp_path: Path) -> None:
    made, (_, other) = _made(tmp_path, _key(tmp_path)[0]), _key(tmp_path, "RSA")
    assert _verified(made, other) == (1, "核验未通过：签名与公钥不符\n")


@signing
@pytest.mark.parametrize("harm", ["changed", "added", "removed", "sums"])
def test_what_was_changed_on_the_way_is_found(harm: str, tmp_path: Path) -> None:
    private, public = _key(tmp_path)
    made = _made(tmp_path, private)
    if harm == "changed":
        (made / "load.sh").write_text("#!/bin/sh\n")
    elif harm == "added":
        (made / "images/more.tar").touch()
    elif harm == "removed":
        (made / "images.txt").unlink()
    else:
        (made / "SHA256SUMS").write_text("")
    code, told = _verified(made, public)
    assert (code, "核验未通过" in told) == (1, True), told


@signing
def test_an_unsigned_bundle_and_a_missing_key_have_different_messages(tmp_path: Path) -> None:
    made, (_, public) = _made(tmp_path), _key(tmp_path)
    assert _verified(made, public) == (1, "核验未通过：本交付包没有签名（SHA256SUMS.sig）\n")
    code, told = _verified(made)
    assert (code, "用法" in told) == (2, True)


@pytest.mark.parametrize("engine", ["ctr", "nerdctl", "docker", "podman"])
def test_each_engine_loads_names_and_pushes_every_image(engine: str, tmp_path: Path) -> None:
    made, calls = _made(tmp_path), tmp_path / "calls"
    tool = tmp_path / "bin" / engine
    tool.parent.mkdir()
    tool.write_text(f'#!/bin/sh\necho "$@" >>{calls}\n')
    tool.chmod(0o755)
    told = _loaded(made, tool.parent, "--with", engine, "--push", "registry.example.gov.cn:5000/zwfw/")
    assert told.returncode == 0, told.stderr
    said = [line.removeprefix("--namespace k8s.io ") for line in calls.read_text().splitlines()]
    [loaded, tagged, pushed] = said
    assert loaded.endswith(f"images/onewindow-{version(ROOT)}.tar")
    assert tagged.endswith(f"{OURS} registry.example.gov.cn:5000/zwfw/onewindow:{version(ROOT)}")
    assert pushed.endswith(f"push registry.example.gov.cn:5000/zwfw/onewindow:{version(ROOT)}")
    assert calls.read_text().startswith("--namespace k8s.io") == (engine in {"ctr", "nerdctl"})


def test_without_an_engine_loading_says_so(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    told = _loaded(_made(tmp_path), tmp_path / "bin")
    assert (told.returncode, told.stderr) == (1, "未完成：本机没有 ctr、nerdctl、docker 或 podman\n")


def _loaded(made: Path, tools: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    for needed in ("sh", "dirname"):
        (tools / needed).symlink_to(str(shutil.which(needed)))
    environment = {"PATH": str(tools)}
    return subprocess.run([made / "load.sh", *arguments], capture_output=True, text=True, check=False, env=environment)
