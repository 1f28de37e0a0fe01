"""State of the catalogue: an entry as the fold of its publications, and all entries as the office uses them."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias, assert_never

from law.hall_hours import HallHours
from law.notices import Notice
