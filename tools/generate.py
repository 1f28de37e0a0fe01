"""Writes gen/ from proto/: messages, services, their types, and the image that lint and the proto checks read.

Run by `make setup` and `make proto`. gen/ is written beside and swapped in whole, so a failed run leaves the last one.
"""

import shutil
import subprocess
import sys
import tempfile
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
    protos = sorted(path.relative_to(root / "proto").as_posix() for path in (root / "proto").glob("onewindow/**/*.proto"))
    with tempfile.TemporaryDirectory(prefix=".gen-", dir=root) as folder:
        made = Path(folder) / "gen"
        made.mkdir()
        write_modules(root / "proto", protos, made)
        _mark_packages(made)
        _swap(made, root / "gen")
    return len(protos)


def write_modules(proto: Path, protos: list[str], made: Path) -> None:
    """Write the modules of `protos` (paths below `proto`) and of the rules they import into `made`, and the image."""
    rules = made / "rules.binpb"
    rules.write_bytes(_rules_set())
    _protoc([f"--descriptor_set_in={rules}"], _modules(made, grpc=False), [_RULES_PROTO])
    if protos:
        sources = [f"--proto_path={proto}", f"--proto_path={_WELL_KNOWN}", f"--descriptor_set_in={rules}"]
        _protoc(sources, _modules(made, grpc=True), protos)
        _protoc(sources, _image(made / IMAGE), protos)
    rules.unlink()


def main() -> int:
    """Generate for this repository; 1 when protoc refuses a file."""
    try:
        count = generate(ROOT)
    except GenerationFailed as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    sys.stdout.write(f"gen/ holds {count} files of proto/\n")
    return 0


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


def _image(path: Path) -> list[str]:
    return [f"--descriptor_set_out={path}", "--include_imports", "--include_source_info"]


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
