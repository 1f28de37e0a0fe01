"""A matter as far as it is known here: the reports of intake and approval and the catalogue, joined in any order."""

from dataclasses import dataclass, replace
from datetime import date

from law.not_allowed import rule
from services.notify.domain.stage_reports import (
    AcceptanceStage,
    DecisionStage,
    PublishedItem,
    Stage,
    SubmissionStage,
    WithdrawalStage,
)


@dataclass(frozen=True, slots=True)
class KnownMatter:
    """The facts of a matter that messages and the delivery rest on; no person is named."""

    item_code: str | None = None
    item_version: int | None = None
    item_name: str | None = None
    sensitive: bool | None = None
    sms: bool | None = None
    """Messages wanted; None until the acceptance or the catalogue has said it."""
    number: str | None = None
    """办件编号; None before acceptance."""
    applicant_index: str | None = None
    outcome: str | None = None
    decided_on: date | None = None
    withdrawn: bool = False


UNKNOWN_MATTER = KnownMatter()


def joined(matter: KnownMatter, stage: Stage) -> KnownMatter:
    """The matter with one more stage; the order in which streams report makes no difference."""
    match stage:
        case SubmissionStage():
            return replace(matter, item_code=stage.item_code, item_version=stage.item_version)
        case AcceptanceStage():
            return replace(
                matter,
                item_code=stage.item_code,
                item_version=stage.item_version,
                item_name=stage.item_name,
                sensitive=stage.sensitive,
                sms=messages_wanted(stage),
                number=stage.number,
                applicant_index=stage.applicant_index,
            )
        case DecisionStage() if matter.decided_on is None:
            return replace(matter, outcome=stage.outcome, decided_on=stage.decided_on)
        case WithdrawalStage():
            return replace(matter, withdrawn=True)
    return matter


def joined_with_item(matter: KnownMatter, item: PublishedItem | None) -> KnownMatter:
    """The matter with its item as published; the acceptance, which names the item in force, has precedence."""
    if item is None or matter.sms is not None or (item.code, item.version) != (matter.item_code, matter.item_version):
        return matter
    return replace(matter, item_name=item.name, sensitive=item.sensitive, sms=messages_wanted(item))


@rule()
def messages_wanted(item: AcceptanceStage | PublishedItem) -> bool:
    """An item has messages where the catalogue says so; an instant item has none, since it ends at the window."""
    return item.sms and not item.instant
