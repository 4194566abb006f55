"""What several resources share on the wire: names, numbers, page tokens."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from typing import Any, TypeVar

from ..http import Call, bad_request

__all__ = [
    "MAX_BODY_BYTES",
    "checked_name",
    "checked_namespace",
    "checked_tags",
    "limit_of",
    "page_of",
    "read_token",
    "shown_namespace",
    "token_for",
]

T = TypeVar("T")

#: The most bytes a write may have.
MAX_BODY_BYTES = 2 * 1024 * 1024
#: What the default namespace is called where it needs a name.
DEFAULT_NAMESPACE = "__default__"

_NAME = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")


def checked_name(name: str, what: str) -> str:
    """Return a resource's name if it is one.

    Raises:
        ApiFault: 400 when it is not.
    """
    if not 1 <= len(name) <= 45:
        raise bad_request(f"{what} name must be 1 to 45 characters long, got {len(name)}.")
    if not _NAME.fullmatch(name):
        raise bad_request(
            f"{what} name must consist of lower case alphanumeric characters or '-', and must start and "
            f"end with an alphanumeric character, got {name!r}."
        )
    return name


def checked_namespace(name: str | None) -> str:
    """Return a namespace's name as the engine keeps it: the default one is the empty string.

    Raises:
        ApiFault: 400 when it is not a name.
    """
    if not name or name == DEFAULT_NAMESPACE:
        return ""
    if len(name) > 512 or not name.isascii() or "\0" in name:
        raise bad_request("A namespace's name must be at most 512 ASCII characters without NUL.")
    return name


def shown_namespace(name: str) -> str:
    """Return a namespace's name where it cannot be empty."""
    return name or DEFAULT_NAMESPACE


def checked_tags(tags: dict[str, str]) -> dict[str, str]:
    """Return tags that fit; an empty value takes a tag away.

    Raises:
        ApiFault: 400 when one does not.
    """
    for key, value in tags.items():
        if not 1 <= len(key) <= 80 or not re.fullmatch(r"[A-Za-z0-9_-]+", key):
            raise bad_request(
                f"The tag key {key!r} must be 1 to 80 alphanumeric characters, underscores or hyphens."
            )
        if len(value) > 120:
            raise bad_request(f"The value of the tag {key!r} must be at most 120 characters long.")
    return tags


def limit_of(call: Call, default: int, most: int) -> int:
    """Return the query's ``limit``.

    Raises:
        ApiFault: 400 when it is not a number in range.
    """
    text = call.param("limit")
    if text is None:
        return default
    if not re.fullmatch(r"[0-9]{1,9}", text) or not 1 <= int(text) <= most:
        raise bad_request(f"limit must be a whole number from 1 to {most}, got {text!r}.")
    return int(text)


def token_for(place: str) -> str:
    """Return the page token that leads on after an id or a name."""
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def read_token(token: str | None) -> str | None:
    """Return the id or name that a page token stands for, or None without a token.

    Raises:
        ApiFault: 400 when the token is not one of this engine's.
    """
    if not token:
        return None
    try:
        return base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        raise bad_request(f"The pagination token {token!r} is not one that this listing gave out.") from None


def page_of(call: Call, items: Sequence[tuple[str, T]], default: int = 100) -> tuple[list[T], dict[str, Any]]:
    """Cut one page out of a listing.

    Args:
        call: The request, with ``limit`` and ``paginationToken`` in its query.
        items: Pairs of a key that does not change and an item, in an order that does not change.
        default: Items a page without a ``limit``.

    Returns:
        The page's items, and ``{"pagination": ...}`` or ``{}``.
    """
    limit = limit_of(call, default, 100)
    after = read_token(call.param("paginationToken"))
    start = 0
    if after is not None:
        # The item itself may be gone: go on with the first one behind its place.
        keys = [key for key, _ in items]
        start = keys.index(after) + 1 if after in keys else sum(key <= after for key in keys)
    page = [item for _, item in items[start : start + limit]]
    more = start + limit < len(items)
    return page, {"pagination": {"next": token_for(items[start + limit - 1][0])}} if more else {}
