"""Proof of the days to answer and to supply, as a file has them."""

from dataclasses import replace
from datetime import date

from law.notices import statutory_days
from law.recount import DateKind, RecountCause
from law.term_proof import prove_stored
from law.terms import Unit
from law.workdays import state_council
from services.intake.domain.application.correction import supply_correction
from services.intake.domain.application.due_dates import DueDates, OfficeDay
from services.intake.domain.application.facts import CorrectionRequested
from services.intake.domain.application.recount import recount, stored_days
from services.intake.domain.application.state import Application
from services.intake.domain.catalogue.item import HolidayNotice
from services.intake.domain.catalogue.state import BLANK, CalendarPublished, Catalogue, CatalogueEntry, fold
from tests.unit.intake import hall

SHIPPED = state_council()
_OFF = tuple(sorted({*statutory_days(2027), date(2027, 1, 4)}))
FIRST = HolidayNotice(2027, "国办发明电〔2026〕9号", _OFF, ())
SECOND = replace(FIRST, days_off=tuple(sorted({*_OFF, date(2027, 1, 5)})))


def kinds(application: Application) -> dict[DateKind, date]:
    """The stored days by kind."""
    return {each.kind: each.due_on for each in stored_days(application, 30)}


def published(*notices: HolidayNotice) -> Catalogue:
    """The catalogue after these publications of one year."""
    entry: CatalogueEntry = BLANK
    for notice in notices:
        entry = fold(entry, CalendarPublished(date(2026, 11, 1), notice, ""))
    return Catalogue.of(SHIPPED, [entry] if notices else [])


def test_an_answered_application_keeps_the_day_to_answer() -> None:
    waiting = hall.whole()
    assert kinds(hall.accepted()) == kinds(waiting) == {DateKind.ANSWER: waiting.answer_due_on}
    assert hall.accepted().answer_due_on is None


def test_a_correction_has_a_day_of_its_own_and_a_supply_a_new_day_to_answer() -> None:
    demanded = hall.demanded("M01", "M02")
    answer, supply = stored_days(demanded, 30)
    assert demanded.correction is not None
    assert (supply.kind, supply.term.days, supply.term.unit) == (DateKind.SUPPLY, 30, Unit.CALENDAR)
    assert supply.due_on == demanded.correction.supply_by
    later = hall.day(date(2016, 9, 26))
    supplied = hall.after(demanded, [supply_correction(demanded, hall.papers("M01", "M02"), hall.PROMISED, later)])
    moved, kept = stored_days(supplied, 30)
    assert moved.term.from_on == date(2016, 9, 26) and moved.due_on == supplied.answer_due_on != answer.due_on
    assert kept == supply
    for each in (answer, supply, moved):
        assert prove_stored(each, [SHIPPED]).days[-1].day.on == each.due_on


def test_a_notice_of_an_earlier_release_has_the_days_of_the_setting() -> None:
    demanded = hall.demanded("M01", "M02")
    correction = demanded.correction
    assert isinstance(correction, CorrectionRequested)
    old = hall.after(demanded, [replace(correction, supply_days=0)])
    assert [each.term.days for each in stored_days(old, 20)] == [5, 20]


def test_a_recounted_day_is_proven_by_its_new_calendar() -> None:
    calendar = published(FIRST).calendar
    before = OfficeDay(date(2026, 12, 29), DueDates(SHIPPED))
    waiting = hall.submitted("M01", "M02", on=before)
    (fact,) = recount(
        waiting, RecountCause((FIRST.number,), calendar.version), OfficeDay(date(2026, 12, 30), DueDates(calendar))
    )
    ((old,), (new,)) = stored_days(waiting, 30), stored_days(hall.after(waiting, [fact]), 30)
    assert (old.due_on, old.calendar_version) == (date(2027, 1, 6), SHIPPED.version)
    assert (new.due_on, new.calendar_version) == (date(2027, 1, 7), calendar.version)
    assert prove_stored(new, [calendar]).days[-1].day.on == new.due_on
    assert prove_stored(new, [SHIPPED]).unproven


def test_a_recounted_correction_is_proven_by_its_new_calendar() -> None:
    calendar = published(FIRST).calendar
    before = OfficeDay(date(2026, 12, 5), DueDates(SHIPPED))
    demanded = hall.demanded("M01", "M02")
    correction = demanded.correction
    assert isinstance(correction, CorrectionRequested)
    late = replace(correction, occurred_on=before.on, supply_by=before.supply_due().due_on)
    waiting = hall.after(demanded, [late])
    cause = RecountCause((FIRST.number,), calendar.version)
    (fact,) = recount(waiting, cause, OfficeDay(date(2026, 12, 30), DueDates(calendar)))
    _, new = stored_days(hall.after(waiting, [fact]), 30)
    assert (new.due_on, new.calendar_version) == (date(2027, 1, 5), calendar.version)
    assert prove_stored(new, [calendar]).days[-1].day.on == new.due_on


def test_an_earlier_calendar_is_built_from_its_publications() -> None:
    catalogue = published(FIRST, SECOND)
    first = catalogue.at_version(published(FIRST).calendar.version)
    assert first is not None and first.day(date(2027, 1, 5)).works and not first.day(date(2027, 1, 4)).works
    second = catalogue.at_version(catalogue.calendar.version)
    assert second is not None and not second.day(date(2027, 1, 5)).works
    assert catalogue.at_version(SHIPPED.version) is SHIPPED
    for unknown in ("", "state-council-2019", f"{SHIPPED.version}+2027.3", f"{SHIPPED.version}+2028.1"):
        assert catalogue.at_version(unknown) is None, unknown
    assert catalogue.at_version(f"{SHIPPED.version}+2027.0") is None
