"""撤回: the applicant stops the matter, at any point before it is closed."""

from datetime import date

from services.intake.domain.application.facts import ApplicationWithdrawn, VaultText
from services.intake.domain.application.stages import ApplicationAct, allow
from services.intake.domain.application.state import Application, ApplicationStage


def withdraw(application: Application, reason: VaultText | None, today: date) -> ApplicationWithdrawn:
    """The withdrawal; approval receives that of an accepted matter. Raises NotAtThisStage."""
    allow(application, ApplicationAct.WITHDRAW)
    after_acceptance = application.stage is ApplicationStage.ACCEPTED
    return ApplicationWithdrawn(today, reason, after_acceptance=after_acceptance)
