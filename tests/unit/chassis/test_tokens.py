"""Accepted tokens: signed by a published key, for this audience, by the issuer, and valid now."""

import base64
import hmac
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

from chassis.clock import real_seconds
from chassis.refusals import Away, Unauthenticated
from chassis.rpc.identity.caller import PlaceRules
from chassis.rpc.identity.key_sets import FileKeys, PublishedKeys
from chassis.rpc.identity.tokens import ExpectedClaims, TokenVerifier
from chassis.settings.watched_file import WatchedFile
from tests.support.echo.edge import DISTRICT, ISSUER, STREET, Edge, Issuer

EXPECTED = ExpectedClaims(ISSUER, "onewindow", DISTRICT, places=PlaceRules({"PROBE": "999"}, frozenset({"SCREEN"})))


def from_now(seconds: int) -> int:
    """A moment as a token tells it; asked in the test, because a long run is read minutes before it comes here."""
    return int(real_seconds()) + seconds


def tokens(issuer: Issuer, remembered: int = 8) -> TokenVerifier:
    return TokenVerifier(FileKeys(WatchedFile(issuer.file), look_seconds=0), EXPECTED, remembered)


async def test_a_clerk_is_known_by_number_posts_and_place(issuer: Issuer) -> None:
    caller = await tokens(issuer).caller(issuer.token(unit="受理科", lines=["民政"]))
    assert (caller.subject, caller.posts, caller.street) == ("10001", frozenset({"CLERK"}), STREET)
    assert (caller.district, caller.level, caller.machine) == (DISTRICT, "STREET", False)
    assert (caller.unit, caller.lines) == ("受理科", ("民政",))


async def test_lines_that_are_not_named_are_every_line_and_an_empty_list_is_none(issuer: Issuer) -> None:
    verifier = tokens(issuer)
    assert (await verifier.caller(issuer.token())).lines is None
    assert (await verifier.caller(issuer.token(lines=[]))).lines == ()


async def test_two_members_of_staff_with_one_number_are_two_callers(issuer: Issuer) -> None:
    verifier = tokens(issuer)
    names = {
        (await verifier.caller(issuer.token(place=place))).whole_name for place in (STREET, "440105009", "440105000")
    }
    machine = await verifier.caller(issuer.token(machine="PORTAL", place=STREET))
    assert len(names | {machine.whole_name}) == 4
    assert f"staff/{STREET}/10001" in names


@pytest.mark.parametrize("place", ["*", STREET, "440105999"])
async def test_the_probe_works_at_the_reserved_place_whatever_its_token_says(issuer: Issuer, place: str) -> None:
    caller = await tokens(issuer).caller(issuer.token(machine="PROBE", place=place))
    assert (caller.street, caller.level) == ("440105999", "STREET")


@pytest.mark.parametrize("place", ["*", "440105000", "440105999"])
async def test_the_token_of_a_screen_names_one_street(issuer: Issuer, place: str) -> None:
    assert (await tokens(issuer).caller(issuer.token(machine="SCREEN", place=STREET))).street == STREET
    with pytest.raises(Unauthenticated):
        await tokens(issuer).caller(issuer.token(machine="SCREEN", place=place))


async def test_only_the_systems_that_a_service_names_are_bound(issuer: Issuer) -> None:
    other = replace(EXPECTED, places=PlaceRules({"PORTAL": "777"}))
    verifier = TokenVerifier(FileKeys(WatchedFile(issuer.file), look_seconds=0), other)
    streets = {
        name: (await verifier.caller(issuer.token(machine=name, place="*"))).street for name in ("PROBE", "PORTAL")
    }
    assert streets == {"PROBE": "*", "PORTAL": "440105777"}


async def test_staff_of_the_district_stand_at_its_level(issuer: Issuer) -> None:
    assert (await tokens(issuer).caller(issuer.token(place="440105000"))).level == "DISTRICT"


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": None},
        {"exp": "tomorrow"},
        {"exp": float("nan")},
        {"iss": "https://elsewhere.example"},
        {"iss": None},
        {"aud": "another"},
        {"aud": ["another"]},
        {"aud": None},
        {"sub": None},
        {"sub": ""},
        {"place": None},
        {"place": "*"},
        {"place": "44010500٨"},
        {"place": "４４０１０５００８"},
        {"sub": " "},
        {"sub": "10001\u200b"},
        {"sub": "10001\n"},
        {"place": "440106001"},
        {"place": "4401050081"},
        {"posts": "CLERK"},
        {"machine": ["PORTAL"]},
        {"exp": 10**400},
        {"nbf": 10**400},
        {"nbf": -(10**400)},
        {"exp": float("inf")},
        {"exp": True},
        {"unit": ["受理科"]},
        {"unit": "科" * 65},
        {"unit": "受理科\0"},
        {"posts": ["CLERK", 1]},
        {"posts": ["CLERK" * 13]},
        {"lines": "民政"},
        {"destinations": ["h" * 41]},
        {"machine": "PORTAL "},
    ],
    ids=ascii,
)
async def test_a_claim_that_does_not_fit_is_refused(issuer: Issuer, claims: dict[str, Any]) -> None:
    with pytest.raises(Unauthenticated):
        await tokens(issuer).caller(issuer.token(**claims))


@pytest.mark.parametrize(("claim", "seconds"), [("exp", -31), ("nbf", 60)])
async def test_a_token_of_another_time_is_refused(issuer: Issuer, claim: str, seconds: int) -> None:
    claims: dict[str, Any] = {claim: from_now(seconds)}
    with pytest.raises(Unauthenticated):
        await tokens(issuer).caller(issuer.token(**claims))


async def test_clocks_may_differ_by_the_skew(issuer: Issuer) -> None:
    believed = tokens(issuer)
    await believed.caller(issuer.token(exp=from_now(-5)))
    await believed.caller(issuer.token(nbf=from_now(10)))


async def test_one_of_several_audiences_is_enough(issuer: Issuer) -> None:
    assert (await tokens(issuer).caller(issuer.token(aud=["portal", "onewindow"]))).subject == "10001"


async def test_a_token_signed_by_another_key_is_refused(issuer: Issuer) -> None:
    forged = ECKey.generate_key("P-256", parameters={"kid": issuer.key.kid or ""})
    with pytest.raises(Unauthenticated):
        await tokens(issuer).caller(issuer.token(key=forged))


async def test_a_changed_claim_breaks_the_signature(issuer: Issuer) -> None:
    header, payload, signature = issuer.token().split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
    claims["posts"] = ["HEAD"]
    changed = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    with pytest.raises(Unauthenticated):
        await tokens(issuer).caller(f"{header}.{changed}.{signature}")


@pytest.mark.parametrize("algorithm", ["none", "None", "HS256", "ES512", ""])
async def test_only_two_algorithms_are_believed(issuer: Issuer, algorithm: str) -> None:
    parts = issuer.token().split(".")
    header = json.dumps({"alg": algorithm, "kid": issuer.key.kid}).encode()
    refused = base64.urlsafe_b64encode(header).rstrip(b"=").decode()
    for signature in ("", parts[2]):
        with pytest.raises(Unauthenticated):
            await tokens(issuer).caller(f"{refused}.{parts[1]}.{signature}")


async def test_the_public_key_is_no_shared_secret(issuer: Issuer) -> None:
    header = _part({"alg": "HS256", "kid": issuer.key.kid})
    claims = _part({"iss": ISSUER, "aud": "onewindow", "exp": from_now(60), "sub": "1", "place": STREET})
    signature = hmac.digest(issuer.key.as_pem(private=False), f"{header}.{claims}".encode(), "sha256")
    forged = f"{header}.{claims}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"
    with pytest.raises(Unauthenticated):
        await tokens(issuer).caller(forged)


def _part(content: dict[str, object]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


async def test_rsa_keys_are_believed_too(issuer: Issuer) -> None:
    key = RSAKey.generate_key(2048, auto_kid=True)
    issuer.file.write_text(json.dumps(KeySet([key]).as_dict(private=False)))
    claims = {"iss": ISSUER, "aud": "onewindow", "exp": from_now(60), "sub": "7", "place": STREET, "posts": ["HEAD"]}
    token = jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key)
    assert (await tokens(issuer).caller(token)).posts == {"HEAD"}


@given(st.text() | st.from_regex(r"[A-Za-z0-9_-]{0,40}\.[A-Za-z0-9_-]{0,40}\.[A-Za-z0-9_-]{0,40}", fullmatch=True))
async def test_any_text_is_refused_in_the_same_words(token: str) -> None:
    class Nothing:
        async def keys(self) -> KeySet:
            return KEYS

        look_again = keys

    with pytest.raises(Unauthenticated):
        await TokenVerifier(Nothing(), EXPECTED).caller(token)


KEYS = KeySet([ECKey.generate_key("P-256", auto_kid=True)])


async def test_a_remembered_token_still_expires(issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> None:
    believed, token, late = tokens(issuer), issuer.token(exp=from_now(60)), float(from_now(91))
    first = await believed.caller(token)
    assert await believed.caller(token) is first
    monkeypatch.setattr("chassis.rpc.identity.tokens.real_seconds", lambda: late)
    with pytest.raises(Unauthenticated):
        await believed.caller(token)


async def test_only_so_many_tokens_are_remembered(issuer: Issuer) -> None:
    believed = tokens(issuer, remembered=2)
    shown = [issuer.token(sub=str(number)) for number in range(3)]
    callers = [await believed.caller(token) for token in shown]
    assert await believed.caller(shown[2]) is callers[2]
    assert await believed.caller(shown[0]) is not callers[0]


async def test_a_withdrawn_key_takes_its_tokens_with_it(issuer: Issuer) -> None:
    believed, token = tokens(issuer), issuer.token()
    await believed.caller(token)
    newer = ECKey.generate_key("P-256", auto_kid=True)
    issuer.publish(newer)
    with pytest.raises(Unauthenticated):
        await believed.caller(token)
    assert (await believed.caller(issuer.token(key=newer))).subject == "10001"


async def test_a_half_written_key_file_leaves_the_last_keys(issuer: Issuer) -> None:
    believed = tokens(issuer)
    issuer.file.write_text('{"keys": [')
    assert (await believed.caller(issuer.token())).subject == "10001"


class PublishedByAddress:
    """A single sign-on on the loopback that counts how often its keys are read."""

    def __init__(self, issuer: Issuer) -> None:
        self.issuer = issuer
        self.reads = 0
        self.away = False

    async def answer(self, request: web.Request) -> web.Response:
        self.reads += 1
        return web.Response(status=500) if self.away else web.Response(text=self.issuer.file.read_text())


@pytest.fixture
async def address(issuer: Issuer) -> AsyncIterator[tuple[PublishedByAddress, str]]:
    """The single sign-on and its URL."""
    published = PublishedByAddress(issuer)
    app = web.Application()
    app.router.add_get("/keys", published.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield published, f"http://127.0.0.1:{runner.addresses[0][1]}/keys"
    await runner.cleanup()


async def test_published_keys_are_read_once_and_outlive_their_server(address: tuple[PublishedByAddress, str]) -> None:
    published, url = address
    believed = TokenVerifier(PublishedKeys(url, refresh_seconds=300, timeout_seconds=2), EXPECTED, 1)
    await believed.caller(published.issuer.token(sub="1"))
    published.away = True
    await believed.caller(published.issuer.token(sub="2"))
    assert published.reads == 1


async def test_a_rotated_key_is_looked_for_when_a_token_names_it(
    address: tuple[PublishedByAddress, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chassis.rpc.identity.key_sets._PAUSE_SECONDS", 0.0)
    published, url = address
    believed = TokenVerifier(PublishedKeys(url, refresh_seconds=300, timeout_seconds=2), EXPECTED)
    await believed.caller(published.issuer.token())
    newer = ECKey.generate_key("P-256", auto_kid=True)
    published.issuer.publish(published.issuer.key, newer)
    assert (await believed.caller(published.issuer.token(key=newer))).subject == "10001"


async def test_unknown_keys_are_not_fetched_again_and_again(address: tuple[PublishedByAddress, str]) -> None:
    published, url = address
    believed = TokenVerifier(PublishedKeys(url, refresh_seconds=300, timeout_seconds=2), EXPECTED)
    await believed.caller(published.issuer.token())
    for _ in range(5):
        with pytest.raises(Unauthenticated):
            await believed.caller(published.issuer.token(key=ECKey.generate_key("P-256", auto_kid=True)))
    assert published.reads == 1


async def test_a_single_sign_on_that_was_never_reached_is_away() -> None:
    with pytest.raises(Away):
        await PublishedKeys("http://127.0.0.1:1/keys", 300, 1).keys()


async def test_the_client_does_not_learn_the_reason(edge: Edge) -> None:
    refused = await edge.refusal(edge.call("Say", text="x", token=edge.issuer.token(exp=from_now(-3600))))
    assert (refused.code, refused.why.reason) == ("UNAUTHENTICATED", "UNAUTHENTICATED")
    assert dict(refused.why.metadata) == {}
