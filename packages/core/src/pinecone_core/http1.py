"""HTTP/1.1 as bytes: the head of a request is written, an answer is read. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .errors import PineconeValueError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from .routes import Route
    from .transport import Request

__all__ = ["AnswerReader", "HeadWriter", "NotHttpError", "framed_headers", "request_head"]

_LONGEST_HEAD = 1 << 17
_LONGEST_CHUNK_LINE = 1 << 12

_STATUS_LINE = re.compile(rb"HTTP/1\.([01]) ([1-9][0-9]{2})(?: ([^\x00-\x08\x0a-\x1f]*))?")
_HEADER_LINES = re.compile(rb"(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+:[^\x00\r\n]*\r\n)*")
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;.*)?", re.DOTALL)
_PLAIN_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,15})\r\n")


class NotHttpError(ValueError):
    """What came is not an answer in HTTP/1.1."""


def _addressed(headers: list[tuple[str, str]], authority: str) -> list[tuple[str, str]]:
    """Return headers with the one that says where they go, at the front."""
    hosts = [value for name, value in headers if len(name) == 4 and name.lower() == "host"]
    others = [header for header in headers if len(header[0]) != 4 or header[0].lower() != "host"]
    return [("Host", hosts[-1] if hosts else authority), *others]


def _framing(request: Request) -> tuple[str, str] | None:
    """Return the header that says where the body ends, if one has to."""
    body = request.body
    if body is not None:
        length = len(body) if isinstance(body, bytes) else body.length
        return ("Transfer-Encoding", "chunked") if length is None else ("Content-Length", str(length))
    return ("Content-Length", "0") if request.method in ("POST", "PUT", "PATCH") else None


def framed_headers(request: Request, authority: str) -> list[tuple[str, str]]:
    """Return the headers of a request with those that say where it goes and where its body ends."""
    framing = _framing(request)
    return [*_addressed(request.headers, authority), *([] if framing is None else [framing])]


def _line(text: str) -> str:
    """Return a line of a head with its end, after making sure that it does not end before."""
    # The culprit is not shown: it may be a key.
    if "\n" in text or "\r" in text or "\x00" in text:
        raise PineconeValueError("The request has a header or path that HTTP does not allow")
    if not text.isascii():
        raise PineconeValueError("The request has a header or path that is not ASCII; percent-encode it")
    return f"{text}\r\n"


def _first_line(method: str, target: str) -> str:
    if " " in method or " " in target:
        raise PineconeValueError("The request has a header or path that HTTP does not allow")
    return _line(f"{method} {target} HTTP/1.1")


def _header_lines(headers: Iterable[tuple[str, str]]) -> str:
    return "".join([_line(f"{name}: {value}") for name, value in headers])


def request_head(method: str, target: str, headers: Iterable[tuple[str, str]]) -> bytes:
    """Write the request line and the headers.

    Args:
        method: The verb.
        target: What stands in the request line: path and query, or more for a proxy.
        headers: Name and value pairs.

    Returns:
        The bytes up to and with the empty line.

    Raises:
        PineconeValueError: A line break or another control character would end a line early, or something
            is not ASCII.
    """
    return f"{_first_line(method, target)}{_header_lines(headers)}\r\n".encode("ascii")


class HeadWriter:
    """Writes the heads of one request after another; headers as those before are not written anew.

    Args:
        route: Where the requests go.
    """

    __slots__ = ("_authority", "_before", "_further", "_headers", "_lines")

    def __init__(self, route: Route) -> None:
        proxy = None if route.secure else route.proxy  # under TLS, the proxy sees no request
        self._authority = route.authority
        self._before = "" if proxy is None else f"http://{route.authority}"
        self._further = () if proxy is None else proxy.headers
        self._headers: list[tuple[str, str]] | None = None
        self._lines = ""

    def head(self, request: Request) -> bytes:
        """Return the bytes that stand before a request's body.

        Raises:
            PineconeValueError: What ``request_head`` raises.
        """
        if request.headers != self._headers:
            headers = list(request.headers)  # a copy, for whoever made them may change them
            self._lines = _header_lines([*_addressed(headers, self._authority), *self._further])
            self._headers = headers
        framing = _framing(request)
        last = "" if framing is None else f"{framing[0]}: {framing[1]}\r\n"
        first = _first_line(request.method, self._before + request.target)
        return f"{first}{self._lines}{last}\r\n".encode("ascii")


class AnswerReader:
    """Reads one answer from the bytes of a connection, in whatever pieces they come.

    Args:
        method: The verb of the request, which says whether the answer has a body.

    Attributes:
        status: The status, 0 until the head is complete.
        reason: The reason phrase.
        headers: Lower-case names; repeated headers are joined with ``, ``.
        begun: Whether any byte has come.
        complete: Whether the whole answer has come.
        reusable: Whether the connection can carry another exchange after this one.
        left: How many bytes of the body, or of a chunk of it, are known to be still to come.
    """

    __slots__ = (
        "_bodiless",
        "_buffer",
        "_step",
        "_until_close",
        "begun",
        "complete",
        "headers",
        "left",
        "reason",
        "reusable",
        "status",
    )

    def __init__(self, method: str) -> None:
        self.status = 0
        self.reason = ""
        self.headers: dict[str, str] = {}
        self.begun = False
        self.complete = False
        self.reusable = False
        self._bodiless = method == "HEAD"
        self._buffer = b""
        self.left = 0
        self._until_close = False
        # A plain function: a bound method would tie every answer into a cycle.
        self._step: Callable[[AnswerReader, list[bytes]], bool] = AnswerReader._head

    def feed(self, data: bytes) -> list[bytes]:
        """Take what came over the connection; return the pieces of the body in it.

        Raises:
            NotHttpError: It is not HTTP.
        """
        self.begun = True
        self._buffer = self._buffer + data if self._buffer else data
        pieces: list[bytes] = []
        while self._step(self, pieces):
            pass
        return pieces

    def end(self) -> bool:
        """Take note that the server closed the connection; return whether the answer is whole."""
        if self._until_close:
            self.complete = True
        return self.complete

    def _head(self, pieces: list[bytes]) -> bool:
        buffer = self._buffer
        end = buffer.find(b"\r\n\r\n")
        if end < 0:
            if not buffer.startswith(b"HTTP/1."[: len(buffer)]):
                raise NotHttpError("its answer does not begin with HTTP/1.")
            if len(buffer) > _LONGEST_HEAD:
                raise NotHttpError(f"the head of its answer is longer than {_LONGEST_HEAD} bytes")
            return False
        first, _, lines = buffer[: end + 2].partition(b"\r\n")
        self._buffer = buffer[end + 4 :]
        match = _STATUS_LINE.fullmatch(first)
        if match is None:
            raise NotHttpError("the first line of its answer is not a status line")
        status = int(match[2])
        if status == 101:
            raise NotHttpError("it switched to another protocol unasked")
        if status < 200:
            return True  # an interim answer; the real one follows
        self.status = status
        self.reason = (match[3] or b"").decode("latin-1")
        self.headers = headers = _headers(lines)
        connection = headers.get("connection", "").lower()
        self.reusable = "close" not in connection and (match[1] == b"1" or "keep-alive" in connection)
        self._step = self._framing()
        return True

    def _framing(self) -> Callable[[AnswerReader, list[bytes]], bool]:
        """Say how the end of the body is found."""
        headers = self.headers
        if self._bodiless or self.status in (204, 304):
            return AnswerReader._whole
        length = headers.get("content-length")
        coding = headers.get("transfer-encoding")
        if coding is not None:
            if coding.lower() != "chunked":
                raise NotHttpError(f"its answer has transfer encoding {coding!r}")
            # Both at once is how one answer is smuggled behind another.
            self.reusable = self.reusable and length is None
            return AnswerReader._chunk_size
        if length is not None:
            sizes = {size.strip() for size in length.split(",")} if "," in length else {length}
            size = sizes.pop()
            if sizes or not (size.isascii() and size.isdigit()):
                raise NotHttpError(f"its answer has content length {length!r}")
            self.left = int(size)
            return AnswerReader._counted
        self.reusable = False
        self._until_close = True
        return AnswerReader._rest

    def _counted(self, pieces: list[bytes]) -> bool:
        if not self._take(pieces):
            self._step = AnswerReader._whole
            return True
        return False

    def _take(self, pieces: list[bytes]) -> int:
        """Move what is there of a counted part into the body; return how much is still to come."""
        buffer, left = self._buffer, self.left
        if len(buffer) > left:
            self._buffer, buffer = buffer[left:], buffer[:left]
        else:
            self._buffer = b""
        if buffer:
            pieces.append(buffer)
        self.left = left - len(buffer)
        return self.left

    def _rest(self, pieces: list[bytes]) -> bool:
        if self._buffer:
            pieces.append(self._buffer)
            self._buffer = b""
        return False

    def _line(self) -> bytes | None:
        line, found, rest = self._buffer.partition(b"\r\n")
        if len(line) > _LONGEST_CHUNK_LINE:
            raise NotHttpError(
                f"its answer has a line longer than {_LONGEST_CHUNK_LINE} bytes between chunks"
            )
        if not found:
            return None
        self._buffer = rest
        return line

    def _chunk_size(self, pieces: list[bytes]) -> bool:
        self._whole_chunks(pieces)
        line = self._line()
        if line is None:
            return False
        match = _CHUNK_SIZE.fullmatch(line)
        if match is None:
            raise NotHttpError("its answer has a chunk without a size")
        self.left = int(match[1], 16)
        self._step = AnswerReader._chunk if self.left else AnswerReader._trailers
        return True

    def _whole_chunks(self, pieces: list[bytes]) -> None:
        """Take the plain chunks that are there from end to end; what remains is cut off but once."""
        buffer, place = self._buffer, 0
        found: list[bytes] = []
        while match := _PLAIN_CHUNK.match(buffer, place):
            start = match.end()
            end = start + int(match[1], 16)
            if end == start or not buffer.startswith(b"\r\n", end):
                break
            found.append(buffer[start:end])
            place = end + 2
        if found:
            pieces.append(b"".join(found))
            self._buffer = buffer[place:]

    def _chunk(self, pieces: list[bytes]) -> bool:
        if self._take(pieces):
            return False
        self._step = AnswerReader._chunk_end
        return True

    def _chunk_end(self, pieces: list[bytes]) -> bool:
        if len(self._buffer) < 2:
            return False
        if not self._buffer.startswith(b"\r\n"):
            raise NotHttpError("its answer has a chunk longer than its size")
        self._buffer = self._buffer[2:]
        self._step = AnswerReader._chunk_size
        return True

    def _trailers(self, pieces: list[bytes]) -> bool:
        line = self._line()
        if line is None:
            return False
        if not line:
            self._step = AnswerReader._whole
        return True

    def _whole(self, pieces: list[bytes]) -> bool:
        self.complete = True
        if self._buffer:
            self.reusable = False  # nobody asked for more
        return False


def _headers(lines: bytes) -> dict[str, str]:
    """Read lines that each end with a line break."""
    if _HEADER_LINES.fullmatch(lines) is None:
        raise NotHttpError("its answer has a line that is not a header")
    headers: dict[str, str] = {}
    for line in lines.decode("latin-1").split("\r\n")[:-1]:
        name, _, value = line.partition(":")
        name, value = name.lower(), value.strip(" \t")
        known = headers.get(name)
        headers[name] = value if known is None else f"{known}, {value}"
    return headers
