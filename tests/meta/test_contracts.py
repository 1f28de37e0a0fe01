"""A contract that does not say who may call, what it means, or what a field may hold is found."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tools import commands
from tools.contracts import rules
from tools.generate import GenerationFailed, generate

GOOD = """// Takes what is handed in.
service IntakeService {
  // Hands in an application.
  rpc Submit(SubmitRequest) returns (SubmitResponse) {
    option (onewindow.access.v1.allow) = {posts: [POST_CLERK]};
  }
}
// What is handed in.
message SubmitRequest {
  // Why once.
  string request_id = 1 [(buf.validate.field).string.uuid = true];
  // One of the papers.
  Paper paper = 2 [(buf.validate.field).required = true];
  // How it came.
  oneof channel {
    option (buf.validate.oneof).required = true;
    // Over the counter.
    Paper window = 3;
  }
}
// A paper.
message Paper {
  // What it is called.
  string name = 1 [(buf.validate.field).string.max_len = 20];
}
// The answer.
message SubmitResponse {
  // The number of the application.
  string number = 1;
}
// How it ends.
enum Ending {
  // Not stated.
  ENDING_UNSPECIFIED = 0;
}
"""

Contract = Callable[[str], Path]


def test_a_good_contract_is_left_alone(seed_contract: Contract) -> None:
    root = seed_contract(GOOD)
    for check in (rules.check_access, rules.check_fields):
        assert check(root) == []
    assert commands.check_proto_lint(root) == []
    assert commands.check_proto_breaking(root) == []


def test_a_method_without_an_access_rule_is_found(seed_contract: Contract) -> None:
    option = "    option (onewindow.access.v1.allow) = {posts: [POST_CLERK]};\n"
    (found,) = rules.check_access(seed_contract(GOOD.replace(option, "")))
    assert (found.path, found.line) == ("proto/onewindow/intake/v1/intake_service.proto", 8)
    assert "onewindow.intake.v1.IntakeService.Submit" in found.sentence


@pytest.mark.parametrize(
    "sentence",
    [
        "// Takes what is handed in.\n",
        "  // Hands in an application.\n",
        "// What is handed in.\n",
        "  // Why once.\n",
        "// How it ends.\n",
        "  // Not stated.\n",
    ],
)
def test_a_part_without_a_sentence_is_found(seed_contract: Contract, sentence: str) -> None:
    (found,) = commands.check_proto_lint(seed_contract(GOOD.replace(sentence, "")))
    assert "should have a non-empty comment" in found.sentence


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        (" [(buf.validate.field).string.uuid = true]", "SubmitRequest.request_id"),
        (" [(buf.validate.field).required = true]", "SubmitRequest.paper"),
        (" [(buf.validate.field).string.max_len = 20]", "Paper.name"),
        ("    option (buf.validate.oneof).required = true;\n", "SubmitRequest.window"),
    ],
)
def test_a_field_that_a_caller_fills_without_a_rule_is_found(seed_contract: Contract, rule: str, field: str) -> None:
    (found,) = rules.check_fields(seed_contract(GOOD.replace(rule, "")))
    assert field in found.sentence


def test_a_contract_against_the_usual_style_is_found(seed_contract: Contract) -> None:
    found = commands.check_proto_lint(seed_contract(GOOD.replace("request_id", "requestId")))
    assert [finding.path for finding in found] == ["proto/onewindow/intake/v1/intake_service.proto"]


def test_a_change_that_breaks_a_client_of_the_last_release_is_found(seed_contract: Contract) -> None:
    rules.release(seed_contract(GOOD))
    assert commands.check_proto_breaking(seed_contract(GOOD)) == []
    (found,) = commands.check_proto_breaking(seed_contract(GOOD.replace("string number = 1", "int32 number = 1")))
    assert "number" in found.sentence


def test_generation_writes_typed_modules_and_keeps_the_last_ones_when_it_fails(seed_contract: Contract) -> None:
    root = seed_contract(GOOD)
    assert generate(root) == 2
    made = {path.relative_to(root / "gen").as_posix() for path in (root / "gen").rglob("*") if path.is_file()}
    assert {
        "onewindow.binpb",
        "onewindow/py.typed",
        "onewindow/__init__.py",
        "onewindow/intake/v1/intake_service_pb2.py",
        "onewindow/intake/v1/intake_service_pb2.pyi",
        "onewindow/intake/v1/intake_service_pb2_grpc.pyi",
        "buf/validate/validate_pb2.py",
    } <= made
    with pytest.raises(GenerationFailed, match=r"intake_service\.proto"):
        generate(seed_contract("message {"))
    assert {path.relative_to(root / "gen").as_posix() for path in (root / "gen").rglob("*") if path.is_file()} == made
