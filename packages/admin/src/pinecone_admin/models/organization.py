"""Organizations."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from pinecone_core.structs import StructDictMixin

from .listing import Listing

__all__ = ["OrganizationList", "OrganizationModel"]


class OrganizationModel(StructDictMixin, kw_only=True):
    """An organization.

    Attributes:
        id: Its id.
        name: Its name.
        plan: What it subscribes to, such as ``Free`` or ``Enterprise``; new plans are kept as they come.
        payment_status: Such as ``Active`` or ``PastDue``.
        created_at: When it was made, as the service writes it.
        support_tier: Such as ``Free`` or ``Pro``.
    """

    id: str
    name: str
    plan: str
    payment_status: str
    created_at: str
    support_tier: str


class _Envelope(msgspec.Struct):
    data: list[OrganizationModel] = msgspec.field(default_factory=list)


class OrganizationList(Listing[OrganizationModel]):
    """Organizations, as a list.

    Args:
        organizations: The organizations.
    """

    __wire__: ClassVar[type[_Envelope]] = _Envelope
    _shown = ("name", "plan")

    def __init__(self, organizations: list[OrganizationModel]) -> None:
        super().__init__(organizations)

    @classmethod
    def from_wire(cls, wire: _Envelope) -> OrganizationList:
        """Make one from what the service answered."""
        return cls(wire.data)

    def names(self) -> list[str]:
        """Return the names, in order."""
        return [item.name for item in self._items]
