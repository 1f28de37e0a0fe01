"""Refusals on the wire: status, reason, article, fields, and the delay before a repeat."""

import asyncio
from collections.abc import AsyncIterable
from contextlib import suppress

import grpc.aio
import pytest

from tests.support.echo.edge import Edge


async def test_an_answer_reaches_the_caller_with_its_name(edge: Edge) -> None:
    answer = await edge.call("Say", text="早")
    assert (answer.text, answer.caller) == ("早", "10001")


async def test_a_named_exception_gives_reason_article_and_field(edge: Edge) -> None:
    refused = await edge.refusal(edge.call("Say", text="closed"))
    assert (refused.code, refused.sentence) == ("FAILED_PRECONDITION", "今日窗口不办公。")
    assert (refused.why.reason, refused.why.domain) == ("CLOSED", "onewindow")
    assert dict(refused.why.metadata) == {"article": "行政许可法 42"}
    assert [violation.field for violation in refused.fields] == ["window"]


async def test_a_refusal_carries_its_own_status(edge: Edge) -> None:
    refused = await edge.refusal(edge.call("Say", text="missing"))
    assert (refused.code, refused.why.reason, refused.sentence) == ("NOT_FOUND", "NOT_FOUND", "没有此办件。")


@pytest.mark.parametrize("word", ["missing", "late", "raced"])
async def test_a_refusal_without_a_field_names_the_file_of_the_request(edge: Edge, word: str) -> None:
    refused = await edge.refusal(edge.call("Say", text=word, request_id="a-file"))
    assert [(each.field, each.description) for each in refused.fields] == [("request_id", refused.sentence)]
    assert refused.fields[0].reason == refused.why.reason
    assert not (await edge.refusal(edge.call("Say", text=word))).fields, "the request names no file"


async def test_a_refusal_in_a_stream_stands_on_the_file_that_its_first_request_names(edge: Edge) -> None:
    collect = edge.channel.stream_unary(
        "/echo.v1.EchoService/Collect",
        request_serializer=edge.messages.SayRequest.SerializeToString,
        response_deserializer=edge.messages.SayResponse.FromString,
    )
    requests = [edge.messages.SayRequest(text=word, request_id=name) for word, name in [("一", "a-file"), ("late", "")]]
    refused = await edge.refusal(collect(iter(requests), metadata=edge.headers()))
    assert [each.field for each in refused.fields] == ["request_id"]


@pytest.mark.parametrize("word", ["refused", "slow", "gone"])
async def test_a_database_that_is_away_says_when_to_come_again(edge: Edge, word: str) -> None:
    refused = await edge.refusal(edge.call("Say", text=word))
    assert (refused.code, refused.why.reason) == ("UNAVAILABLE", "AWAY")
    assert not refused.fields, "nothing is wrong with what was asked"
    assert refused.retry.ToMilliseconds() > 0


async def test_an_unexpected_error_gives_a_log_id_and_nothing_else(edge: Edge) -> None:
    refused = await edge.refusal(edge.call("Say", text="bug"))
    assert (refused.code, refused.why.reason) == ("INTERNAL", "INTERNAL")
    log_id = refused.why.metadata["log_id"]
    assert log_id in refused.sentence
    assert "secret" not in refused.sentence


async def test_each_broken_rule_names_field_rule_and_sentence(edge: Edge) -> None:
    refused = await edge.refusal(edge.call("Say", text="", tone=7, lines=["一二三四五六"], times=20))
    assert refused.code == "INVALID_ARGUMENT"
    assert [(each.field, each.reason, each.description) for each in refused.fields] == [
        ("text", "STRING_MIN_LEN", "字数不足，至少 1 个字。"),
        ("tone", "ENUM_DEFINED_ONLY", "不是规定的取值。"),
        ("lines[0]", "STRING_MAX_LEN", "字数过多，最多 5 个字。"),
        ("times", "INT32_GTE_LTE", "应在 0 到 9 之间。"),
    ]


async def test_a_text_that_postgresql_cannot_keep_is_refused_at_the_door(edge: Edge) -> None:
    refused = await edge.refusal(edge.call("Say", text="早\0", lines=["一", "\0"], after="\0", times=0))
    assert refused.code == "INVALID_ARGUMENT"
    assert [(each.field, each.reason) for each in refused.fields] == [
        (field, "STRING_WRITABLE") for field in ("text", "lines[1]", "after")
    ]


async def test_at_most_twenty_faults_are_listed_and_the_rest_are_counted(edge: Edge) -> None:
    refused = await edge.refusal(edge.call("Say", text="x", lines=["一二三四五六"] * 33))
    assert len(refused.fields) == 21
    assert refused.fields[-1].description == "另有 13 处不符合要求。"


async def test_bytes_that_are_no_message_are_invalid(edge: Edge) -> None:
    refused = await edge.refusal(edge.call("Say", b"\x0a\xff\xff\xff\xff"))
    assert (refused.code, refused.why.reason) == ("INVALID_ARGUMENT", "INVALID")


async def test_text_that_is_no_utf8_is_invalid(edge: Edge) -> None:
    refused = await edge.refusal(edge.call("Say", b"\x0a\x02\xc3\x28"))
    assert refused.code == "INVALID_ARGUMENT"


async def test_a_field_that_is_too_long_is_invalid(edge: Edge) -> None:
    refused = await edge.refusal(edge.call("Say", text="长" * 101))
    assert (refused.code, refused.fields[0].field) == ("INVALID_ARGUMENT", "text")


async def test_a_request_that_is_too_large_names_its_field(edge: Edge) -> None:
    refused = await edge.refusal(edge.call("Say", text="x" * 5_000_000))
    assert (refused.code, refused.why.reason) == ("INVALID_ARGUMENT", "TOO_LARGE")
    assert [(each.field, each.reason) for each in refused.fields] == [("text", "REQUEST_MAX_BYTES")]


async def test_a_request_above_the_cap_is_not_read(edge: Edge) -> None:
    refused = await edge.refusal(edge.call("Say", text="x" * (6 * 1024 * 1024 + 1)))
    assert (refused.code, refused.why.reason) == ("RESOURCE_EXHAUSTED", "")


async def test_a_piece_of_a_stream_that_is_too_large_names_its_field(edge: Edge) -> None:
    collect = edge.channel.stream_unary(
        "/echo.v1.EchoService/Collect",
        request_serializer=edge.messages.SayRequest.SerializeToString,
        response_deserializer=edge.messages.SayResponse.FromString,
    )
    requests = [edge.messages.SayRequest(text=text) for text in ("一", "x" * (5 * 1024 * 1024), "二")]
    refused = await edge.refusal(collect(iter(requests), metadata=edge.headers()))
    assert (refused.code, [each.field for each in refused.fields]) == ("INVALID_ARGUMENT", ["text"])


@pytest.mark.parametrize("token", ["", None])
async def test_a_client_that_is_still_writing_receives_its_refusal(edge: Edge, token: str | None) -> None:
    large = edge.messages.SayRequest(text="x" * (5 * 1024 * 1024))

    async def written() -> None:
        collect = edge.channel.stream_unary(
            "/echo.v1.EchoService/Collect",
            request_serializer=edge.messages.SayRequest.SerializeToString,
            response_deserializer=edge.messages.SayResponse.FromString,
        )
        call = collect(metadata=edge.headers(token))  # type: ignore[call-arg] # written piece by piece
        with suppress(grpc.aio.AioRpcError, asyncio.InvalidStateError):
            for _ in range(4):
                await call.write(large)
            await call.done_writing()
        await call

    refusals = [await edge.refusal(written()) for _ in range(10)]
    assert {each.why.reason for each in refusals} == {"TOO_LARGE" if token == "" else "UNAUTHENTICATED"}


async def test_a_client_that_writes_nothing_is_refused_at_once(edge: Edge) -> None:
    call = edge.channel.stream_unary("/echo.v1.EchoService/Collect", None, None)()  # type: ignore[call-arg] # nothing is written
    assert (await asyncio.wait_for(edge.refusal(call), 2)).why.reason == "UNAUTHENTICATED"


async def test_a_stranger_learns_nothing_about_a_request_that_is_too_large(edge: Edge) -> None:
    refused = await edge.refusal(edge.call("Say", text="x" * 5_000_000, token=None))
    assert refused.code == "UNAUTHENTICATED"


async def test_a_client_that_goes_away_cancels_the_work(edge: Edge) -> None:
    call = edge.call("Say", text="wait")
    waiting = asyncio.ensure_future(call)
    await edge.servicer.entered.wait()
    call.cancel()
    await asyncio.wait_for(edge.servicer.cancelled.wait(), 5)
    with pytest.raises(asyncio.CancelledError):
        await waiting


async def test_a_stream_of_requests_is_checked_message_by_message(edge: Edge) -> None:
    collect = edge.channel.stream_unary(
        "/echo.v1.EchoService/Collect",
        request_serializer=edge.messages.SayRequest.SerializeToString,
        response_deserializer=edge.messages.SayResponse.FromString,
    )
    words = [edge.messages.SayRequest(text=word) for word in ("一", "二")]
    assert (await collect(iter(words), metadata=edge.headers())).text == "一 二"
    faulty = [*words, edge.messages.SayRequest(text="")]
    refused = await edge.refusal(collect(iter(faulty), metadata=edge.headers()))
    assert (refused.code, refused.fields[0].field) == ("INVALID_ARGUMENT", "text")


async def test_a_stream_of_answers_ends_with_its_refusal(edge: Edge) -> None:
    repeat = edge.channel.unary_stream(
        "/echo.v1.EchoService/Repeat",
        request_serializer=edge.messages.SayRequest.SerializeToString,
        response_deserializer=edge.messages.SayResponse.FromString,
    )
    received = [
        answer.text async for answer in repeat(edge.messages.SayRequest(text="早", times=3), metadata=edge.headers())
    ]
    assert received == ["早", "早", "早"]
    closed = repeat(edge.messages.SayRequest(text="closed", times=1), metadata=edge.headers())
    assert (await edge.refusal(_all(closed))).why.reason == "CLOSED"
    unknown = repeat(edge.messages.SayRequest(text="早", times=1))
    assert (await edge.refusal(_all(unknown))).code == "UNAUTHENTICATED"


async def _all(call: AsyncIterable[object]) -> list[object]:
    return [answer async for answer in call]
