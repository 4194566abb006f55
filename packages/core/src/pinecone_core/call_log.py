"""Every call on the standard ``logging`` tree, under ``pinecone.http``, without secrets.

INFO has one line a call: what, where, how it ended, how long it took, its request id. DEBUG has one
line more when it begins. Bodies are shown only by the curl lines, cut, and only when asked for.
"""

from __future__ import annotations

import time

from .config import environment, mask_headers
from .errors import ApiError
from .logs import DEBUG, INFO, Log
from .on_demand import assign, dataclass

TYPE_CHECKING: bool = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from .errors import PineconeError
    from .operation import Operation
    from .transport import Body, Request

__all__ = ["CallLog", "LogSettings", "call_log", "curl_line", "log_settings"]

_log = Log("pinecone.http")

_MOST_BODY = 1000
# Compiled when they are first used, which takes longer than all else in this file.
_SECRET_FIELD = (
    r'("(?:client_secret|access_token|refresh_token|api_key|password|secret|token)"\s*:\s*)"(?:[^"\\]|\\.)*"?'
)
_SECRET_PARAMETER = r"(?i)(?<=[?&])((?:api[-_]?key|client_secret|access_token|token)=)[^&]*"


@dataclass(frozen=True, init=False)
class LogSettings:
    """What the environment asks of logging.

    Attributes:
        level: The level of the logger ``pinecone``, or None to leave it.
        show: Whether to show what is logged where nothing else does.
        curl: Whether to log a curl command for every call.
    """

    level: int | None = None
    show: bool = False
    curl: bool = False

    def __init__(self, level: int | None = None, show: bool = False, curl: bool = False) -> None:
        assign(self, locals())


_LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}


def log_settings() -> LogSettings:
    """Read ``PINECONE_LOG``, and the older ``PINECONE_DEBUG`` and ``PINECONE_DEBUG_CURL``."""
    named = environment("PINECONE_LOG").strip().lower()
    level = _LEVELS.get(named)
    if named and level is None:
        Log("pinecone.config").warning(
            "PINECONE_LOG must be debug, info, warning or error, got %r; ignored", named
        )
    show = level is not None
    if level is None and environment("PINECONE_DEBUG"):
        level = _LEVELS["debug"]
    return LogSettings(level, show, bool(environment("PINECONE_DEBUG_CURL")))


def call_log() -> CallLog:
    """Return what logs calls, and set logging up as the environment asks.

    ``PINECONE_LOG=debug|info|warning|error`` sets the level of the logger ``pinecone`` and shows it on
    the terminal where nothing else does. ``PINECONE_DEBUG`` sets it to DEBUG and shows nothing by
    itself. With ``PINECONE_DEBUG_CURL``, DEBUG has a curl command for every call.
    """
    settings = log_settings()
    if settings.level is not None:
        _listen(settings.level, settings.show)
    return CallLog(curl=settings.curl)


def _listen(level: int, show: bool) -> None:
    import logging

    root = logging.getLogger("pinecone")
    root.setLevel(level)
    if show and not root.hasHandlers():
        handler = logging.StreamHandler()
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        root.addHandler(handler)


class CallLog:
    """An observer that logs calls.

    Args:
        curl: Whether to log a curl command for every call, at DEBUG.
        now: Seconds on a clock that never goes back.
    """

    def __init__(self, *, curl: bool = False, now: Callable[[], float] = time.monotonic) -> None:
        self._curl = curl
        self._now = now

    def start(self, operation: Operation[object], request: Request) -> LoggedCall | None:
        """Log that a call begins."""
        if not _log.listens(INFO):
            return None
        call = LoggedCall(operation, request, self._now)
        if _log.listens(DEBUG):
            _log.debug("%s begins", call)
            if self._curl:
                _log.debug("curl equivalent:\n%s", curl_line(request))
        return call


class LoggedCall:
    """One call that is logged."""

    __slots__ = ("_now", "_operation", "_request", "_started")

    def __init__(self, operation: Operation[object], request: Request, now: Callable[[], float]) -> None:
        self._operation = operation
        self._request = request
        self._now = now
        self._started = now()

    def __str__(self) -> str:
        # The query is left out: it may hold what a user looks for.
        where = self._request.origin + self._request.target.partition("?")[0]
        return f"{self._operation.name}: {self._request.method} {where}"

    def _milliseconds(self) -> float:
        return (self._now() - self._started) * 1000

    def retrying(self, error: PineconeError, attempt: int, delay: float) -> None:
        """Log that another try follows."""
        _log.info("%s: try %d failed (%s), next in %.2f s", self, attempt, _kind(error), delay)

    def finished(self, status: int, headers: dict[str, str]) -> None:
        """Log that the call succeeded."""
        from .operation import request_id_of

        known = request_id_of(headers) or "-"
        _log.info("%s: %d in %.0f ms, request id %s", self, status, self._milliseconds(), known)

    def failed(self, error: BaseException) -> None:
        """Log that the call failed."""
        known = error.request_id if isinstance(error, ApiError) else None
        _log.info(
            "%s: %s after %.0f ms, request id %s", self, _kind(error), self._milliseconds(), known or "-"
        )


def _kind(error: BaseException) -> str:
    # A message may quote what a user sent, so it is not repeated here.
    name = type(error).__name__
    return f"{name} {error.status_code}" if isinstance(error, ApiError) else name


def curl_line(request: Request) -> str:
    """Write a request as a command for a shell, without secrets.

    Args:
        request: The request.

    Returns:
        A command that can be pasted once the key is put in; a long body is cut, and says so.
    """
    import re
    from shlex import quote

    url = re.sub(_SECRET_PARAMETER, r"\1***", request.url)
    words = ["curl", "-X", request.method, quote(url)]
    for name, value in request.headers:
        shown = mask_headers({name: value})[name]
        words += ["-H", quote(f"{name}: {shown}")]
    if request.body is not None:
        words += ["--data-binary", quote(_shown(request.body))]
    return " ".join(words)


def _shown(body: bytes | Body) -> str:
    if not isinstance(body, bytes):
        size = "unknown size" if body.length is None else f"{body.length} bytes"
        return f"<a body of {size}>"
    import re

    text = re.sub(_SECRET_FIELD, r'\1"***"', body[:_MOST_BODY].decode("utf-8", "replace"))
    return text if len(body) <= _MOST_BODY else f"{text}... ({len(body)} bytes)"
