"""Claims of a signed token: each of its type, in plain text, within the contract; or there is no caller."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from joserfc import jws
from onewindow.desk.v1.desk_pb2 import Actor as ActorMessage

from chassis.clock import real_seconds
from chassis.refusals import Unauthenticated
from chassis.rpc.identity.key_sets import FileKeys
from chassis.rpc.identity.tokens import ExpectedClaims, TokenVerifier
from chassis.rpc.validation import check
from chassis.settings.watched_file import WatchedFile
from protocol.requests import actor_line, actor_message
from tests.support.echo.edge import DISTRICT, ISSUER, STREET, Issuer

LISTS = ("posts", "lines", "destinations")


def signed(issuer: Issuer, claims: dict[str, Any]) -> str:
    """A token of a clerk with these claims as they are, null among them."""
    whole = {
        "iss": ISSUER,
        "aud": "onewindow",
        "exp": int(real_seconds()) + 3600,
        "sub": "10001",
        "place": STREET,
    } | claims
    return jws.serialize_compact({"alg": "ES256", "kid": issuer.key.kid}, json.dumps(whole), issuer.key)


def tokens(issuer: Issuer) -> TokenVerifier:
    return TokenVerifier(FileKeys(WatchedFile(issuer.file), 0), ExpectedClaims(ISSUER, "onewindow", DISTRICT))


@pytest.mark.parametrize("claim", ["exp", "nbf", "sub", "unit", "place", "machine", "posts", "lines", "destinations"])
async def test_a_claim_that_is_null_is_not_one_that_is_absent(issuer: Issuer, claim: str) -> None:
    with pytest.raises(Unauthenticated):
        await tokens(issuer).caller(signed(issuer, {claim: None}))


@pytest.mark.parametrize("claim", ["sub", "unit", "place", "machine", "posts", "lines", "destinations"])
async def test_a_text_that_no_store_can_write_is_refused(issuer: Issuer, claim: str) -> None:
    text = "10001\ud800"
    with pytest.raises(Unauthenticated):
        await tokens(issuer).caller(signed(issuer, {claim: [text] if claim in LISTS else text}))


async def test_a_unit_may_have_blanks_and_as_many_signs_as_the_contract_gives_it(issuer: Issuer) -> None:
    unit = f"受理科 一组\u3000{'科' * 57}"
    assert (await tokens(issuer).caller(issuer.token(unit=unit))).unit == unit


@pytest.mark.parametrize("opened", ["[", '{"a":', '{"sub":['])
async def test_claims_nested_without_end_are_refused(issuer: Issuer, opened: str) -> None:
    token = jws.serialize_compact({"alg": "ES256", "kid": issuer.key.kid}, (opened * 5000)[:5000], issuer.key)
    with pytest.raises(Unauthenticated):
        await tokens(issuer).caller(token)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.just(10**400) | st.floats() | st.text(st.characters(), max_size=80),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(), max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
FITTING: dict[str, st.SearchStrategy[Any]] = {
    "nbf": st.integers(-1, 1),
    "sub": st.text(st.characters(), min_size=1, max_size=65),
    "unit": st.text(st.characters(), max_size=65),
    "posts": st.lists(st.sampled_from(["CLERK", "HEAD"]) | st.text(st.characters(), max_size=65), max_size=3),
    "lines": st.lists(st.text(st.characters(), max_size=65), max_size=3),
    "place": st.sampled_from([STREET, "440105000", "*"]),
    "machine": st.sampled_from(["PORTAL", ""]) | st.text(st.characters(), max_size=65),
    "destinations": st.lists(st.text(st.characters(), max_size=41), max_size=3),
}
EVERY_CLAIM = ("iss", "aud", "exp", *FITTING)
CLAIMS = st.sampled_from(EVERY_CLAIM).flatmap(lambda name: st.fixed_dictionaries({name: JSON})) | st.fixed_dictionaries(
    {}, optional=FITTING
)
"""One claim that is anything, or several that may fit."""


@pytest.fixture(scope="module")
def shared_issuer(tmp_path_factory: pytest.TempPathFactory) -> Issuer:
    return Issuer(tmp_path_factory.mktemp("keys") / "keys.json")


@given(claims=CLAIMS)
@example(claims={"exp": 10**400})
@example(claims={"unit": "受理科\ud800"})
@example(claims={"unit": ["受理科"]})
async def test_any_signed_claim_makes_a_caller_within_the_contract_or_none(
    shared_issuer: Issuer, claims: dict[str, Any]
) -> None:
    try:
        caller = await tokens(shared_issuer).caller(signed(shared_issuer, claims))
    except Unauthenticated:
        return
    check(actor_message(actor_line(caller)))
    check(ActorMessage(staff_no=caller.subject, unit=caller.unit, caller=caller.whole_name))
    assert all(
        isinstance(text, str) and len(text) <= 64 and "\0" not in text and text.encode()
        for text in {caller.subject, *caller.posts, *(caller.lines or ()), *(caller.destinations or ())} - {""}
    )
