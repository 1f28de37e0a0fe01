"""A reconciliation in lines for people and as a document for programs."""

from cli.operator.district import document, sentences
from services.approval.handoff.domain.reconciliation import (
    Advice,
    Comparison,
    Difference,
    LegEnding,
    LegRecord,
    Reconciliation,
    Verdict,
)

OURS = LegRecord("D1", "2016-03-02", LegEnding.GRANTED, "2016-03-09")
THEIRS = LegRecord("D1", "2016-03-02", LegEnding.OPEN, "")


def difference(verdict: Verdict, ours: LegRecord | None, theirs: LegRecord | None, **more: object) -> Difference:
    comparison = Comparison(verdict, more.pop("differing", ()), more.pop("advice", Advice.NONE))  # type: ignore[arg-type] # by name
    return Difference("K1", str(more.pop("number", "N1")), "440105008", comparison, ours, theirs, **more)  # type: ignore[arg-type] # by name


FOUND = Reconciliation(
    compared=10,
    read_in=2,
    differences=(
        difference(Verdict.DIFFERS, OURS, THEIRS, differing=("ending", "decided_on"), advice=Advice.END_THERE),
        difference(Verdict.ONLY_HERE, OURS, None, advice=Advice.REFUSED_THERE, refusal="材料不清"),
        difference(Verdict.ONLY_THERE, None, THEIRS, number="", advice=Advice.FIND_HERE),
        difference(Verdict.CROSSED, OURS, THEIRS),
        difference(Verdict.UNDER_WAY, LegRecord("", "", LegEnding.WITHDRAWN, ""), None),
    ),
)


def test_the_first_line_counts_and_the_others_name_what_a_person_has_to_settle_first() -> None:
    lines = list(sentences(FOUND, queued=0))
    assert lines[0] == "对账：本方转报 10 件，一致 6 件，在途 1 件，撤回与办结交错 1 件，差异 3 件；补登区已报送的 2 件"
    assert lines[1] == (
        "不一致 N1（区编号 D1，街道 440105008，键 K1）：办理情况 本方 准予／区 办理中；区决定日 本方 2016-03-09／区 无"
        f" → {Advice.END_THERE.value}"
    )
    assert lines[2].startswith(
        "只在本方 N1（区编号 D1，街道 440105008，键 K1）：本方 准予，2016-03-02 接收，2016-03-09 决定；区 无"
    )
    assert "区拒收理由：材料不清" in lines[2]
    assert lines[3].startswith("只在区里 （本方无此件）（区编号 D1，")
    assert lines[4].endswith("办理情况 本方 准予／区 办理中")
    assert lines[5] == "在途 N1（无区编号，街道 440105008，键 K1）：本方 已撤回；区 无"


def test_what_was_queued_again_is_a_line_of_its_own() -> None:
    assert list(sentences(FOUND, queued=2))[-1] == "已按原键重新排队 2 件，送达后请再对账一次"


def test_the_document_has_the_same_by_kind() -> None:
    found = document(FOUND, queued=1)
    assert {name: found[name] for name in ("compared", "matched", "read_in", "sent_again")} == {
        "compared": 10, "matched": 6, "read_in": 2, "sent_again": 1,
    }  # fmt: skip # one line
    differences = found["differences"]
    assert isinstance(differences, list) and [each["found"] for each in differences] == [
        "differs",
        "only_here",
        "only_there",
    ]
    assert differences[0]["there"] == {
        "district_number": "D1",
        "received_on": "2016-03-02",
        "ending": "open",
        "decided_on": "",
        "returned_on": "",
    }
    assert differences[1]["there"] is None and differences[1]["refusal"] == "材料不清"
