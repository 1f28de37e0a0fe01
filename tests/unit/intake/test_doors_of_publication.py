"""One rule at both doors: what a file breaks, the call refuses by the same rule and field, in the same words."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from onewindow.catalogue.v1.catalogue_pb2 import HolidayNotice
from onewindow.intake.v1 import catalogue_service_pb2 as pb

from catalogue.check import CatalogueCheck, check
from catalogue.check.document import read
from catalogue.wire import destination_messages, item_message, street_messages, window_messages
from law.items import FINDINGS, RULES
from law.not_allowed import NotAllowed
from law.workdays import state_council
from services.intake.domain.catalogue.item import Destination, Street
from services.intake.domain.catalogue.state import Catalogue, CatalogueEntry
from tests.unit.catalogue.shelf import CATALOGUE, JOB_SEEKING, LOW_RENT, PUBLIC_RENTAL, SMALL_AID, edited
from tests.unit.catalogue.test_calendar_rules import written
from tests.unit.intake.desk import CONFIGURATOR, Desks

CODE = "11440105K3160578855440591009001"
PERMIT = "floating_population_residence_permit.yaml"
DECIDE = "kind: decide, post: HEAD, staff: 1, days: 1"

ITEMS = [
    # rule of law.items, file, text, replacement, field of the call where it is another than the file's
    ("code_is_well_formed", SMALL_AID, CODE, CODE.replace("57885", "57889"), ""),
    ("names_are_plain_text", SMALL_AID, "name: 小额临时救助审批", "name: '=小额临时救助审批'", ""),
    ("names_are_plain_text", SMALL_AID, "name: 小额临时救助审批", 'name: "小额\\u202e临时救助"', ""),
    ("days_are_of_our_time", SMALL_AID, "effective_from: 2015-10-08", "effective_from: 1015-10-08", ""),
    ("validity_runs_forward", SMALL_AID, "\nline: ", "\neffective_to: 2015-10-07\nline: ", ""),
    ("seasons_lie_in_force", PUBLIC_RENTAL, "open_to: 2016-07-07", "open_to: 2016-05-18", "seasons[0].open_to"),
    ("kind_names_who_decides", SMALL_AID, "decided_by: street", "decided_by: 区民政局", ""),
    ("kind_names_who_decides", LOW_RENT, ", to: {code: housing, name: 区住房保障办公室}", "", "refers_to"),
    ("kind_names_what_closes", SMALL_AID, "closes_on: decision", "closes_on: referral", ""),
    ("applicant_is_informed", SMALL_AID, "receipt: true", "receipt: false", ""),
    ("limits_name_their_part", SMALL_AID, "materials:", "district_part: {}\nmaterials:", ""),
    ("limits_have_a_ground", SMALL_AID, "days: 10, unit: working, assumed: true", "days: 10, unit: working", ""),
    ("limits_have_a_ground", PERMIT, "{days: 8, unit: working, assumed: true}", "{days: 8, unit: working}", ""),
    ("licence_is_decided_in_time", LOW_RENT, "廉租住房保障办法（2007年）第十七条}", "行政许可法第四十三条}", ""),
    ("promise_is_within_the_law", SMALL_AID, "{days: 3, unit", "{days: 11, unit", ""),
    ("promise_is_within_the_law", LOW_RENT, "{days: 20, unit", "{days: 60, unit", ""),
    ("parts_fit_the_whole", PERMIT, "{days: 8, unit", "{days: 9, unit", ""),
    ("materials_are_demanded_once", SMALL_AID, "name: 突发困难情形证明", "name: 居民身份证", ""),
    ("route_ends_by_kind", SMALL_AID, "kind: decide, post: HEAD", "kind: review, post: HEAD", ""),
    ("head_decides_alone", SMALL_AID, DECIDE, DECIDE.replace("HEAD", "REVIEWER"), ""),
    ("stages_fit_the_promise", SMALL_AID, DECIDE, DECIDE.replace("days: 1", "days: 2"), ""),
    ("procedures_have_a_ground", SMALL_AID, "materials:",
     "procedures:\n  - {code: publicity, name: 公示, article: 惯例}\nmaterials:", ""),
    ("extension_has_a_ground", SMALL_AID, "materials:",
     "extension: {days: 5, unit: working, article: 惯例}\nmaterials:", ""),
]  # fmt: skip # one broken rule a line reads as a table
NOT_IN_A_FILE = {"nature_is_of_the_standard"}
"""The schema of a file names the natures; only a call can name another."""

PLACES = [
    # file, text, replacement, call, its field, and that of the file
    ("streets.yaml", 'code: "440105008"', 'code: "440106008"', "Street", "code", "streets[7].code"),
    ("streets.yaml", 'code: "440105008"', 'code: "440105999"', "Street", "code", "streets[7].code"),
    ("streets.yaml", "name: 南华西街道", "name: '=南华西街道'", "Street", "name", "streets[7].name"),
    ("windows.yaml", "name: 综合1号窗", "name: '=综合1号窗'", "Window", "name", "windows[0].name"),
    ("windows.yaml", 'street: "440105008"', 'street: "440105000"', "Window", "street", "hall.street"),
]


@pytest.fixture
def desks(tmp_path: Path) -> Desks:
    """An office of its own."""
    return Desks(tmp_path)


def known(desks: Desks, checked: CatalogueCheck) -> None:
    """The destinations of a catalogue, published in the office."""
    entries = [
        CatalogueEntry(destination=Destination(each.code, each.name)) for each in destination_messages(checked.items)
    ]
    entries += [CatalogueEntry(street=Street(hall.street, "某街道")) for hall in checked.halls]
    desks.office.catalogue.published = Catalogue.of(state_council(), entries)


async def publish(desks: Desks, name: str, message: Any) -> Any:
    """The answer to the publication of a message."""
    field = {"Calendar": "notice"}.get(name, name.lower())
    request = getattr(pb, f"Publish{name}Request")(request_id=f"doors-{uuid4().hex}", **{field: message})
    return await desks.call(getattr(desks.catalogue, f"Publish{name}"), CONFIGURATOR, request)


async def refusal(desks: Desks, name: str, message: Any) -> tuple[str, str, str]:
    """Field, rule and sentence of the refusal of a publication."""
    with pytest.raises(NotAllowed) as refused:
        await publish(desks, name, message)
    rule = str(getattr(refused.value, "rule", refused.value.reason))
    return refused.value.field.partition(".")[2], rule, refused.value.sentence.partition("：")[2]


@pytest.mark.parametrize("broken", ITEMS, ids=lambda broken: broken[0])
async def test_an_item_is_refused_alike_at_both_doors(
    desks: Desks, tmp_path: Path, broken: tuple[str, str, str, str, str]
) -> None:
    rule, name, text, instead, called = broken
    checked = check(edited(tmp_path, name, (text, instead)))
    known(desks, checked)
    field, *said = await refusal(desks, "Item", item_message(checked.items[0]))
    told = [each for each in checked.refusals if [each.rule, each.sentence] == said]
    assert told, "\n".join(map(str, checked.findings))
    assert field == (called or told[0].field), rule


def test_every_rule_of_an_item_is_tried_at_both_doors() -> None:
    assert {rule.__name__ for rule in RULES} == {rule for rule, *_ in ITEMS} | NOT_IN_A_FILE


@pytest.mark.parametrize(
    "name", ["civil_affairs_minimum_living.yaml", LOW_RENT, PERMIT, JOB_SEEKING, PUBLIC_RENTAL, SMALL_AID]
)
async def test_an_item_is_published_with_the_findings_of_its_file(desks: Desks, tmp_path: Path, name: str) -> None:
    checked = check(edited(tmp_path, name))
    known(desks, checked)
    answer = await publish(desks, "Item", item_message(checked.items[0]))
    called = {(each.field, each.rule, each.sentence, tuple(each.days)) for each in answer.findings}
    assert called == {(each.field, each.rule, each.sentence, tuple(map(str, each.days))) for each in checked.findings}
    assert len(FINDINGS) == 3


@pytest.mark.parametrize("broken", PLACES, ids=lambda broken: broken[2])
async def test_a_place_is_refused_alike_at_both_doors(
    desks: Desks, tmp_path: Path, broken: tuple[str, str, str, str, str, str]
) -> None:
    name, text, instead, kind, called, written = broken
    source = (CATALOGUE / name).read_text(encoding="utf-8")
    assert source.count(text) == 1
    (tmp_path / name).write_text(source.replace(text, instead), encoding="utf-8")
    checked = check(tmp_path / name)
    told = {(each.field, each.rule, each.sentence) for each in checked.refusals}
    known(desks, checked)
    refused = [await _refused(desks, kind, message) for message in _MESSAGES[kind](checked)]
    (field, rule, sentence), *_ = [each for each in refused if each]
    assert (field, (written, rule, sentence) in told) == (called, True), told


def _streets(checked: CatalogueCheck) -> list[Any]:
    return list(street_messages(checked.streets))


def _windows(checked: CatalogueCheck) -> list[Any]:
    return [window for hall in checked.halls for window in window_messages(hall)]


_MESSAGES: dict[str, Callable[[CatalogueCheck], list[Any]]] = {"Street": _streets, "Window": _windows}


CALENDARS = [
    # text of the file, replacement
    ("国办发明电〔2026〕1号", "国办发明电〔2024〕1号"),
    ("国办发明电〔2026〕1号", "测试"),
    ('"2027-06-09"', '"2028-06-09"'),
    ('"2027-06-09"', '"2027-04-05"'),
    ('"2027-02-28"', '"2027-03-01"'),
    ('"2027-02-28"', '"2027-10-02"'),
    ('"2027-02-28"', '"2027-07-10"'),
    ("2027-02-05..2027-02-11", "2027-02-06..2027-02-11"),
    ("2027-05-01..2027-05-05", "2027-05-01..2027-05-12"),
]


@pytest.mark.parametrize(("text", "instead"), CALENDARS)
async def test_a_notice_is_refused_alike_at_both_doors(desks: Desks, tmp_path: Path, text: str, instead: str) -> None:
    file = written(tmp_path, (text, instead))
    told = {(each.rule, each.sentence) for each in check(file).refusals}
    content: Any = read(file).content
    days = {
        part: sorted(
            date.fromordinal(day)
            for holiday in content["holidays"]
            for span in holiday.get(part, ())
            for day in days_of(span)
        )
        for part in ("off", "makeup")
    }
    notice = HolidayNotice(
        year=content["year"],
        number=content["number"],
        days_off=map(str, days["off"]),
        makeup_days=map(str, days["makeup"]),
    )
    _, *said = await refusal(desks, "Calendar", notice)
    assert tuple(said) in told


def days_of(span: str) -> range:
    """The days of a span, by their ordinals."""
    first, _, last = span.partition("..")
    return range(date.fromisoformat(first).toordinal(), date.fromisoformat(last or first).toordinal() + 1)


async def _refused(desks: Desks, kind: str, message: Any) -> tuple[str, str, str] | None:
    try:
        await publish(desks, kind, message)
    except NotAllowed as no:
        rule = str(getattr(no, "rule", no.reason))
        return no.field.partition(".")[2], rule, no.sentence.partition("：")[2]
    return None
