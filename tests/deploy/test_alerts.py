"""Every alert fires when it should, is quiet when it should, speaks Chinese, and has its page in docs/runbook."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.deploy import promtool
from tests.deploy.rendering import CHART, ROOT, Tree, kind, minimal

FILES = sorted([*CHART.glob("rules/*.yaml"), *CHART.glob("alerts/*.yaml")])
RULES = [rule for file in FILES for group in yaml.safe_load(file.read_text())["groups"] for rule in group["rules"]]
ALERTS: dict[str, Tree] = {rule["alert"]: rule for rule in RULES if "alert" in rule}
CASES: dict[str, Tree] = yaml.safe_load((Path(__file__).parent / "alert_cases.yaml").read_text())
RUNBOOK = ROOT / "docs/runbook"
SECTIONS = ("## 含义", "## 处置", "## Meaning", "## Do")


def test_every_alert_has_its_cases_and_every_case_its_alert() -> None:
    assert set(CASES) == set(ALERTS)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_promtool_takes_every_rule(file: Path) -> None:
    assert promtool.judge("check", "rules", str(file))[0] == 0


@pytest.mark.parametrize("name", ALERTS)
def test_an_alert_fires_and_stays_quiet(name: str, tmp_path: Path) -> None:
    case, minutes = CASES[name], CASES[name].get("at", "20m")
    expected = [{"exp_labels": _labels(name), "exp_annotations": _annotations(name)}]
    plan = {
        "rule_files": [str(file) for file in FILES],
        "evaluation_interval": "1m",
        "tests": [_world(name, case["fires"], minutes, expected), _world(name, case["quiet"], minutes, [])],
    }
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(plan, ensure_ascii=False))
    code, words = promtool.judge("test", "rules", str(path))
    assert code == 0, words


@pytest.mark.parametrize("name", [name for name in CASES if "burst" in CASES[name]])
def test_an_alert_sees_the_first_burst_after_a_start(name: str, tmp_path: Path) -> None:
    """Prometheus sees no increase in a series whose first value is 40; in one that began at 0 it sees forty."""
    burst = CASES[name]["burst"]
    late = {"series": {key: re.sub("^0x", "_x", str(values)) for key, values in burst["series"].items()}}
    alert = {
        "exp_labels": {**ALERTS[name]["labels"], **burst["labels"]},
        "exp_annotations": {**ALERTS[name]["annotations"], "summary": burst["summary"]},
    }
    plan = {
        "rule_files": [str(file) for file in FILES],
        "evaluation_interval": "1m",
        "tests": [_world(name, burst, burst["at"], [alert]), _world(name, late, burst["at"], [])],
    }
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(plan, ensure_ascii=False))
    code, words = promtool.judge("test", "rules", str(path))
    assert code == 0, words


SUSTAINED = {
    "OnewindowNatsRefuses": "a quarter of an hour of refusals",
    "OnewindowStreamFull": "rows are offered and rejected again and again",
    "OnewindowOverload": "five minutes of refusals: clients repeat",
    "OnewindowSubscriptionRemade": "one is enough, and a first value above 0 is seen",
    "OnewindowStreamLoss": "one is enough, and a loss that is open is seen by a gauge",
    "OnewindowDistrictWaits": "half an hour without a delivery",
    "OnewindowRpcErrorsTicket": "an hour of a figure of three days; OnewindowRpcErrorsFast and Slow see the burst",
    "OnewindowRpcSlow": "no error, ten minutes",
}
"""Alerts that a burst alone may leave quiet, and why."""


@pytest.mark.parametrize("name", ALERTS)
def test_an_alert_about_an_increase_is_played_with_a_burst_or_says_why_not(name: str) -> None:
    counts = re.search(r"\b(increase|rate)\(|slo:|onewindow:rpc", ALERTS[name]["expr"]) is not None
    assert counts == (name in SUSTAINED or "burst" in CASES[name])


def _world(name: str, situation: Tree, minutes: str, expected: list[Any]) -> Tree:
    series = [{"series": key, "values": str(values)} for key, values in situation["series"].items()]
    asked = [{"eval_time": minutes, "alertname": name, "exp_alerts": expected}]
    return {"interval": "1m", "input_series": series, "alert_rule_test": asked}


def _labels(name: str) -> Tree:
    return {**ALERTS[name]["labels"], **CASES[name]["fires"]["labels"]}


def _annotations(name: str) -> Tree:
    return {**ALERTS[name]["annotations"], "summary": CASES[name]["fires"]["summary"]}


def test_the_mean_wait_is_made_of_series_as_they_are_scraped(tmp_path: Path) -> None:
    scraped = 'namespace="onewindow",job="onewindow/onewindow-office",service="metrics",street="440105008"'
    series = {f"onewindow_tickets_waited_seconds{{{scraped}}}": "600x5"}
    series |= {f'onewindow_tickets{{{scraped},stage="{stage}"}}': "4x5" for stage in ("taken", "called")}
    record = "onewindow:ticket_waited:mean_seconds"
    mean = {"labels": f'{record}{{namespace="onewindow", street="440105008"}}', "value": 150}
    told = {
        "interval": "1m",
        "input_series": [{"series": key, "values": values} for key, values in series.items()],
        "promql_expr_test": [{"expr": record, "eval_time": "3m", "exp_samples": [mean]}],
    }
    path = tmp_path / "plan.json"
    path.write_text(json.dumps({"rule_files": [str(file) for file in FILES], "tests": [told]}))
    code, words = promtool.judge("test", "rules", str(path))
    assert code == 0, words


HALL, DISTRICT = "0x3 1x4 2x4 3x4 4x4 5x4 6x4", "0+4920x30"
"""Facts published in a hall of 95 matters a day and in a district of 430,000 a year, by minutes."""
DEAF = {
    "OnewindowSubscriptionLost": {
        'onewindow_inbox_subscription_present{service="approval",source="intake",pod="a"}': "1x9 0x20",
        'onewindow_nats_connected{service="approval",pod="a"}': "1x30",
    },
    "OnewindowSubscriptionSilent": {
        'onewindow_inbox_looked_timestamp_seconds{service="approval",source="intake",pod="a"}': "0+60x9 540x20",
        'onewindow_nats_connected{service="approval",pod="a"}': "1x30",
    },
    "OnewindowSubscriptionRemade": {
        'onewindow_inbox_subscriptions_remade_total{service="approval",source="intake",pod="a"}': "0x9 1x20",
    },
    "OnewindowStreamLoss": {
        'onewindow_stream_losses_total{service="intake",source="intake",pod="a"}': "0x9 1x20",
        'onewindow_stream_losses_open{service="intake",source="intake",pod="a"}': "0x30",
    },
    "OnewindowFactsMissing": {
        'onewindow_inbox_missing_facts{service="approval",source="intake",pod="a"}': "0x9 3x20",
    },
    "OnewindowInboxBehind": {
        'onewindow_inbox_oldest_waiting_seconds{service="approval",source="intake",pod="a"}': "0x9 0+60x20",
    },
}
"""Series of a service that becomes deaf, or of a stream that loses facts, in the tenth minute."""


@pytest.mark.parametrize("published", [HALL, DISTRICT], ids=["hall", "district"])
@pytest.mark.parametrize("name", DEAF)
def test_deafness_is_pending_within_five_minutes_however_few_facts_there_are(
    name: str, published: str, tmp_path: Path
) -> None:
    series = {**DEAF[name], 'onewindow_published_total{service="intake",outbox="outbox",pod="a"}': published}
    _count(name, series, {"9m": 0, "15m": 1}, tmp_path)


def _count(name: str, series: dict[str, str], at: dict[str, int], tmp_path: Path) -> None:
    """Plays the series; so many alerts of this name are pending or firing at each of these minutes."""
    seen = f'count(ALERTS{{alertname="{name}"}}) or vector(0)'
    played = {
        "interval": "1m",
        "input_series": [{"series": key, "values": values} for key, values in series.items()],
        "promql_expr_test": [
            {"expr": seen, "eval_time": minute, "exp_samples": [{"labels": "{}", "value": count}]}
            for minute, count in at.items()
        ],
    }
    path = tmp_path / "plan.json"
    plan = {"rule_files": [str(file) for file in FILES], "evaluation_interval": "1m", "tests": [played]}
    path.write_text(json.dumps(plan))
    code, words = promtool.judge("test", "rules", str(path))
    assert code == 0, words


def test_a_subscription_that_was_remade_before_the_first_scrape_is_told(tmp_path: Path) -> None:
    """An increase is invisible in a series that begins with 1."""
    series = {
        'onewindow_inbox_subscriptions_remade_total{service="approval",source="intake",pod="new"}': "_x9 1x20",
        'process_start_time_seconds{service="approval",pod="new"}': "_x9 540x20",
        'onewindow_inbox_subscriptions_remade_total{service="approval",source="intake",pod="old"}': "1x30",
        'process_start_time_seconds{service="approval",pod="old"}': "-90000x30",
    }
    _count("OnewindowSubscriptionRemade", series, {"8m": 0, "12m": 1, "29m": 0}, tmp_path)


@pytest.mark.parametrize(
    ("name", "counter"),
    [
        ("OnewindowStreamLoss", "onewindow_stream_losses_total"),
        ("OnewindowSubscriptionRemade", "onewindow_inbox_subscriptions_remade_total"),
    ],
)
def test_what_was_told_long_ago_is_not_told_again_after_a_gap_in_the_scrapes(
    name: str, counter: str, tmp_path: Path
) -> None:
    pod = '{service="intake",source="intake",pod="a"}'
    series = {
        f"{counter}{pod}": "3x60 _x20 3x20 4x30",
        'process_start_time_seconds{service="intake",pod="a"}': "-90000x60 _x20 -90000x50",
    }
    _count(name, series, {**{f"{minute}m": 0 for minute in range(50, 100, 2)}, "104m": 1}, tmp_path)


CALLS = 'onewindow_rpc_calls_total{{service="notify",method="RecordCollection",code="{}",pod="a"}}'
ONE_IN_FOUR_MINUTES = " ".join(f"{n}x3" for n in range(180))
HALLS = {
    "every call of a small hall fails": ("0x720", ONE_IN_FOUR_MINUTES, {"10m": (0, 0), "40m": (1, 1), "150m": (1, 1)}),
    "a third of them fails": (
        " ".join(f"{n - n // 3}x3" for n in range(60)), " ".join(f"{n // 3}x3" for n in range(60)), {"180m": (0, 1)},
    ),
    "one error in a small hall": (ONE_IN_FOUR_MINUTES, "0x100 1x620", {f"{at}m": (0, 0) for at in range(95, 180, 5)}),
    "one call an hour, and one fails": ("0x59 1x59 1x59 2x59", "0x59 0x59 1x59 1x59", {"125m": (0, 0), "200m": (0, 0)}),
    "one failed and was tried twice again": ("0x720", "0x100 3x620", {f"{at}m": (0, 0) for at in range(95, 180, 5)}),
    "single errors in a busy hall": (
        "0+60x720", " ".join(f"{n}x59" for n in range(12)), {f"{at}m": (0, 0) for at in range(95, 200, 5)},
    ),
}  # fmt: skip # calls that were answered, calls that failed, and alerts (fast, slow) at these minutes
"""Halls of one call in four minutes, of one an hour, and of one a second."""


@pytest.mark.parametrize("hall", HALLS)
@pytest.mark.parametrize(("number", "name"), [(0, "OnewindowRpcErrorsFast"), (1, "OnewindowRpcErrorsSlow")])
def test_errors_are_seen_in_the_smallest_hall_and_single_ones_wake_nobody(
    hall: str, number: int, name: str, tmp_path: Path
) -> None:
    answered, failed, at = HALLS[hall]
    series = {CALLS.format("OK"): answered, CALLS.format("INTERNAL"): failed}
    _count(name, series, {minute: counts[number] for minute, counts in at.items()}, tmp_path)


@pytest.mark.parametrize("name", ALERTS)
def test_an_alert_sees_each_release_by_itself(name: str) -> None:
    """Several districts may be watched by one Prometheus, each in its own namespace; absence has no namespace."""
    assert "namespace" in ALERTS[name]["expr"] or re.search("absent|slo:|onewindow:", ALERTS[name]["expr"])


@pytest.mark.parametrize("name", ALERTS)
def test_an_alert_has_a_severity_a_chinese_summary_and_its_page(name: str) -> None:
    alert = ALERTS[name]
    assert alert["labels"]["severity"] in {"critical", "warning", "info"}
    assert re.search("[\u4e00-\u9fff]", alert["annotations"]["summary"])
    assert alert["annotations"]["runbook_url"] == f"docs/runbook/{name}.md"
    page = (RUNBOOK / f"{name}.md").read_text()
    assert [section for section in SECTIONS if section not in page] == []


def test_every_page_of_the_runbook_has_its_alert_and_stands_in_the_list() -> None:
    pages = {path.stem for path in RUNBOOK.glob("*.md")} - {"README"}
    assert pages == set(ALERTS)
    listed = set(re.findall(r"\((\w+)\.md\)", (RUNBOOK / "README.md").read_text()))
    assert listed == pages


def test_the_operator_and_a_plain_prometheus_get_the_same_rules() -> None:
    url = "https://wiki.example.gov.cn/onewindow/"
    of_operator = kind(minimal(monitoring={"rules": {"create": "operator", "runbookUrl": url}}), "PrometheusRule")
    plain = kind(minimal(monitoring={"rules": {"create": "configMap", "runbookUrl": url}}), "ConfigMap")
    texts = plain["onewindow-rules"]["data"]
    assert {f"onewindow-{path.removesuffix('.yaml')}": yaml.safe_load(text) for path, text in texts.items()} == {
        name: rule["spec"] for name, rule in of_operator.items()
    }
    assert len(of_operator) == len(FILES)
    assert all("docs/runbook/" not in text for text in texts.values())


def test_a_cluster_without_the_operator_gets_no_rule_unless_asked() -> None:
    assert kind(minimal(), "PrometheusRule") == {}
    assert kind(minimal(monitoring={"rules": {"create": "never"}}), "ConfigMap").keys().isdisjoint({"onewindow-rules"})
