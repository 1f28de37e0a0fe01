"""`make rule`: the rows of an article as readable blocks, and a sentence when there is none."""

import subprocess
import sys

import pytest
from rich.cells import cell_len

from tools import rule_search
from tools.check import ROOT

PAGE = """`make rule Q='行政许可法 41'`.

| Article | Rule | Sentence | On the screen | Act | Tests |
|---|---|---|---|---|---|
| 行政许可法 42 | `ALREADY_EXTENDED` | Once. | 期限已延长过一次。 | `extend.py` AlreadyExtended | `a::b`<br>`c::d` |
| 行政许可法 50 | `TOO_LATE` | a \\| b |  | `domain/renew.py` TooLate | `a::b` |
"""


def test_a_row_is_a_block_of_aligned_lines() -> None:
    assert "".join(rule_search.blocks(rule_search.rows(PAGE, "行政许可法 42"), 100)) == (
        "ALREADY_EXTENDED\n"
        "  sentence  Once.\n"
        "  screen    期限已延长过一次。\n"
        "  article   行政许可法 42\n"
        "  module    extend.py AlreadyExtended\n"
        "  test      a::b\n"
        "            c::d\n"
        "\n"
    )


def test_a_chinese_character_takes_two_columns_of_the_width() -> None:
    block = "".join(rule_search.blocks(rule_search.rows(PAGE, "already_extended"), 22))
    assert "  screen    期限已延长\n            过一次。\n" in block
    assert max(map(cell_len, block.split("  article")[0].splitlines())) <= 22


@pytest.mark.parametrize(("query", "found"), [("too_late", 1), ("a | b", 1), ("行政许可法", 2), ("行政许可法 41", 0)])
def test_any_text_of_a_row_finds_it_and_text_beside_the_table_does_not(query: str, found: int) -> None:
    assert len(rule_search.rows(PAGE, query)) == found


def test_a_query_without_a_row_ends_with_one_and_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert rule_search.main(["行政许可法 999"]) == 1
    assert capsys.readouterr().out == "no rule in docs/rules.md mentions: 行政许可法 999\n"
    assert rule_search.main([""]) == 1


def test_make_rule_searches_the_page_of_the_repository() -> None:
    ran = subprocess.run(["make", "rule", "Q=行政许可法 42"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ran.returncode, "  article   行政许可法 42" in ran.stdout) == (0, True)


def test_a_reader_that_has_enough_ends_the_search_in_silence() -> None:
    search = subprocess.Popen(
        [sys.executable, "-m", "tools.rule_search", "a"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
    )
    assert search.stdout is not None and search.stderr is not None
    search.stdout.readline()
    search.stdout.close()
    assert search.stderr.read() == b""
    assert search.wait() == 0
