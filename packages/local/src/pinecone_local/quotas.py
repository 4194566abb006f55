"""How much a project may hold."""

from __future__ import annotations

from dataclasses import dataclass

from .http import ApiFault

__all__ = ["Quotas"]


@dataclass(frozen=True)
class Quotas:
    """The most of each kind that a project may hold; None is no limit.

    What would be more is refused with 403, as at the service.

    Args:
        indexes: Indexes.
        pods: Pods of all pod indexes together.
        collections: Collections.
        backups: Backups.

    Example:
        >>> from pinecone_local import LocalEngine, Quotas
        >>> with LocalEngine(quotas=Quotas(indexes=5)) as engine:
        ...     transport = engine.transport()
    """

    indexes: int | None = None
    pods: int | None = None
    collections: int | None = None
    backups: int | None = None

    def __post_init__(self) -> None:
        """Refuse limits that are none."""
        for kind, limit in vars(self).items():
            if limit is not None and (isinstance(limit, bool) or not isinstance(limit, int) or limit < 0):
                raise ValueError(f"{kind} must be a whole number, 0 or more, or None, got {limit!r}")

    def check(self, kind: str, held: int, more: int = 1) -> None:
        """Refuse what would exceed a limit.

        Args:
            kind: ``indexes``, ``pods``, ``collections`` or ``backups``.
            held: How many there are.
            more: How many would come.

        Raises:
            ApiFault: 403.
        """
        limit: int | None = getattr(self, kind)
        if limit is not None and held + more > limit:
            raise ApiFault(
                403,
                "FORBIDDEN",
                f"Increase your quota or upgrade to create more {kind}. Maximum allowed is {limit}; "
                f"there are {held}, and {more} more would be made.",
            )
