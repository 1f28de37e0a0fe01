"""Use cases of the window over the store in memory: numbers, texts, envelopes, repeats, and what is not found."""

from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from chassis.clock import SHANGHAI
from chassis.event_store import Changed, FileKey
from chassis.refusals import NotFound, NotYetHere, RequestIdReused, StaleRevision
from chassis.vault.objects import path_of
from law.desk import UnknownWindow
from law.workdays import state_council
from services.intake.domain.application.applicant import WrongIdentityNumber
from services.intake.domain.application.facts import DeclineGround
from services.intake.domain.application.papers import UnknownMaterial
from services.intake.domain.application.receive_material import ArrivedPaper
from services.intake.domain.application.state import Application, ApplicationStage
from services.intake.domain.application.submit import WindowNeeded
from services.intake.domain.catalogue.item import Line
from services.intake.domain.catalogue.state import Catalogue, CatalogueEntry
from services.intake.domain.ticket.state import TicketNotCalled, TicketOfAnotherDay, TicketOfAnotherLine
from services.intake.ports import ApplicationQuery, ListedApplication
from services.intake.usecases.answers import NonAcceptance
from services.intake.usecases.catalogue import PUBLISHED
from tests.unit.intake.hall import AGENT, GENERAL, INSTANT, PERSON, PROMISED, handed_in, holiday_notice, papers
from tests.unit.intake.office import DISTRICT, HERE, MORNING, PEOPLE, InMemory

CONTENT = b"%PDF-1.7 a paper"
PAPER = ArrivedPaper("M02", sha256(CONTENT).hexdigest(), len(CONTENT), "application/pdf")


@pytest.fixture
def intake(tmp_path: Path) -> InMemory:
    """An office of its own."""
    return InMemory(tmp_path)


async def submitted(intake: InMemory, *codes: str) -> Changed[Application]:
    return await intake.submissions.submit(intake.context(), handed_in(*codes), PEOPLE)


async def accepted(intake: InMemory) -> Changed[Application]:
    taken = await submitted(intake, "M01", "M02")
    return await intake.answers.accept(intake.context(), taken.key.file_id)


async def test_a_receipt_has_its_serial_number_and_its_texts_lie_in_the_vault(intake: InMemory) -> None:
    first, second = await submitted(intake, "M01"), await submitted(intake)
    receipts = [changed.state.submission for changed in (first, second)]
    assert [receipt.serial_number[-10:] for receipt in receipts if receipt] == ["1609140001", "1609140002"]
    texts = await intake.texts(first.key)
    assert set(texts) == {"applicant", "agent"}
    assert "张三丰" in texts["applicant"]
    assert AGENT in texts["agent"]


async def test_notify_gets_the_applicant_of_a_matter_that_informs(intake: InMemory) -> None:
    taken = await submitted(intake)
    (envelope,) = intake.envelopes
    assert (envelope["kind"], envelope["name"], envelope["agent"]) == ("applicant", "张三丰", "李四")
    assert envelope["application_id"] == str(taken.key.file_id)
    assert envelope["code"] == intake.submissions.query_code(taken.key)
    assert envelope["index"] == intake.secrets.index(PERSON)


async def test_notify_gets_nothing_of_a_matter_that_informs_nobody(intake: InMemory) -> None:
    quiet = replace(PROMISED, receipt=False, sms=False)
    intake.catalogue.published = Catalogue.of(
        state_council(), [CatalogueEntry(items=(quiet,)), CatalogueEntry(window=GENERAL)]
    )
    await submitted(intake)
    assert intake.envelopes == []


async def test_a_repeat_gets_the_first_answer_whatever_has_changed(intake: InMemory) -> None:
    context = intake.context()
    first = await intake.submissions.submit(context, handed_in("M01"), PEOPLE)
    intake.catalogue.published = Catalogue.of(state_council(), [CatalogueEntry(items=(PROMISED,))])
    again = await intake.submissions.submit(context, handed_in("M01"), PEOPLE)
    assert (again.key, again.replayed, first.replayed) == (first.key, True, False)
    other = replace(context, cause=replace(context.cause, fingerprint=b"another request"))
    with pytest.raises(RequestIdReused):
        await intake.submissions.submit(other, handed_in("M02"), PEOPLE)


@pytest.mark.parametrize(
    ("submission", "refusal", "field"),
    [
        (replace(handed_in(), window=""), WindowNeeded, "window"),
        (replace(handed_in(), window="W9"), UnknownWindow, "window"),
        (handed_in("M99"), UnknownMaterial, "materials[0].material_code"),
    ],
)
async def test_a_submission_that_is_refused_leaves_nothing(
    intake: InMemory, submission: object, refusal: type[Exception], field: str
) -> None:
    with pytest.raises(refusal) as refused:
        await intake.submissions.submit(intake.context(), submission, PEOPLE)  # type: ignore[arg-type] # a table of submissions
    assert refused.value.field == field  # type: ignore[attr-defined] # every refusal of the domain has one
    assert (intake.store.published, intake.envelopes) == ([], [])


async def test_the_number_of_an_applicant_is_checked(intake: InMemory) -> None:
    wrong = replace(PEOPLE, applicant=replace(PEOPLE.applicant, identity_number="12441500196720244T"))
    with pytest.raises(WrongIdentityNumber) as refused:
        await intake.submissions.submit(intake.context(), handed_in(), wrong)
    assert refused.value.field == "applicant.identity_number"


async def test_an_item_that_is_not_in_the_catalogue_is_not_found(intake: InMemory) -> None:
    with pytest.raises(NotFound) as refused:
        await intake.submissions.submit(intake.context(), replace(handed_in(), item_code="X" * 31), PEOPLE)
    assert [fault.field for fault in refused.value.fields] == ["item_code"]


async def test_a_submission_may_name_a_ticket_of_its_hall_and_its_day(intake: InMemory) -> None:
    ticket = await intake.tickets.take(intake.context(), Line.FAMILY_PLANNING)
    named = replace(handed_in(), ticket_id=str(ticket.key.file_id))
    with pytest.raises(TicketNotCalled) as waiting:
        await intake.submissions.submit(intake.context(), named, PEOPLE)
    assert waiting.value.field == "ticket_id"
    await intake.tickets.call(intake.context(), ticket.key.file_id, "W2")
    other = await intake.tickets.take(intake.context(), Line.LABOUR)
    await intake.tickets.call(intake.context(), other.key.file_id, "W1")
    with pytest.raises(TicketOfAnotherLine) as mixed:
        await intake.submissions.submit(intake.context(), replace(named, ticket_id=str(other.key.file_id)), PEOPLE)
    assert mixed.value.field == "ticket_id"
    taken = await intake.submissions.submit(intake.context(), named, PEOPLE)
    assert taken.state.submission is not None
    assert taken.state.submission.ticket_id == named.ticket_id
    with pytest.raises(NotFound) as unknown:
        await intake.submissions.submit(intake.context(), replace(named, ticket_id=str(uuid4())), PEOPLE)
    assert [fault.field for fault in unknown.value.fields] == ["ticket_id"]
    intake.clock.instant = datetime(2016, 9, 18, 10, tzinfo=SHANGHAI)
    with pytest.raises(TicketOfAnotherDay):
        await intake.submissions.submit(intake.context(), named, PEOPLE)


async def test_a_ticket_is_called_once_it_was_taken(intake: InMemory) -> None:
    ticket = await intake.tickets.take(intake.context(), Line.FAMILY_PLANNING)
    called = await intake.tickets.call(intake.context(), ticket.key.file_id, "W2")
    assert (called.state.number, called.state.window) == ("E001", "W2")
    with pytest.raises(NotFound):
        await intake.tickets.call(intake.context(), uuid4(), "W2")


async def test_an_instant_matter_is_three_facts_in_one_commit(intake: InMemory) -> None:
    done = await intake.submissions.complete_at_once(intake.context(), handed_in("M01", "M02", item=INSTANT), PEOPLE)
    assert (done.revision, done.state.stage) == (3, ApplicationStage.CLOSED)
    kinds = [record.kind for _, record, _ in intake.store.published]
    assert kinds == ["application_submitted", "application_accepted", "completed_on_the_spot"]
    assert done.state.acceptance is not None
    assert done.state.acceptance.number == INSTANT.code + "20160914" + "0001"
    assert intake.envelopes == [], "it ends at the window, and nothing is sent"


async def test_an_instant_matter_is_completed_later_too(intake: InMemory) -> None:
    taken = await intake.submissions.submit(intake.context(), handed_in("M01", "M02", item=INSTANT), PEOPLE)
    done = await intake.answers.complete(intake.context(), taken.key.file_id)
    assert (done.revision, done.state.stage) == (3, ApplicationStage.CLOSED)


async def test_receipt_after_closing_time_counts_from_the_next_working_day(intake: InMemory) -> None:
    intake.clock.instant = MORNING.replace(hour=18)
    assert (await submitted(intake)).state.received_on == date(2016, 9, 18)


async def test_an_acceptance_takes_the_next_number_of_the_day(intake: InMemory) -> None:
    numbers = [(await accepted(intake)).state.acceptance for _ in range(2)]
    assert [acceptance.number[-12:] for acceptance in numbers if acceptance] == ["201609140001", "201609140002"]


async def test_an_answer_on_a_revision_that_has_moved_on_is_refused(intake: InMemory) -> None:
    taken = await submitted(intake, "M01", "M02")
    with pytest.raises(StaleRevision):
        await intake.answers.accept(intake.context(revision=2), taken.key.file_id)
    assert (await intake.answers.accept(intake.context(revision=1), taken.key.file_id)).revision == 2


async def test_a_non_acceptance_is_a_letter_whose_texts_go_to_the_vault_and_to_notify(intake: InMemory) -> None:
    taken = await submitted(intake)
    letter = NonAcceptance(DeclineGround.NOT_OURS, "不属于街道职权", " 区民政局 ")
    done = await intake.answers.decline(intake.context(), taken.key.file_id, letter)
    assert done.state.declined is not None
    assert done.state.declined.letter_number == "440105008不受〔2016〕0001号"
    texts = {"decline.reason": "不属于街道职权", "decline.proper_organ": "区民政局"}
    assert (await intake.texts(taken.key)).items() >= texts.items()
    assert (intake.envelopes[-1]["kind"], intake.envelopes[-1]["texts"]) == ("decline", texts)


async def test_an_organ_of_blanks_is_none(intake: InMemory) -> None:
    taken = await submitted(intake)
    letter = NonAcceptance(DeclineGround.NOT_NEEDED, "依法不需要许可", " \u3000")
    done = await intake.answers.decline(intake.context(), taken.key.file_id, letter)
    assert done.state.declined is not None
    assert done.state.declined.proper_organ is None
    assert set(intake.envelopes[-1]["texts"]) == {"decline.reason"}


async def test_a_correction_is_demanded_in_a_letter_and_supplied(intake: InMemory) -> None:
    taken = await submitted(intake)
    defects = [("M01", "未盖章"), ("M02", "已过期")]
    asked = await intake.answers.request_correction(intake.context(), taken.key.file_id, defects)
    assert asked.state.correction is not None
    assert asked.state.correction.letter_number == "440105008补告〔2016〕0001号"
    assert intake.envelopes[-1]["texts"] == {"correction.M01": "未盖章", "correction.M02": "已过期"}
    done = await intake.answers.supply_correction(intake.context(), taken.key.file_id, papers("M01", "M02"))
    assert (done.state.stage, done.state.still_missing) == (ApplicationStage.SUBMITTED, ())


async def test_letters_of_a_street_are_counted_by_kind(intake: InMemory) -> None:
    defects = [("M01", "未盖章"), ("M02", "已过期")]
    for serial in ("0001", "0002"):
        taken = await submitted(intake)
        asked = await intake.answers.request_correction(intake.context(), taken.key.file_id, defects)
        assert asked.state.correction is not None
        assert asked.state.correction.letter_number.endswith(f"{serial}号")


async def test_each_correction_at_the_window_keeps_its_own_text(intake: InMemory) -> None:
    taken = await submitted(intake)
    for change in ("更正姓名", "更正住址", "更正姓名"):
        await intake.answers.correct(intake.context(), taken.key.file_id, papers("M01"), change)
    texts = await intake.texts(taken.key)
    assert sorted(text for name, text in texts.items() if name.startswith("change.")) == ["更正住址", "更正姓名"]


async def test_an_application_that_does_not_exist_is_not_found(intake: InMemory) -> None:
    for act in (intake.answers.accept, intake.answers.complete):
        with pytest.raises(NotFound):
            await act(intake.context(), uuid4())
    with pytest.raises(NotFound):
        await intake.acts.withdraw(intake.context(), uuid4(), "")


async def test_a_matter_of_a_version_that_is_not_read_yet_is_not_here_yet(intake: InMemory) -> None:
    taken = await submitted(intake, "M01", "M02")
    intake.catalogue.published = Catalogue.of(state_council(), [])
    with pytest.raises(NotYetHere):
        await intake.answers.accept(intake.context(), taken.key.file_id)


async def test_a_paper_is_stored_encrypted_before_its_fact(intake: InMemory) -> None:
    taken = await submitted(intake, "M01")
    done = await intake.acts.receive_material(intake.context(), taken.key.file_id, PAPER, CONTENT)
    assert done.state.missing == ()
    stored = await intake.objects.get(path_of(taken.key, PAPER.sha256))
    assert CONTENT not in stored


async def test_the_bytes_of_a_refused_paper_are_not_stored(intake: InMemory) -> None:
    taken = await submitted(intake)
    with pytest.raises(UnknownMaterial):
        await intake.acts.receive_material(
            intake.context(), taken.key.file_id, replace(PAPER, material_code="M99"), CONTENT
        )
    with pytest.raises(NotFound):
        await intake.objects.get(path_of(taken.key, PAPER.sha256))


@pytest.mark.parametrize("reason", ["不再需要", ""])
async def test_a_reason_of_a_withdrawal_lies_in_the_vault(intake: InMemory, reason: str) -> None:
    taken = await submitted(intake)
    done = await intake.acts.withdraw(intake.context(), taken.key.file_id, reason)
    assert done.state.stage is ApplicationStage.WITHDRAWN
    assert (await intake.texts(taken.key)).get("withdrawal.reason", "") == reason


async def test_applications_are_read_once_the_position_is_reached(intake: InMemory) -> None:
    listed = ListedApplication(FileKey("440105", HERE.street, UUID(int=7)), {"number": "N"}, "张**")
    intake.table.listed = [listed]
    assert await intake.lookups.one(HERE, UUID(int=7), "", "intake/1") is listed
    assert await intake.lookups.one(HERE, None, "N", "") is listed
    assert await intake.lookups.page(HERE, ApplicationQuery(50), "intake/2") == ([listed], 1)
    assert intake.positions.awaited == ["intake/1", "intake/2"]
    with pytest.raises(NotFound):
        await intake.lookups.one(HERE, UUID(int=8), "", "")


async def test_a_publication_answers_whether_it_changed_something(intake: InMemory) -> None:
    item = replace(PROMISED, version=0)
    answers = [(await intake.publication.publish_item(intake.context(DISTRICT), item)).answer for _ in range(2)]
    answers += [(await intake.publication.publish_window(intake.context(DISTRICT), GENERAL)).answer for _ in range(2)]
    assert answers == [PUBLISHED, b"", PUBLISHED, b""]


async def test_a_calendar_answers_its_version_also_when_nothing_changed(intake: InMemory) -> None:
    notice = holiday_notice(2027)
    published = await intake.publication.publish_calendar(intake.context(DISTRICT), notice)
    assert published.answer == b"state-council-2026+2027.1"
    again = await intake.publication.publish_calendar(intake.context(DISTRICT), notice)
    assert again.answer == b"state-council-2026", "the calendar as this process knows it"
