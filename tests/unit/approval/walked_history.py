"""A matter under random acts: as the product has it, and as it is walked."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from hypothesis import event

from law.not_allowed import Malformed, NotAllowed
from law.recount import RecountCause
from services.approval.domain.case.decide import Decide, decide
from services.approval.domain.case.extend import Extend, extend
from services.approval.domain.case.facts import Fact, Outcome, SpecialProcedure
from services.approval.domain.case.item import AcceptedItem, Limit, LimitUnit, PartLimits, Term
from services.approval.domain.case.open_case import open_district_leg, open_street_leg
from services.approval.domain.case.pause import PauseTerm, ResumeTerm, approve_pause, pause, resume
from services.approval.domain.case.recount import recount
from services.approval.domain.case.refer import Refer, refer
from services.approval.domain.case.state import Case
from services.approval.handoff.domain.acknowledge import Acknowledgement, acknowledge
from services.approval.handoff.domain.district_clock import (
    ClockFact,
    ExtensionReport,
    PauseReport,
    clock_on_street_leg,
    district_extend,
    district_pause,
    district_resume,
)
from services.approval.handoff.domain.district_decide import DecisionReport, decision_on_street_leg, district_decide
from services.approval.handoff.domain.return_case import ReturnReport, return_case, return_on_street_leg
from services.intake.domain.application.due_dates import DueDates
from services.intake.domain.catalogue.item import Limit as IntakeLimit
from services.intake.domain.catalogue.item import LimitUnit as IntakeUnit
from tests.support.day_walk import Portion, WalkedMatter
from tests.unit.approval.matters import (
    HEAD,
    REVIEWER,
    STREET,
    accepted,
    after,
)
from tests.unit.approval.walked_leg import DIGEST, Almanac, WalkedLeg, portion, stored

Later = tuple[int, int]


@dataclass
class History:
    """One matter, both as the product has it and as it is walked."""

    almanacs: Sequence[Almanac]
    today: date
    street: Case
    walked: WalkedLeg
    district: Case | None = None
    walked_district: WalkedLeg | None = None
    running_from: dict[str, date] = field(default_factory=dict)
    calendar_at: int = 0
    extensions: int = 0

    @property
    def now(self) -> Almanac:
        """The calendar in force."""
        return self.almanacs[self.calendar_at]

    def told(self, facts: Iterable[Fact]) -> None:
        """Facts of the street's leg."""
        self.street = after(self.street, facts)

    def extend(self, later: Later) -> None:
        days = 1 + later[0] % 10
        with suppress(NotAllowed):
            extend(self.street, Extend(REVIEWER, days, DIGEST), self.today, self.now.calendar)
            raise AssertionError("who is no head extended")
        self.told([extend(self.street, Extend(HEAD, days, DIGEST), self.today, self.now.calendar)])
        self.extensions += 1
        known = self.street.item.extension
        assert self.extensions == 1, "a matter is extended once"
        assert days <= (known.days if known else 10)
        self.walked.extended(self._extension(days), self.today)
        self.walked.count(self.now.book)

    def pause(self, later: Later) -> None:
        """A procedure from some day before today on, also one that is over; ordered by one, approved by another."""
        first = self.today - timedelta(days=later[0])
        last = first + timedelta(days=later[1] // 2) if later[1] % 2 else None
        if last is not None and last > self.today:
            last = self.today
        command = PauseTerm(REVIEWER, SpecialProcedure.HEARING, 5, DIGEST, first_on=first, last_on=last)
        if self.street.procedures.waiting is None:
            self.told(pause(self.street, command, self.today, self.now.calendar))
        facts = approve_pause(self.street, HEAD, self.today, self.now.calendar)
        self.told(facts)
        waited = facts[0]
        first = waited.paused_on
        if self.street.paused_on is not None:
            self.running_from["street"] = first
            return
        self.walked.stopped(first, self.street.pauses[-1].last_on)
        self.walked.count(self.now.book)

    def resume(self, later: Later) -> None:
        last = self.today - timedelta(days=later[0])
        self.told([resume(self.street, ResumeTerm(REVIEWER, last), self.today, self.now.calendar)])
        self.walked.stopped(self.running_from.pop("street"), last)
        self.walked.count(self.now.book)

    def decide(self, _later: Later) -> None:
        fact = decide(self.street, Decide(HEAD, Outcome.REFUSED, DIGEST, "1"), self.today)
        self.told([fact])
        assert (fact.on_time, fact.early) == self.walked.ends(self.today)

    def refer(self, _later: Later) -> None:
        fact = refer(self.street, Refer(HEAD, DIGEST), self.today)
        self.told([fact])
        if fact.closes:
            assert (fact.on_time, fact.early) == self.walked.ends(self.today)
        self.running_from.pop("district", None)
        self.district = after(None, open_district_leg(None, fact, STREET, self.now.calendar))
        self.walked_district = self._leg_from(self.today)
        if self.street.item.closes_at_district:
            assert stored(self.district.term) == stored(self.street.term), "one matter has one end"
        else:
            self.walked_district.count(self.now.book)

    def acknowledge(self, later: Later) -> None:
        if self.district is None or self.walked_district is None:
            return
        received = max(self.today - timedelta(days=later[0]), self.district.referral.referred_on or self.today)
        facts = acknowledge(self.district, Acknowledgement("Q", received), self.today, self.now.calendar)
        self.district = after(self.district, facts)
        if facts and not self.street.item.closes_at_district:
            self.walked_district.matter = replace(self.walked_district.matter, start=received)
            self.walked_district.count(self.now.book)

    def answer(self, later: Later) -> None:
        """The district's decision, of which the street hears later."""
        if self.district is None or self.walked_district is None:
            return
        on = self.today - timedelta(days=later[0])
        paused_on = self.running_from.get("district")
        facts = district_decide(self.district, DecisionReport("r", Outcome.GRANTED, on), self.today)
        self.district = after(self.district, facts)
        for fact in facts:
            assert (fact.on_time, fact.early) == self.walked_district.ends(on, paused_on)
            for closing in decision_on_street_leg(self.street, fact):
                self.told([closing])
                if closing.closes:
                    assert (closing.on_time, closing.early) == self.walked.ends(on, paused_on)
                    assert self.street.closed_on == on

    def give_back(self, later: Later) -> None:
        if self.district is None:
            return
        on, closed = self.today - timedelta(days=later[0]), self.street.closed
        report = ReturnReport("r", DIGEST, on)
        for fact in return_case(self.district, report, self.today):
            self.district = after(self.district, [fact])
            referred_on = self.street.referral.referred_on
            assert referred_on is not None
            facts = return_on_street_leg(self.street, fact, self.now.calendar)
            self.told(facts)
            if facts:
                running = self.running_from.get("district") if self.street.item.closes_at_district else None
                self.walked.away(referred_on, on, closed=closed, running_from=running)
                self.walked.count(self.now.book)

    def district_pause(self, later: Later) -> None:
        if self.district is None:
            return
        on = self.today - timedelta(days=later[0])
        report = PauseReport(SpecialProcedure.HEARING, on)
        facts = district_pause(self.district, report, self.today, self.now.calendar)
        self._clock_told(facts)
        if facts:
            self.running_from["district"] = on

    def district_resume(self, later: Later) -> None:
        if self.district is None or self.walked_district is None:
            return
        on = self.today - timedelta(days=later[0])
        facts = district_resume(self.district, on, self.today, self.now.calendar)
        self._clock_told(facts)
        if facts:
            first = self.running_from.pop("district")
            self._both_walked(lambda leg: leg.stopped(first, on))

    def district_extend(self, later: Later) -> None:
        if self.district is None or self.walked_district is None:
            return
        days, on = 1 + later[1] % 10, self.today - timedelta(days=later[0])
        facts = district_extend(self.district, ExtensionReport(days, on), self.today, self.now.calendar)
        self._clock_told(facts)
        if facts:
            self._both_walked(lambda leg: leg.extended(self._extension(days), on))

    def _clock_told(self, facts: Iterable[ClockFact]) -> None:
        for fact in facts:
            self.district = after(self.district, [fact])
            self.told(clock_on_street_leg(self.street, fact))

    def _both_walked(self, move: Callable[[WalkedLeg], None]) -> None:
        assert self.walked_district is not None
        legs = [self.walked_district] + [self.walked] * self.street.item.closes_at_district
        for leg in legs:
            move(leg)
            leg.count(self.now.book)

    def publish(self, _later: Later) -> None:
        """The next calendar, and a recount of both legs by it."""
        self.calendar_at = min(self.calendar_at + 1, len(self.almanacs) - 1)
        cause = RecountCause(("国办发明电〔2027〕1号",), self.now.calendar.version)
        for leg in (self.street, self.district):
            if leg is not None and leg.closed and not (leg is self.street and leg.at_district):
                assert not recount(leg, self.now.calendar, cause, self.today), "what is closed never moves"
        if not self.street.closed:
            moved = recount(self.street, self.now.calendar, cause, self.today)
            before = stored(self.street.term)
            self.told(moved)
            assert moved or stored(self.street.term) == before, "a day moves by a fact alone"
            self.walked.count(self.now.book)
        if self.district is not None and self.walked_district is not None and not self.district.closed:
            self.district = after(self.district, recount(self.district, self.now.calendar, cause, self.today))
            self.walked_district.count(self.now.book)

    def check(self) -> None:
        """That every stored date is the walked one, and that they lie in their order."""
        legs = [(self.street, self.walked), (self.district, self.walked_district)]
        for case, walked in legs:
            if case is None or walked is None:
                continue
            dates = stored(case.term)
            assert dates == walked.dates
            assert dates.promised <= dates.legal
            assert dates.warn < dates.yellow <= dates.red
            assert case.ledger.promise_broken == walked.broken
            on_time, early = case.punctuality(self.today)
            assert on_time or not early, "early is on time"
            assert not on_time or self.today <= dates.promised
            assert all(map(_last_day_is_worked(case.term, self.almanacs), (dates.promised, dates.legal)))
        if self.district is not None and self.street.item.closes_at_district and self.street.at_district:
            assert stored(self.district.term).promised <= stored(self.street.term).promised
            assert stored(self.district.term).legal <= stored(self.street.term).legal

    def _extension(self, days: int) -> Portion:
        known = self.street.item.extension
        return Portion(days, known is None or known.unit is LimitUnit.WORKING_DAYS)

    def _leg_from(self, on: date) -> WalkedLeg:
        """The district's leg: the matter's own end, or its own limits within those of the whole."""
        item, mine = self.street.item, self.walked
        if item.closes_at_district:
            return replace(mine)
        part = item.district_part or PartLimits()
        legal = part.legal or Limit(20, LimitUnit.WORKING_DAYS, "行政许可法 42")
        leg = WalkedLeg(WalkedMatter(on, portion(part.promised or legal), portion(legal)), mine.dates)
        if item.whole is not None:
            law = item.whole.legal
            assert law is not None
            promise = portion(item.whole.promised or law)
            leg.whole = replace(mine.matter, promise=promise, law=portion(law))
        return leg


def _last_day_is_worked(term: Term, almanacs: Sequence[Almanac]) -> Callable[[date], bool]:
    """Whether a day is a working day by the calendar that counted it."""
    book = next(each.book for each in almanacs if each.calendar.version == term.calendar_version)
    return book.works


ACTS = {
    "extend": History.extend,
    "pause": History.pause,
    "resume": History.resume,
    "decide": History.decide,
    "refer": History.refer,
    "acknowledge": History.acknowledge,
    "answer": History.answer,
    "return": History.give_back,
    "publish": History.publish,
    "district pauses": History.district_pause,
    "district resumes": History.district_resume,
    "district extends": History.district_extend,
}


def begun(almanacs: Sequence[Almanac], on: date, item: AcceptedItem) -> History:
    """A matter on the day of its acceptance, with the dates that intake gives it."""
    first = almanacs[0]
    promised, legal = (
        IntakeLimit(limit.days, IntakeUnit(limit.unit), limit.article)
        for limit in (item.promised_limit, item.legal_limit)
    )
    dates = DueDates(first.calendar).of_matter(on, promised, legal)
    acceptance = replace(
        accepted(item),
        occurred_on=on,
        accepted_on=on,
        received_on=on,
        promised_due_on=dates.promised_due_on,
        legal_due_on=dates.legal_due_on,
        early_before=dates.early_before,
        provisional=dates.provisional,
        calendar_version=dates.calendar_version,
    )
    street = after(None, open_street_leg(None, acceptance, first.calendar))
    matter = WalkedMatter(on, portion(item.promised_limit), portion(item.legal_limit))
    return History(almanacs, on, street, WalkedLeg(matter, matter.dates(first.book)))


def act(history: History, name: str, later: Later) -> bool:
    """True when the act was allowed; one that was not has left everything as it was."""
    try:
        ACTS[name](history, later)
    except (NotAllowed, Malformed):
        return False
    event(name)
    return True
