"""Callers of every method, as a table: each post at each level and each system is admitted or refused as it says.

The table is written by hand beside the options of the contract, so that a rule that changes is read by two people.
"""

from itertools import product

import pytest
from onewindow.access.v1 import access_pb2
from onewindow.district.v1 import district_service_pb2

from chassis.refusals import NotPermitted, Refusal, Unauthenticated
from chassis.rpc.access import NO_CALLER, AccessRule, admit, rules_of
from chassis.rpc.identity.caller import Caller, level_of
from law.desk import Level, Machine, Post
from tools.contracts.access_page import methods

C, R, H, S, G, A = Post.CLERK, Post.REVIEWER, Post.HEAD, Post.SUPERVISOR, Post.CONFIGURATOR, Post.AUDITOR
PORTAL, DISTRICT_SYSTEM, PROBE, SCREEN = Machine
EVERYWHERE, AT_STREET, AT_DISTRICT = frozenset(Level), frozenset({Level.STREET}), frozenset({Level.DISTRICT})
READERS = {C, R, H, S, A}

Row = tuple[set[Post], frozenset[Level], set[Machine]]
TABLE: dict[str, Row] = {
    "intake.v1.IntakeService/Submit": ({C}, EVERYWHERE, {PORTAL, PROBE}),
    "intake.v1.IntakeService/UploadMaterial": ({C}, EVERYWHERE, {PORTAL}),
    "intake.v1.IntakeService/CorrectOnTheSpot": ({C}, AT_STREET, set()),
    "intake.v1.IntakeService/Accept": ({C}, EVERYWHERE, {PROBE}),
    "intake.v1.IntakeService/Decline": ({C}, EVERYWHERE, set()),
    "intake.v1.IntakeService/RequestCorrection": ({C}, EVERYWHERE, set()),
    "intake.v1.IntakeService/SupplyCorrection": ({C}, EVERYWHERE, {PORTAL}),
    "intake.v1.IntakeService/CompleteOnTheSpot": ({C}, EVERYWHERE, {PROBE}),
    "intake.v1.IntakeService/Withdraw": ({C}, EVERYWHERE, {PORTAL, PROBE}),
    "intake.v1.IntakeService/Rate": ({C}, EVERYWHERE, {PORTAL}),
    "intake.v1.IntakeService/GetTermProof": (READERS, EVERYWHERE, {PORTAL, PROBE}),
    "intake.v1.IntakeService/GetApplication": (READERS, EVERYWHERE, {PORTAL, PROBE}),
    "intake.v1.IntakeService/ListApplications": (READERS, EVERYWHERE, set()),
    "intake.v1.IntakeService/GetApplicant": ({C, R, H}, EVERYWHERE, {DISTRICT_SYSTEM}),
    "intake.v1.CatalogueService/PublishItem": ({G}, AT_DISTRICT, set()),
    "intake.v1.CatalogueService/PublishCalendar": ({G}, AT_DISTRICT, set()),
    "intake.v1.CatalogueService/PublishWindow": ({G}, AT_DISTRICT, set()),
    "intake.v1.CatalogueService/PublishStreet": ({G}, AT_DISTRICT, set()),
    "intake.v1.CatalogueService/PublishDestination": ({G}, AT_DISTRICT, set()),
    "intake.v1.CatalogueService/GetCalendar": (READERS | {G}, EVERYWHERE, {PORTAL}),
    "intake.v1.CatalogueService/PublishHall": ({G}, AT_DISTRICT, set()),
    "intake.v1.CatalogueService/GetHall": (READERS | {G}, EVERYWHERE, {PORTAL}),
    "intake.v1.CatalogueService/GetItem": (READERS | {G}, EVERYWHERE, {PORTAL}),
    "intake.v1.CatalogueService/ListItems": (READERS | {G}, EVERYWHERE, {PORTAL, PROBE}),
    "intake.v1.HallService/TakeTicket": ({C}, EVERYWHERE, {PORTAL}),
    "intake.v1.HallService/CallTicket": ({C}, EVERYWHERE, set()),
    "intake.v1.HallService/GetQueue": ({C, S}, EVERYWHERE, {SCREEN}),
    "approval.v1.ApprovalService/ListWorklist": ({R, H, S}, EVERYWHERE, set()),
    "approval.v1.ApprovalService/Claim": ({R, H}, EVERYWHERE, set()),
    "approval.v1.ApprovalService/Release": ({R, H}, EVERYWHERE, set()),
    "approval.v1.ApprovalService/CompleteStep": ({R, H}, EVERYWHERE, set()),
    "approval.v1.ApprovalService/Refer": ({R, H}, AT_STREET, set()),
    "approval.v1.ApprovalService/Decide": ({H}, EVERYWHERE, set()),
    "approval.v1.ApprovalService/Extend": ({H}, EVERYWHERE, set()),
    "approval.v1.ApprovalService/Pause": ({R, H}, EVERYWHERE, set()),
    "approval.v1.ApprovalService/ApprovePause": ({H}, EVERYWHERE, set()),
    "approval.v1.ApprovalService/DeclinePause": ({H}, EVERYWHERE, set()),
    "approval.v1.ApprovalService/Resume": ({R, H}, EVERYWHERE, set()),
    "approval.v1.ApprovalService/GetCase": (READERS, EVERYWHERE, {PROBE}),
    "approval.v1.ApprovalService/GetTermProof": (READERS, EVERYWHERE, set()),
    "approval.v1.DistrictGatewayService/ReportProgress": (set(), EVERYWHERE, {DISTRICT_SYSTEM}),
    "approval.v1.DistrictGatewayService/ReportDecision": (set(), EVERYWHERE, {DISTRICT_SYSTEM}),
    "approval.v1.DistrictGatewayService/ReturnCase": (set(), EVERYWHERE, {DISTRICT_SYSTEM}),
    "approval.v1.DistrictGatewayService/ReportPause": (set(), EVERYWHERE, {DISTRICT_SYSTEM}),
    "approval.v1.DistrictGatewayService/ReportResumption": (set(), EVERYWHERE, {DISTRICT_SYSTEM}),
    "approval.v1.DistrictGatewayService/ReportExtension": (set(), EVERYWHERE, {DISTRICT_SYSTEM}),
    "approval.v1.DistrictGatewayService/IssueSupervisionOrder": (set(), EVERYWHERE, {DISTRICT_SYSTEM}),
    "metrics.v1.MetricsService/GetReport": ({H, S, A}, EVERYWHERE, set()),
    "metrics.v1.MetricsService/ListCasesBehind": ({H, S, A}, EVERYWHERE, set()),
    "metrics.v1.MetricsService/WatchBoard": ({H, S}, EVERYWHERE, set()),
    "notify.v1.NotifyService/GetDocument": ({C, R, H, A}, EVERYWHERE, {PORTAL}),
    "notify.v1.NotifyService/ListNotices": (READERS, EVERYWHERE, {PROBE}),
    "notify.v1.NotifyService/GetTermProof": (READERS, EVERYWHERE, {PROBE}),
    "notify.v1.NotifyService/OfferDecision": ({C}, EVERYWHERE, set()),
    "notify.v1.NotifyService/RecordCollection": ({C}, EVERYWHERE, set()),
    "recount.v1.RecountService/PreviewCalendar": ({S, G}, AT_DISTRICT, set()),
    "recount.v1.RecountService/GetRecount": ({S, G}, AT_DISTRICT, set()),
}
OPEN = {"metrics.v1.MetricsService/GetProgress"}
"""Residents call these with their number and query code alone."""

STREETS = {Level.STREET: "440105008", Level.DISTRICT: "440105000"}


RULES = methods()


def staff(*posts: Post, level: Level = Level.STREET) -> Caller:
    """A member of staff with these posts."""
    street = STREETS[level]
    return Caller("NH001", False, frozenset(post.name for post in posts), "440105", street, level_of(street))


def system(machine: Machine, *posts: Post) -> Caller:
    """A system that serves the whole district."""
    names = frozenset(post.name for post in posts)
    return Caller(machine.name.lower(), True, names, "440105", "*", level_of("*"), system=machine.name)


def admitted(rule: AccessRule, caller: Caller | None) -> bool:
    """True when the rule admits the caller."""
    try:
        admit(rule, caller)
    except NotPermitted:
        return False
    return True


def test_every_method_of_a_service_stands_in_the_table() -> None:
    assert set(RULES) == set(TABLE) | OPEN


@pytest.mark.parametrize(("method", "row"), TABLE.items(), ids=list(TABLE))
def test_the_posts_of_a_method_are_those_of_the_table_at_its_levels(method: str, row: Row) -> None:
    posts, levels, _ = row
    for post, level in product(Post, Level):
        expected = post in posts and level in levels
        assert admitted(RULES[method], staff(post, level=level)) is expected, f"{post} at {level}"


@pytest.mark.parametrize(("method", "row"), TABLE.items(), ids=list(TABLE))
def test_the_systems_of_a_method_are_those_of_the_table(method: str, row: Row) -> None:
    for machine in Machine:
        assert admitted(RULES[method], system(machine)) is (machine in row[2]), machine


@pytest.mark.parametrize(("method", "row"), TABLE.items(), ids=list(TABLE))
def test_no_system_is_admitted_by_a_post(method: str, row: Row) -> None:
    for machine in Machine:
        assert admitted(RULES[method], system(machine, *Post)) is (machine in row[2]), machine


@pytest.mark.parametrize("method", TABLE)
def test_without_a_token_the_caller_is_unknown_and_not_merely_refused(method: str) -> None:
    with pytest.raises(Unauthenticated) as refused:
        admit(RULES[method], None)
    assert [fault.field for fault in refused.value.fields] == ["authorization"]


@pytest.mark.parametrize("method", sorted(TABLE))
def test_an_operator_reads_and_changes_no_matter(method: str) -> None:
    for level in Level:
        assert not admitted(RULES[method], staff(Post.OPERATOR, level=level))


@pytest.mark.parametrize("method", sorted(TABLE))
def test_an_auditor_reads_and_changes_nothing(method: str) -> None:
    name = method.rpartition("/")[2]
    if not name.startswith(("Get", "List")):
        assert not admitted(RULES[method], staff(Post.AUDITOR))


@pytest.mark.parametrize("method", sorted(OPEN))
def test_an_open_method_answers_with_and_without_a_token(method: str) -> None:
    for caller in (None, staff(Post.CLERK), system(Machine.PORTAL)):
        assert admitted(RULES[method], caller)


def test_only_those_who_hold_one_of_the_posts_pass_when_they_hold_several() -> None:
    rule = RULES["approval.v1.ApprovalService/Decide"]
    assert admitted(rule, staff(Post.CLERK, Post.HEAD))
    assert not admitted(rule, staff(*(post for post in Post if post is not Post.HEAD)))


def test_a_screen_reads_queues_and_opens_nothing_else() -> None:
    opened = {method for method, rule in RULES.items() if not rule.open and admitted(rule, system(SCREEN, *Post))}
    assert opened == {"intake.v1.HallService/GetQueue"}


def test_methods_that_others_serve_name_no_caller_of_ours() -> None:
    rules = rules_of(district_service_pb2.DESCRIPTOR.services_by_name.values(), access_pb2.allow)
    assert rules
    assert set(rules.values()) == {NO_CALLER}


@pytest.mark.parametrize("caller", [None, staff(*Post), system(Machine.PROBE)], ids=["none", "staff", "system"])
def test_a_method_without_a_rule_refuses_every_caller(caller: Caller | None) -> None:
    with pytest.raises(Refusal):
        admit(NO_CALLER, caller)


def test_posts_and_systems_of_the_contract_are_those_of_the_law() -> None:
    for kind, values in ((access_pb2.Post, Post), (access_pb2.Level, Level), (access_pb2.Machine, Machine)):
        prefix = f"{kind.DESCRIPTOR.name.upper()}_"
        names = {name.removeprefix(prefix) for name in kind.DESCRIPTOR.values_by_name} - {"UNSPECIFIED"}
        assert names == {value.name for value in values}
