"""What a caller asks, what the engine answers, and the table that joins the two.

The engine knows no sockets: a ``Call`` is made by the in-process transport or by the HTTP server,
handed to ``LocalEngine.handle`` and answered with a ``Reply``. Handlers have the form
``handler(engine, call, **path_params) -> Reply`` and raise ``ApiFault`` to refuse.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import parse_qs, unquote, urlsplit

import msgspec

if TYPE_CHECKING:
    from .engine import LocalEngine
    from .faults import Fault

__all__ = [
    "ApiFault",
    "Call",
    "Handler",
    "Reply",
    "Route",
    "Router",
    "bad_request",
    "json_reply",
    "not_found",
    "unsupported",
]

T = TypeVar("T")

#: The numbers that the data plane uses for the codes the control plane spells out.
RPC_CODES = {
    "OK": 0,
    "CANCELLED": 1,
    "UNKNOWN": 2,
    "INVALID_ARGUMENT": 3,
    "UNPROCESSABLE_ENTITY": 3,
    "DEADLINE_EXCEEDED": 4,
    "NOT_FOUND": 5,
    "ALREADY_EXISTS": 6,
    "PERMISSION_DENIED": 7,
    "FORBIDDEN": 7,
    "RESOURCE_EXHAUSTED": 8,
    "QUOTA_EXCEEDED": 8,
    "FAILED_PRECONDITION": 9,
    "ABORTED": 10,
    "OUT_OF_RANGE": 11,
    "UNIMPLEMENTED": 12,
    "INTERNAL": 13,
    "UNAVAILABLE": 14,
    "DATA_LOSS": 15,
    "UNAUTHENTICATED": 16,
}


class ApiFault(Exception):
    """A refusal, with what the service would say.

    Args:
        status: The HTTP status, such as 404.
        code: The service's name of the fault, such as ``NOT_FOUND``.
        message: One sentence that says what is wrong and what to do.
        details: Further JSON-able data, or None.
        headers: Headers to add to the answer, such as ``Retry-After``.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        details: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.details = details
        self.headers = dict(headers or {})

    def reply(self, *, rpc: bool = False) -> Reply:
        """Render the fault.

        Args:
            rpc: True gives the data plane's shape (``code`` a number, ``details`` a list), False
                the control plane's (``error`` and ``status``).
        """
        if rpc:
            shown: dict[str, Any] = {
                "code": RPC_CODES.get(self.code, 2),
                "message": self.message,
                "details": self.details if isinstance(self.details, list) else [],
            }
        else:
            error: dict[str, Any] = {"code": self.code, "message": self.message}
            if self.details is not None:
                error["details"] = self.details if isinstance(self.details, dict) else {"items": self.details}
            shown = {"error": error, "status": self.status}
        return json_reply(shown, status=self.status, headers=self.headers)


def bad_request(message: str) -> ApiFault:
    """Make the fault for an argument the service refuses (400)."""
    return ApiFault(400, "INVALID_ARGUMENT", message)


def not_found(message: str) -> ApiFault:
    """Make the fault for something that is not there (404)."""
    return ApiFault(404, "NOT_FOUND", message)


@dataclass(slots=True)
class Call:
    """One request as the engine sees it.

    Attributes:
        method: The verb, upper case.
        segments: The path, split at ``/`` before percent-decoding, so that an encoded slash stays
            inside its segment.
        query: The decoded query; every name keeps all its values in order.
        headers: Lower-case names to values.
        body: The whole body.
        base_url: Scheme, host, port and any prefix under which the caller reached the engine,
            without a trailing slash. Index hosts are reported under it.
        host: The ``Host`` header's value, or the host of the pretend origin in process.
        host_format: How an index's host is reported: ``url`` and ``bare`` as a path under
            ``base_url``, with and without the scheme; ``virtual`` as a host name of its own.
        label: The index host's label when the call is addressed to an index, filled in by the
            engine.
        fault: The fault on purpose that hits the call, filled in by the engine.
    """

    method: str
    segments: tuple[str, ...]
    query: dict[str, list[str]] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    base_url: str = "http://localhost"
    host: str = "localhost"
    host_format: str = "url"
    label: str | None = None
    fault: Fault | None = None

    @classmethod
    def make(
        cls,
        method: str,
        target: str,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        *,
        base_url: str = "http://localhost",
        host: str | None = None,
        host_format: str = "url",
    ) -> Call:
        """Build a call from a raw, still percent-encoded target such as ``/vectors/list?limit=3``."""
        raw_path, _, raw_query = target.partition("?")
        return cls(
            method=method.upper(),
            segments=split_path(raw_path),
            query=parse_qs(raw_query, keep_blank_values=True) if raw_query else {},
            headers={name.lower(): value for name, value in (headers or {}).items()},
            body=body,
            base_url=base_url,
            host=host if host is not None else urlsplit(base_url).netloc,
            host_format=host_format,
        )

    @property
    def path(self) -> str:
        """The decoded path, for messages."""
        return "/" + "/".join(self.segments)

    def param(self, name: str, default: str | None = None) -> str | None:
        """Return the last value of a query parameter, or the default when it is absent."""
        values = self.query.get(name)
        return values[-1] if values else default

    def params(self, name: str) -> list[str]:
        """Return every value of a query parameter, in order."""
        return self.query.get(name, [])

    def json(self) -> Any:
        """Decode the body, an empty one as ``{}``.

        Raises:
            ApiFault: 400 when the body is not JSON.
        """
        if not self.body:
            return {}
        try:
            return msgspec.json.decode(self.body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise bad_request(f"The request body is not valid JSON: {error}.") from error

    def read(self, type_: type[T]) -> T:
        """Decode the body into a msgspec type, an empty body as ``{}``.

        Raises:
            ApiFault: 400 when the body is not JSON or does not fit.
        """
        try:
            return msgspec.json.decode(self.body or b"{}", type=type_)
        except msgspec.ValidationError as error:
            raise bad_request(f"The request body does not fit: {error}.") from error
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise bad_request(f"The request body is not valid JSON: {error}.") from error

    def index_url(self, label: str) -> str:
        """Return the host to report for the index with this label."""
        scheme, _, rest = self.base_url.partition("://")
        if self.host_format == "virtual":
            return f"{scheme}://{label}.{rest}"
        if self.host_format == "bare":
            return f"{rest}/_index/{label}"
        return f"{self.base_url}/_index/{label}"


@dataclass(slots=True)
class Reply:
    """One answer.

    Attributes:
        status: The HTTP status.
        headers: Names to values, as they go out.
        body: The bytes, or an iterator of pieces for a streamed answer.
    """

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | Iterator[bytes] = b""

    def read(self) -> bytes:
        """Return the whole body, draining it when it is streamed."""
        if not isinstance(self.body, bytes):
            self.body = b"".join(self.body)
        return self.body


Handler = Callable[..., Reply]

_encoder = msgspec.json.Encoder()


def json_reply(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    """Encode a value as a JSON answer."""
    shown = {"content-type": "application/json"}
    if headers:
        shown.update(headers)
    return Reply(status, shown, _encoder.encode(value))


def split_path(raw_path: str) -> tuple[str, ...]:
    """Split a percent-encoded path at its slashes, then decode each segment."""
    raw_path = raw_path.removeprefix("/")
    if not raw_path:
        return ()
    if "%" in raw_path:
        return tuple(unquote(segment, errors="replace") for segment in raw_path.split("/"))
    return tuple(raw_path.split("/"))


@dataclass(frozen=True, slots=True)
class Route:
    """One operation: a verb, a path template such as ``/indexes/{name}``, and who answers it."""

    method: str
    template: str
    handler: Handler


def unsupported(sentence: str) -> Handler:
    """Make a handler for a documented operation the engine does not offer (501)."""

    def handler(engine: LocalEngine, call: Call, **path_params: str) -> Reply:
        raise ApiFault(501, "UNIMPLEMENTED", sentence)

    return handler


class Router:
    """Find the route of a call. Fixed segments win over parameters."""

    def __init__(self, routes: list[Route]) -> None:
        self.routes = list(routes)
        self._fixed: dict[tuple[str, ...], dict[str, Route]] = {}
        self._open: dict[int, list[tuple[tuple[str, ...], dict[str, Route]]]] = {}
        for route in self.routes:
            parts = split_path(route.template)
            if any(part.startswith("{") for part in parts):
                self._add_open(parts, route)
            else:
                self._fixed.setdefault(parts, {})[route.method] = route

    def _add_open(self, parts: tuple[str, ...], route: Route) -> None:
        group = self._open.setdefault(len(parts), [])
        for known, verbs in group:
            if known == parts:
                verbs[route.method] = route
                return
        group.append((parts, {route.method: route}))

    def knows(self, segments: tuple[str, ...]) -> bool:
        """Say whether a path is one of the table's, under whatever verb."""
        if segments in self._fixed:
            return True
        return any(_match(parts, segments) is not None for parts, _ in self._open.get(len(segments), ()))

    def find(self, method: str, segments: tuple[str, ...]) -> tuple[Handler, dict[str, str]]:
        """Return the handler and the path parameters of a call.

        Raises:
            ApiFault: 404 for an unknown path, 405 for a known path under another verb.
        """
        verbs = self._fixed.get(segments)
        if verbs is not None and method in verbs:
            return verbs[method].handler, {}
        allowed = set(verbs or ())
        for parts, open_verbs in self._open.get(len(segments), ()):
            params = _match(parts, segments)
            if params is None:
                continue
            route = open_verbs.get(method)
            if route is not None:
                return route.handler, params
            allowed.update(open_verbs)
        shown = "/" + "/".join(segments)
        if allowed:
            names = ", ".join(sorted(allowed))
            raise ApiFault(
                405,
                "UNIMPLEMENTED",
                f"{method} is not offered at {shown}; use {names}.",
                headers={"allow": names},
            )
        raise not_found(f"There is no operation at {method} {shown}.")


def _match(parts: tuple[str, ...], segments: tuple[str, ...]) -> dict[str, str] | None:
    params: dict[str, str] = {}
    for part, segment in zip(parts, segments, strict=True):
        if part.startswith("{"):
            if not segment:
                return None
            params[part[1:-1]] = segment
        elif part != segment:
            return None
    return params
