"""Streams: any cut gives the same chunks, errors tell what came before, and connections come back."""

from __future__ import annotations

import gc
import json
import warnings
from collections.abc import Callable
from typing import Any

import anyio
import pytest

from pinecone_assistant import (
    ChatCompletionStream,
    ChatCompletionStreamChunk,
    ChatStream,
    StreamCitationChunk,
    StreamContentChunk,
    StreamContentDelta,
    StreamMessageEnd,
    StreamMessageStart,
    UnknownItem,
)
from pinecone_assistant._protocol.gathering import GatheredChat
from pinecone_core.errors import (
    ApiError,
    NotFoundError,
    PineconeClosedError,
    PineconeConnectionError,
    ServiceError,
)

from .wire import HOST, READY, Bench, Stream, Wire

TEXTS = ["Grüße ", "\u2028\u2029\x85 ", "日本 😀", ""]


def event(value: Any, end: str = "\n\n") -> bytes:
    return f"data: {json.dumps(value, ensure_ascii=False)}{end}".encode()


CHAT: list[dict[str, Any]] = [
    {"type": "message_start", "id": "m1", "model": "gpt-4o", "role": "assistant", "context_snippet_count": 2},
    *({"type": "content_chunk", "id": "m1", "model": "gpt-4o", "delta": {"content": text}} for text in TEXTS),
    {
        "type": "citation",
        "id": "m1",
        "model": "gpt-4o",
        "citation": {
            "position": 5,
            "references": [{"file": {"name": "a.pdf", "id": "f1", "status": "Available"}, "pages": [1, 3]}],
        },
    },
    {"type": "thought", "id": "m1", "text": "hm"},
    {
        "type": "message_end",
        "id": "m1",
        "model": "gpt-4o",
        "finish_reason": "stop",
        "usage": {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7},
    },
]
CHAT_BYTES = b": hello\r\n" + b"".join(event(item) for item in CHAT) + b"data: [DONE]\n\n"
COMPLETION = [
    {
        "id": "c1",
        "model": "gpt-4o",
        "choices": [{"index": 0, "delta": {"role": "assistant", "content": text}}],
    }
    for text in TEXTS
] + [
    {"id": "c1", "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
    {"id": "c1", "choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}},
]
COMPLETION_BYTES = b"".join(event(item, "\r\n\r\n") for item in COMPLETION) + b"data: [DONE]\r\n\r\n"


def ask(bench: Bench, method: str = "chat") -> Any:
    return getattr(bench.pc, method)(assistant_name="manuals", messages="Hi", stream=True)


def over(bench: Callable[..., Bench], *streams: Any) -> Bench:
    return bench((200, READY), *streams)


@pytest.mark.parametrize(
    ("method", "data", "number"), [("chat", CHAT_BYTES, 8), ("chat_completions", COMPLETION_BYTES, 6)]
)
def test_every_cut_gives_the_same_chunks(bench: Any, method: str, data: bytes, number: int) -> None:
    made = bench(data_host=HOST)
    made.wire.by = lambda request: Stream([data])
    whole = made.walk(lambda: ask(made, method))
    assert len(whole) == number

    async def everywhere() -> None:
        for cut in range(1, len(data)):
            made.wire.by = lambda request, cut=cut: Stream([data[:cut], data[cut:]])
            stream = await ask(made, method)
            assert [chunk async for chunk in stream] == whole, cut

    if made.flavour == "sync":
        for cut in range(1, len(data)):
            made.wire.by = lambda request, cut=cut: Stream([data[:cut], data[cut:]])
            assert list(ask(made, method)) == whole, cut
    else:
        anyio.run(everywhere, backend=made.flavour)
    made.wire.by = lambda request: Stream([data[i : i + 1] for i in range(len(data))])
    assert made.walk(lambda: ask(made, method)) == whole


def test_chunks_are_typed_and_unknown_ones_kept(bench: Any) -> None:
    made = over(bench, Stream([CHAT_BYTES]))
    chunks = made.walk(lambda: ask(made))
    kinds = [
        StreamMessageStart,
        *[StreamContentChunk] * 4,
        StreamCitationChunk,
        UnknownItem,
        StreamMessageEnd,
    ]
    assert [type(chunk) for chunk in chunks] == kinds
    assert chunks[0].id == "m1"
    assert chunks[0].context_snippet_count == 2
    assert [chunk.delta.content for chunk in chunks[1:5]] == TEXTS
    assert chunks[5].citation.references[0].pages == [1, 3]
    assert chunks[6].type == "thought"
    assert chunks[6].text == "hm"
    assert chunks[7].finish_reason == "stop"
    assert chunks[7].usage.total_tokens == 7
    assert [chunk.type for chunk in chunks] == [item["type"] for item in CHAT]


@pytest.mark.parametrize(("method", "data"), [("chat", CHAT_BYTES), ("chat_completions", COMPLETION_BYTES)])
def test_text_collect_and_final(bench: Any, method: str, data: bytes) -> None:
    made = bench(data_host=HOST, by=lambda request: Stream([data]))

    async def each() -> tuple[Any, ...]:
        first, second = await ask(made, method), await ask(made, method)
        third = await ask(made, method)
        text = [piece async for piece in first.text()]
        return text, await second.collect(), await second.collect(), await third.final()

    if made.flavour == "sync":
        first, second, third = (ask(made, method) for _ in range(3))
        found: Any = list(first.text()), second.collect(), second.collect(), third.final()
    else:
        found = anyio.run(each, backend=made.flavour)
    text, collected, again, final = found
    assert text == (TEXTS if method == "chat" else TEXTS[:3])
    assert collected == "".join(TEXTS)
    assert again == ""
    if method == "chat":
        assert final.message.content == "".join(TEXTS)
        assert final.finish_reason == "stop"
        assert final.citations[0].position == 5
        assert final.usage.total_tokens == 7
    else:
        assert final.choices[0].message.content == "".join(TEXTS)
        assert final.usage.total_tokens == 3
        assert final.choices[0].finish_reason == "stop"


def test_request_of_a_stream(bench: Any) -> None:
    made = over(bench, Stream([CHAT_BYTES]))
    stream = made.run(ask(made))
    assert len(made.wire.requests) == 1  # the host; the question goes out when the first chunk is asked for
    made.walk(lambda: stream)
    assert made.wire.lines[1] == f"POST {HOST}/assistant/chat/manuals"
    assert made.wire.body() == {
        "messages": [{"role": "user", "content": "Hi"}],
        "model": "gpt-4o",
        "stream": True,
        "include_highlights": False,
    }
    assert made.wire.requests[1].read == 300.0


ERRORS = [
    event({"error": {"code": "RESOURCE_EXHAUSTED", "message": "too much"}, "status": 429}),
    event({"type": "error", "message": "too much", "status": 429}),
    b'event: error\ndata: {"message": "too much", "status": 429}\n\n',
    b'{"error": {"message": "too much"}, "status": 429}\n',
]


@pytest.mark.parametrize("data", ERRORS)
def test_an_error_in_the_stream_raises_with_what_came_before(bench: Any, data: bytes) -> None:
    stream = Stream([b"".join(event(item) for item in CHAT[:3]), data, event(CHAT[3])])
    made = over(bench, stream)
    with pytest.raises(ApiError) as caught:
        made.walk(lambda: ask(made))
    assert caught.value.status_code == 429
    assert "too much" in str(caught.value)
    assert caught.value.operation == "chat"
    assert caught.value.host == HOST
    assert caught.value.response.message.content == TEXTS[0] + TEXTS[1]
    assert caught.value.response.finish_reason == ""
    assert stream.closed == 1


def test_an_error_in_a_completion(bench: Any) -> None:
    stream = Stream([event(COMPLETION[0]), b"event: error\ndata: out of order\n\n"])
    made = over(bench, stream)
    with pytest.raises(ServiceError, match="out of order") as caught:
        made.walk(lambda: ask(made, "chat_completions"))
    assert caught.value.response.choices[0].message.content == TEXTS[0]


def test_a_broken_connection_tells_what_came(bench: Any) -> None:
    stream = Stream([event(CHAT[1])], PineconeConnectionError("gone"))
    made = over(bench, stream)
    with pytest.raises(PineconeConnectionError) as caught:
        made.walk(lambda: ask(made))
    assert caught.value.response.message.content == TEXTS[0]
    assert stream.closed == 1
    assert len(made.wire.requests) == 2  # never sent again


def test_a_refused_question(bench: Any) -> None:
    body = b'{"error": {"code": "NOT_FOUND", "message": "no such assistant"}, "status": 404}'
    made = over(bench, Stream([body], status=404), (200, READY), Stream([CHAT_BYTES]))
    with pytest.raises(NotFoundError, match="no such assistant"):
        made.walk(lambda: ask(made))
    made.walk(lambda: ask(made))
    assert made.wire.lines.count("GET https://api.pinecone.io/assistant/assistants/manuals") == 2


def test_unreadable_chunks_do_not_end_the_stream(bench: Any, caplog: pytest.LogCaptureFixture) -> None:
    data = b"data: {oops\n\ndata: 17\n\n" + event({"type": "content_chunk", "delta": 3}) + event(CHAT[1])
    made = over(bench, Stream([data]))
    chunks = made.walk(lambda: ask(made))
    assert [type(chunk).__name__ for chunk in chunks] == [*["UnknownItem"] * 3, "StreamContentChunk"]
    assert chunks[0].data == {"value": "{oops"}
    assert "kept as it is" in caplog.text


def test_lines_without_blank_lines_between_are_read(bench: Any) -> None:
    data = b"".join(event(item, "\n") for item in CHAT)
    made = over(bench, Stream([data]))
    assert len(made.walk(lambda: ask(made))) == len(CHAT)


def test_leaving_a_loop_closes_a_sync_stream() -> None:
    raw = Stream([event(item) for item in CHAT])
    bench = Bench("sync", Wire((200, READY), raw))
    stream = ask(bench)
    for _ in stream:
        break
    assert raw.closed == 1
    with pytest.raises(PineconeClosedError):
        list(stream)
    stream.close()
    assert raw.closed == 1


@pytest.mark.parametrize("how", ["with", "collected", "text"])
def test_other_ways_to_leave_a_sync_stream(how: str) -> None:
    raw = Stream([event(item) for item in CHAT])
    bench = Bench("sync", Wire((200, READY), raw))
    if how == "with":
        with ask(bench) as stream:
            walk = iter(stream)
            next(walk)
            assert raw.closed == 0
    elif how == "text":
        for _ in ask(bench).text():
            break
    else:
        walk = iter(ask(bench))
        next(walk)
        del walk
        gc.collect()
    assert raw.closed == 1


async def breaking(stream: Any) -> None:
    async for _ in stream:
        break


async def breaking_the_text(stream: Any) -> None:
    async for _ in stream.text():
        break


async def within(stream: Any) -> None:
    async with stream:
        await breaking(stream)


async def cancelled(stream: Any) -> None:
    with anyio.move_on_after(0.05):
        await stream.collect()


async def collected(stream: Any) -> None:
    await anext(stream.__aiter__())


LEAVING = {
    "break": breaking,
    "text": breaking_the_text,
    "with": within,
    "cancelled": cancelled,
    "collected": collected,
}


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
@pytest.mark.parametrize("how", list(LEAVING))
def test_ways_to_leave_an_async_stream(backend: str, how: str) -> None:
    raw = Stream([event(item) for item in CHAT[:3]])
    raw.waits_forever = True
    bench = Bench(backend, Wire((200, READY), raw))

    async def leave() -> None:
        await LEAVING[how](await ask(bench))

    async def main() -> None:
        await leave()
        gc.collect()
        with anyio.fail_after(5):
            while not raw.closed:
                await anyio.sleep(0)
        assert raw.closed == 1

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # trio says that a generator was left early
        anyio.run(main, backend=backend)


def test_wrappers_take_any_iterator() -> None:
    chunk = StreamContentChunk(id="1", delta={"content": "x"})  # type: ignore[arg-type]
    stream = ChatStream(iter([StreamMessageStart(model="m", role="assistant")]))
    assert list(stream) == [StreamMessageStart(model="m", role="assistant")]
    assert list(stream) == []
    assert stream.collect() == ""
    assert repr(stream).startswith("ChatStream(single-pass, Pinecone-native chat stream")
    completions = ChatCompletionStream(iter([ChatCompletionStreamChunk(id="1", choices=[])]))
    assert repr(completions).startswith("ChatCompletionStream(single-pass, OpenAI-compatible")
    assert "single-pass" in completions._repr_html_()
    assert completions.collect() == ""
    assert chunk.id == "1"
    walk: Any = iter(ChatStream(iter([1, 2, 3])))  # type: ignore[list-item]
    assert next(walk) == 1


def test_closing_a_stream_that_a_task_is_reading() -> None:
    raw = Stream([event(item) for item in CHAT[:3]])
    raw.waits_forever = True
    bench = Bench("asyncio", Wire((200, READY), raw))

    async def main() -> None:
        stream = await ask(bench)
        seen = []

        async def read() -> None:
            async for chunk in stream:
                seen.append(chunk)

        with anyio.move_on_after(5) as limit:
            async with anyio.create_task_group() as group:
                group.start_soon(read)
                while len(seen) < 3:
                    await anyio.sleep(0)
                await stream.close()  # the task waits for a chunk that never comes
                group.cancel_scope.cancel()
        assert not limit.cancelled_caught

    anyio.run(main)
    assert raw.closed == 1


def test_a_stream_that_was_read_to_its_end_may_be_closed() -> None:
    bench = Bench("sync", Wire((200, READY), Stream([CHAT_BYTES])))
    with ask(bench) as stream:
        assert stream.collect() == "".join(TEXTS)
    assert list(stream) == []
    assert stream.final().usage.total_tokens == 7


def test_what_a_later_piece_tells_of_the_answer_is_kept() -> None:
    gathered = GatheredChat()
    text = StreamContentDelta(content="a")
    gathered.add(StreamMessageStart(id="m1"))
    gathered.add(StreamContentChunk(id="m1", delta=text))
    gathered.add(StreamContentChunk(id="m1", delta=text, model="gpt-4o"))
    gathered.add(StreamContentChunk(id="m1", delta=text, content_filter_results={"hate": "safe"}))
    found = gathered.result()
    assert (found.id, found.model, found.message.content) == ("m1", "gpt-4o", "aaa")
    assert found.content_filter_results == {"hate": "safe"}
