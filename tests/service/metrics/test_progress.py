"""What a resident reads of a matter: stages with their days, in Chinese, and no name."""

from datetime import timedelta

import pytest
from onewindow.intake.v1.intake_event_pb2 import (
    ACCEPTANCE_GROUND_DEEMED,
    CorrectionRequested,
    CorrectionSupplied,
)

from services.metrics.domain.progress import outcome, stages
from tests.service.metrics.conftest import MetricsDatabase, in_turns
from tests.service.metrics.lives import DAY, FORWARDED, INSTANT, Life

NEXT = timedelta(days=1)


def promised() -> Life:
    """A matter that needed a correction, was paused, granted and collected."""
    life = Life("whole").submitted(DAY)
    life.add("intake", "correction_requested", CorrectionRequested(), DAY + NEXT)
    supplied = CorrectionSupplied(answer_due_on=(DAY + 9 * NEXT).isoformat())
    life.add("intake", "correction_supplied", supplied, DAY + 2 * NEXT)
    life.accepted(DAY + 3 * NEXT).paused(DAY + 4 * NEXT).resumed(DAY + 6 * NEXT, DAY)
    return life.decided("granted", DAY + 7 * NEXT, early=True).delivered(DAY + 8 * NEXT)


@pytest.mark.parametrize(
    ("life", "names", "ended"),
    [
        (Life("new").submitted(DAY), ["已收件"], ""),
        (
            promised(),
            [
                "已收件", "需补正，已一次性告知", "补正材料已收齐", "已受理", "进入特别程序，暂停计时",
                "特别程序结束，恢复计时", "准予，已办结", "结果待领取", "已送达",
            ],
            "granted",
        ),
        (
            Life("deemed").submitted(DAY).accepted(DAY, ACCEPTANCE_GROUND_DEEMED).paused(DAY),
            ["已收件", "已受理（逾期未答复，视为受理）", "进入特别程序，暂停计时"],
            "",
        ),
        (
            Life("spot", kind=INSTANT).submitted(DAY).accepted(DAY).ended("completed_on_the_spot", DAY),
            ["已收件", "已受理", "已当场办结"],
            "completed",
        ),
        (Life("no").submitted(DAY).ended("application_declined", DAY), ["已收件", "不予受理"], "declined"),
        (
            Life("sent", kind=FORWARDED).submitted(DAY).accepted(DAY).referred(DAY, closes=True),
            ["已收件", "已受理", "已转报区级部门"],
            "referred",
        ),
        (
            Life("there", kind=FORWARDED).submitted(DAY).accepted(DAY).referred(DAY, closes=True)
            .district_decided("refused", DAY + NEXT, closes=False),
            ["已收件", "已受理", "已转报区级部门", "区级部门已决定不予"],
            "refused",
        ),
        (
            Life("again", kind=FORWARDED).submitted(DAY).accepted(DAY).referred(DAY, closes=True)
            .returned(DAY + NEXT).referred(DAY + NEXT, closes=True, attempt=2)
            .returned(DAY + 2 * NEXT, attempt=2).referred(DAY + 3 * NEXT, closes=True, attempt=3),
            [
                "已收件", "已受理", "已转报区级部门", "区级部门退回街道", "已转报区级部门", "区级部门退回街道",
                "已转报区级部门",
            ],
            "referred",
        ),
    ],
)  # fmt: skip # a life reads best as one line
@pytest.mark.parametrize("size", [1, 100])
async def test_the_stages_of_a_matter_in_order(
    metrics: MetricsDatabase, life: Life, names: list[str], ended: str, size: int
) -> None:
    for batch in in_turns(life.events, size):
        await metrics.receive(batch)
    (told,) = await metrics.worker.fetch("select * from matter")
    reached = stages(dict(told))
    assert [stage.name for stage in reached] == names
    assert [stage.on for stage in reached] == sorted(stage.on for stage in reached)
    assert outcome(dict(told)) == ended
