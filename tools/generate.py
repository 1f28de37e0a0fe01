"""Writes gen/ from proto/: messages, services, their types, and the image that lint and the proto checks read.

Run by `make setup` and `make proto`. The new gen/ replaces the old one in one step, so a failed run leaves the old one.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import grpc_tools
from google.protobuf import descriptor_pb2
from protovalidate._gen.buf.validate import validate_pb

ROOT = Path(__file__).resolve().parent.parent
IMAGE = "onewindow.binpb"

_WELL_KNOWN = Path(grpc_tools.__file__).parent / "_proto"
_RULES_PROTO = "buf/validate/validate.proto"


class GenerationFailed(Exception):
    """protoc refused a file of proto/; its own words are the message."""


def generate(root: Path) -> int:
    """Write `root`/gen from `root`/proto and return how many files of proto/ it holds; raises GenerationFailed."""
    proto = root / "proto"
    with tempfile.TemporaryDirectory(prefix=".gen-", dir=root) as folder, _rules() as rules:
        made = Path(folder) / "gen"
        made.mkdir()
        _protoc([f"--descriptor_set_in={rules}"], _modules(made, grpc=False), [_RULES_PROTO])
        _protoc(_sources(proto, rules), _modules(made, grpc=True), _protos(proto))
        write_image(proto, made)
        _mark_packages(made)
        _swap(made, root / "gen")
    return len(_protos(proto))


def write_image(proto: Path, folder: Path) -> None:
    """Write the image of `proto` alone into `folder`: descriptors of every file and import, with comments and lines."""
    with _rules() as rules:
        options = [f"--descriptor_set_out={folder / IMAGE}", "--include_imports", "--include_source_info"]
        _protoc(_sources(proto, rules), options, _protos(proto))


def main() -> int:
    """Generate for this repository; 1 when protoc refuses a file."""
    try:
        count = generate(ROOT)
    except GenerationFailed as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    sys.stdout.write(f"gen/ holds {count} files of proto/\n")
    return 0


def _protos(proto: Path) -> list[str]:
    return sorted(path.relative_to(proto).as_posix() for path in proto.glob("onewindow/**/*.proto"))


def _sources(proto: Path, rules: Path) -> list[str]:
    return [f"--proto_path={proto}", f"--proto_path={_WELL_KNOWN}", f"--descriptor_set_in={rules}"]


@contextmanager
def _rules() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rules.binpb"
        path.write_bytes(_rules_set())
        yield path


def _rules_set() -> bytes:
    """The validation rules' own descriptor and what it imports: its wheel brings no google-flavoured module."""
    wanted = [validate_pb.desc().proto.to_binary()]
    found: dict[str, descriptor_pb2.FileDescriptorProto] = {}
    while wanted:
        file = descriptor_pb2.FileDescriptorProto.FromString(wanted.pop())
        if file.name not in found:
            found[file.name] = file
            wanted.extend(_well_known(name) for name in file.dependency)
    ordered = sorted(found.values(), key=lambda file: file.name == _RULES_PROTO)
    return descriptor_pb2.FileDescriptorSet(file=ordered).SerializeToString(deterministic=True)


def _well_known(name: str) -> bytes:
    module = __import__(name.removesuffix(".proto").replace("/", ".") + "_pb2", fromlist=["DESCRIPTOR"])
    return bytes(module.DESCRIPTOR.serialized_pb)


def _modules(made: Path, *, grpc: bool) -> list[str]:
    plugins = ["mypy", "mypy_grpc"] if grpc else ["mypy"]
    scripts = Path(sys.executable).parent
    options = [f"--plugin=protoc-gen-{plugin}={scripts / f'protoc-gen-{plugin}'}" for plugin in plugins]
    writers = [*plugins, "python", *(["grpc_python"] if grpc else [])]
    return [*options, *(f"--{writer}_out={made}" for writer in writers)]


def _protoc(sources: list[str], outputs: list[str], files: list[str]) -> None:
    command = [sys.executable, "-m", "grpc_tools.protoc", *sources, *outputs, *files]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    if ran.returncode != 0:
        raise GenerationFailed(ran.stderr.strip() or f"protoc ended with {ran.returncode}")


def _mark_packages(made: Path) -> None:
    for folder in [path for path in made.rglob("*") if path.is_dir()]:
        (folder / "__init__.py").touch()
    for package in [path for path in made.iterdir() if path.is_dir()]:
        (package / "py.typed").touch()


def _swap(made: Path, gen: Path) -> None:
    if gen.exists():
        gen.rename(made.parent / "last")
    made.rename(gen)
    shutil.rmtree(made.parent / "last", ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
