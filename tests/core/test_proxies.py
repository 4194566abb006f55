"""The default transport through proxies."""

from __future__ import annotations

import contextlib
import socket
import ssl
import time
from typing import Any

import pytest

from pinecone_core.config import Timeout
from pinecone_core.errors import (
    PineconeConnectionError,
    PineconeError,
    PineconeTimeoutError,
    PineconeValueError,
)

from .exchange import ONCE, TLS, exchange, failure, get, post, unset_options


@pytest.fixture
def proxy(new_server: Any, server: Any) -> Any:
    base = type(server)

    class ProxyServer(base):  # type: ignore[misc,valid-type]
        """Forwards plain requests to the right server and opens tunnels."""

        refuse = ""

        def behave(self, link: Any, seen: Any, reader: Any) -> bool:
            if self.refuse:
                link.sendall(f"HTTP/1.1 {self.refuse}\r\nContent-Length: 0\r\n\r\n".encode())
                return False
            if seen.method != "CONNECT":
                return bool(self.on_ok(link, seen))
            host, _, port = seen.target.partition(":")
            far = socket.create_connection((host, int(port)))
            self._open.add(far)
            link.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            self._spawn(pump, far, link)
            pump(link, far)
            return False

    def pump(source: Any, sink: Any) -> None:
        try:
            while data := source.recv(65536):
                sink.sendall(data)
        except OSError:
            pass
        finally:
            for end in (source, sink):
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
                if end is source:
                    end.close()

    return new_server(kind=ProxyServer)


SECRET = "us%40er:pass%2Fword"


def test_a_plain_request_through_a_proxy(side: Any, server: Any, proxy: Any) -> None:
    for operation in (get("/ok"), post("/ok")):
        exchange(
            side,
            server,
            operation,
            proxy_url=f"http://{SECRET}@127.0.0.1:{proxy.port}",
            proxy_headers={"X-Team": "a"},
        )
    assert not server.seen
    assert [seen.target for seen in proxy.seen] == [f"{server.origin}/ok"] * 2
    assert proxy.seen[1].method == "POST"
    assert proxy.seen[1].body == b'{"a":1}'
    assert proxy.seen[0].header("proxy-authorization") == "Basic dXNAZXI6cGFzcy93b3Jk"
    assert proxy.seen[0].header("x-team") == "a"


def test_repeats_and_kept_connections_through_a_proxy(side: Any, server: Any, proxy: Any) -> None:
    proxy.answers[f"{server.origin}/things"] = [answer_of(503), answer_of(503), answer_of(200)]

    async def scenario() -> None:
        address = f"http://127.0.0.1:{proxy.port}"
        executor = side.executor(server.origin, clock=side.clock(), config={"proxy_url": address})
        assert await executor.send(post("/things", repeat_safe=True)) == {}
        await executor.send(get("/ok"))
        await executor.aclose()

    proxy.behave = lambda *args: type(server).behave(proxy, *args)
    side.run(scenario)
    assert [seen.method for seen in proxy.seen] == ["POST", "POST", "POST", "GET"]
    assert proxy.connections == 1


def test_the_pool_and_the_sockets_through_a_proxy(side: Any, server: Any, proxy: Any) -> None:
    async def scenario() -> None:
        config = {"proxy_url": f"http://127.0.0.1:{proxy.port}", "connection_pool_maxsize": 1}
        executor = side.executor(server.origin, config={**ONCE, **config})
        held = await executor.stream(get("/ok"))
        with pytest.raises(PineconeTimeoutError, match="connection_pool_maxsize"):
            await executor.with_options(timeout=Timeout(pool=0.05)).send(get("/ok"))
        await held.aclose()
        await executor.send(get("/ok"))
        assert not unset_options(executor)
        await executor.aclose()

    side.run(scenario)


def answer_of(status: int) -> bytes:
    return b"HTTP/1.1 %d Some\r\nContent-Length: 2\r\n\r\n{}" % status


def test_a_tunnel_through_a_proxy(side: Any, new_server: Any, server_context: Any, proxy: Any) -> None:
    server = new_server(server_context)
    trust: dict[str, Any] = {"ssl_ca_certs": TLS / "ca.pem"}
    address = f"http://{SECRET}@127.0.0.1:{proxy.port}"
    for operation in (get("/ok"), post("/ok")):
        result = exchange(side, server, operation, proxy_url=address, proxy_headers={"X-Team": "a"}, **trust)
        assert result == {"ok": True}
    (first, second) = proxy.seen
    assert (first.method, first.target) == ("CONNECT", f"localhost:{server.port}")
    assert first.header("proxy-authorization") == "Basic dXNAZXI6cGFzcy93b3Jk"
    assert first.header("x-team") == "a"
    assert first.header("api-key") is None
    assert second.method == "CONNECT"
    assert server.seen[0].header("api-key") == "key-of-the-tests"
    assert server.seen[0].header("proxy-authorization") is None


@pytest.mark.parametrize(
    ("status", "permanent"), [("407 Proxy Authentication Required", True), ("502 Bad", False)]
)
def test_a_proxy_that_refuses(side: Any, proxy: Any, status: str, permanent: bool) -> None:
    proxy.refuse = status

    class Somewhere:
        origin = "https://example.com"

    address = f"http://{SECRET}@127.0.0.1:{proxy.port}"
    error = failure(side, Somewhere, get("/ok"), PineconeConnectionError, proxy_url=address)
    assert status in str(error)
    assert (error.sent, error.permanent) == (False, permanent)
    assert "pass" not in str(error)


def test_a_proxy_that_hangs_up_or_is_not_there(side: Any, proxy: Any) -> None:
    class Somewhere:
        origin = "https://example.com"

    proxy.behave = lambda link, seen, reader: False
    address = f"http://127.0.0.1:{proxy.port}"
    error = failure(side, Somewhere, get("/ok"), PineconeConnectionError, proxy_url=address)
    assert not error.sent
    proxy.stop()
    error = failure(side, Somewhere, get("/ok"), PineconeConnectionError, proxy_url=address)
    assert f"through the proxy 127.0.0.1:{proxy.port}" in str(error)


def test_proxies_named_by_the_environment(
    side: Any, server: Any, proxy: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Somewhere:
        origin = "http://far.example"

    monkeypatch.setenv("http_proxy", f"127.0.0.1:{proxy.port}")
    monkeypatch.setenv("no_proxy", "near.example")
    with pytest.warns(RuntimeWarning, match="unencrypted"):
        assert exchange(side, Somewhere, get("/ok")) == {"ok": True}
    assert proxy.seen[0].target == "http://far.example/ok"
    exchange(side, server, get("/ok"))  # loopback never goes through a proxy
    assert len(server.seen) == 1

    Somewhere.origin = "http://near.example"
    with pytest.warns(RuntimeWarning):
        failure(side, Somewhere, get("/ok"), PineconeConnectionError, timeout=2)
    Somewhere.origin = "http://far.example"
    with pytest.warns(RuntimeWarning):
        failure(
            side,
            Somewhere,
            get("/ok"),
            (PineconeConnectionError, PineconeTimeoutError),
            trust_env=False,
            timeout=2,
        )
    assert len(proxy.seen) == 1


@pytest.mark.parametrize(
    ("name", "origin"),
    [
        ("https_proxy", "https://far.example"),
        ("HTTPS_PROXY", "https://far.example"),
        ("ALL_PROXY", "https://far.example"),
        ("all_proxy", "http://far.example"),
        ("http_proxy", "https://far.example"),
    ],
)
def test_each_variable_counts_for_its_scheme(
    side: Any, proxy: Any, monkeypatch: pytest.MonkeyPatch, name: str, origin: str
) -> None:
    class Somewhere:
        pass

    Somewhere.origin = origin  # type: ignore[attr-defined]
    proxy.refuse = "407 Proxy Authentication Required"
    monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
    with contextlib.ExitStack() as stack:
        if origin.startswith("http://"):
            stack.enter_context(pytest.warns(RuntimeWarning, match="unencrypted"))
        failure(side, Somewhere, get("/ok"), PineconeError, timeout=2)
    expected = "http://far.example/ok" if origin.startswith("http://") else "far.example:443"
    assert [seen.target for seen in proxy.seen] == ([] if name == "http_proxy" else [expected])


@pytest.fixture
def tls_proxy(proxy: Any, new_server: Any) -> Any:
    """A proxy that is itself spoken to under TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / "server.pem")
    return new_server(context, type(proxy))


def test_a_proxy_under_tls(
    side: Any, server: Any, new_server: Any, server_context: Any, tls_proxy: Any
) -> None:
    trust: dict[str, Any] = {
        "ssl_ca_certs": TLS / "ca.pem",
        "proxy_url": f"https://{SECRET}@localhost:{tls_proxy.port}",
        "proxy_headers": {"X-Team": "a"},
    }

    async def scenario(far: Any) -> None:
        executor = side.executor(far.origin, config={**ONCE, **trust})
        for operation in (get("/ok"), post("/chunked", query={"a": 1}), get("/gzip")):
            assert await executor.send(operation) == {"ok": True}
        stream = await executor.stream(get("/chunked"))
        assert b"".join([piece async for piece in stream.achunks()]) == b'{"ok":true}'
        await stream.aclose()
        await executor.aclose()

    tls_proxy.on_chunked = tls_proxy.on_gzip = tls_proxy.on_ok
    side.run(scenario, server)
    assert tls_proxy.seen[0].target == f"{server.origin}/ok"
    assert tls_proxy.seen[0].header("proxy-authorization") == "Basic dXNAZXI6cGFzcy93b3Jk"
    assert tls_proxy.seen[0].header("x-team") == "a"

    secure = new_server(server_context)
    side.run(scenario, secure)
    assert tls_proxy.seen[-1].target == f"localhost:{secure.port}"
    assert [seen.target for seen in secure.seen] == ["/ok", "/chunked?a=1", "/gzip", "/chunked"]

    tls_proxy.on_ok = tls_proxy.on_hang
    began = time.monotonic()
    failure(side, server, get("/ok"), PineconeTimeoutError, timeout=0.3, **trust)
    assert time.monotonic() - began < 1
    tls_proxy.refuse = "407 Proxy Authentication Required"
    error = failure(side, secure, get("/ok"), PineconeConnectionError, **trust)
    assert "407" in str(error)
    assert (error.sent, error.permanent) == (False, True)


def test_a_proxy_over_socks(side: Any, server: Any) -> None:
    """There is none here to talk to; a refused connection shows that it was asked."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    error = failure(
        side,
        server,
        get("/ok"),
        (PineconeConnectionError, PineconeValueError),
        proxy_url=f"socks5h://u:p@127.0.0.1:{port}",
    )
    assert "Cannot connect" in str(error) or "pinecone-core[socks]" in str(error)
    assert not server.seen
