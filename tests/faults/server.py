"""A server between a client and the embedded engine that fails on purpose, request by request."""

from __future__ import annotations

import contextlib
import socket
from collections import Counter
from typing import Any

from pinecone_local import LocalEngine
from pinecone_local.http import Call

from ..core.conftest import FaultServer, Seen, answer
from .calls import canned

REFUSAL = b'{"error":{"code":"FAULT","message":"refused on purpose"},"status":0}'


class Proxy(FaultServer):
    """Hand requests to an engine; the next ones meet the faults of ``script``, the others ``always``.

    Attributes:
        script: A fault for each of the next requests, None for none.
        always: The fault that the requests after those meet.
        counts: How many requests came in, by verb and path.
    """

    def __init__(self, engine: LocalEngine) -> None:
        self.engine = engine
        self.script: list[str | None] = []
        self.always: str | None = None
        self.counts: Counter[tuple[str, str]] = Counter()
        super().__init__()

    def behave(self, link: Any, seen: Seen, reader: Any) -> bool:
        self.counts[seen.method, seen.target.partition("?")[0]] += 1
        fault = self.script.pop(0) if self.script else self.always
        if fault is None:
            return self.on_good(link, seen)
        if fault.isdigit():
            return self.refuse(link, int(fault))
        if fault.startswith("429 "):
            return self.refuse(link, 429, f"Retry-After: {fault[4:]}")
        return bool(getattr(self, f"on_{fault}")(link, seen))

    def good(self, seen: Seen) -> bytes:
        known = canned(seen.method, seen.target)
        if known is not None:
            return answer(known)
        call = Call.make(seen.method, seen.target, dict(seen.headers), seen.body, base_url=self.origin)
        reply = self.engine.handle(call)
        lines = [f"{name}: {value}" for name, value in reply.headers.items()]
        return answer(reply.read(), f"{reply.status} Answered", *lines)

    def refuse(self, link: Any, status: int, *headers: str) -> bool:
        link.sendall(answer(REFUSAL, f"{status} Refused", *headers))
        return True

    def on_good(self, link: Any, seen: Seen) -> bool:
        link.sendall(self.good(seen))
        return True

    def on_lost(self, link: Any, seen: Seen) -> bool:
        """Act, and lose the answer."""
        self.good(seen)
        return self.on_reset(link, seen)

    def on_cut_in_head(self, link: Any, seen: Seen) -> bool:
        link.sendall(b"HTTP/1.1 200 OK\r\nContent-Le")
        return False

    def on_cut_in_body(self, link: Any, seen: Seen) -> bool:
        link.sendall(answer(b'{"a":' + b" " * 100)[:-50])
        return False

    def on_cut_in_chunk(self, link: Any, seen: Seen) -> bool:
        link.sendall(b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n{"a":')
        return False

    def on_longer_than_said(self, link: Any, seen: Seen) -> bool:
        """Answer well, with more behind it than was said."""
        link.sendall(self.good(seen) + b"and more than that")
        return False

    def on_interim_first(self, link: Any, seen: Seen) -> bool:
        link.sendall(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")
        return self.on_good(link, seen)

    def on_good_then_close(self, link: Any, seen: Seen) -> bool:
        """Answer well, and end the connection that the client keeps."""
        self.on_good(link, seen)
        return False

    def on_garbage(self, link: Any, seen: Seen) -> bool:
        link.sendall(b"\x00\xff\x16\x03 nothing of HTTP \r\n\r\n")
        return False

    def on_page(self, link: Any, seen: Seen) -> bool:
        link.sendall(answer(b"<html>It works!</html>", "200 OK", "Content-Type: text/html"))
        return True

    def on_nothing(self, link: Any, seen: Seen) -> bool:
        link.sendall(answer(b""))
        return True

    def on_list(self, link: Any, seen: Seen) -> bool:
        link.sendall(answer(b"[1, 2, 3]"))
        return True

    def on_deep(self, link: Any, seen: Seen) -> bool:
        link.sendall(answer(b"[" * 100_000))
        return True

    def on_huge_page(self, link: Any, seen: Seen) -> bool:
        with contextlib.suppress(OSError):  # the client may leave in the middle
            link.sendall(answer(b"x" * (8 << 20)))
        return True

    def on_endless_head(self, link: Any, seen: Seen) -> bool:
        link.sendall(b"HTTP/1.1 200 OK\r\n")
        with contextlib.suppress(OSError):
            for number in range(20_000):
                link.sendall(b"X-%d: %b\r\n" % (number, b"y" * 64))
        return False

    def on_wrong_type(self, link: Any, seen: Seen) -> bool:
        good = self.good(seen).replace(b"content-type: application/json", b"content-type: text/plain")
        link.sendall(good)
        return True

    def on_slowly(self, link: Any, seen: Seen) -> bool:
        """Answer well, a byte at a time, without end in sight."""
        link.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n{")
        while not self.stopping.wait(0.01):
            link.sendall(b" ")
        return False

    def on_half_closed(self, link: Any, seen: Seen) -> bool:
        link.shutdown(socket.SHUT_WR)
        return self.on_hang(link, seen)
