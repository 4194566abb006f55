"""Which headers a request carries. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .config import PineconeConfig
    from .operation import Encoded, Operation

__all__ = ["fold", "request_headers", "sdk_headers"]

Folded = dict[str, tuple[str, str]]
"""Headers by lower-case name, each with the name as it is written and its value."""


def fold(headers: Mapping[str, str]) -> Folded:
    """Key headers by their lower-case name, so that a later one replaces an earlier one."""
    return {name.lower(): (name, value) for name, value in headers.items()}


def sdk_headers(config: PineconeConfig, product: str) -> Folded:
    """Return what every request of a client carries.

    Args:
        config: The client's configuration.
        product: What leads the user agent, such as ``python-client-1.0.0``.
    """
    tag = f" source_tag={config.source_tag}" if config.source_tag else ""
    headers = {
        "Accept": "application/json",
        "Accept-Encoding": "gzip, deflate",
        "User-Agent": product + tag,
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
