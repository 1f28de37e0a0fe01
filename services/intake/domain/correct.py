"""当场更正: an error is put right at the window with the applicant's consent. (行政许可法 32(3))"""

from collections.abc import Sequence
from datetime import date

from services.intake.domain import papers
from services.intake.domain.application import Application
from services.intake.domain.facts import CorrectedOnTheSpot, HandedIn, VaultText
from services.intake.domain.item import Item
from services.intake.domain.stages import Act, allow


def check(application: Application, materials: Sequence[HandedIn], item: Item) -> None:
    """Nothing when these papers can be put right now; raises NotAtThisStage or what is wrong with a paper."""
    allow(application, Act.CORRECT)
    papers.check(materials, item, "materials")


def correct(materials: Sequence[HandedIn], change: VaultText, today: date) -> CorrectedOnTheSpot:
    """What was put right."""
    return CorrectedOnTheSpot(today, tuple(materials), change)
