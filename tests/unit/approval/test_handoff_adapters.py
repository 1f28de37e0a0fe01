"""Parts of the hand-off that need no server: the client's settings, readings of foreign texts, retries."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from uuid import uuid4

import pytest
from onewindow.approval.v1 import approval_event_pb2 as approval
from onewindow.district.v1 import district_service_pb2 as pb

from chassis.clock import SHANGHAI
from chassis.event_store import FileKey
from services.approval.handoff.adapters.client import district_number_in, open_client, report_key_in
from services.approval.handoff.adapters.delivery import PackagePapers, Packages
from services.approval.handoff.adapters.district_listing import clean, listed_case, record_of
from services.approval.handoff.adapters.nightly import until_night
from services.approval.handoff.adapters.queue import DueObligation
from services.approval.handoff.adapters.recorder import Recorder, RetrySettings
from services.approval.handoff.domain.reconciliation import LegEnding, LegRecord
from tests.support.certificates import Authority
from tests.unit.approval.matters import ACCEPTED_ON, APPLICATION, leg
from tests.unit.approval.memory_office import Passes

NOW = datetime(2016, 3, 1, 9, tzinfo=SHANGHAI)


def district_settings(**changed: Any) -> Any:
    """Settings of a district with a system at the loopback, without files."""
    unset = ("district_token_file", "district_authority_file", "district_certificate_file", "district_key_file")
    told = {"district_target": "127.0.0.1:1", "handoff_deadline_seconds": 5.0, **dict.fromkeys(unset)}
    return SimpleNamespace(**{**told, **changed})


def test_a_district_without_a_system_has_no_client() -> None:
    assert open_client(district_settings(district_target=None)) is None


async def test_a_client_shows_its_token_when_it_has_one(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("abc\n")
    plain, known = open_client(district_settings()), open_client(district_settings(district_token_file=file))
    assert plain is not None
    assert known is not None
    assert (plain._metadata(), known._metadata()) == ([], [("authorization", "Bearer abc")])
    await plain.close()
    await known.close()


async def test_a_client_with_an_authority_speaks_tls(tmp_path: Path) -> None:
    files = identity(tmp_path)
    client = open_client(district_settings(**files))
    assert client is not None
    assert client._channel._files is not None
    await client.close()


def identity(folder: Path) -> dict[str, Path]:
    """Certificate, key and authority of a client."""
    authority = Authority()
    key, certificate = authority.give()
    files = {"authority": authority.pem, "certificate": certificate, "key": key}
    for name, pem in files.items():
        (folder / name).write_bytes(pem)
    return {f"district_{name}_file": folder / name for name in files}


@pytest.mark.parametrize("text", ["", "Q-1", "穗建〔2016〕1号", "x" * 64])
def test_a_number_of_the_district_is_one_line(text: str) -> None:
    assert district_number_in(text) == text


@pytest.mark.parametrize("text", ["x" * 65, "Q\n1", "Q\x7f"])
def test_another_text_is_no_number(text: str) -> None:
    with pytest.raises(ValueError, match="district_number"):
        district_number_in(text)


@pytest.mark.parametrize("text", ["short", "x" * 65, "key with blanks", "键键键键键键键键"])
def test_a_key_of_a_report_follows_the_contract(text: str) -> None:
    with pytest.raises(ValueError, match="report_key"):
        report_key_in(text)
    assert report_key_in("decided:1.2_3-4") == "decided:1.2_3-4"


@pytest.mark.parametrize(
    ("case", "record"),
    [
        (
            pb.DistrictCase(district_number="Q-1", received_on="2016-03-01", stage=pb.DISTRICT_STAGE_REVIEWING),
            LegRecord("Q-1", "2016-03-01", LegEnding.OPEN, ""),
        ),
        (
            pb.DistrictCase(stage=pb.DISTRICT_STAGE_DECIDED, outcome=approval.OUTCOME_REFUSED, decided_on="2016-03-04"),
            LegRecord("", "", LegEnding.REFUSED, "2016-03-04"),
        ),
        (pb.DistrictCase(stage=pb.DISTRICT_STAGE_DECIDED), LegRecord("", "", LegEnding.UNSTATED, "")),
        (
            pb.DistrictCase(stage=pb.DISTRICT_STAGE_RETURNED, decided_on="2016-03-04", returned_on="2016-03-05"),
            LegRecord("", "", LegEnding.RETURNED, "", "2016-03-05"),
        ),
        (pb.DistrictCase(stage=pb.DISTRICT_STAGE_WITHDRAWN), LegRecord("", "", LegEnding.WITHDRAWN, "")),
        (pb.DistrictCase(), LegRecord("", "", LegEnding.UNSTATED, "")),
    ],
)
def test_a_case_of_the_list_becomes_a_record(case: pb.DistrictCase, record: LegRecord) -> None:
    assert record_of(case) == record


def test_a_key_names_our_leg_or_is_shown_as_it_is() -> None:
    leg = uuid4()
    assert listed_case(pb.DistrictCase(key=str(leg).upper())).leg == leg
    stranger = listed_case(pb.DistrictCase(key="NOT\nOURS"))
    assert (stranger.leg, stranger.key) == (None, "NOT?OURS")


def test_a_foreign_text_is_one_line_that_a_terminal_can_show() -> None:
    assert clean("a\x1b[31mb\u2028c") == "a?[31mb?c"
    assert len(clean("x" * 500)) == 200


@pytest.mark.parametrize(("hour", "hours"), [(1, 1), (2, 24), (3, 23), (23, 3)])
def test_the_night_begins_at_two(hour: int, hours: int) -> None:
    assert until_night(NOW.replace(hour=hour)) == hours * 3600


class FixedClock:
    """A clock that stands."""

    def now(self) -> datetime:
        """The instant."""
        return NOW


def obligation(attempts: int) -> DueObligation:
    """An obligation after so many attempts."""
    key = FileKey("440105", "440105000", uuid4())
    return DueObligation(key, "receive", "housing", key, APPLICATION, ACCEPTED_ON, attempts, uncertain=False)


@pytest.mark.parametrize("provisional", [True, False])
def test_a_package_tells_the_last_day_and_whether_a_coming_notice_may_move_it(*, provisional: bool) -> None:
    case = leg()
    case = replace(case, term=replace(case.term, provisional=provisional))
    unused: Any = None
    packages = Packages(unused, unused, unused, Passes(), "hz-approval")
    package = packages.request(obligation(1), PackagePapers(unused, case, "同意转报"))
    assert (package.promised_due_on, package.provisional) == (case.term.promised_due_on.isoformat(), provisional)


@pytest.mark.parametrize(("attempts", "longest"), [(1, 1.0), (2, 2.0), (4, 8.0), (9, 256.0), (10, 300.0), (99, 300.0)])
def test_a_retry_waits_a_random_time_that_doubles_up_to_the_cap(
    attempts: int, longest: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[float, float]] = []

    def uniform(low: float, high: float) -> float:
        asked.append((low, high))
        return high

    monkeypatch.setattr("services.approval.handoff.adapters.recorder.random.uniform", uniform)
    nothing = cast(Any, None)
    recorder = Recorder(nothing, nothing, nothing, nothing, nothing, RetrySettings())
    at = recorder._retry_time(obligation(attempts), FixedClock())  # type: ignore[arg-type] # the instant alone
    assert asked == [(0, longest)]
    assert (at.office, at.real_seconds) == (NOW + timedelta(seconds=longest), max(2.0, longest))
