"""撤回: the applicant stops the matter, at any point before it is closed."""

from datetime import date

from services.intake.domain.application import Application, Stage
from services.intake.domain.facts import ApplicationWithdrawn, VaultText
from services.intake.domain.stages import Act, allow


def withdraw(application: Application, reason: VaultText | None, today: date) -> ApplicationWithdrawn:
    """The withdrawal; once accepted, the desks hear of it. Raises NotAtThisStage."""
    allow(application, Act.WITHDRAW)
    return ApplicationWithdrawn(today, reason, after_acceptance=application.stage is Stage.ACCEPTED)
