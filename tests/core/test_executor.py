"""The loop that sends operations, over a scripted transport and a clock that obeys."""

from __future__ import annotations

import logging
from typing import Any

import msgspec
import pytest

from pinecone_core.config import RetryConfig, Timeout
from pinecone_core.errors import (
    ApiError,
    ConflictError,
    NotFoundError,
    PineconeConnectionError,
    PineconeError,
    PineconeTimeoutError,
    PineconeTypeError,
    PineconeValueError,
    RateLimitError,
    ResponseParsingError,
    ServiceError,
)
from pinecone_core.operation import Encoded, Operation
from pinecone_core.response_info import ResponseInfo
from pinecone_core.structs import StructDictMixin
from pinecone_core.transport import Response

HOST = "https://api.example.com"
HEADERS = {"x-pinecone-request-id": "r-7"}


class Thing(StructDictMixin, kw_only=True):
    name: str = ""
    response_info: ResponseInfo | None = None


def ok(body: bytes = b'{"name":"a"}') -> Response:
    return Response(200, dict(HEADERS), body, "OK")


def fail(status: int, **headers: str) -> Response:
    found = {**HEADERS, **{key.replace("_", "-"): value for key, value in headers.items()}}
    return Response(status, found, b'{"error":{"code":"X","message":"no"}}')


def lost(**how: Any) -> PineconeConnectionError:
    return PineconeConnectionError("broke", **how)


READ = Operation("read", "GET", "/things", Thing)
CREATE = Operation("create", "POST", "/things", Thing, {"a": 1})
UPSERT = Operation("upsert", "POST", "/things", Thing, {"a": 1}, repeat_safe=True)


class Bench:
    """An executor over outcomes given in order; the last one comes again and again."""

    def __init__(self, side: Any, *outcomes: Any, **config: Any) -> None:
        self.side = side
        self.outcomes = list(outcomes)
        self.clock = side.clock()
        self.transport = side.transport(self.next)
        self.takes = 0.0
        self.executor = side.executor(HOST, transport=self.transport, clock=self.clock, config=config)

    def next(self, request: Any) -> Any:
        self.clock.pass_by(self.takes)
        return self.outcomes.pop(0) if len(self.outcomes) > 1 else self.outcomes[0]

    def send(self, operation: Operation[Any] = READ, executor: Any = None, **options: Any) -> Any:
        async def scenario() -> Any:
            return await (executor or self.executor).send(operation, **options)

        return self.side.run(scenario)

    @property
    def tries(self) -> int:
        return len(self.transport.requests)


def test_a_result_knows_its_answer(side: Any) -> None:
    thing = Bench(side, ok()).send()
    assert thing.name == "a"
    assert thing.response_info.request_id == "r-7"


def test_an_error_knows_its_request(side: Any) -> None:
    bench = Bench(side, fail(404))
    with pytest.raises(NotFoundError) as caught:
        bench.send()
    error = caught.value
    assert str(error) == "[404 X] no (request_id: r-7)"
    assert (error.operation, error.host, error.request_id) == ("read", HOST, "r-7")
    assert bench.tries == 1


def test_an_answer_that_does_not_fit(side: Any) -> None:
    for body in (b"<html>", b'{"name":{}}', b""):
        with pytest.raises(ResponseParsingError) as caught:
            Bench(side, ok(body)).send()
        assert (caught.value.operation, caught.value.host) == ("read", HOST)
        assert caught.value.request_id == "r-7"
        assert str(caught.value).count("Failed to parse") == 1


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_statuses_worth_a_repeat(side: Any, status: int) -> None:
    bench = Bench(side, fail(status), fail(status), ok())
    assert bench.send(UPSERT).name == "a"
    assert bench.tries == 3
    assert len(bench.clock.slept) == 2


@pytest.mark.parametrize("status", [301, 400, 401, 402, 403, 404, 409, 412, 413, 422, 501])
def test_statuses_that_are_final(side: Any, status: int) -> None:
    bench = Bench(side, fail(status))
    with pytest.raises(ApiError) as caught:
        bench.send()
    assert caught.value.status_code == status
    assert bench.tries == 1


@pytest.mark.parametrize(
    ("outcome", "repeated"),
    [
        (fail(429), True),
        (fail(503), True),
        (fail(500), False),
        (fail(502), False),
        (fail(504), False),
        (fail(408), False),
        (lost(sent=False), True),
        (lost(sent=True), False),
        (lost(sent=True, stale=True), False),
        (lost(sent=False, permanent=True), False),
        (PineconeTimeoutError("late", sent=False), True),
        (PineconeTimeoutError("late", sent=True), False),
    ],
)
def test_what_creates_is_repeated_only_when_it_was_not_done(side: Any, outcome: Any, repeated: bool) -> None:
    bench = Bench(side, outcome, ok())
    if repeated:
        assert bench.send(CREATE).name == "a"
    else:
        with pytest.raises(PineconeError):
            bench.send(CREATE)
    assert bench.tries == (2 if repeated else 1)


@pytest.mark.parametrize(
    ("first", "gone"),
    [
        (lost(sent=True), True),
        (lost(sent=True, stale=True), True),
        (fail(500), True),
        (fail(504), True),
        (PineconeTimeoutError("late", sent=True), True),
        (fail(503), False),
        (fail(429), False),
        (lost(sent=False), False),
        (None, False),
    ],
)
def test_what_a_lost_deletion_deleted_is_not_missed(side: Any, first: Any, gone: bool) -> None:
    bench = Bench(side, *([first] if first else []), fail(404))
    delete: Operation[Any] = Operation("delete_thing", "DELETE", "/things/a", None, repeat_safe=True)
    if gone:
        assert bench.send(delete) is None
    else:
        with pytest.raises(NotFoundError):
            bench.send(delete)
    with pytest.raises(NotFoundError):
        Bench(side, lost(sent=True), fail(404)).send(READ)


@pytest.mark.parametrize("retries", [0, 1, 3])
def test_max_retries_counts_repeats(side: Any, retries: int) -> None:
    bench = Bench(side, fail(500), retry_config=RetryConfig(max_retries=retries))
    with pytest.raises(ServiceError):
        bench.send()
    assert bench.tries == retries + 1


def test_a_kept_connection_that_ended_costs_nothing(side: Any) -> None:
    bench = Bench(side, lost(stale=True), lost(stale=True), ok(), retry_config=RetryConfig(max_retries=0))
    assert bench.send().name == "a"
    assert bench.clock.slept == []
    bench = Bench(side, lost(stale=True), retry_config=RetryConfig(max_retries=0))
    with pytest.raises(PineconeConnectionError):
        bench.send()
    assert bench.tries == 3


def test_the_deadline_covers_tries_and_waits(side: Any) -> None:
    bench = Bench(side, fail(500), timeout=10.0, retry_config=RetryConfig(max_retries=50))
    bench.takes = 3.0
    with pytest.raises(ServiceError):
        bench.send()
    assert bench.clock.time - 1000.0 <= 10.0 + bench.takes
    deadlines = {request.deadline for request in bench.transport.requests}
    assert deadlines == {1010.0}


def test_no_limit(side: Any) -> None:
    bench = Bench(side, fail(500), ok(), timeout=None)
    bench.takes = 10_000.0
    assert bench.send().name == "a"
    assert bench.transport.requests[0].deadline is None


def test_retry_after_is_kept_to_up_to_the_deadline(side: Any) -> None:
    bench = Bench(side, fail(429, retry_after="5"), ok())
    bench.send()
    assert 5.0 <= bench.clock.slept[0] <= 6.25
    bench = Bench(side, fail(429, retry_after="31"), ok())
    with pytest.raises(RateLimitError) as caught:
        bench.send()
    assert caught.value.retry_after == 31.0
    assert bench.clock.slept == []
    bench = Bench(side, fail(429, retry_after="3600"), ok(), timeout=None)
    bench.send()
    assert 60.0 <= bench.clock.slept[0] <= 75.0
    bench = Bench(side, fail(503, retry_after="Thu, 01 Jan 1970 00:17:00 GMT"), ok())
    bench.send()
    assert 20.0 <= bench.clock.slept[0] <= 25.0
    for odd in ("-5", "nan", "soon"):
        bench = Bench(side, fail(503, retry_after=odd), ok())
        bench.send()
        assert bench.clock.slept[0] < 1.0


def test_an_outage_costs_little_more_than_a_request_a_call(side: Any) -> None:
    bench = Bench(side, fail(503))
    for _ in range(10):
        with pytest.raises(ServiceError):
            bench.send()
    assert bench.tries <= 20
    for _ in range(90):
        with pytest.raises(ServiceError):
            bench.send()
    assert bench.tries <= 110
    # It recovers with successes, and other hosts are not affected.
    other = bench.executor.at("https://other.example.com")
    with pytest.raises(ServiceError):
        bench.send(executor=other)
    assert bench.tries > 110


def test_time_limits_and_headers_of_one_call(side: Any) -> None:
    bench = Bench(side, ok(), timeout=Timeout(total=9, connect=1, read=2, write=3, pool=4))
    bench.send()
    request = bench.transport.requests[-1]
    assert (request.connect, request.read, request.write, request.pool) == (1, 2, 3, 4)
    assert request.deadline == 1009.0
    bench.send(timeout=5, extra_headers={"x-one": "1", "API-KEY": "other"})
    request = bench.transport.requests[-1]
    assert (request.deadline, request.read) == (1005.0, None)
    headers = dict(request.headers)
    assert headers["x-one"] == "1"
    assert headers["API-KEY"] == "other"
    assert "Api-Key" not in headers
    bench.send()
    assert "x-one" not in dict(bench.transport.requests[-1].headers)


@pytest.mark.parametrize("timeout", [0, -1, float("nan"), float("inf"), "5", True])
def test_a_limit_that_is_none(side: Any, timeout: Any) -> None:
    bench = Bench(side, ok())
    with pytest.raises((PineconeValueError, PineconeTypeError), match="timeout"):
        bench.send(timeout=timeout)
    with pytest.raises((PineconeValueError, PineconeTypeError), match="timeout"):
        bench.executor.with_options(timeout=timeout)
    assert bench.tries == 0


@pytest.mark.parametrize(
    "headers",
    [
        {"x": "a\r\nb: c"},
        {"x": "é"},
        {"x": 1},
        {"a b": "c"},
        {"": "c"},
        {1: "c"},
        {"Content-Length": "1"},
        "x",
    ],
)
def test_headers_that_cannot_be_sent(side: Any, headers: Any) -> None:
    bench = Bench(side, ok())
    with pytest.raises((PineconeValueError, PineconeTypeError), match="extra_headers"):
        bench.send(extra_headers=headers)
    with pytest.raises((PineconeValueError, PineconeTypeError), match="headers"):
        bench.executor.with_options(headers=headers)
    assert bench.tries == 0


def test_options_make_a_copy(side: Any) -> None:
    seen: list[Any] = []
    bench = Bench(side, fail(500), ok())
    copy = bench.executor.with_options(
        timeout=None, max_retries=0, headers={"x-a": "1"}, on_response=seen.append
    )
    with pytest.raises(ServiceError):
        bench.send(executor=copy)
    assert bench.tries == 1
    assert dict(bench.transport.requests[0].headers)["x-a"] == "1"
    assert bench.transport.requests[0].deadline is None
    bench.send(executor=copy.with_options(headers={"X-A": "2"}))
    assert [name for name, _ in bench.transport.requests[1].headers if name.lower() == "x-a"] == ["X-A"]
    assert [response.status for response in seen] == [500, 200]
    bench.send()
    assert len(seen) == 2
    assert bench.transport.requests[2].deadline is not None
    assert copy.config is bench.executor.config
    with pytest.raises(PineconeValueError, match="max_retries"):
        bench.executor.with_options(max_retries=-1)


def test_on_response_sees_failures_of_streams_too(side: Any) -> None:
    seen: list[Any] = []
    bench = Bench(side, fail(409))
    executor = bench.executor.with_options(on_response=seen.append)

    async def scenario() -> None:
        await executor.stream(READ)

    with pytest.raises(ConflictError):
        side.run(scenario)
    assert [response.status for response in seen] == [409]


def test_a_stream_has_time_for_each_piece(side: Any) -> None:
    bench = Bench(side, ok(), timeout=7.0)

    async def scenario() -> bytes:
        stream = await bench.executor.stream(READ)
        return b"".join([piece async for piece in stream.achunks()])

    assert side.run(scenario) == b'{"name":"a"}'
    assert bench.transport.requests[0].read == 7.0


def test_another_base_url(side: Any) -> None:
    bench = Bench(side, ok())
    bench.send(executor=bench.executor.at("HTTPS://index.example.com:8443/prefix/"))
    assert bench.transport.requests[-1].url == "https://index.example.com:8443/prefix/things"
    bench.send(msgspec.structs.replace(READ, base_url="data.example.com/assistant"))
    assert bench.transport.requests[-1].url == "https://data.example.com/assistant/things"
    for bad in ("user:pw@evil.example.com", "nohost", "https://a b.com"):
        with pytest.raises(PineconeValueError):
            bench.executor.at(bad)
        with pytest.raises(PineconeValueError):
            bench.send(msgspec.structs.replace(READ, base_url=bad))


@pytest.mark.filterwarnings("error")
def test_a_key_over_plain_http(side: Any) -> None:
    for harmless in ("http://localhost:1", "http://127.0.0.1", "http://[::1]:8080", "https://example.com"):
        side.executor(harmless)
    for exposed in ("http://example.com", "http://10.0.0.1"):
        with pytest.raises(RuntimeWarning, match="unencrypted"):
            side.executor(exposed)
        side.executor(exposed, transport=side.transport(ok))  # it goes nowhere


def test_handles_have_the_settings_of_their_client(side: Any) -> None:
    bench = Bench(side, fail(500), timeout=9.0, retry_config=RetryConfig(max_retries=1), source_tag="tag")
    handle = bench.executor.with_options(headers={"x-a": "1"}).at("https://index.example.com")
    with pytest.raises(ServiceError):
        bench.send(executor=handle)
    assert bench.tries == 2
    request = bench.transport.requests[0]
    assert request.deadline == 1009.0
    assert dict(request.headers)["x-a"] == "1"
    assert dict(request.headers)["User-Agent"].endswith(" source_tag=tag")


def test_any_request(side: Any) -> None:
    bench = Bench(side, ok(b'{"a":[1]}'))

    async def scenario() -> None:
        assert await bench.executor.request("get", "/x", query={"q": "ä"}) == {"a": [1]}
        assert await bench.executor.request("DELETE", "/x", returns=None) is None
        bench.outcomes = [Response(202, {}, b"")]
        assert await bench.executor.request("DELETE", "/x") is None
        bench.outcomes = [ok(b'{"a":[1]}')]
        assert (await bench.executor.request("PUT", "/x", body=[1], returns=dict)) == {"a": [1]}
        for path in ("x", "/a b", "/ä", "/a#b", "/a\nb", "http://evil.com"):
            with pytest.raises(PineconeValueError, match="path"):
                await bench.executor.request("GET", path)
        with pytest.raises(PineconeTypeError, match="path"):
            await bench.executor.request("GET", None)

    side.run(scenario)
    first, _, _, third = bench.transport.requests
    assert (first.method, first.target) == ("GET", "/x?q=%C3%A4")
    assert (third.method, third.body) == ("PUT", b"[1]")


def test_a_body_that_cannot_be_sent_twice(side: Any) -> None:
    class Once:
        length, replayable = 1, False

        def chunks(self) -> Any:
            yield b"a"

        async def achunks(self) -> Any:
            yield b"a"

    bench = Bench(side, fail(503), ok())
    with pytest.raises(ServiceError):
        bench.send(Operation("up", "POST", "/x", Thing, Encoded(Once(), "a/b"), repeat_safe=True))
    assert bench.tries == 1


class Watching:
    def __init__(self, log: list[Any]) -> None:
        self.log = log

    def start(self, operation: Any, request: Any) -> Any:
        self.log.append(("start", operation.name, request.url))
        return self

    def retrying(self, error: Any, attempt: int, delay: float) -> None:
        self.log.append(("retry", type(error).__name__, attempt))

    def finished(self, status: int, headers: Any) -> None:
        self.log.append(("end", status))

    def failed(self, error: Any) -> None:
        self.log.append(("failed", type(error).__name__))


class Broken:
    def __init__(self, when: str) -> None:
        self.when = when

    def start(self, operation: Any, request: Any) -> Any:
        if self.when == "start":
            raise RuntimeError("observer")
        return None if self.when == "none" else self

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError("observer")


def test_observers(side: Any, caplog: pytest.LogCaptureFixture) -> None:
    log: list[Any] = []
    outcomes = [fail(500), ok(), fail(404)]
    transport = side.transport(lambda request: outcomes.pop(0))
    watchers = (Broken("start"), Broken("none"), Watching(log), Broken("later"))
    executor = side.executor(HOST, transport=transport, clock=side.clock(), observers=watchers)

    async def scenario() -> None:
        assert (await executor.send(READ)).name == "a"
        with pytest.raises(NotFoundError):
            await executor.send(READ)

    with caplog.at_level(logging.CRITICAL):
        side.run(scenario)
    assert log == [
        ("start", "read", f"{HOST}/things"),
        ("retry", "ServiceError", 1),
        ("end", 200),
        ("start", "read", f"{HOST}/things"),
        ("failed", "NotFoundError"),
    ]


def test_a_given_transport_is_its_owners_to_close(side: Any) -> None:
    bench = Bench(side, ok())
    bench.send()
    side.run(bench.executor.aclose)
    assert bench.transport.closed == 0
    assert "api.example.com" in repr(bench.executor.inner if side.is_sync else bench.executor)
