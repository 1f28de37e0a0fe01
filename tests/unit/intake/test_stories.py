"""Whole matters from receipt to their end, day by day through the holidays of autumn 2016 and the turn of the year."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import pytest

from law.workdays import state_council
from services.intake.domain.application.accept import accept, complete
from services.intake.domain.application.correction import (
    CorrectionNotice,
    WindowCorrection,
    correct_on_the_spot,
    lapse,
    request_correction,
    supply_correction,
)
from services.intake.domain.application.decline import Decline, decline
from services.intake.domain.application.deem import deem
from services.intake.domain.application.due_dates import OfficeDay
from services.intake.domain.application.facts import (
    AcceptanceGround,
    ApplicationFact,
    CorrectionRequested,
    DeclineGround,
)
from services.intake.domain.application.receive_material import ArrivedPaper, receive_material
from services.intake.domain.application.state import BLANK, Application, ApplicationClosing, ApplicationStage
from services.intake.domain.application.submit import submit
from services.intake.domain.application.withdraw_and_rate import rate, withdraw
from services.intake.domain.catalogue.item import CatalogueItem
from tests.unit.intake import hall
from tests.unit.intake.hall import INSTANT, NUMBER, PROMISED, REASON, papers

Act = Callable[[Application, OfficeDay], Sequence[ApplicationFact]]


@dataclass
class Matter:
    """An application that is brought forward act by act."""

    item: CatalogueItem = PROMISED
    state: Application = BLANK

    def on(self, day: str, act: Act, *, after_hours: bool = False) -> "Matter":
        """Do an act on a day."""
        office_day = hall.day(date.fromisoformat(day), after_hours=after_hours)
        self.state = hall.after(self.state, act(self.state, office_day))
        return self

    def handed_in(self, day: str, *codes: str, after_hours: bool = False) -> "Matter":
        """Take the application."""
        submission = hall.handed_in(*codes, item=self.item)
        return self.on(day, lambda _, on: [submit(submission, self.item, hall.marks(), on)], after_hours=after_hours)

    def accepted(self, day: str) -> "Matter":
        """Accept it at a desk."""
        return self.on(day, lambda state, on: [accept(state, self.item, NUMBER, on)])

    def deemed(self, day: str) -> "Matter":
        """Accept it by lapse of time."""
        return self.on(day, lambda state, on: [deem(state, self.item, NUMBER, on)])

    def demanded(self, day: str, *codes: str) -> "Matter":
        """Demand papers."""
        notice = CorrectionNotice("440105008补告〔2016〕0001号", tuple((code, REASON) for code in codes))
        return self.on(day, lambda state, on: [request_correction(state, notice, self.item, on)])

    def supplied(self, day: str, *codes: str, after_hours: bool = False) -> "Matter":
        """Supply papers."""
        return self.on(
            day,
            lambda state, on: [supply_correction(state, papers(*codes), self.item, on)],
            after_hours=after_hours,
        )

    def closed(self, day: str, outcome: str) -> "Matter":
        """Let approval report the end."""
        self.state = self.state.closed_by(ApplicationClosing(date.fromisoformat(day), outcome))
        return self

    @property
    def dates(self) -> tuple[str, str, str, str]:
        """Received, accepted, promised and legal day of the acceptance."""
        acceptance = self.state.acceptance
        assert acceptance is not None
        days = (acceptance.received_on, acceptance.accepted_on, acceptance.promised_due_on, acceptance.legal_due_on)
        received, accepted, promised, legal = (on.isoformat() for on in days)
        return received, accepted, promised, legal


def test_a_complete_application_before_a_holiday_is_accepted_and_rated_after_approval_closed_it() -> None:
    matter = Matter().handed_in("2016-09-14", "M01", "M02").accepted("2016-09-14")
    assert matter.dates == ("2016-09-14", "2016-09-14", "2016-09-29", "2016-10-18")
    matter.closed("2016-09-27", "granted").on("2016-09-28", lambda state, on: [rate(state, 1, None, on.on)])
    assert (matter.state.stage, matter.state.grade) == (ApplicationStage.CLOSED, 1)


def test_an_evening_before_a_holiday_counts_from_the_day_after_it() -> None:
    matter = Matter().handed_in("2016-09-30", "M01", "M02", after_hours=True)
    assert matter.state.received_on == date(2016, 10, 8)
    assert matter.state.answer_due_on == date(2016, 10, 13)
    matter.accepted("2016-10-09")
    assert matter.dates == ("2016-10-08", "2016-10-09", "2016-10-21", "2016-11-04")


def test_a_matter_that_nobody_answered_through_the_holiday_runs_from_its_receipt() -> None:
    matter = Matter().handed_in("2016-09-28", "M01")
    assert matter.state.answer_due_on == date(2016, 10, 10)
    matter.deemed("2016-10-11")
    assert matter.state.acceptance is not None
    assert matter.state.acceptance.ground is AcceptanceGround.DEEMED
    assert matter.dates == ("2016-09-28", "2016-09-28", "2016-10-17", "2016-10-31")


def test_a_correction_in_two_parts_begins_the_five_days_anew() -> None:
    matter = Matter().handed_in("2016-09-12").demanded("2016-09-13", "M01", "M02")
    matter.supplied("2016-09-20", "M02")
    assert (matter.state.stage, matter.state.still_missing) == (ApplicationStage.CORRECTION, ("M01",))
    matter.supplied("2016-09-26", "M01")
    assert matter.state.answer_due_on == date(2016, 10, 8)
    matter.accepted("2016-09-29")
    assert matter.state.acceptance is not None
    assert matter.state.acceptance.ground is AcceptanceGround.CORRECTED
    assert matter.dates == ("2016-09-12", "2016-09-26", "2016-10-13", "2016-10-27")


def test_a_correction_that_is_supplied_and_not_answered_counts_from_the_day_of_supply() -> None:
    matter = Matter().handed_in("2016-09-12").demanded("2016-09-13", "M01", "M02")
    matter.supplied("2016-09-20", "M01", "M02").deemed("2016-09-28")
    assert matter.dates == ("2016-09-12", "2016-09-20", "2016-10-09", "2016-10-21")


def test_a_correction_demanded_in_december_lapses_in_the_new_year() -> None:
    matter = Matter().handed_in("2016-12-02").demanded("2016-12-03", "M01", "M02")
    assert isinstance(matter.state.correction, CorrectionRequested)
    assert matter.state.correction.supply_by == date(2017, 1, 3), "30 days end on a holiday"
    matter.on("2017-01-04", lambda state, on: [lapse(state, on.on, state_council())])
    assert (matter.state.stage, matter.state.closing) == (
        ApplicationStage.LAPSED,
        ApplicationClosing(date(2017, 1, 4), "lapsed"),
    )


def test_an_error_put_right_at_the_window_makes_the_application_complete() -> None:
    correction = WindowCorrection(papers("M02"), REASON)
    matter = Matter().handed_in("2016-09-14", "M01")
    matter.on("2016-09-19", lambda state, on: [correct_on_the_spot(state, correction, PROMISED, on)])
    matter.accepted("2016-09-19")
    assert matter.state.acceptance is not None
    assert matter.state.acceptance.ground is AcceptanceGround.COMPLETE, "no notice was needed"
    assert matter.dates == ("2016-09-14", "2016-09-19", "2016-10-08", "2016-10-20")


def test_a_paper_that_arrives_late_makes_the_application_complete() -> None:
    paper = ArrivedPaper("M02", "12" * 32, 4096, "application/pdf")
    matter = Matter().handed_in("2016-09-14", "M01")
    matter.on("2016-09-20", lambda state, on: [receive_material(state, paper, PROMISED, on.on)])
    assert matter.state.missing == ()
    assert matter.state.answer_due_on == date(2016, 9, 22), "the five days go on"
    matter.accepted("2016-09-22")
    assert matter.dates[:2] == ("2016-09-14", "2016-09-22")


def test_a_matter_of_another_organ_ends_with_a_letter() -> None:
    letter = Decline(DeclineGround.NOT_OURS, REASON, REASON, "440105008不受〔2016〕0001号")
    matter = (
        Matter()
        .handed_in("2016-09-14")
        .on("2016-09-21", lambda state, on: [decline(state, letter, on.on, state_council())])
    )
    assert matter.state.closing == ApplicationClosing(date(2016, 9, 21), "declined")
    assert matter.state.received_on == date(2016, 9, 14)


def test_an_instant_matter_begins_and_ends_on_its_day() -> None:
    matter = Matter(INSTANT).handed_in("2016-09-30", "M01", "M02")
    matter.on("2016-09-30", lambda state, on: complete(state, INSTANT, NUMBER, on))
    assert matter.dates == ("2016-09-30",) * 4
    assert matter.state.closing == ApplicationClosing(date(2016, 9, 30), "completed", on_time=True, early=True)


def test_an_instant_matter_that_nobody_completed_goes_to_the_head() -> None:
    matter = Matter(INSTANT).handed_in("2016-09-28", "M01", "M02").deemed("2016-10-11")
    assert matter.dates == ("2016-09-28", "2016-09-28", "2016-09-29", "2016-10-31")
    assert matter.state.stage is ApplicationStage.ACCEPTED


@pytest.mark.parametrize(
    ("outcome", "stage"),
    [
        ("granted", ApplicationStage.CLOSED),
        ("refused", ApplicationStage.CLOSED),
        ("withdrawn", ApplicationStage.WITHDRAWN),
    ],
)
def test_a_withdrawal_after_acceptance_stands_until_approval_reports_the_end(
    outcome: str, stage: ApplicationStage
) -> None:
    matter = Matter().handed_in("2016-09-14", "M01", "M02").accepted("2016-09-18")
    matter.on("2016-09-20", lambda state, on: [withdraw(state, None, on.on)])
    assert matter.state.closing == ApplicationClosing(date(2016, 9, 20), "withdrawn")
    matter.closed("2016-09-21", outcome)
    assert (matter.state.stage, matter.state.closing) == (
        stage,
        ApplicationClosing(date(2016, 9, 21), outcome),
    )


def test_a_withdrawal_that_met_the_referral_stands_while_the_district_has_not_decided() -> None:
    matter = Matter().handed_in("2016-09-14", "M01", "M02").accepted("2016-09-18")
    matter.on("2016-09-20", lambda state, on: [withdraw(state, None, on.on)])
    matter.closed("2016-09-21", "referred")
    assert (matter.state.stage, matter.state.closing) == (
        ApplicationStage.WITHDRAWN,
        ApplicationClosing(date(2016, 9, 20), "withdrawn"),
    )


def test_an_application_that_is_withdrawn_before_its_day_of_receipt_was_received_by_then() -> None:
    matter = Matter().handed_in("2016-09-14", after_hours=True)
    matter.on("2016-09-14", lambda state, on: [withdraw(state, None, on.on)])
    assert matter.state.received_on == date(2016, 9, 14)
