# Made from ../_async/failures.py by tools/make_sync.py; do not edit.
"""What the network's and the HTTP library's failures mean for a caller."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

from ..errors import (
    PineconeConnectionError,
    PineconeError,
    PineconeTimeoutError,
    PineconeValueError,
    ResponseParsingError,
)

if TYPE_CHECKING:
    from ..routes import Route
    from .http1 import Exchange

__all__ = ["translated"]


def translated(error: BaseException, exchange: Exchange, route: Route | None) -> PineconeError:
    """Return a failure of the network or the HTTP library as one of ours.

    Args:
        error: What was raised. Only names of classes are looked at: the two layers of the HTTP library,
            and its continuation, have the same names for the same things.
        exchange: What was going on.
        route: Where it went, or None when that is of no interest any more.
    """
    origin = exchange.request.origin
    kinds = {kind.__name__ for kind in type(error).__mro__}
    said = f": {error}" if str(error) else ""
    if kinds & {"TimeoutError", "TimeoutException"}:
        return _too_late(error, kinds, exchange, origin)
    if kinds & {"NotHttpError", "UnsupportedProtocol"}:
        return ResponseParsingError(f"{origin} did not answer in HTTP{said}", _plain(error))
    if "LocalProtocolError" in kinds:
        # The text may quote a header's value, which may be a key.
        return PineconeValueError("The request has a header, path or body length that HTTP does not allow")
    if "ProxyError" in kinds:
        permanent = str(error).startswith("4")
        return PineconeConnectionError(
            f"The proxy refused to connect to {origin}{said}", sent=False, permanent=permanent
        )
    if "ConnectError" in kinds or _is_connecting(error, exchange):
        return _cannot_connect(error, origin, route, said)
    stale = exchange.reused and exchange.phase != "read" and not isinstance(error, ssl.SSLError)
    return PineconeConnectionError(f"The connection to {origin} broke{said}", stale=stale)


def _plain(error: BaseException) -> Exception | None:
    return error if isinstance(error, ValueError) else None


def _is_connecting(error: BaseException, exchange: Exchange) -> bool:
    # The library's own failures say by their names what went on.
    return exchange.phase == "connect" and isinstance(error, OSError)


def _too_late(error: BaseException, kinds: set[str], exchange: Exchange, origin: str) -> PineconeTimeoutError:
    if "ConnectTimeout" in kinds or _is_connecting(error, exchange):
        return PineconeTimeoutError(f"Timed out connecting to {origin}", sent=False)
    if "PoolTimeout" in kinds:
        return PineconeTimeoutError(f"Timed out waiting for a free connection to {origin}", sent=False)
    if "WriteTimeout" in kinds or exchange.phase == "send":
        return PineconeTimeoutError(f"Timed out sending the request to {origin}")
    what = "reading the answer of" if exchange.phase == "read" else "waiting for an answer from"
    return PineconeTimeoutError(f"Timed out {what} {origin}; raise timeout= if it needs longer")


def _cannot_connect(error: BaseException, origin: str, route: Route | None, said: str) -> PineconeError:
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ssl.SSLError):
        cause = cause.__cause__ or cause.__context__
    if isinstance(cause, ssl.SSLCertVerificationError):
        return PineconeConnectionError(
            f"The certificate of {origin} was refused: {cause.verify_message}. "
            "If the service has a certificate of your own, pass its CA as ssl_ca_certs",
            sent=False,
            permanent=True,
        )
    if cause is not None:
        return PineconeConnectionError(
            f"TLS with {origin} failed{said}. Does the host speak plain http://?", sent=False
        )
    via = (
        ""
        if route is None or route.proxy is None
        else f" through the proxy {route.proxy.host}:{route.proxy.port}"
    )
    return PineconeConnectionError(f"Cannot connect to {origin}{via}{said}", sent=False)
