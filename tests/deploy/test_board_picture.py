"""The picture of the board in the README is the board that the chart installs, with recorded values for every panel."""

import json
from xml.etree import ElementTree

from tools.monitoring import board_picture
from tools.monitoring.board_picture import BOARD, PICTURE, ROOT, VALUES, picture, recorded, shown, written

SVG = "{http://www.w3.org/2000/svg}"
DASHBOARD = json.loads((ROOT / BOARD).read_text(encoding="utf-8"))
RECORDED = json.loads((ROOT / VALUES).read_text(encoding="utf-8"))


def test_the_picture_shows_the_title_of_every_panel_and_is_drawn_from_the_files_beside_it() -> None:
    drawn = (ROOT / PICTURE).read_text(encoding="utf-8")
    texts = {(text.text or "").removeprefix("▾ ") for text in ElementTree.fromstring(drawn).iter(f"{SVG}text")}
    assert {DASHBOARD["title"], *(panel["title"] for panel in DASHBOARD["panels"])} - texts == set()
    assert drawn == picture(DASHBOARD, RECORDED)


def test_every_panel_has_a_recorded_value_for_each_of_its_legends() -> None:
    for panel in DASHBOARD["panels"]:
        if panel["type"] != "row":
            fixed = {target["legendFormat"] for target in panel["targets"] if "{{" not in target["legendFormat"]}
            curves = RECORDED["panels"][panel["title"]]
            assert curves
            assert fixed <= set(curves), panel["title"]


def test_a_recording_keeps_a_month_of_a_curve_the_last_value_of_a_number_and_a_gap_where_none_came() -> None:
    kinds = {"灯": "timeseries", "件": "stat"}
    board = {
        "panels": [
            {"title": title, "type": kind, "targets": [{"expr": "q", "legendFormat": "{{street}} 街"}]}
            for title, kind in kinds.items()
        ]
    }
    samples: list[tuple[str, dict[str, object]]] = [
        ("2016-05-01", {"q": [({"street": "8"}, "1")]}),
        ("2016-05-02", {"q": []}),
    ]
    samples += [("2016-05-03", {"q": [({"street": "8"}, "3")]})] * 2
    values = recorded(board, samples, "played")
    assert values["panels"] == {"灯": {"8 街": [1, None, 3, 3]}, "件": {"8 街": [3]}}
    assert json.loads(written(values)) == values
    assert len(recorded(board, samples * 99, "played")["days"]) == board_picture.HISTORY


def test_values_are_shown_in_their_unit() -> None:
    assert [shown(0.99944, "percentunit"), shown(1.5, "s"), shown(121, "short")] == ["99.94%", "1.5 秒", "121"]
