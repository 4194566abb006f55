"""A span and a duration for every call, for OpenTelemetry (``pip install pinecone-core[otel]``).

Follows the stable conventions for database clients. Neither vectors nor metadata, texts, queries or
messages of errors are recorded.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from opentelemetry import metrics, trace
from opentelemetry.trace import SpanKind, Status, StatusCode

from ._version import __version__
from .errors import ApiError
from .operation import request_id_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from opentelemetry.metrics import Histogram, MeterProvider
    from opentelemetry.trace import Span, TracerProvider

    from .errors import PineconeError
    from .operation import Operation
    from .transport import Request

__all__ = ["OpenTelemetryObserver"]

_SCOPE = "pinecone"
_BUCKETS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10]
_PORTS = {"http": 80, "https": 443}


class OpenTelemetryObserver:
    """An observer that traces and measures calls; pass it to a client as ``observers=(it,)``.

    Args:
        tracer_provider: Where spans go; None for the global one.
        meter_provider: Where durations go; None for the global one.
        now: Seconds on a clock that never goes back.
    """

    def __init__(
        self,
        *,
        tracer_provider: TracerProvider | None = None,
        meter_provider: MeterProvider | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._tracer = trace.get_tracer(_SCOPE, __version__, tracer_provider)
        meter = metrics.get_meter(_SCOPE, __version__, meter_provider)
        self._durations = meter.create_histogram(
            "db.client.operation.duration",
            unit="s",
            description="Duration of database client operations.",
            explicit_bucket_boundaries_advisory=_BUCKETS,
        )
        self._now = now

    def start(self, operation: Operation[object], request: Request) -> TracedCall:
        """Begin a span."""
        attributes = _attributes(operation, request)
        target = attributes.get("db.collection.name") or attributes["server.address"]
        span = self._tracer.start_span(
            f"{operation.name} {target}", kind=SpanKind.CLIENT, attributes=attributes
        )
        return TracedCall(span, self._durations, attributes, self._now)


class TracedCall:
    """One call that is traced."""

    __slots__ = ("_attributes", "_durations", "_now", "_span", "_started")

    def __init__(
        self, span: Span, durations: Histogram, attributes: dict[str, Any], now: Callable[[], float]
    ) -> None:
        self._span = span
        self._durations = durations
        self._attributes = attributes
        self._now = now
        self._started = now()

    def retrying(self, error: PineconeError, attempt: int, delay: float) -> None:
        """Record that another try follows."""
        self._span.add_event(
            "retry", {"error.type": _kind(error), "retry.attempt": attempt, "retry.delay": delay}
        )

    def finished(self, status: int, headers: dict[str, str]) -> None:
        """Record that the call succeeded."""
        self._end(status, request_id_of(headers))

    def failed(self, error: BaseException) -> None:
        """Record that the call failed."""
        kind = _kind(error)
        self._attributes["error.type"] = kind
        self._span.set_attribute("error.type", kind)
        self._span.set_status(Status(StatusCode.ERROR))
        if isinstance(error, ApiError):
            self._end(error.status_code, error.request_id)
        else:
            self._end(None, None)

    def _end(self, status: int | None, request_id: str | None) -> None:
        if status is not None:
            self._attributes["db.response.status_code"] = str(status)
            self._span.set_attribute("db.response.status_code", str(status))
        if request_id:
            self._span.set_attribute("pinecone.request_id", request_id)
        self._durations.record(self._now() - self._started, self._attributes)
        self._span.end()


def _kind(error: BaseException) -> str:
    return str(error.status_code) if isinstance(error, ApiError) else type(error).__qualname__


def _attributes(operation: Operation[object], request: Request) -> dict[str, Any]:
    address = urlsplit(request.origin)
    host = address.hostname or request.origin
    found: dict[str, Any] = {
        "db.system.name": "pinecone",
        "db.operation.name": operation.name,
        "server.address": host,
    }
    port = address.port or _PORTS.get(address.scheme)
    if port is not None and port != 443:
        found["server.port"] = port
    segments = [unquote(segment) for segment in operation.path.split("/")]
    if collection := _after("indexes", segments) or _index_of(host):
        found["db.collection.name"] = collection
    if namespace := _namespace(operation, segments):
        found["db.namespace"] = namespace
    return found


def _after(word: str, segments: list[str]) -> str:
    """Return the path segment that follows a word, or nothing."""
    place = segments.index(word) + 1 if word in segments else len(segments)
    return segments[place] if place < len(segments) else ""


def _index_of(host: str) -> str:
    """Read an index's name off its host: ``<name>-<project>.svc.<region>.pinecone.io``."""
    label, _, rest = host.partition(".")
    return label.rpartition("-")[0] if rest.startswith("svc.") else ""


def _namespace(operation: Operation[object], segments: list[str]) -> str:
    if named := _after("namespaces", segments):
        return named
    for place in (operation.query, operation.body):
        found = place.get("namespace") if isinstance(place, dict) else getattr(place, "namespace", None)
        if isinstance(found, str) and found:
            return found
    return ""
