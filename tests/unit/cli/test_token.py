"""`onewindow token`: a street that is not published is said while the stack runs; the token is signed all the same."""

import json
from base64 import b64decode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc
import pytest
from onewindow.intake.v1 import application_pb2 as pb
from typer.testing import CliRunner, Result

from cli.stack.token import app
from embedded import keys
from embedded.data_dir import DataDir, StackSettings
from embedded.services import Site
from embedded.stack import Stack
from protocol.streams import SERVICES

STREET, UNPUBLISHED = "440105008", "440105777"
SENTENCE = "本区没有公布凭证中的街道。"


class Intake:
    """Intake of one method: it refuses every call with `code`, and answers where there is none."""

    code: grpc.StatusCode | None = None

    def ListApplications(self, _request: pb.ListApplicationsRequest, context: Any) -> pb.ListApplicationsResponse:
        """Nothing, or the refusal."""
        if self.code is not None:
            context.abort(self.code, SENTENCE)
        return pb.ListApplicationsResponse()


@pytest.fixture
def intake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Intake]:
    """The intake of a stack that runs in the folder of the settings."""
    servicer, server = Intake(), grpc.server(ThreadPoolExecutor(2))
    listed = grpc.unary_unary_rpc_method_handler(
        servicer.ListApplications, pb.ListApplicationsRequest.FromString, pb.ListApplicationsResponse.SerializeToString
    )
    methods = {"ListApplications": listed}
    server.add_generic_rpc_handlers(
        [grpc.method_handlers_generic_handler("onewindow.intake.v1.IntakeService", methods)]
    )
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    data_dir = DataDir(tmp_path)
    data_dir.create()
    keys.provide(data_dir)
    monkeypatch.setenv("ONEWINDOW_HOME", str(tmp_path))
    site = Site(data_dir, {f"{name}.rpc": port for name in SERVICES}, StackSettings.load())
    monkeypatch.setattr(Stack, "running", lambda _stack: True)
    monkeypatch.setattr(Stack, "site", lambda _stack: site)
    yield servicer
    server.stop(None)


def issued(place: str) -> Result:
    return CliRunner().invoke(app, ["--staff", "1", "--post", "HEAD", "--place", place])


def test_a_street_that_is_not_published_is_said_and_the_token_issued(intake: Intake) -> None:
    intake.code = grpc.StatusCode.PERMISSION_DENIED
    ran = issued(UNPUBLISHED)
    assert (ran.exit_code, ran.stdout.count(".")) == (0, 2)
    assert ran.stderr.startswith(f"--place {UNPUBLISHED}：{SENTENCE}")


@pytest.mark.parametrize("code", [None, grpc.StatusCode.UNAVAILABLE])
def test_nothing_is_said_of_a_street_that_is_taken_or_where_nobody_answers(
    intake: Intake, code: grpc.StatusCode | None
) -> None:
    intake.code = code
    ran = issued(STREET)
    assert (ran.exit_code, ran.stderr) == (0, "")


@pytest.mark.parametrize(
    ("system", "place", "at"),
    [("PORTAL", "", "*"), ("portal", STREET, STREET), ("SCREEN", STREET, STREET), ("DISTRICT_SYSTEM", "", "*")],
)
def test_a_system_gets_a_token_of_its_own(intake: Intake, system: str, place: str, at: str) -> None:
    ran = CliRunner().invoke(app, ["--system", system, *(["--place", place] if place else [])])
    assert (ran.exit_code, ran.stderr) == (0, "")
    body = ran.stdout.split(".")[1]
    claims = json.loads(b64decode(body + "=" * (-len(body) % 4), altchars=b"-_"))
    assert (claims["machine"], claims["place"]) == (system.upper(), at)


@pytest.mark.parametrize(
    "words",
    [
        "--system SCREEN",
        "--system SCREEN --place 440105",
        "--system PROBE",
        "--system PORTAL --post CLERK",
        "--system PORTAL --line LABOUR",
        "--system PORTAL --staff 1",
        "--staff 1 --place 440105008",
        "--place 440105008",
    ],
)
def test_a_token_is_of_a_person_with_a_post_or_of_a_system(intake: Intake, words: str) -> None:
    assert CliRunner().invoke(app, words.split()).exit_code == 2
