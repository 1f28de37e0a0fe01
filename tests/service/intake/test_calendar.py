"""A year's holidays, published from a file: what was provisional is certain, and a trial run changes nothing."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import grpc
import pytest
from onewindow.intake.v1 import catalogue_service_pb2 as catalogue_pb
from onewindow.intake.v1 import submission_pb2 as submission_pb

from catalogue.check import CalendarDocument, check
from chassis.clock import SHANGHAI
from cli.calendar.publication import publish_year, trial_publication
from cli.catalogue.publication import STAFF, holidays
from client.office import OfficeClient
from embedded.data_dir import DataDir
from embedded.keys import staff_token
from embedded.ports import LOOPBACK
from tests.service.intake.intake_service import DISTRICT, RunningIntake, fresh, refusal_in, running, submission
from tests.support.servers import Database, NatsServer
from tests.unit.catalogue.test_calendar_rules import written
from tests.unit.intake import hall

pytestmark = pytest.mark.integration

LATE_DECEMBER = datetime(2026, 12, 28, 10, 0, tzinfo=SHANGHAI)


def desks_of(intake: RunningIntake) -> OfficeClient:
    """The configurator's desk."""
    token = staff_token(intake.home, STAFF, ["CONFIGURATOR"], DISTRICT)
    return OfficeClient(
        dict.fromkeys(("intake", "approval", "notify", "metrics"), f"{LOOPBACK}:{intake.doors['rpc']}"),
        {STAFF: token},
    )


def document(folder: Path, *changes: tuple[str, str]) -> CalendarDocument:
    """The notice of 2027 as it is published."""
    (calendar,) = check(written(folder, *changes)).calendars
    return calendar


async def taken(intake: RunningIntake) -> submission_pb.SubmitResponse:
    """A matter handed in now."""
    clerk = intake.clerk()
    request = submission_pb.SubmitRequest(request_id=fresh(), submission=submission())
    answer: submission_pb.SubmitResponse = await clerk.windows.Submit(request, metadata=clerk.signed)
    return answer


async def test_publishing_a_year_makes_its_dates_certain(
    server_home: DataDir, create_database: Callable[..., Database], nats_server: NatsServer, tmp_path: Path
) -> None:
    database = create_database("intake", "intake_2027")
    with running(server_home, database, nats_server.url, LATE_DECEMBER) as intake:
        await intake.publish(hall.PROMISED, hall.GENERAL)
        desks, calendar = desks_of(intake), document(tmp_path)
        before = await taken(intake)
        assert (before.answer_due_on, before.provisional) == ("2027-01-05", True)
        assert (await holidays(desks, 2027))[0] is None

        tried = await trial_publication(desks, calendar)
        trial = list(tried.words())
        assert trial[:2] == [
            "试发布，未作改动。",
            "2027 年放假安排（国办发明电〔2026〕1号）：放假 27 天，调休上班 6 天",
        ]
        assert "2027 年尚未公布" in trial[2]
        assert "改为休息 10 天：2027-02-09（周二）" in trial[3]
        assert trial[4].startswith("改为上班 6 天：2027-02-20（周六）")
        assert trial[5] == "2027 年工作日：254 天改为 250 天"
        assert (await taken(intake)).provisional, "a trial run changes nothing"

        published = await publish_year(desks, calendar, 60)
        assert published.version == "state-council-2026+2027.1"
        assert published.recounts[0].finished
        assert [file for file in tried.recounts[0].files if file not in published.recounts[0].files] == []
        assert before.serial_number in {file.number for file in published.recounts[0].files}
        after = await taken(intake)
        assert (after.answer_due_on, after.provisional) == ("2027-01-05", False)
        known, _ = await holidays(desks, 2027)
        assert known is not None and list(known.makeup_days)[:1] == ["2027-02-20"]

        again = await publish_year(desks, calendar, 60)
        assert ("与本通知相同" in again.days[1], again.version, again.recounts) == (True, published.version, [])
        changed = document(tmp_path, ('"2027-06-09"', '"2027-06-09..2027-06-10"'))
        amended = list((await trial_publication(desks, changed)).words())
        assert amended[3:5] == ["改为休息 1 天：2027-06-10（周四）", "2027 年工作日：250 天改为 249 天"]
        await publish_year(desks, changed, 60)
        await publish_year(desks, calendar, 60)
        assert (await holidays(desks, 2027))[0] == known, "what held before an amendment can be published once more"
        await desks.close()
        await intake.close()


async def test_the_holidays_of_a_shipped_year_can_be_read_with_its_amendments(intake: RunningIntake) -> None:
    clerk = intake.clerk()
    answer = await clerk.catalogue.GetCalendar(catalogue_pb.GetCalendarRequest(year=2020), metadata=clerk.signed)
    assert "2020-02-02" in answer.notice.days_off, "the notice of the spring of 2020 gave three days more"
    assert answer.calendar_version.startswith("state-council-2026")
    with pytest.raises(grpc.aio.AioRpcError) as error:
        await clerk.catalogue.GetCalendar(catalogue_pb.GetCalendarRequest(year=1999), metadata=clerk.signed)
    assert list(refusal_in(error.value).fields) == ["year"]
