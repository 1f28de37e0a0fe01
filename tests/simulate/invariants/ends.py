"""Ends: every service says the same of a matter."""

from typing import Any

from protocol.streams import APPROVAL, INTAKE, METRICS
from tests.simulate.database import approval as approval_rows
from tests.simulate.database import intake as intake_rows
from tests.simulate.database import metrics as metrics_rows
from tests.simulate.invariants.checked import Checked, Violations, table
from tests.simulate.record import MatterRecord

_TOLD_TOO_LATE = "withdrawal_too_late"


def one_end(checked: Checked) -> Violations:
    """Every service says the same of how a matter ended, or that it goes on."""
    for matter in checked.matters:
        application, case, figures = matter.application, matter.street_case, matter.figures
        if application is None or figures is None:
            yield "a matter is not in every service"
            continue
        end = _end(application)
        if end != _end(figures):
            yield f"intake says {end}, metrics {_end(figures)}"
        if case is not None and end != _end(case):
            yield f"intake says {end}, approval {_end(case)}"
        if matter.street and case is None:
            yield "a leg without its row"
        accepted = matter.fact(matter.intake, "application_accepted")
        if accepted is not None and not matter.street and application["own_outcome"] != "completed":
            yield "an accepted matter has no case"
        yield from _district_agrees(matter)
        yield from _notify_agrees(matter)
        yield from _days_agree(matter)


def _end(row: Any) -> tuple[Any, ...]:
    return row["outcome"], row["closed_on"], row["on_time"], row["early"]


def _district_agrees(matter: MatterRecord) -> Violations:
    """The legs at the district and the street's leg tell one story."""
    case, legs = matter.street_case, matter.district_cases
    if case is None or not legs:
        return
    last, outcome = legs[-1], case["outcome"]
    if any(leg["closed_on"] is None for leg in legs[:-1]):
        yield "an earlier referral is still open"
    if outcome == "withdrawn" and last["closed_on"] is None:
        yield "withdrawn at the street, and the district still works on it"
    if outcome == "withdrawn" and last["outcome"] in ("granted", "refused"):
        yield f"withdrawn at the street, {last['outcome']} by the district"
    if outcome in ("granted", "refused") and last["outcome"] not in (outcome, "returned"):
        yield f"{outcome} at the street, {last['outcome']} at the district"
    if last["outcome"] == "withdrawn" and outcome != "withdrawn":
        yield f"withdrawn at the district, {outcome} at the street"
    if case["stage"] == "REFERRED" and last["closed_on"] is not None:
        yield f"the street waits, the district's leg is {last['outcome']}"
    if last["outcome"] == "returned" and outcome == "referred":
        yield "returned by the district, still referred at the street"


def _notify_agrees(matter: MatterRecord) -> Violations:
    known, case, application, figures = matter.known, matter.street_case, matter.application, matter.figures
    assert application is not None and figures is not None
    if known is None:
        yield "notify does not know the matter"
        return
    outcome = application["outcome"]
    if outcome == "withdrawn" and not known["withdrawn"]:
        yield "withdrawn, and notify does not know it"
    if case is not None and outcome in ("granted", "refused") and known["outcome"] != outcome:
        yield f"{outcome}, and notify says {known['outcome']}"
    if outcome in (None, "withdrawn") and known["outcome"] is not None:
        yield f"{outcome}, and notify says {known['outcome']}"
    delivered = matter.fact(matter.dossier, "result_delivered")
    on = delivered.on if delivered else None
    if application["delivered_on"] != on or figures["delivered_on"] != on:
        yield f"delivered on {on}, intake {application['delivered_on']}, metrics {figures['delivered_on']}"


def _days_agree(matter: MatterRecord) -> Violations:
    """The last days that intake and metrics show are those of the case."""
    case, application, figures = matter.street_case, matter.application, matter.figures
    if case is None or application is None or figures is None:
        return
    for days in ("promised_due_on", "legal_due_on"):
        shown = application[f"case_{days}"] or application[days]
        if not shown == figures[days] == case[days]:
            yield f"{days}: approval {case[days]}, intake {shown}, metrics {figures[days]}"


def figures_agree(checked: Checked) -> Violations:
    """The two views `figures` and that of metrics have the same row of a matter."""
    intake = {row["application_id"]: row for row in intake_rows.figures(table(checked, INTAKE, "application"))}
    approval = approval_rows.figures(table(checked, APPROVAL, "case_file"))
    metrics = metrics_rows.matter_figures(table(checked, METRICS, "matter"))
    for row in (*approval, *metrics):
        own = intake[row["application_id"]]
        differ = [name for name, value in row.items() if own[name] != value]
        if differ:
            yield f"{', '.join(f'{name} {own[name]} and {row[name]}' for name in differ)}"


def withdrawals_have_an_outcome(checked: Checked) -> Violations:
    """An acknowledged withdrawal ended the matter everywhere, or the applicant is told that it came too late."""
    for matter in checked.matters:
        withdrawn = matter.fact(matter.intake, "application_withdrawn")
        if withdrawn is None or matter.application is None:
            continue
        if matter.application["outcome"] == "withdrawn":
            continue
        facts = [*matter.street, *(fact for facts in matter.districts.values() for fact in facts)]
        if not any(fact.kind == _TOLD_TOO_LATE for fact in facts):
            yield f"the matter is {matter.application['outcome']}, and nobody says that the withdrawal came too late"


def hand_offs_agree(checked: Checked) -> Violations:
    """What the district was sent and told is what became of its legs."""
    district = checked.world.district
    owed = {(row["case_id"], row["kind"]): row for row in table(checked, APPROVAL, "handoff")}
    for matter in checked.matters:
        for leg in matter.district_cases:
            case_id = leg["case_id"]
            package = owed.get((case_id, "receive"))
            has_it = str(case_id) in district.cases
            if package is None and leg["outcome"] != "withdrawn":
                yield "a leg without its package"
            if package is not None and package["state"] == "done" and not has_it:
                yield "the package is done, and the district does not have it"
            told = str(case_id) in district.withdrawn
            # A package without an answer may have arrived before it was withdrawn: then the withdrawal follows it.
            if package is not None and package["state"] == "withdrawn" and has_it and not told:
                yield "the package is withdrawn, and the district has it"
            if leg["outcome"] == "withdrawn" and has_it and not told:
                yield "the district has a withdrawn case and was not told"
            if told and leg["outcome"] != "withdrawn":
                yield f"the district was told of a withdrawal, and the leg is {leg['outcome']}"
