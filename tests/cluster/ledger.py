"""The player's ledger, compared with the databases: lost, doubled, failed."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.cluster.office import Office

FACTS = {
    "submit": ("intake", "application_submitted"),
    "accept": ("intake", "application_accepted"),
    "decide": ("approval", "case_decided"),
}
"""The one fact that each acknowledged change must have left, and where."""


_WAITING = "select 'parked', kind from parked union all select error, kind from dead_letter"


@dataclass(frozen=True, slots=True)
class Ledger:
    """Lines in the order in which they were on disk."""

    lines: Sequence[Mapping[str, Any]]

    @classmethod
    def read(cls, text: str) -> "Ledger":
        """The ledger's text; a last line that is not whole was never acknowledged."""
        whole = text[: text.rfind("\n") + 1]
        return cls([json.loads(line) for line in whole.splitlines()])

    @property
    def rate(self) -> tuple[float, float]:
        """Lifecycles begun a second, and what was possible (0 where it was not measured)."""
        pace = next(line for line in self.lines if "rate" in line)
        return pace["rate"], pace["capacity"] or 0.0

    @property
    def ended(self) -> bool:
        """True when every lifecycle that was begun has ended."""
        return any("ended" in line for line in self.lines)

    @property
    def paused(self) -> bool:
        """True when nothing is under way: the last line says so."""
        return "paused" in self.lines[-1]

    @property
    def failed(self) -> list[str]:
        """Calls that stayed without an answer, and what came back."""
        return [f"{line['failed']} after {line['tries'][-1:]}" for line in self.lines if "failed" in line]

    def acknowledged(self, change: str) -> set[str]:
        """The files of which a change was acknowledged."""
        return {line["file"] for line in self.lines if line.get("change") == change}

    def since(self, instant: float) -> "Ledger":
        """The calls answered after an instant."""
        return Ledger([line for line in self.lines if line["at"] >= instant])

    def summary(self) -> str:
        """Numbers of calls, of repeated and of failed ones, and the longest."""
        calls = [line for line in self.lines if "call" in line]
        again = [line for line in calls if line["tries"]]
        longest = max((line["at"] - line["began"] for line in calls), default=0.0)
        return f"{len(calls)} calls, {len(again)} repeated, {len(self.failed)} failed, longest {longest:.1f} s"

    def recovered(self, instant: float) -> float:
        """Seconds from an instant until the last call that had to be repeated was answered."""
        again = [line["at"] for line in self.lines if line.get("tries") and line["at"] >= instant]
        return max(again, default=instant) - instant


def judge(ledger: Ledger, office: Office, street: str) -> str:
    """Compare; the figures in a line. Raises AssertionError with the files that are not as acknowledged."""
    assert not ledger.failed, ledger.failed[:5]
    counts = []
    for change, (service, kind) in FACTS.items():
        sql = f"select file_id from fact where kind = '{kind}' and street = '{street}'"
        stored = Counter(row[0] for row in office.rows(service, sql))
        acknowledged = ledger.acknowledged(change)
        lost = [file for file in acknowledged if stored[file] == 0]
        doubled = [file for file, times in stored.items() if times > 1]
        unacknowledged = stored.keys() - acknowledged if ledger.ended else set()
        assert (lost, doubled) == ([], []), f"{change}: lost {lost[:5]}, doubled {doubled[:5]}"
        assert not unacknowledged, f"{change}: stored without an acknowledged call: {sorted(unacknowledged)[:5]}"
        counts.append(f"{len(acknowledged)} {change}")
    return f"acknowledged: {', '.join(counts)}; 0 lost, 0 doubled, 0 failed ({ledger.summary()})"


def received_once(ledger: Ledger, office: Office, street: str) -> None:
    """Behind the calls: each decided matter is one case, one dossier and one decided row of figures, nothing waits."""
    decided = len(ledger.acknowledged("decide"))
    counted = {
        "cases": ("approval", "select count(*) from case_file where {} and outcome is not null"),
        "dossiers": ("notify", "select count(*) from dossier where {} and outcome is not null"),
        "figures": ("metrics", "select count(*) from matter where {} and desk_outcome is not null"),
    }
    found = {name: office.number(at, sql.format(f"street = '{street}'")) for name, (at, sql) in counted.items()}
    assert found == dict.fromkeys(counted, decided)
    for service in ("intake", "approval", "notify", "metrics"):
        waiting = office.rows(service, _WAITING)
        assert waiting == [], f"{service}: {waiting[:3]}"
