"""Stores the contracts of a release in proto/released.binpb, which later changes may not break."""

import sys
from pathlib import Path

from google.protobuf import descriptor_pb2

from tools.contracts import image

RELEASED = "proto/released.binpb"


def release(root: Path) -> Path:
    """Write the released image, without comments and lines: they may change at any time."""
    image_set = descriptor_pb2.FileDescriptorSet.FromString(image.write(root))
    for file in image_set.file:
        file.ClearField("source_code_info")
    path = root / RELEASED
    path.write_bytes(image_set.SerializeToString(deterministic=True))
    return path


def main() -> int:
    """Store the present contracts as those of the release."""
    sys.stdout.write(f"{release(Path(__file__).resolve().parent.parent.parent)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
