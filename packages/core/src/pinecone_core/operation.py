"""An operation of the service as data: what to send, what comes back, and whether to repeat it."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Any, Generic, TypeVar

import msgspec

from .codec import decode, decode_any, encode
from .errors import ApiError, PineconeValueError, ResponseParsingError, error_class
from .response_info import REQUEST_ID_HEADERS, ResponseInfo
from .retry import parse_retry_after
from .transport import Body

__all__ = ["API_VERSION", "Encoded", "Operation", "api_error", "request_id_of"]

T = TypeVar("T")

API_VERSION = "2025-10"

_SAFE_VERBS = frozenset({"GET", "HEAD", "OPTIONS"})
_LONGEST_TEXT = 500


class Encoded(msgspec.Struct, frozen=True):
    """A body that is ready to send.

    Attributes:
        content: The bytes, or a body produced in pieces.
        content_type: The media type.
    """

    content: bytes | Body
    content_type: str = "application/json"

    def __repr__(self) -> str:
        return f"Encoded({self.content_type})"


class Operation(msgspec.Struct, Generic[T], frozen=True):
    """One call of the service, before it is sent. Does no I/O; compares by value.

    Attributes:
        name: What it is called in errors, logs and traces.
        method: The HTTP verb.
        path: The path, already percent-encoded (see ``hosts.path``).
        returns: The model of a successful answer, or None to ignore the body.
        body: What to send as JSON, an ``Encoded`` to send as it is, or None for no body.
        query: Query parameters. None is left out, a list repeats the key, enums go by value.
        headers: Further headers of this operation alone.
        repeat_safe: Whether doing it twice has the effect of doing it once. Left at None, reading
            verbs are and all others are not.
        api_version: The version of the API that the paths and shapes belong to.
        base_url: Where to send it when not to the client's own host.
    """

    name: str
    method: str
    path: str
    returns: type[T] | None = None
    body: Any = None
    query: Mapping[str, Any] | None = None
    headers: Mapping[str, str] | None = None
    repeat_safe: bool | None = None
    api_version: str = API_VERSION
    base_url: str | None = None

    # Headers and bodies may hold secrets.
    def __repr__(self) -> str:
        query = f"?{self.query!r}" if self.query else ""
        return f"Operation({self.name!r}, {self.method} {self.path}{query})"

    @property
    def may_be_repeated(self) -> bool:
        """Whether sending it twice can do no harm."""
        if self.repeat_safe is None:
            return self.method in _SAFE_VERBS
        return self.repeat_safe

    def target(self, prefix: str = "") -> str:
        """Return path and query as they stand in the request line."""
        if not self.query:
            return prefix + self.path
        from urllib.parse import urlencode  # slow to load, and many operations have no query

        pairs = query_pairs(self.query)
        try:
            return f"{prefix}{self.path}?{urlencode(pairs)}" if pairs else prefix + self.path
        except UnicodeEncodeError:
            raise PineconeValueError(
                "A query parameter holds a lone surrogate and cannot be encoded"
            ) from None

    def encoded_body(self) -> Encoded | None:
        """Return the body as it goes over the wire, or None.

        Raises:
            PineconeTypeError: Something in it has no JSON form.
            PineconeValueError: It holds a number that JSON cannot carry.
        """
        if self.body is None:
            return None
        if isinstance(self.body, Encoded):
            return self.body
        return Encoded(encode(self.body))

    def result(self, headers: dict[str, str], body: bytes) -> T:
        """Turn a successful answer into what the caller gets.

        Raises:
            ResponseParsingError: The body is not of the expected shape.
        """
        if self.returns is None or (self.returns in (Any, object) and not body):
            return None  # type: ignore[return-value]
        try:
            value = decode(body, self.returns)
        except ResponseParsingError as error:
            error.operation = self.name
            error.request_id = request_id_of(headers)
            raise
        if isinstance(value, msgspec.Struct) and "response_info" in value.__struct_fields__:
            value.response_info = ResponseInfo(raw_headers=headers)  # type: ignore[attr-defined]
        return value

    def error(
        self, status: int, headers: dict[str, str], body: bytes, *, reason: str = "", now: float = 0.0
    ) -> ApiError:
        """Turn an answer that is not a success into an error.

        Args:
            status: The HTTP status.
            headers: The answer's headers, lower-case names.
            body: The answer's body.
            reason: The reason phrase.
            now: The wall clock, for a ``Retry-After`` that is a date.

        Returns:
            The error, ready to raise.
        """
        error = api_error(status, headers, body, reason=reason, now=now)
        error.operation = self.name
        return error


def query_pairs(query: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Write query parameters as pairs of text."""
    pairs: list[tuple[str, str]] = []
    for key, value in query.items():
        values = value if isinstance(value, list | tuple) else [value]
        pairs.extend((key, _query_text(item)) for item in values if item is not None)
    return pairs


def _query_text(value: Any) -> str:
    if isinstance(value, enum.Enum):
        value = value.value
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def request_id_of(headers: Mapping[str, str]) -> str | None:
    """Find the request id among an answer's headers."""
    for name in REQUEST_ID_HEADERS:
        if value := headers.get(name):
            return value
    return None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def _explain(body: Any, raw: bytes, reason: str) -> tuple[str, str | None]:
    """Find the message and the code in whatever shape the service used."""
    candidates: list[Any] = []
    code = None
    if isinstance(body, dict):
        error = body.get("error")
        if isinstance(error, dict):
            candidates.append(error.get("message"))
            code = _text(error.get("code"))
        else:
            candidates += [body.get("error_description"), error]
            code = _text(body.get("code"))
        candidates += [body.get(key) for key in ("message", "detail", "description")]
    for candidate in candidates:
        if message := _text(candidate):
            return message, code
    text = raw[: 4 * _LONGEST_TEXT + 4].decode("utf-8", "replace").strip()
    if len(text) > _LONGEST_TEXT:
        text = text[:_LONGEST_TEXT] + "... (truncated)"
    return text or reason, code


def api_error(
    status: int, headers: dict[str, str], body: bytes, *, reason: str = "", now: float = 0.0
) -> ApiError:
    """Turn an answer that is not a success into an error. Never raises, whatever the body is."""
    decoded = decode_any(body)
    message, code = _explain(decoded, body, reason)
    return error_class(status)(
        message,
        status,
        decoded,
        reason=reason or None,
        headers=headers,
        error_code=code,
        request_id=request_id_of(headers),
        retry_after=parse_retry_after(headers.get("retry-after"), now),
    )
