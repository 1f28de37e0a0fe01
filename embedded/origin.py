"""Whose data lies in the home: a demo's, which the next demo may remove, or that of `up`, which nobody removes."""

import shutil
from datetime import datetime
from pathlib import Path

from chassis.clock import SHANGHAI, real_seconds
from embedded.home import Home, write_whole

UP = "up"
DEMO = "demo"


def mark(home: Home, origin: str) -> None:
    """Writes down whose data it is from now on. Data a demo left and `up` went on with belongs to `up`."""
    write_whole(home.origin, f"{origin}\n")


def make_room(home: Home) -> Path | None:
    """Leaves the home empty: removes what a demo made, moves what `up` made and returns where it lies now."""
    present = [path for path in _stored(home) if path.exists()]
    if not present:
        return None
    if home.origin.exists() and home.origin.read_text().strip() == DEMO:
        for path in present:
            _remove(path)
        return None
    kept = _kept_folder(home)
    kept.mkdir()
    for path in present:
        path.rename(kept / path.name)
    return kept


def _stored(home: Home) -> tuple[Path, ...]:
    # The keys go with the data: what lies in the vault cannot be read with any others.
    return home.postgres, home.nats, home.objects, home.district, home.keys, home.clock, home.origin


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()


def _kept_folder(home: Home) -> Path:
    moment = datetime.fromtimestamp(real_seconds(), SHANGHAI).strftime("%Y%m%d-%H%M%S")
    taken = len(list(home.root.glob(f"kept-{moment}*")))
    return home.root / (f"kept-{moment}-{taken + 1}" if taken else f"kept-{moment}")
