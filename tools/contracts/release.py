"""Keeps the contracts of a release in proto/released.binpb: what later changes may not break."""

import sys
from pathlib import Path

from google.protobuf import descriptor_pb2

from tools.contracts import image

RELEASED = "proto/released.binpb"


def release(root: Path) -> Path:
    """Write the released image, without comments and lines: they may change at any time."""
    kept = descriptor_pb2.FileDescriptorSet.FromString(image.write(root))
    for file in kept.file:
        file.ClearField("source_code_info")
    path = root / RELEASED
    path.write_bytes(kept.SerializeToString(deterministic=True))
    return path


def main() -> int:
    """Keep the contracts as they are now as those of the release."""
    sys.stdout.write(f"{release(Path(__file__).resolve().parent.parent.parent)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
