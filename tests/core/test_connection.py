"""One exchange over one connection, with a link that fails where it is told to."""

from __future__ import annotations

from typing import Any

import pytest

from pinecone_core._async import http1 as async_http1
from pinecone_core._sync import http1 as sync_http1
from pinecone_core.routes import Route
from pinecone_core.transport import Request

TOO_BIG = b"HTTP/1.1 413 Payload Too Large\r\nContent-Length: 3\r\n\r\nbig"


class Link:
    """Plays both flavours of a socket."""

    def __init__(self, answers: list[Any], fail_send: Any = None) -> None:
        self.answers = answers
        self.fail_send = fail_send
        self.sent = b""
        self.closed = 0

    def send(self, data: bytes, timeout: float | None) -> None:
        if self.fail_send is not None:
            raise self.fail_send
        self.sent += data

    def receive(self, timeout: float | None) -> bytes:
        answer = self.answers.pop(0) if self.answers else b""
        if isinstance(answer, Exception):
            raise answer
        return answer

    def close(self) -> None:
        self.closed += 1

    def is_readable(self) -> bool:
        return bool(self.answers)


class AsyncLink(Link):
    async def send(self, data: bytes, timeout: float | None) -> None:  # type: ignore[override]
        Link.send(self, data, timeout)

    async def receive(self, timeout: float | None) -> bytes:  # type: ignore[override]
        return Link.receive(self, timeout)

    async def aclose(self) -> None:
        self.close()


class Bench:
    def __init__(self, side: Any, answers: list[Any], body: Any = b"body", **how: Any) -> None:
        module: Any = sync_http1 if side.is_sync else async_http1
        self.side = side
        self.link: Any = (Link if side.is_sync else AsyncLink)(answers, **how)
        route = Route(False, "h.com", 80, "h.com", None, None)
        prefix = "" if side.is_sync else "Async"
        self.connection = getattr(module, f"{prefix}Connection")(route, lambda: None, [])
        self.connection._socket = self.link
        self.exchange = getattr(module, f"{prefix}Exchange")(
            Request("POST", "http://h.com", "/x", [], body), side.clock()
        )

    def run(self) -> Any:
        async def scenario() -> Any:
            if self.side.is_sync:
                answer = self.connection.ask(self.exchange)
                return answer, answer.whole()
            answer = await self.connection.ask(self.exchange)
            return answer, await answer.whole()

        return self.side.run(scenario)


def test_one_write_for_a_small_request(side: Any) -> None:
    bench = Bench(side, [b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no", b"k"])
    answer, body = bench.run()
    assert bench.link.sent == b"POST /x HTTP/1.1\r\nHost: h.com\r\nContent-Length: 4\r\n\r\nbody"
    assert (answer.reader.status, body, answer.reusable) == (200, b"ok", True)
    assert bench.exchange.reused
    assert not bench.link.closed


@pytest.mark.parametrize(
    "framing", ["Content-Length: 40\r\n\r\n{}", "Transfer-Encoding: chunked\r\n\r\n28\r\n{}\r\n0\r\n\r\n"]
)
@pytest.mark.parametrize("most", [1 << 20, 7])
def test_a_body_is_whole_however_it_comes(
    side: Any, framing: str, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"pinecone_core._{'sync' if side.is_sync else 'async'}.http1._MOST_AHEAD", most)
    text = "0123456789" * 4
    whole = f"HTTP/1.1 200 OK\r\n{framing.format(text)}".encode()
    for size in (1, 3, 50, len(whole)):
        answer, body = Bench(side, [whole[i : i + size] for i in range(0, len(whole), size)]).run()
        assert (body, answer.reusable) == (text.encode(), True)


def test_an_answer_to_what_could_not_be_sent(side: Any) -> None:
    bench = Bench(side, [TOO_BIG], fail_send=BrokenPipeError("pipe"))
    answer, body = bench.run()
    assert (answer.reader.status, body) == (413, b"big")
    assert not answer.reusable


@pytest.mark.parametrize("answers", [[], [ConnectionResetError("reset")]])
def test_no_answer_to_what_could_not_be_sent(side: Any, answers: list[Any]) -> None:
    bench = Bench(side, answers, fail_send=BrokenPipeError("pipe"))
    with pytest.raises(BrokenPipeError, match="pipe"):
        bench.run()
    assert bench.link.closed == 1
    assert bench.connection.is_stale()


class Pieces:
    length, replayable = None, True

    def __init__(self) -> None:
        self.closed = 0

    def chunks(self) -> Any:
        try:
            yield b"a" * 20
            yield b""
            yield b"b"
        finally:
            self.closed += 1

    async def achunks(self) -> Any:
        try:
            yield b"a" * 20
            yield b""
            yield b"b"
        finally:
            self.closed += 1


def test_a_body_in_pieces(side: Any) -> None:
    body = Pieces()
    bench = Bench(side, [TOO_BIG], body)
    bench.run()
    assert bench.link.sent.partition(b"\r\n\r\n")[2] == b"14\r\n" + b"a" * 20 + b"\r\n1\r\nb\r\n0\r\n\r\n"
    assert body.closed == 1


def test_a_body_in_pieces_that_is_left_early(side: Any) -> None:
    body = Pieces()
    bench = Bench(side, [TOO_BIG], body)
    put = bench.link.send

    def send(data: bytes, timeout: float | None) -> Any:
        bench.link.fail_send = BrokenPipeError() if bench.link.sent else None
        return put(data, timeout)

    bench.link.send = send
    answer, _ = bench.run()
    assert answer.reader.status == 413
    assert body.closed == 1


def test_a_limit_while_sending(side: Any) -> None:
    bench = Bench(side, [TOO_BIG], fail_send=TimeoutError())
    with pytest.raises(TimeoutError):
        bench.run()
    assert bench.exchange.phase == "send"
    assert bench.link.closed == 1


def test_an_idle_connection(side: Any) -> None:
    assert Bench(side, [b"x"]).connection.is_stale()
    bench = Bench(side, [])
    assert not bench.connection.is_stale()

    async def scenario() -> None:
        if side.is_sync:
            bench.connection.close()
        else:
            await bench.connection.aclose()
        bench.connection.link()

    with pytest.raises(ConnectionResetError, match="closed"):
        side.run(scenario)
