"""Which right a call needs, and which roles give it. Pure."""

from __future__ import annotations

from collections.abc import Collection

from ..http import Call

__all__ = ["ROLES", "may", "needed_right"]

_ALL = frozenset({"control:read", "control:write", "data:read", "data:write"})
ROLES = {
    "ProjectEditor": _ALL,
    "ProjectViewer": frozenset({"control:read", "data:read"}),
    "ControlPlaneEditor": frozenset({"control:read", "control:write"}),
    "ControlPlaneViewer": frozenset({"control:read"}),
    "DataPlaneEditor": frozenset({"data:read", "data:write"}),
    "DataPlaneViewer": frozenset({"data:read"}),
}
"""The rights that each role gives."""

# What is data although it is asked of the project's host, and what reads although it is posted.
_DATA = {"files", "operations", "chat", "evaluation", "embed", "rerank"}
_READING = {
    "query",
    "fetch",
    "fetch_by_metadata",
    "describe_index_stats",
    "search",
    "chat",
    "evaluation",
    "embed",
    "rerank",
}


def needed_right(call: Call, data_plane: bool) -> str | None:
    """Return the right that a call needs; None for what every key may ask.

    Args:
        call: The call, its segments those below an index's host.
        data_plane: Whether it is for an index's host.
    """
    segments = call.segments[1:] if call.segments[:1] == ("assistant",) else call.segments
    first = segments[0] if segments else ""
    if first == "models" and not data_plane:
        return None
    plane = "data" if data_plane or first in _DATA else "control"
    last = segments[-1] if segments else ""
    reads = call.method in ("GET", "HEAD") or (call.method == "POST" and bool({first, last} & _READING))
    return f"{plane}:{'read' if reads else 'write'}"


def may(roles: Collection[str], right: str | None) -> bool:
    """Say whether roles give a right. A role that is not known gives none."""
    return right is None or any(right in ROLES.get(role, ()) for role in roles)
