"""What is logged helps, and holds no secret."""

from __future__ import annotations

import io
import logging
import pickle
import shlex
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from pinecone_core.call_log import CallLog, call_log, curl_line
from pinecone_core.errors import NotFoundError, PineconeConnectionError
from pinecone_core.multipart import Multipart, Part
from pinecone_core.operation import Operation
from pinecone_core.transport import Request, Response

KEY = "key-of-the-tests"


@pytest.fixture(autouse=True)
def logger(monkeypatch: pytest.MonkeyPatch) -> Iterator[logging.Logger]:
    for name in ("LOG", "DEBUG", "DEBUG_CURL"):
        monkeypatch.delenv(f"PINECONE_{name}", raising=False)
    logger = logging.getLogger("pinecone")
    level, handlers = logger.level, list(logger.handlers)
    yield logger
    logger.setLevel(level)
    logger.handlers[:] = handlers


def request(**changes: Any) -> Request:
    headers = [("Api-Key", KEY), ("Content-Type", "application/json"), ("X-Tag", "it's")]
    fields: dict[str, Any] = {
        "method": "POST",
        "origin": "https://a.example",
        "target": "/query?filter=a%20b&x=1",
        "headers": headers,
        "body": b'{"name":"it\'s"}',
    }
    return Request(**{**fields, **changes})


QUERY: Operation[Any] = Operation(
    "query", "POST", "/query", dict, {"a": 1}, {"secret": "of mine"}, repeat_safe=True
)


def run(side: Any, *outcomes: Any, host: str = "https://a.example") -> None:
    left = list(outcomes)

    async def main() -> None:
        transport = side.transport(lambda request: left.pop(0))
        executor = side.executor(host, transport=transport, clock=side.clock())
        await executor.send(QUERY)

    side.run(main)


OK = Response(200, {"x-pinecone-request-id": "r-1"}, b"{}")


def test_a_call_is_one_line_at_info(side: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "pinecone")
    run(side, OK)
    [line] = caplog.messages
    assert line.startswith("query: POST https://a.example/query: 200 in ")
    assert line.endswith(" ms, request id r-1")
    assert caplog.records[0].name == "pinecone.http"


def test_retries_and_failures_are_logged_without_their_messages(
    side: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "pinecone.http")
    body = b'{"error":{"message":"your text was: private"}}'
    with pytest.raises(NotFoundError):
        run(side, Response(429, {}, body), Response(404, {"x-request-id": "r-2"}, body))
    begin, retry, end = caplog.messages
    assert begin == "query: POST https://a.example/query begins"
    assert "try 1 failed (RateLimitError 429), next in" in retry
    assert "NotFoundError 404 after" in end
    assert end.endswith("request id r-2")
    assert "private" not in caplog.text
    assert "of mine" not in caplog.text


def test_a_lost_connection_is_logged(side: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "pinecone.http")
    with pytest.raises(PineconeConnectionError):
        run(side, *[PineconeConnectionError("gone")] * 9)
    assert "PineconeConnectionError after" in caplog.messages[-1]


def test_nothing_is_made_when_nothing_listens(logger: logging.Logger) -> None:
    logger.setLevel(logging.WARNING)
    assert CallLog().start(QUERY, request()) is None


def test_time_is_that_of_the_clock(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "pinecone.http")
    moments = iter([1.0, 1.25])
    call = CallLog(now=lambda: next(moments)).start(QUERY, request())
    assert call is not None
    call.finished(204, {})
    assert caplog.messages == ["query: POST https://a.example/query: 204 in 250 ms, request id -"]


def test_curl_lines_on_request(
    side: Any, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PINECONE_DEBUG_CURL", "1")
    caplog.set_level(logging.DEBUG, "pinecone.http")
    run(side, OK)
    [line] = [message for message in caplog.messages if message.startswith("curl equivalent:\ncurl ")]
    assert "'https://a.example/query?secret=of+mine'" in line
    assert "Api-Key: ***" in line
    assert KEY not in caplog.text


def test_a_curl_line_has_the_path_of_the_host(
    side: Any, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PINECONE_DEBUG_CURL", "1")
    caplog.set_level(logging.DEBUG, "pinecone.http")
    run(side, OK, host="https://a.example/prefix/")
    assert "'https://a.example/prefix/query?secret=of+mine'" in caplog.text


def test_a_curl_line_can_be_read_by_a_shell() -> None:
    words = shlex.split(curl_line(request()))
    assert words == [
        *["curl", "-X", "POST", "https://a.example/query?filter=a%20b&x=1"],
        *["-H", "Api-Key: ***", "-H", "Content-Type: application/json", "-H", "X-Tag: it's"],
        *["--data-binary", '{"name":"it\'s"}'],
    ]
    assert "--data-binary" not in curl_line(request(body=None))


def test_long_bodies_are_cut() -> None:
    line = curl_line(request(body=b'{"values":[' + b"0.25," * 5000 + b"0]}"))
    assert len(line) < 1400
    assert "... (25014 bytes)" in line


@pytest.mark.parametrize(
    "body",
    [
        b'{"client_id":"me","client_secret":"hush\\"hush"}',
        b'{"access_token": "hush"}',
        b'{"client_secret":"hush' + b"h" * 2000,
    ],
)
def test_secrets_in_bodies_are_hidden(body: bytes) -> None:
    assert "hush" not in curl_line(request(body=body))


def test_secrets_in_addresses_are_hidden() -> None:
    assert "hush" not in curl_line(request(target="/a?x=1&api_key=hush&y=2"))
    assert "y=2" in curl_line(request(target="/a?x=1&api_key=hush&y=2"))


def test_bodies_in_pieces_are_not_read() -> None:
    assert "<a body of " in curl_line(request(body=Multipart([Part("a", b"hush")])))
    line = curl_line(request(body=Multipart([Part("a", iter([b"hush"]))])))
    assert "<a body of unknown size>" in line
    assert "hush" not in line


@pytest.mark.parametrize(
    ("variables", "level"),
    [
        ({}, logging.NOTSET),
        ({"PINECONE_LOG": "debug"}, logging.DEBUG),
        ({"PINECONE_LOG": " INFO "}, logging.INFO),
        ({"PINECONE_LOG": "loud"}, logging.NOTSET),
        ({"PINECONE_DEBUG": "1"}, logging.DEBUG),
        ({"PINECONE_DEBUG": "1", "PINECONE_LOG": "info"}, logging.INFO),
    ],
)
def test_the_environment_sets_the_level(
    monkeypatch: pytest.MonkeyPatch, logger: logging.Logger, variables: dict[str, str], level: int
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    call_log()
    assert logger.level == level


def test_an_unknown_level_is_said(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setenv("PINECONE_LOG", "loud")
    call_log()
    assert "PINECONE_LOG must be debug, info, warning or error, got 'loud'; ignored" in caplog.messages


@pytest.mark.parametrize(("variable", "shown"), [("PINECONE_LOG", True), ("PINECONE_DEBUG", False)])
def test_only_one_of_them_shows_what_is_logged(
    monkeypatch: pytest.MonkeyPatch, logger: logging.Logger, variable: str, shown: bool
) -> None:
    screen = io.StringIO()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    monkeypatch.setenv(variable, "debug")
    call_log()
    call_log()
    logging.getLogger("pinecone.http").info("hello")
    assert screen.getvalue().count("INFO pinecone.http: hello") == shown


def test_it_travels_with_a_client() -> None:
    assert isinstance(pickle.loads(pickle.dumps(CallLog())), CallLog)
