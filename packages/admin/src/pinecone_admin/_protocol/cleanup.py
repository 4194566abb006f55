"""What a project holds, and how each of it is listed and deleted."""

from __future__ import annotations

from typing import Any

from pinecone_core.errors import ForbiddenError, PineconeValueError
from pinecone_core.hosts import path
from pinecone_core.operation import Operation

__all__ = [
    "KINDS",
    "TEMPORARY_KEY",
    "check_attempts",
    "delete_one",
    "explain_refusal",
    "left_over",
    "list_page",
    "names_in",
    "next_page",
]

TEMPORARY_KEY = "_cleanup_temp_key"

# kind -> (where it is listed, the key of the list in the answer, the field that deletes it)
KINDS = {
    "indexes": ("/indexes", "indexes", "name"),
    "collections": ("/collections", "collections", "name"),
    "backups": ("/backups", "data", "backup_id"),
    "assistants": ("/assistant/assistants", "assistants", "name"),
}


def list_page(kind: str, token: str | None) -> Operation[Any]:
    """Return the operation that lists one page of a kind."""
    where = KINDS[kind][0]
    query = {"paginationToken": token} if token else None
    return Operation(f"list_{kind}", "GET", where, dict[str, Any], query=query)


def names_in(kind: str, page: dict[str, Any]) -> list[str]:
    """Return the names of what a page lists."""
    _, key, field = KINDS[kind]
    return [item[field] for item in page.get(key) or () if isinstance(item, dict) and field in item]


def next_page(page: dict[str, Any]) -> str | None:
    """Return the token of the page after this one."""
    following = page.get("pagination") or {}
    return following.get("next") or None


def delete_one(kind: str, name: str) -> Operation[None]:
    """Return the operation that deletes one thing; deleting it twice does no harm."""
    return Operation(f"delete_{kind}", "DELETE", path(KINDS[kind][0] + "/{}", name), repeat_safe=True)


def check_attempts(max_attempts: int, retry_delay: float) -> None:
    """Refuse a clean-up that would not clean."""
    if isinstance(max_attempts, bool) or not isinstance(max_attempts, int) or max_attempts < 1:
        raise PineconeValueError(f"max_attempts must be a positive integer, got {max_attempts!r}")
    if not isinstance(retry_delay, int | float) or not 0 <= retry_delay < float("inf"):
        raise PineconeValueError(f"retry_delay must be 0 or more seconds, got {retry_delay!r}")


def left_over(found: dict[str, list[str]]) -> str:
    """Say what is still there."""
    return "; ".join(f"{kind}: {', '.join(names)}" for kind, names in found.items() if names)


def explain_refusal(error: ForbiddenError) -> ForbiddenError:
    """Say why a clean-up could not begin."""
    told = ForbiddenError(
        f"{error.message} (the temporary key for the clean-up could not be created, perhaps because the "
        "project's quota of keys is used up; nothing was deleted)",
        403,
        error.body,
        reason=error.reason,
        headers=error.headers,
        error_code=error.error_code,
        request_id=error.request_id,
    )
    told.operation, told.host = error.operation, error.host
    return told
