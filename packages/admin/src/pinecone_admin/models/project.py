"""Projects, and what a clean-up removes from one."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from pinecone_core.structs import StructDictMixin

from .listing import Listing

__all__ = ["CleanupReport", "ProjectList", "ProjectModel"]


class ProjectModel(StructDictMixin, kw_only=True):
    """A project.

    Attributes:
        id: Its id.
        name: Its name.
        max_pods: The most pods it may hold.
        force_encryption_with_cmek: Whether its data must be encrypted with the customer's key.
        organization_id: The organization it belongs to.
        created_at: When it was made, as the service writes it; None when not told.
    """

    id: str
    name: str
    max_pods: int
    force_encryption_with_cmek: bool
    organization_id: str
    created_at: str | None = None


class CleanupReport(StructDictMixin, kw_only=True):
    """What a clean-up found in a project and removed, or would remove.

    Attributes:
        project_id: The project.
        dry_run: Whether nothing was removed.
        indexes: Names of indexes.
        collections: Names of collections.
        backups: Ids of backups.
        assistants: Names of assistants.
    """

    project_id: str
    dry_run: bool = False
    indexes: list[str] = msgspec.field(default_factory=list)
    collections: list[str] = msgspec.field(default_factory=list)
    backups: list[str] = msgspec.field(default_factory=list)
    assistants: list[str] = msgspec.field(default_factory=list)


class _Envelope(msgspec.Struct):
    data: list[ProjectModel] = msgspec.field(default_factory=list)


class ProjectList(Listing[ProjectModel]):
    """Projects, as a list.

    Args:
        projects: The projects.
    """

    __wire__: ClassVar[type[_Envelope]] = _Envelope
    _shown = ("name", "id")

    def __init__(self, projects: list[ProjectModel]) -> None:
        super().__init__(projects)

    @classmethod
    def from_wire(cls, wire: _Envelope) -> ProjectList:
        """Make one from what the service answered."""
        return cls(wire.data)

    def names(self) -> list[str]:
        """Return the names, in order."""
        return [item.name for item in self._items]
