"""One call over a transport against a server of the tests."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest

from pinecone_core.config import RetryConfig
from pinecone_core.operation import Operation

TLS = Path(__file__).parent / "tls"
ONCE: dict[str, Any] = {"retry_config": RetryConfig(max_retries=0)}
# Each with a value that is not the default.
EVERY_SETTING: dict[str, Any] = {
    "additional_headers": {"X-Team": "films"},
    "timeout": 9.0,
    "proxy_url": "http://proxy.example:3128",
    "proxy_headers": {"X-Proxy": "a"},
    "ssl_verify": False,
    "source_tag": "tag",
    "connection_pool_maxsize": 3,
    "retry_config": RetryConfig(max_retries=1, max_wait=0),
    "client_cert": str(TLS / "client-both.pem"),
    "trust_env": False,
    "http2": True,
}


def get(path: str, **more: Any) -> Operation[Any]:
    return Operation("get_thing", "GET", path, dict, **more)


def post(path: str, body: Any = None, **more: Any) -> Operation[Any]:
    return Operation("make_thing", "POST", path, dict, {"a": 1} if body is None else body, **more)


def exchange(side: Any, server: Any, operation: Operation[Any], **config: Any) -> Any:
    async def scenario() -> Any:
        executor = side.executor(server.origin, config=config)
        try:
            return await executor.send(operation)
        finally:
            await executor.aclose()

    return side.run(scenario)


def failure(side: Any, server: Any, operation: Operation[Any], kind: Any, **config: Any) -> Any:
    with pytest.raises(kind) as caught:
        exchange(side, server, operation, **{**ONCE, **config})
    return caught.value


def unset_options(executor: Any) -> list[str]:
    """Return what the open connections of the default transport lack to notice a dead peer soon."""
    pool = executor._connections.transport()._home.get(lambda: None)
    sockets = [connection._socket._raw for connection in pool.open]
    assert sockets
    missing = []
    for raw in sockets:
        if not raw.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY):
            missing.append("TCP_NODELAY")
        if not raw.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE):
            missing.append("SO_KEEPALIVE")
        if hasattr(socket, "TCP_KEEPIDLE") and raw.getsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE) > 60:
            missing.append("TCP_KEEPIDLE")
    return missing
