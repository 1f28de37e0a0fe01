"""A file that cannot be read as plain YAML is refused with the line and the reason, never with a traceback."""

from pathlib import Path

import pytest

from catalogue.check import check
from catalogue.check.document import MAX_BYTES, read
from tests.unit.catalogue.shelf import SMALL_AID, edited, found, line_of, only


@pytest.mark.parametrize(
    ("text", "rule", "line"),
    [
        (b"", "empty", 1),
        ("# 只有注释\n".encode(), "empty", 1),
        (b"document: item\nname: [a\n", "yaml_syntax", 3),
        (b"document: item\n\tname: a\n", "yaml_syntax", 2),
        (b"document: item\nname: a\x00b\n", "yaml_syntax", 2),
        (b"document: item\nname: \xff\xfe\n", "not_utf8", 2),
        ("document: item\nname: 事项\n".encode("utf-16"), "not_utf8", 1),
        (b"a: &x [1]\nb: *x\n", "alias", 2),
        (b"a: 1\nb: !!python/object/apply:os.getcwd []\n", "tag", 2),
        (b"a: 1\n---\nb: 2\n", "several_documents", 3),
        (b"a: 1\n? [b]\n: 2\n", "key", 2),
        (b"a: " + b"[" * 40 + b"]" * 40, "too_deep", 1),
        (b"# long\n" * (MAX_BYTES // 7 + 1), "too_large", 1),
    ],
)
def test_a_file_that_is_not_plain_yaml_is_refused_with_its_line(
    tmp_path: Path, text: bytes, rule: str, line: int
) -> None:
    file = tmp_path / "item.yaml"
    file.write_bytes(text)
    finding = only(file)
    assert (finding.rule, finding.line, finding.file) == (rule, line, str(file))
    assert finding.sentence.endswith("。")


def test_a_key_written_twice_is_told_at_its_second_line(tmp_path: Path) -> None:
    file = edited(tmp_path, SMALL_AID, ("fee: 0\n", "fee: 0\nversion: 2\n"))
    assert found(file) == [("version", "duplicate_key", line_of(file, "version: 2"))]


def test_a_file_of_an_unknown_kind_is_refused_with_the_kinds_there_are(tmp_path: Path) -> None:
    file = edited(tmp_path, SMALL_AID, ("document: item", "document: guide"))
    assert (
        only(file).sentence == "文件种类（document）只能是：calendar、item、streets、templates、windows；现为 guide。"
    )
    assert (only(file).rule, only(file).line) == ("unknown_document", 3)


def test_a_folder_without_catalogue_files_is_not_a_sound_catalogue(tmp_path: Path) -> None:
    assert [finding.rule for finding in check(tmp_path).findings] == ["empty"]


def test_nothing_is_guessed_dates_and_words_stay_as_they_were_typed(tmp_path: Path) -> None:
    file = tmp_path / "plain.yaml"
    file.write_text("﻿a: 2016-01-31\nb: yes\nc: 010\nd: '5'\ne: 5\nf: true\ng: ~\nh: 1.5\ni: 1e3\n", encoding="utf-8")
    content = {"a": "2016-01-31", "b": "yes", "c": "010", "d": "5", "e": 5, "f": True, "g": None, "h": 1.5, "i": "1e3"}
    assert read(file).content == content
