"""Whatever an editor drops, adds or types, the check answers with findings and never with a traceback."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.check import check, load
from catalogue.check.checker import CatalogueUnsound
from tests.support.examples import examples
from tests.unit.catalogue.shelf import CATALOGUE, ITEMS, LOW_RENT, PUBLIC_RENTAL, SMALL_AID, edited

SCHEMA = json.loads((CATALOGUE / "schema" / "item.schema.json").read_text(encoding="utf-8"))
FILES = sorted(path.name for path in ITEMS.glob("*.yaml"))

words = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=30)
typed = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4),
    max_leaves=8,
)


@pytest.mark.parametrize("key", SCHEMA["required"])
@pytest.mark.parametrize("name", [SMALL_AID, PUBLIC_RENTAL])
def test_dropping_a_required_field_is_found_at_that_item(tmp_path: Path, name: str, key: str) -> None:
    file = _written(tmp_path, {field: value for field, value in _content(name).items() if field != key})
    findings = check(file).findings
    assert [(each.file, each.field) for each in findings] == [(str(file), key)]


@pytest.mark.parametrize(
    ("name", "part", "position"), [(LOW_RENT, "materials", 0), (LOW_RENT, "route", 3), (PUBLIC_RENTAL, "season", 0)]
)
def test_dropping_a_required_field_of_a_part_is_found_in_that_part(
    tmp_path: Path, name: str, part: str, position: int
) -> None:
    for key in SCHEMA["$defs"][{"materials": "material", "route": "step", "season": "season"}[part]]["required"]:
        content = _content(name)
        del content[part][position][key]
        (finding,) = check(_written(tmp_path, content)).findings
        assert (finding.field, finding.rule) == (f"{part}[{position}].{key}", "required")


@settings(max_examples=examples(150), deadline=None)
@given(name=st.sampled_from(FILES), place=st.integers(0, 200), value=typed)
def test_any_value_in_any_field_gives_findings_that_point_into_the_file(
    tmp_path_factory: pytest.TempPathFactory, name: str, place: int, value: object
) -> None:
    content = _content(name)
    _fields(content)[place % len(_fields(content))](value)
    file = _written(tmp_path_factory.mktemp("typed"), content)
    lines = len(file.read_bytes().splitlines()) + 1
    assert all(finding.sentence and 1 <= finding.line <= lines for finding in check(file).findings)


@settings(max_examples=examples(150), deadline=None)
@given(name=st.sampled_from([SMALL_AID, PUBLIC_RENTAL]), at=st.integers(0, 3000), junk=st.binary(max_size=6))
def test_any_bytes_in_the_middle_of_a_file_are_answered(
    tmp_path_factory: pytest.TempPathFactory, name: str, at: int, junk: bytes
) -> None:
    shipped = (ITEMS / name).read_bytes()
    file = tmp_path_factory.mktemp("junk") / name
    file.write_bytes(shipped[:at] + junk + shipped[at:])
    assert all(finding.line >= 1 and finding.rule for finding in check(file).findings)


def test_a_catalogue_with_findings_is_not_loaded(tmp_path: Path) -> None:
    file = edited(tmp_path, SMALL_AID, ("sms: true", "sms: false"))
    with pytest.raises(CatalogueUnsound, match="非即办件一律发短信") as unsound:
        load(file)
    assert [finding.field for finding in unsound.value.findings] == ["sms"]


def _content(name: str) -> dict[str, Any]:
    content = yaml.load((ITEMS / name).read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    return {key: _plain(value) for key, value in content.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return json.loads(value) if value in {"true", "false"} or (value.isdecimal() and len(value) < 6) else value


def _written(folder: Path, content: object) -> Path:
    """JSON is YAML: the shortest way to write any content."""
    file = folder / "item.yaml"
    file.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    return file


def _fields(node: Any) -> list[Any]:
    """A setter for each field of the content, at any depth."""
    places = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    found: list[Any] = []
    for key, inner in places:
        found += [lambda value, key=key: node.__setitem__(key, value), *_fields(inner)]
    return found
