"""Figures of a year as the command prints them, and the street's own report beside them."""

import json

from onewindow.metrics.v1 import metrics_service_pb2 as metrics

from simulation.year_run import Flow, YearFigures, street_report

REPORT = metrics.GetReportResponse(
    volume=100,
    applied=103,
    closed=99,
    items=[
        metrics.ItemFigures(
            item_name="廉租房申请初审", applied=10, accepted=10, closed=9, on_time=8, early=7, agreed=6
        ),
        metrics.ItemFigures(item_name="老年人优待证办理", applied=60, accepted=60, closed=60),
    ],
    indicators=[
        metrics.Indicator(code="on_time", numerator=98, denominator=99, percent=98.98989, definition="按时办结"),
        metrics.Indicator(code="early", numerator=90, denominator=99, percent=90.90909),
        metrics.Indicator(code="deemed", numerator=1, denominator=103, percent=0.9708737),
    ],
)
FIGURES = YearFigures(2016, ["廉租房申请初审", "没有的事项"], REPORT, Flow(500, 500, 499, 1, 2), 1234.6, 61.27)


def test_the_document_has_the_counts_of_the_report() -> None:
    document = FIGURES.document()
    assert (document["year"], document["volume"], document["applied"], document["closed"]) == (2016, 100, 103, 99)
    assert document["facts"] == {"stored": 500, "published": 500, "consumed": 499}
    assert (document["parked"], document["dead_letters"]) == (1, 2)


def test_the_document_is_json() -> None:
    document = FIGURES.document()
    assert json.loads(json.dumps(document, ensure_ascii=False)) == document


def test_rates_are_rounded_to_hundredths_and_parted_from_other_readings() -> None:
    document = FIGURES.document()
    assert document["rates"] == {
        "on_time": {"numerator": 98, "denominator": 99, "percent": 98.99, "definition": "按时办结"},
        "early": {"numerator": 90, "denominator": 99, "percent": 90.91, "definition": ""},
    }
    assert list(document["other_readings"]) == ["deemed"]
    assert document["other_readings"]["deemed"]["percent"] == 0.97


def test_seconds_and_calls_are_rounded() -> None:
    document = FIGURES.document()
    assert (document["echo_calls_per_second"], document["seconds"]) == (1235, 61.3)


def test_named_items_stand_in_the_order_of_the_plan_with_zeros_for_those_without_a_matter() -> None:
    first, second = FIGURES.named_items()
    assert (first.item_name, first.applied) == ("廉租房申请初审", 10)
    assert (second.item_name, second.applied, second.closed) == ("没有的事项", 0, 0)
    assert FIGURES.document()["items"]["廉租房申请初审"] == {
        "applied": 10,
        "accepted": 10,
        "closed": 9,
        "on_time": 8,
        "early": 7,
        "agreed": 6,
        "refused": 0,
    }


def test_items_that_the_plan_does_not_name_are_left_out() -> None:
    assert list(FIGURES.document()["items"]) == ["廉租房申请初审", "没有的事项"]


def test_the_street_has_published_a_report_of_2016_and_none_of_other_years() -> None:
    assert street_report(2016)
    assert street_report(2017) == {}
