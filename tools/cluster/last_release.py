"""The last release from its commit: `python -m tools.cluster.last_release [--base IMAGE]` builds its image.

An upgrade is tried from the release itself: image, chart and installer are those of its own tree. The archive,
build/images/onewindow-VERSION.tar, is loaded onto the nodes like the image of this tree.
"""

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.cluster.install import ROOT, Images
from tools.cluster.kube import Kube
from tools.delivery.images import IMAGES
from tools.delivery.programs import StepFailed, exit_code, need, succeeds

VERSION = "0.1.0"
COMMIT = "ec9e6dbb6799b9b1313ae07c69f749bc8194e1a2"
"""The commit of that version: the last one before the work on the next."""


class ReleaseMissing(StepFailed):
    """This clone has no commit of the last release, so that nothing can be tried against it."""

    def __init__(self) -> None:
        super().__init__(
            f"release {VERSION} (commit {COMMIT[:7]}) is not in this clone: "
            "fetch the whole history (git fetch --unshallow), or try the upgrade in a clone that has it"
        )


def image() -> str:
    """The image of the last release, as `make images` of its tree names it."""
    return f"localhost/onewindow:{VERSION}"


def in_this_clone() -> bool:
    """True when the commit of the last release is here."""
    return succeeds(["git", "-C", str(ROOT), "cat-file", "-e", f"{COMMIT}^{{commit}}"])


@contextmanager
def checkout() -> Iterator[Path]:
    """The tree of the last release with its generated contracts, for a while. Raises ReleaseMissing."""
    need("git", "it has the tree of the last release")
    if not in_this_clone():
        raise ReleaseMissing
    with TemporaryDirectory() as folder:
        tree = Path(folder)
        archived = subprocess.run(["git", "-C", str(ROOT), "archive", COMMIT], capture_output=True, check=True)
        subprocess.run(["tar", "-x", "-C", str(tree)], input=archived.stdout, check=True)
        run_module(tree, "tools.generate")
        yield tree


def run_module(tree: Path, module: str, *arguments: str) -> None:
    """Runs a module of the tree, with its own packages before those of this one. Raises StepFailed."""
    own = f"PYTHONPATH={tree}{os.pathsep}{tree / 'gen'}"
    command = ["env", own, sys.executable, "-m", module, *arguments]
    ran = subprocess.run(command, cwd=tree, check=False)
    if ran.returncode != 0:
        raise StepFailed(f"{module} of release {VERSION} ended with {ran.returncode}")


def build(ground: str | None) -> Path:
    """The archive of the last release's image. Raises ReleaseMissing, StepFailed."""
    with checkout() as tree:
        run_module(tree, "tools.delivery.images", *(["--base", ground] if ground else []))
        IMAGES.mkdir(parents=True, exist_ok=True)
        name = f"onewindow-{VERSION}.tar"
        return Path(shutil.move(tree / "build/images" / name, IMAGES / name))


def install(tree: Path, images: Images) -> None:
    """Installs the last release by its own installer, to its green helm test. Raises StepFailed."""
    chosen = ("--onewindow", image(), "--postgres", images.postgres, "--nats", images.nats)
    run_module(tree, "tools.cluster.install", *chosen)


def on_every_node(kube: Kube) -> bool:
    """True when each node has the image of the last release."""
    nodes = kube.get("nodes")["items"]
    return all(any(image() in each.get("names", ()) for each in node["status"]["images"]) for node in nodes)


def main() -> None:
    """Builds the image. Raises StepFailed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", dest="ground", metavar="IMAGE", help="image to build on, with Python 3.11")
    path = build(parser.parse_args().ground)
    sys.stdout.write(f"{path.relative_to(ROOT)}: load it onto the nodes as {image()}\n")


if __name__ == "__main__":
    sys.exit(exit_code(main))
