"""Series of Prometheus from the rows of one snapshot: zeros where nothing happened, closed sets of labels."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from services.metrics.adapters.kpi_series import GRADES, LAMPS, LIMITS, PERIODS, RESULTS, series

KINDS = (
    "hearing", "tender", "auction", "inspection", "testing", "quarantine", "appraisal", "expert_review", "other",
)  # fmt: skip # a name a line says no more
"""The kinds of 行政许可法 45, and all others together."""
STREET, OTHER = "440105008", "440105009"
Rows = Sequence[Mapping[str, Any]]


def snapshot(**rows: Rows) -> dict[str, Rows]:
    """A snapshot of two streets, one with two windows and one without any, and these rows."""
    streets: Rows = [
        {"street": STREET, "window": "W1"},
        {"street": STREET, "window": "W2"},
        {"street": OTHER, "window": None},
    ]
    names = ("accepted", "instant", "closed", "open", "procedures", "cards", "ratings", "tickets", "called")
    return {"kpi_streets": streets} | {f"kpi_{name}": rows.get(name, ()) for name in names}


def values(name: str, **rows: Rows) -> dict[tuple[str, ...], float]:
    """The values of one series by its labels."""
    (family,) = [each for each in series(snapshot(**rows)) if each.name == f"onewindow_{name}"]
    return {tuple(sample.labels.values()): sample.value for sample in family.samples}


def periods(today: int, month: int, year: int) -> dict[str, int]:
    """Counts of three periods."""
    return {"today": today, "month": month, "year": year}


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        ("matters_accepted", {(STREET, window, period) for window in ("W1", "W2") for period in PERIODS}),
        ("matters_instant", {(street, period) for street in (STREET, OTHER) for period in PERIODS}),
        (
            "matters_closed",
            {(street, result, period) for street in (STREET, OTHER) for result in RESULTS for period in PERIODS},
        ),
        ("matters_open", {(street, lamp) for street in (STREET, OTHER) for lamp in LAMPS}),
        ("matters_overdue", {(street, limit) for street in (STREET, OTHER) for limit in LIMITS}),
        (
            "procedures_running",
            {(street, kind, state) for street in (STREET, OTHER) for kind in KINDS for state in ("running", "overdue")},
        ),
        ("cards", {(street, level) for street in (STREET, OTHER) for level in LAMPS[1:]}),
        ("ratings", {(street, grade, period) for street in (STREET, OTHER) for grade in GRADES for period in PERIODS}),
        ("window_throughput", {(STREET, window, act) for window in ("W1", "W2") for act in ("accepted", "called")}),
        ("tickets", {(street, stage) for street in (STREET, OTHER) for stage in ("taken", "called")}),
        ("tickets_waited_seconds", {(STREET,), (OTHER,)}),
    ],
)
def test_where_nothing_happened_every_series_stands_at_zero(name: str, labels: set[tuple[str, ...]]) -> None:
    shown = values(name)
    assert set(shown) == labels
    assert set(shown.values()) == {0}


def test_without_any_street_there_is_no_series_of_one() -> None:
    empty = snapshot() | {"kpi_streets": ()}
    assert all(not family.samples for family in series(empty))


def test_every_series_has_a_name_of_the_office_and_a_sentence() -> None:
    families = series(snapshot())
    assert len({family.name for family in families}) == len(families) == 11
    assert all(family.name.startswith("onewindow_") and family.documentation.endswith(".") for family in families)


def test_counts_of_a_period_stand_at_their_labels() -> None:
    accepted = values("matters_accepted", accepted=[{"street": STREET, "window": "W1", **periods(1, 20, 300)}])
    assert (accepted[STREET, "W1", "today"], accepted[STREET, "W1", "month"], accepted[STREET, "W1", "year"]) == (
        1,
        20,
        300,
    )
    assert accepted[STREET, "W2", "year"] == 0
    closed = values("matters_closed", closed=[{"street": OTHER, "result": "late", **periods(0, 1, 2)}])
    assert (closed[OTHER, "late", "year"], closed[OTHER, "early", "year"], closed[STREET, "late", "year"]) == (2, 0, 0)


def test_a_grade_is_a_label_in_words_of_the_contract() -> None:
    ratings = values("ratings", ratings=[{"street": STREET, "grade": 5, **periods(1, 2, 3)}])
    assert (ratings[STREET, "5", "month"], ratings[STREET, "1", "month"]) == (2, 0)


def test_open_matters_stand_under_their_lamps_and_add_up_over_the_limits() -> None:
    rows = [
        {"street": STREET, "lamp": 0, "matters": 7, "promised": 0, "legal": 0},
        {"street": STREET, "lamp": 2, "matters": 4, "promised": 4, "legal": 0},
        {"street": STREET, "lamp": 3, "matters": 2, "promised": 2, "legal": 2},
        {"street": "440105010", "lamp": 3, "matters": 1, "promised": 1, "legal": 1},
    ]
    opened = values("matters_open", open=rows)
    assert [opened[STREET, lamp] for lamp in LAMPS] == [7, 0, 4, 2]
    overdue = values("matters_overdue", open=rows)
    assert (overdue[STREET, "promised"], overdue[STREET, "legal"]) == (6, 2)
    assert (overdue[OTHER, "promised"], overdue["440105010", "legal"]) == (0, 1)


def test_procedures_stand_under_the_kinds_of_the_law_and_all_others_under_one() -> None:
    told = (("hearing", False, 3), ("hearing", True, 1), ("publicity", False, 5), ("", False, 2), ("survey", True, 4))
    rows = [{"street": STREET, "kind": kind, "overdue": overdue, "matters": n} for kind, overdue, n in told]
    shown = values("procedures_running", procedures=rows)
    assert {labels[1:]: value for labels, value in shown.items() if value} == {
        ("hearing", "running"): 3,
        ("hearing", "overdue"): 1,
        ("other", "running"): 7,
        ("other", "overdue"): 4,
    }


def test_cards_stand_under_the_three_levels_alone() -> None:
    rows = [{"street": STREET, "level": level, "cards": 10 + level} for level in range(5)]
    cards = values("cards", cards=rows)
    assert [cards[STREET, level] for level in ("warning", "yellow", "red")] == [11, 12, 13]
    assert len([labels for labels in cards if labels[0] == STREET]) == 3


def test_a_window_shows_what_it_called_beside_what_it_accepted() -> None:
    shown = values(
        "window_throughput",
        accepted=[{"street": STREET, "window": "W1", **periods(5, 0, 0)}],
        called=[{"street": STREET, "window": "W1", "called": 9}, {"street": STREET, "window": "W2", "called": 1}],
    )
    assert shown == {
        (STREET, "W1", "accepted"): 5,
        (STREET, "W1", "called"): 9,
        (STREET, "W2", "accepted"): 0,
        (STREET, "W2", "called"): 1,
    }


def test_tickets_show_how_long_those_that_were_called_have_waited() -> None:
    rows = [{"street": STREET, "taken": 8, "called": 6, "waited": 720}]
    assert values("tickets", tickets=rows)[STREET, "taken"] == 8
    assert values("tickets", tickets=rows)[STREET, "called"] == 6
    assert values("tickets_waited_seconds", tickets=rows) == {(STREET,): 720, (OTHER,): 0}
