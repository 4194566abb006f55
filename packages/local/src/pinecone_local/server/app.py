"""The ASGI application: checks who asks, hands the call to the engine, sends the answer."""

from __future__ import annotations

import hmac
import json
import logging
import time
from collections.abc import Awaitable, Callable, Collection, Iterator, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from anyio import to_thread

from pinecone_core.hosts import is_loopback_name

from ..engine import LocalEngine
from ..errors import ConnectionCutError, EngineClosedError
from ..http import ApiFault, Call, Reply, bad_request
from .metrics import Metrics

__all__ = ["App", "host_name"]

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

MAX_BODY_BYTES = 128 * 1024 * 1024

_access = logging.getLogger("pinecone_local.access")


def host_name(netloc: str) -> str:
    """Return the name in ``name:port``, lower case, without the brackets of an IPv6 address."""
    return (urlsplit(f"//{netloc}").hostname or "").lower()


class App:
    """Serve one engine.

    Args:
        engine: The engine.
        api_keys: The keys that are let in; none lets everybody in.
        allowed_hosts: The names the ``Host`` header may have; None takes any. Names under
            ``localhost`` are among them if ``localhost`` is.
        public_url: The URL under which clients reach the server, when that is not what the ``Host``
            header says.
        host_format: How index hosts are reported: ``url``, ``bare`` or ``virtual``.
    """

    def __init__(
        self,
        engine: LocalEngine,
        *,
        api_keys: Collection[str] = (),
        allowed_hosts: Collection[str] | None = None,
        public_url: str | None = None,
        host_format: str = "url",
    ) -> None:
        if host_format not in ("url", "bare", "virtual"):
            raise ValueError(f"host_format must be 'url', 'bare' or 'virtual', got {host_format!r}")
        self.engine = engine
        self.metrics = Metrics()
        self._keys = [key.encode() for key in api_keys]
        self._hosts = None if allowed_hosts is None else {name.lower() for name in allowed_hosts}
        self._public_url = None if public_url is None else public_url.rstrip("/")
        self._host_format = host_format

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        begun = time.perf_counter()
        try:
            body = await _body(receive)
            if body is None:
                return  # the client left: what came of the request must not be acted on
            call = self._call(scope, body)
            reply = await self._reply(scope, call)
        except ApiFault as fault:
            reply = fault.reply()
        except ConnectionCutError:
            await _cut(send)
            return
        except EngineClosedError:
            reply = ApiFault(503, "UNAVAILABLE", "The server is stopping.").reply()
        # Noted first: who has the answer may rely on its being counted.
        self._note(scope, reply, time.perf_counter() - begun)
        await self._send(reply, send)

    # ---- the request

    def _call(self, scope: Scope, body: bytes) -> Call:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        host = headers.get("host", "")
        if not host:
            raise bad_request("The request needs a Host header.")
        target = scope.get("raw_path") or scope["path"].encode()
        if scope["query_string"]:
            target += b"?" + scope["query_string"]
        return Call.make(
            scope["method"],
            target.decode("latin-1"),
            headers,
            body,
            base_url=self._public_url or f"{scope['scheme']}://{self._base_host(host)}",
            host=host,
            host_format=self._host_format,
        )

    def _base_host(self, host: str) -> str:
        """Return the server's own host, also when an index was asked under a name of its own."""
        label, dot, rest = host.partition(".")
        return rest if dot and self.engine.knows_label(label) else host

    async def _reply(self, scope: Scope, call: Call) -> Reply:
        if not self._host_allowed(host_name(call.host)):
            raise ApiFault(
                403,
                "FORBIDDEN",
                f"The host {call.host!r} is not one this server answers to; add it with --allowed-host.",
            )
        origin = call.headers.get("origin")
        if origin is not None and not self._host_allowed(host_name(urlsplit(origin).netloc)):
            raise ApiFault(
                403,
                "FORBIDDEN",
                f"A page of {origin!r} may not use this server; let its host with --allowed-host.",
            )
        if call.method == "GET" and call.segments == ("health",):
            return Reply(200, {"content-type": "application/json"}, b'{"status":"ok"}')
        if not self._key_allowed(call):
            raise ApiFault(401, "UNAUTHENTICATED", "Invalid API key.")
        if call.method == "GET" and call.segments == ("metrics",):
            if self.engine.account is not None:
                self.engine.account.check_token(call)
            text = self.metrics.render(self.engine)
            return Reply(200, {"content-type": "text/plain; version=0.0.4; charset=utf-8"}, text.encode())
        return await to_thread.run_sync(self.engine.handle, call)

    def _host_allowed(self, name: str) -> bool:
        if self._hosts is None or name in self._hosts:
            return True
        if name.partition(".")[2] in self._hosts:
            return True
        return "localhost" in self._hosts and is_loopback_name(name)

    def _key_allowed(self, call: Call) -> bool:
        if not self._keys:
            return True
        given = call.headers.get("api-key") or call.headers.get("authorization", "").removeprefix("Bearer ")
        return any(hmac.compare_digest(key, given.encode("latin-1")) for key in self._keys)

    # ---- the answer

    async def _send(self, reply: Reply, send: Send) -> None:
        headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in reply.headers.items()]
        if isinstance(reply.body, bytes):
            headers.append((b"content-length", str(len(reply.body)).encode()))
            await send({"type": "http.response.start", "status": reply.status, "headers": headers})
            await send({"type": "http.response.body", "body": reply.body})
            return
        pieces: Iterator[bytes] = iter(reply.body)
        await send({"type": "http.response.start", "status": reply.status, "headers": headers})
        while (piece := await to_thread.run_sync(next, pieces, None)) is not None:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    def _note(self, scope: Scope, reply: Reply, seconds: float) -> None:
        self.metrics.add(scope["method"], reply.status, seconds)
        if _access.isEnabledFor(logging.INFO):
            _access.info(
                json.dumps(
                    {
                        "time": round(time.time(), 3),
                        "method": scope["method"],
                        "path": scope["path"],
                        "status": reply.status,
                        "ms": round(1000 * seconds, 2),
                        "request_id": reply.headers.get("x-pinecone-request-id"),
                    }
                )
            )


async def _body(receive: Receive) -> bytes | None:
    """Return the request's body, None when the client left before its end."""
    pieces: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        piece = message.get("body", b"")
        size += len(piece)
        if size > MAX_BODY_BYTES:
            raise ApiFault(413, "OUT_OF_RANGE", f"The request is larger than {MAX_BODY_BYTES} bytes.")
        pieces.append(piece)
        if not message.get("more_body"):
            return b"".join(pieces)


async def _cut(send: Send) -> None:
    """Promise a byte and end: the server closes the connection of an answer that is not complete."""
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1")]})
