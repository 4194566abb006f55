"""A server that misbehaves on request, a clock that obeys, and one way to test both flavours."""

from __future__ import annotations

import contextlib
import gzip
import socket
import ssl
import struct
import threading
import zlib
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import anyio
import pytest

from pinecone_core._async import executor as async_executor
from pinecone_core._async import transport as async_transport
from pinecone_core._async.concurrency import AsyncClock
from pinecone_core._sync import executor as sync_executor
from pinecone_core._sync import transport as sync_transport
from pinecone_core._sync.concurrency import Clock
from pinecone_core.config import PineconeConfig

TLS = Path(__file__).parent / "tls"
BODY = b'{"ok":true}'


S = TypeVar("S", bound="FaultServer")


class Seen(NamedTuple):
    connection: int
    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name), None)


def answer(body: bytes = BODY, status: str = "200 OK", *extra: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "x-pinecone-request-id: r-1", *extra]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class FaultServer:
    """Answers by path, see `behave`. Everything it was sent is in `seen`."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.seen: list[Seen] = []
        self.connections = 0
        self.answers: dict[str, Any] = {}  # path -> bytes, or a list of bytes for one request each
        self.stopping = threading.Event()
        self._context = context
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self._listener.getsockname()[1]
        scheme = "http" if context is None else "https"
        self.origin = f"{scheme}://localhost:{self.port}" if context else f"{scheme}://127.0.0.1:{self.port}"
        self._spawn(self._accept)

    def _spawn(self, work: Callable[..., None], *args: Any) -> None:
        thread = threading.Thread(target=work, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self.stopping.is_set():
            try:
                link, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.add(link)
            self._spawn(self._serve, link, self.connections)

    def _serve(self, link: socket.socket, number: int) -> None:
        raw = link
        try:
            if self._context is not None:
                link = self._context.wrap_socket(link, server_side=True)
                self._open.add(link)
            reader = link.makefile("rb")
            while (seen := self._read(reader, number)) is not None:
                self.seen.append(seen)
                if not self.behave(link, seen, reader):
                    break
        except (OSError, ValueError):
            pass
        finally:
            for end in (link, raw):
                # Ended on the wire first: a file made of a socket keeps it open after close().
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_WR)
                with contextlib.suppress(OSError):
                    end.close()
                self._open.discard(end)

    def _read(self, reader: Any, number: int) -> Seen | None:
        first = reader.readline().decode("latin-1").split()
        if len(first) < 2:
            return None
        headers = []
        while (line := reader.readline().decode("latin-1").strip()) != "":
            name, _, value = line.partition(":")
            headers.append((name, value.strip()))
        seen = Seen(number, first[0], first[1], headers, b"")
        if seen.target.startswith("/refuse-early"):
            return seen
        if seen.header("transfer-encoding") == "chunked":
            pieces = []
            while size := int(reader.readline(), 16):
                pieces.append(reader.read(size))
                reader.readline()
            reader.readline()
            return seen._replace(body=b"".join(pieces))
        return seen._replace(body=reader.read(int(seen.header("content-length") or 0)))

    def behave(self, link: Any, seen: Seen, reader: Any) -> bool:
        """Answer one request; say whether the connection stays open."""
        path = seen.target.split("?")[0]
        if path in self.answers:
            given = self.answers[path]
            link.sendall(given.pop(0) if isinstance(given, list) else given)
            return True
        return bool(getattr(self, "on_" + path.strip("/").replace("-", "_"), self.on_ok)(link, seen))

    def on_ok(self, link: Any, seen: Seen) -> bool:
        link.sendall(answer())
        return True

    def on_hang(self, link: Any, seen: Seen) -> bool:
        self.stopping.wait()
        return False

    def on_hang_in_body(self, link: Any, seen: Seen) -> bool:
        link.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"a":')
        return self.on_hang(link, seen)

    def on_reset(self, link: Any, seen: Seen) -> bool:
        link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return False

    def on_close(self, link: Any, seen: Seen) -> bool:
        return False

    def on_cut(self, link: Any, seen: Seen) -> bool:
        link.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"ok":')
        return False

    def on_drip(self, link: Any, seen: Seen) -> bool:
        link.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while not self.stopping.wait(0.05):
            link.sendall(b" ")
        return False

    def on_chunked(self, link: Any, seen: Seen) -> bool:
        link.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for piece in (b'{"o', b'k":t', b"rue}"):
            link.sendall(b"%x;ext=1\r\n%b\r\n" % (len(piece), piece))
        link.sendall(b"0\r\nX-Trailer: 1\r\n\r\n")
        return True

    def on_gzip(self, link: Any, seen: Seen) -> bool:
        link.sendall(answer(gzip.compress(BODY), "200 OK", "Content-Encoding: gzip"))
        return True

    def on_deflate(self, link: Any, seen: Seen) -> bool:
        link.sendall(answer(zlib.compress(BODY), "200 OK", "Content-Encoding: deflate"))
        return True

    def on_bad_gzip(self, link: Any, seen: Seen) -> bool:
        link.sendall(answer(b"not gzip at all", "200 OK", "Content-Encoding: gzip"))
        return True

    def on_until_close(self, link: Any, seen: Seen) -> bool:
        link.sendall(b"HTTP/1.0 200 OK\r\n\r\n" + BODY)
        return False

    def on_say_close(self, link: Any, seen: Seen) -> bool:
        link.sendall(answer(BODY, "200 OK", "Connection: close"))
        return True  # a client that believes it closes

    def on_answer_then_close(self, link: Any, seen: Seen) -> bool:
        link.sendall(answer())
        return False

    def on_nonsense(self, link: Any, seen: Seen) -> bool:
        link.sendall(b"SSH-2.0-OpenSSH_9.6\r\n")
        return False

    def on_interim(self, link: Any, seen: Seen) -> bool:
        link.sendall(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + answer())
        return True

    def on_redirect(self, link: Any, seen: Seen) -> bool:
        link.sendall(answer(b"", "302 Found", f"Location: {self.origin}/ok"))
        return True

    def on_unavailable(self, link: Any, seen: Seen) -> bool:
        link.sendall(answer(b'{"error":{"code":"UNAVAILABLE","message":"down"}}', "503 Service Unavailable"))
        return True

    def on_refuse_early(self, link: Any, seen: Seen) -> bool:
        link.sendall(answer(b'{"message":"too big"}', "413 Payload Too Large", "Connection: close"))
        link.shutdown(socket.SHUT_WR)
        with contextlib.suppress(OSError):
            while link.recv(65536):
                pass
        return False

    def stop(self) -> None:
        self.stopping.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for link in list(self._open):
            with contextlib.suppress(OSError):
                link.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)

    def __enter__(self: S) -> S:
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with FaultServer() as running:
        yield running


@pytest.fixture
def new_server() -> Iterator[Callable[..., FaultServer]]:
    """Give a function that starts a server, with a TLS context or of another class."""
    with contextlib.ExitStack() as stack:
        yield lambda context=None, kind=FaultServer: stack.enter_context(kind(context))


class FakeTime:
    """Time that passes only by sleeping, or when told to."""

    def __init__(self) -> None:
        self.time = 1000.0
        self.slept: list[float] = []

    def pass_by(self, seconds: float) -> None:
        self.time += seconds

    def sleep_for(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds


class FakeClock(FakeTime, Clock):
    def now(self) -> float:
        return self.time

    def wall(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.sleep_for(seconds)


class AsyncFakeClock(FakeTime, AsyncClock):
    def now(self) -> float:
        return self.time

    def wall(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.sleep_for(seconds)


class Driven:
    """Gives a synchronous object the methods of its asynchronous twin; none of them ever waits."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    async def send(self, *args: Any, **kwargs: Any) -> Any:
        return self.inner.send(*args, **kwargs)

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        return self.inner.request(*args, **kwargs)

    async def stream(self, *args: Any, **kwargs: Any) -> Any:
        return DrivenStream(self.inner.stream(*args, **kwargs))

    async def aclose(self) -> None:
        self.inner.close()

    def at(self, *args: Any) -> Driven:
        return Driven(self.inner.at(*args))

    def with_options(self, **kwargs: Any) -> Driven:
        return Driven(self.inner.with_options(**kwargs))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)


class DrivenStream:
    def __init__(self, inner: Any) -> None:
        self.inner = inner

    async def achunks(self) -> Any:
        for piece in self.inner.chunks():
            yield piece

    async def aclose(self) -> None:
        self.inner.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)


class Side:
    """One flavour under test: threads, asyncio or trio."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.is_sync = name == "sync"

    def run(self, scenario: Callable[..., Awaitable[Any]], *args: Any) -> Any:
        if not self.is_sync:
            if self.name == "uvloop":
                return anyio.run(scenario, *args, backend_options={"use_uvloop": True})
            return anyio.run(scenario, *args, backend=self.name)
        steps: Any = scenario(*args)
        with pytest.raises(StopIteration) as end:
            steps.send(None)
        return end.value.value

    def clock(self) -> Any:
        return FakeClock() if self.is_sync else AsyncFakeClock()

    def executor(self, base_url: str, *, config: dict[str, Any] | None = None, **kwargs: Any) -> Any:
        settings = PineconeConfig(**{"api_key": "key-of-the-tests", **(config or {})})
        if self.is_sync:
            return Driven(sync_executor.Executor(settings, base_url, **kwargs))
        return async_executor.AsyncExecutor(settings, base_url, **kwargs)

    def transport(self, script: Callable[[Any], Any]) -> Any:
        return ScriptedTransport(script)


class ScriptedTransport:
    """A transport of both flavours that a function answers; raises what the function returns."""

    def __init__(self, script: Callable[[Any], Any]) -> None:
        self.script = script
        self.requests: list[Any] = []
        self.closed = 0

    def send(self, request: Any) -> Any:
        self.requests.append(request)
        outcome = self.script(request)
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    async def asend(self, request: Any) -> Any:
        return self.send(request)

    def stream(self, request: Any) -> Any:
        return ScriptedStream(self.send(request))

    async def astream(self, request: Any) -> Any:
        return ScriptedStream(self.send(request))

    def close(self) -> None:
        self.closed += 1

    async def aclose(self) -> None:
        self.closed += 1


class ScriptedStream:
    def __init__(self, response: Any) -> None:
        self.status, self.headers, self.reason = response.status, response.headers, response.reason
        self.body = response.body
        self.closed = 0

    def chunks(self) -> Any:
        yield self.body

    async def achunks(self) -> Any:
        yield self.body

    def close(self) -> None:
        self.closed += 1

    async def aclose(self) -> None:
        self.closed += 1


@pytest.fixture(params=["sync", "asyncio", "uvloop", "trio"])
def side(request: pytest.FixtureRequest) -> Side:
    if request.param == "uvloop":
        pytest.importorskip("uvloop")
    return Side(request.param)


@pytest.fixture
def server_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / "server.pem")
    return context


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Send as in a program that has not loaded the HTTP library, which this one has."""
    for module in (async_transport, sync_transport):
        monkeypatch.setattr(module, "_library", lambda: None)


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the machine's own settings out of the tests."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    for name in ("API_KEY", "CONTROLLER_HOST", "ADDITIONAL_HEADERS"):
        monkeypatch.delenv(f"PINECONE_{name}", raising=False)
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
