"""The default transport over TLS."""

from __future__ import annotations

import socket
import ssl
from typing import Any

import pytest

from pinecone_core.config import RetryConfig
from pinecone_core.errors import (
    PineconeConnectionError,
    PineconeTimeoutError,
    PineconeValueError,
)

from .exchange import TLS, exchange, failure, get, post

pytestmark = pytest.mark.usefixtures("alone")


@pytest.mark.parametrize(
    "trust",
    [
        lambda: {"ssl_ca_certs": str(TLS / "ca.pem")},
        lambda: {"ssl_ca_certs": TLS / "folder"},
        lambda: {"ssl_ca_certs": ssl.create_default_context(cafile=str(TLS / "ca.pem"))},
        lambda: {"ssl_verify": False},
    ],
    ids=["file", "folder", "context", "unverified"],
)
def test_tls(side: Any, new_server: Any, server_context: Any, trust: Any) -> None:
    server = new_server(server_context)
    assert exchange(side, server, post("/ok"), **trust()) == {"ok": True}
    assert exchange(side, server, get("/chunked"), **trust()) == {"ok": True}


@pytest.mark.parametrize("name", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_tls_by_environment(
    side: Any, new_server: Any, server_context: Any, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, str(TLS / ("ca.pem" if name.endswith("FILE") else "folder")))
    server = new_server(server_context)
    assert exchange(side, server, get("/ok")) == {"ok": True}
    failure(side, server, get("/ok"), PineconeConnectionError, trust_env=False)


def test_a_wrong_certificate(side: Any, new_server: Any, server_context: Any) -> None:
    server = new_server(server_context)
    error = failure(side, server, get("/ok"), PineconeConnectionError)
    assert "certificate" in str(error)
    assert "ssl_ca_certs" in str(error)
    assert (error.sent, error.permanent) == (False, True)
    retry = RetryConfig(max_retries=3)
    failure(side, server, get("/ok"), PineconeConnectionError, retry_config=retry)
    assert server.connections == 2, "what would fail again is not repeated"


def test_a_certificate_of_another_host(side: Any, new_server: Any) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / "client-both.pem")
    server = new_server(context)
    error = failure(side, server, get("/ok"), PineconeConnectionError, ssl_ca_certs=TLS / "ca.pem")
    assert (error.sent, error.permanent) == (False, True)


def test_tls_where_there_is_none(side: Any, server: Any, new_server: Any) -> None:
    class Plain(type(server)):  # type: ignore[misc]
        def _serve(self, link: Any, number: int) -> None:
            with link:
                link.recv(10)
                link.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    server = new_server(kind=Plain)
    server.origin = server.origin.replace("http://", "https://")
    error = failure(side, server, get("/ok"), PineconeConnectionError)
    assert "http://" in str(error)
    assert not error.sent


@pytest.mark.parametrize(
    "cert", [str(TLS / "client-both.pem"), (TLS / "client.pem", TLS / "client-key.pem")], ids=["one", "pair"]
)
def test_a_client_certificate(side: Any, new_server: Any, server_context: Any, cert: Any) -> None:
    server_context.verify_mode = ssl.CERT_REQUIRED
    server_context.load_verify_locations(TLS / "ca.pem")
    server = new_server(server_context)
    trust: dict[str, Any] = {"ssl_ca_certs": TLS / "ca.pem"}
    assert exchange(side, server, get("/ok"), client_cert=cert, **trust) == {"ok": True}
    failure(side, server, get("/ok"), PineconeConnectionError, **trust)


def test_a_ca_file_that_holds_no_certificate(side: Any, new_server: Any, server_context: Any) -> None:
    server = new_server(server_context)
    error = failure(side, server, get("/ok"), PineconeValueError, ssl_ca_certs=__file__)
    assert "ssl_ca_certs" in str(error)


def test_a_wait_in_the_handshake(side: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        class Silent:
            origin = f"https://127.0.0.1:{listener.getsockname()[1]}"

        error = failure(side, Silent, get("/ok"), PineconeTimeoutError, timeout=0.2)
        assert not error.sent
