"""An image as a docker archive: its names, its id, how large its layers are once unpacked."""

import hashlib
import json
import tarfile
from dataclasses import dataclass
from pathlib import Path

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Archive:
    """Content of an archive. The id is the SHA-256 of the image's configuration: every engine shows the same."""

    path: Path
    names: tuple[str, ...]
    id: str
    layers: tuple[int, ...]
    platform: str

    @property
    def size(self) -> int:
        """Bytes of all layers, unpacked."""
        return sum(self.layers)


def read_archive(path: Path) -> Archive:
    """Read a docker archive of one image. Raises ValueError when it is none."""
    try:
        with tarfile.open(path) as archive:
            [image] = json.load(_member(archive, "manifest.json"))
            configuration = _member(archive, image["Config"]).read()
            layers = tuple(_size(archive, name) for name in image["Layers"])
    except (tarfile.TarError, KeyError, TypeError, json.JSONDecodeError) as error:
        raise ValueError(f"{path} is no docker archive of one image") from error
    settings = json.loads(configuration)
    digest = f"sha256:{hashlib.sha256(configuration).hexdigest()}"
    platform = f"{settings['os']}/{settings['architecture']}"
    return Archive(path, tuple(image.get("RepoTags") or ()), digest, layers, platform)


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _member(archive: tarfile.TarFile, name: str) -> "tarfile.ExFileObject":
    found = archive.extractfile(name)
    if found is None:
        raise KeyError(name)
    return found  # type: ignore[return-value]  # typeshed says IO[bytes]


def _size(archive: tarfile.TarFile, name: str) -> int:
    member = archive.getmember(name)
    return archive.getmember(member.linkname).size if member.issym() or member.islnk() else member.size
