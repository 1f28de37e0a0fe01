"""The repository speaks of the product alone: no path of a machine, no address of a registry or a private network."""

import re
from functools import lru_cache
from pathlib import Path
from subprocess import run
from sys import executable

from tools.tree import Finding, below, read, text_files

_HOMES = re.compile(r"(?<![\w.])/(?:home|Users)/\w+/")
_REGISTRY = re.compile(r"--(?:extra-)?index-url|--find-links|--trusted-host|^\s*(?:extra-)?index-url\s*=", re.MULTILINE)
_PRIVATE = re.compile(r"https?://(?:[^/\s@]*@)?(?:10|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d+\.\d+")


def check(root: Path) -> list[Finding]:
    """Lines that would say where or behind what the repository was written."""
    banned = [_HOMES, _REGISTRY, _PRIVATE, re.compile(rf"(?<![\w.]){re.escape(str(root))}(?![\w-])")]
    banned += [re.compile(rf"(?<![\w.-]){re.escape(host)}(?![\w-])") for host in _registry_hosts()]
    return [
        Finding(below(root, path), number, f"speaks of a machine, not of the product: {found.group()}")
        for path in text_files(root)
        if path.name != Path(__file__).name
        for number, line in enumerate(read(path).splitlines(), start=1)
        for pattern in banned
        for found in pattern.finditer(line)
    ]


@lru_cache(maxsize=1)
def _registry_hosts() -> list[str]:
    """The hosts this machine installs from: they are its own affair, and end up in locks by accident."""
    settings = run([executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False).stdout
    hosts = re.findall(r"[a-z]+://(?:[^/@\s]*@)?([\w.-]+)", settings)
    return sorted(set(hosts) - {"localhost", "127.0.0.1", "pypi.org"})
