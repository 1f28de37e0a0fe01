"""What cannot work is refused before anything is created, in a sentence that says what to do."""

import json
import shutil
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
import yaml
from helm_python import Chart, HelmError

from tests.deploy.rendering import CHART, NAME, NAMESPACE, ROOT, Tree, minimal, over, pods, texts, values_of
from tests.deploy.surroundings import dev_objects, dev_values
from tools.cluster import dev_secrets

REQUIRED = (
    "office.district",
    "database.host",
    "nats.url",
    "tokens.issuer",
    "objects.intake",
    "objects.notify",
    "sms.url",
)

CONTRADICTIONS: dict[str, Tree] = {
    "image.tag 不能是 latest": {"image": {"tag": "latest"}},
    "须用 database.authority.secret 指明": {"database": {"authority": {"secret": ""}}},
    "须用 nats.authority.secret 指明": {"nats": {"url": "tls://nats:4222"}},
    "与 nats.authority.secret、nats.certificatePrefix 矛盾": {"nats": {"certificatePrefix": "x"}},
    "只能选一个": {"tokens": {"jwksUrl": "https://sso/jwks"}},
    "都没有填写": {"tokens": {"jwksSecret": ""}},
    "test.enabled 需要 tokens.machinesSecret": {"tokens": {"machinesSecret": ""}},
    "须用 objects.secret 指明": {"objects": {"secret": ""}},
    "须用 objects.claim 指明": {"objects": {"notify": "file:///var/lib/onewindow/objects/n"}},
    "须在 file:///var/lib/onewindow/objects/ 之下": {"objects": {"notify": "file:///tmp/n", "claim": "c"}},
    "材料与文书须分开存放": {"objects": {"notify": "s3://onewindow/intake/"}},
    "须用 tls.certManager.issuer 指明": {"tls": {"source": "certManager"}},
    "renewBeforeHours 须小于 durationHours": {"tls": {"certManager": {"renewBeforeHours": 2160}}},
    "office.streets.110101001 不属于 office.district 440105": {
        "office": {"streets": {"110101001": {"signature": "s"}}}
    },
    "令牌不能明文传送": {"district": {"target": "d:1", "mutualTls": False, "token": True}},
    "端口 99999 不在": {"sms": {"url": "https://sms.example.gov.cn:99999"}},
    "nodePort 30051 已被另一服务占用": {"services": {"all": {"public": {"type": "NodePort", "nodePort": 30051}}}},
    "district.secret 未填写": {"district": {"target": "d:1", "secret": ""}},
    "ipFamilies 只能写一种": {"network": {"ipFamilyPolicy": "SingleStack", "ipFamilies": ["IPv4", "IPv6"]}},
    "maxReplicas 小于 minReplicas": {"services": {"intake": {"autoscaling": {"kind": "hpa", "minReplicas": 9}}}},
    "只有 kind 为 keda 时": {"services": {"all": {"autoscaling": {"triggers": [{"type": "cron"}]}}}},
    "services.notify.maxUnavailable 不能达到副本数": {"services": {"notify": {"maxUnavailable": 2}}},
    "只有 type 为 NodePort 时": {"services": {"intake": {"public": {"nodePort": 30051}}}},
    "networkPolicy.peers.district 为空": {"district": {"target": "d:1"}},
    "settings.DATABASE_HOST 由图表的其他参数决定": {"office": {"settings": {"DATABASE_HOST": "x"}}},
    "settings.SMS_URL 由图表的其他参数决定": {"services": {"notify": {"settings": {"SMS_URL": "x"}}}},
}


@pytest.mark.parametrize("sentence", CONTRADICTIONS)
def test_values_that_contradict_each_other_are_refused_with_a_sentence(sentence: str) -> None:
    with pytest.raises(HelmError, match=sentence):
        minimal(**CONTRADICTIONS[sentence])


def test_everything_that_is_missing_is_told_at_once() -> None:
    with pytest.raises(HelmError) as refusal:
        texts({})
    assert [name for name in REQUIRED if f"{name} 未填写" not in str(refusal.value)] == []
    assert all(f"networkPolicy.peers.{name} 为空" in str(refusal.value) for name in ("database", "nats", "sms"))


def test_every_sentence_of_the_guards_has_a_case() -> None:
    guards = (CHART / "templates/_guards.tpl").read_text()
    sentences = guards.partition('define "onewindow.guard.secrets"')[0].count('\n- "')
    cases_of_settings, one_for_required = 2, 1
    assert sentences == len(CONTRADICTIONS) - cases_of_settings + 1 + one_for_required


@pytest.fixture
def ask(tmp_path: Path) -> Any:
    """Renders a guard that asks the cluster, given what the cluster would say."""

    def rendered(guard: str, found: Any, values: Tree) -> list[str]:
        chart = tmp_path / "chart"
        shutil.copytree(CHART, chart, dirs_exist_ok=True)
        for template in (chart / "templates").glob("[!_]*"):
            template.unlink()
        call = f'dict "root" $ "found" (fromJson {json.dumps(json.dumps({"found": found}))}).found'
        (chart / "templates/answer.yaml").write_text(f'{{{{ include "onewindow.guard.{guard}" ({call}) }}}}')
        with Chart.load(chart) as loaded:
            told = loaded.render(values, name=NAME, namespace=NAMESPACE)
        answer: list[str] = json.loads(told["onewindow/templates/answer.yaml"])
        return answer

    return rendered


def test_a_second_release_in_the_namespace_is_refused(ask: Any) -> None:
    def deployment(release: str) -> Tree:
        return {"metadata": {"labels": {"app.kubernetes.io/name": "onewindow", "app.kubernetes.io/instance": release}}}

    assert ask("neighbours", [deployment(NAME), {"metadata": {}}], values_of("minimal")) == []
    [sentence] = ask("neighbours", [deployment("other")], values_of("minimal"))
    assert sentence == "命名空间 onewindow 里已有一窗办（发布名 other）：一个命名空间只能装一套。"


def _made() -> dict[str, Tree]:
    return {each["metadata"]["name"]: _stored(each["stringData"]) for each in dev_secrets.everything()}


def _stored(texts_of_keys: Tree) -> Tree:
    return {key: b64encode(text.encode()).decode() for key, text in texts_of_keys.items()}


def test_the_secrets_for_trying_out_are_all_that_the_chart_needs(ask: Any) -> None:
    assert ask("secrets", _made(), dev_values()) == []


def test_a_missing_secret_and_a_missing_key_are_told_by_name(ask: Any) -> None:
    found = _made()
    del found["onewindow-jwks"], found["onewindow-seal"]["public.pem"]
    told = ask("secrets", found, dev_values())
    assert sorted(told) == ["Secret onewindow-seal 缺少 public.pem。", "缺少 Secret onewindow-jwks（须有 jwks.json）。"]


def test_an_empty_key_and_one_that_is_no_json_are_told_before_a_pod_stumbles_over_them(ask: Any) -> None:
    found = _made()
    found["onewindow-database-intake"] |= {"rpc.password": "", "worker.password": b64encode(b"\n").decode()}
    found["onewindow-vault-notify"] = _stored({"vault.json": '{"current": 1, "keys": {'})
    assert sorted(ask("secrets", found, dev_values())) == [
        "Secret onewindow-database-intake 的 rpc.password 是空的。",
        "Secret onewindow-database-intake 的 worker.password 是空的。",
        "Secret onewindow-vault-notify 的 vault.json 不是 JSON：样子见图表 README 的 Secrets 一节。",
    ]


def test_certificates_that_are_yet_to_be_issued_are_not_missed(ask: Any) -> None:
    found = {name: keys for name, keys in _made().items() if not name.endswith("-tls")}
    values = over(dev_values(), {"tls": {"source": "certManager", "certManager": {"issuer": "i"}}})
    assert ask("secrets", found, values) == []


def test_every_secret_that_pods_for_trying_out_mount_is_made() -> None:
    made = _made()
    for who, _, spec, _ in pods(dev_objects()):
        for volume in spec.get("volumes", []):
            sources = [volume, *({"secret": each["secret"]} for each in volume.get("projected", {}).get("sources", []))]
            for source in (each["secret"] for each in sources if "secret" in each):
                name = source.get("secretName", source.get("name"))
                assert {item["key"] for item in source.get("items", [])} <= made[name].keys(), who


def test_secrets_for_trying_out_go_into_the_namespace_that_was_asked_for_and_touch_no_other() -> None:
    made = dev_secrets.namespace_object("elsewhere")["metadata"]
    assert (made["name"], made["labels"]["pod-security.kubernetes.io/enforce"]) == ("elsewhere", "restricted")


def test_no_key_and_no_secret_is_committed() -> None:
    files = [path for path in (ROOT / "deploy").rglob("*") if path.is_file()]
    assert [path for path in files if path.suffix in {".pem", ".key", ".crt", ".jwk"}] == []
    manifests = [path for path in files if path.suffix == ".yaml" and "templates" not in path.parts]
    kinds = {each.get("kind") for path in manifests for each in yaml.safe_load_all(path.read_text()) if each}
    assert "StatefulSet" in kinds
    assert "Secret" not in kinds
