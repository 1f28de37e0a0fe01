"""Referral: the street sends its opinion and all materials to the district, within its limit. (行政许可法 35, 43)

Example: the street reviews a forwarded matter until its last step of review is finished, then refers it
with an opinion and every material that was accepted. The digest of the package is in the fact, so both
sides can prove that they mean the same papers. Where the item closes by its referral the street's
matter ends here; otherwise it waits for the decision of the district or for the return of the matter.
"""

import hashlib
from dataclasses import dataclass
from datetime import date

from law.desk import Actor, Place
from law.not_allowed import NotAllowed
from protocol.identifiers import district_leg_id
from services.approval.domain.case.facts import CaseReferred, VaultText
from services.approval.domain.case.item import ClosesOn, StepKind
from services.approval.domain.case.stages import CaseAct, not_of_another, open_step
from services.approval.domain.case.state import Case, CaseStage


@dataclass(frozen=True, slots=True)
class Refer:
    """Referral by the street; its opinion by the keyed digest."""

    actor: Actor
    opinion: str


class ReviewNotFinished(NotAllowed):
    """A matter goes to the district after the street's review, not before."""

    sentence = "街道审查环节尚未全部完成，不能转报。"
    article = "行政许可法 35"


class NotForReferral(NotAllowed):
    """The item is decided by the street itself."""

    sentence = "本事项由街道作出决定，无需转报。"


def refer(case: Case, command: Refer, today: date) -> CaseReferred:
    """The referral, which closes the street's matter where the item says so (转报办结)."""
    if case.stage is CaseStage.REVIEW:
        raise ReviewNotFinished
    step = open_step(case, command.actor, CaseAct.REFER)
    if step.kind is not StepKind.REFER:
        raise NotForReferral
    not_of_another(case, command.actor)
    attempt = case.referral.attempt + 1
    closes = case.item.closes_on is ClosesOn.REFERRAL
    on_time, early = case.punctuality(today) if closes else (False, False)
    return CaseReferred(
        today,
        case.application_id,
        linked_case_id=district_leg_id(case.application_id, attempt),
        linked_place=Place.of_district(command.actor.place.district),
        destination=case.item.refers_to,
        opinion=VaultText(f"referral.{attempt}.opinion", command.opinion),
        closes=closes,
        attempt=attempt,
        package_digest=package_digest(case),
        number=case.number,
        item=case.item,
        on_time=on_time,
        early=early,
        term=case.term,
        received_on=case.received_on,
        materials=case.materials,
    )


def package_digest(case: Case) -> str:
    """SHA-256 over the package, hex, as the contract defines it: equal on both sides.

    The lines number, item code, item version and destination, then one line for each paper (code, copies and digest
    with a tab between, the lines sorted), joined by a line feed, in UTF-8.
    """
    papers = sorted(f"{paper.material_code}\t{paper.copies}\t{paper.sha256}" for paper in case.materials)
    lines = [case.number, case.item.code, str(case.item.version), case.item.refers_to, *papers]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
