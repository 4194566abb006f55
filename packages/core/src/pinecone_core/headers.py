"""Which headers a request carries. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ._version import __version__
from .checks import header_value
from .errors import PineconeTypeError, PineconeValueError

if TYPE_CHECKING:
    from .config import PineconeConfig
    from .operation import Encoded, Operation

__all__ = ["checked", "fold", "request_headers", "sdk_headers"]

_FRAMING = frozenset({"content-length", "transfer-encoding", "connection"})
_TOKEN = frozenset("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")

Folded = dict[str, tuple[str, str]]
"""Headers by lower-case name, each with the name as it is written and its value."""


def checked(name: str, headers: Any) -> dict[str, str]:
    """Check that a mapping can be sent as headers, and return it as a dict. Values are never shown."""
    if headers is None:
        return {}
    if not isinstance(headers, Mapping):
        raise PineconeTypeError(f"{name} must be a dict of strings, got {type(headers).__name__}")
    found: dict[str, str] = {}
    for key, value in headers.items():
        if not isinstance(key, str) or not key or not set(key) <= _TOKEN:
            raise PineconeValueError(f"{name} has a name that is not a legal header name: {key!r}")
        if key.lower() in _FRAMING:
            raise PineconeValueError(f"{name} cannot set {key!r}: it follows from the body; remove it")
        found[key] = header_value(f"{name}[{key!r}]", value)
    return found


def fold(headers: Mapping[str, str]) -> Folded:
    """Key headers by their lower-case name, so that a later one replaces an earlier one."""
    return {name.lower(): (name, value) for name, value in headers.items()}


def sdk_headers(config: PineconeConfig) -> Folded:
    """Return what every request of a client with this configuration carries."""
    tag = f" source_tag={config.source_tag}" if config.source_tag else ""
    headers = {
        "Accept": "application/json",
        "Accept-Encoding": "gzip, deflate",
        "User-Agent": f"python-client-{__version__}{tag}",
    }
    if config.api_key:
        headers["Api-Key"] = config.api_key
    return fold(headers)


def request_headers(
    sdk: Folded,
    operation: Operation[object],
    body: Encoded | None,
    additional: Folded,
    extra: Mapping[str, str] | None,
) -> list[tuple[str, str]]:
    """Put the headers of one request together; what comes later replaces what came before.

    Args:
        sdk: From ``sdk_headers``.
        operation: What is being sent.
        body: Its encoded body, or None.
        additional: The client's additional headers.
        extra: The headers of this call alone, or None.

    Returns:
        Name and value pairs.
    """
    headers = dict(sdk)
    headers["x-pinecone-api-version"] = ("X-Pinecone-Api-Version", operation.api_version)
    if body is not None:
        headers["content-type"] = ("Content-Type", body.content_type)
    if operation.headers:
        headers.update(fold(operation.headers))
    headers.update(additional)
    if extra:
        headers.update(fold(extra))
    return list(headers.values())
