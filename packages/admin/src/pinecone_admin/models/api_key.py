"""API keys and what they allow."""

from __future__ import annotations

from enum import Enum
from typing import ClassVar

import msgspec

from pinecone_core.structs import StructDictMixin

from .listing import Listing

__all__ = ["APIKeyList", "APIKeyModel", "APIKeyRole", "APIKeyWithSecret"]


class APIKeyRole(str, Enum):
    """What a key allows."""

    PROJECT_EDITOR = "ProjectEditor"
    PROJECT_VIEWER = "ProjectViewer"
    CONTROL_PLANE_EDITOR = "ControlPlaneEditor"
    CONTROL_PLANE_VIEWER = "ControlPlaneViewer"
    DATA_PLANE_EDITOR = "DataPlaneEditor"
    DATA_PLANE_VIEWER = "DataPlaneViewer"


_KNOWN: dict[str, str] = {role.value: role for role in APIKeyRole}


class APIKeyModel(StructDictMixin, kw_only=True):
    """An API key, without its secret.

    Attributes:
        id: Its id.
        name: Its name, or None.
        project_id: The project it opens.
        roles: What it allows; a role that is not known here stays a plain string.
    """

    id: str
    name: str | None = None
    project_id: str
    roles: list[str]

    # Read as text, because a closed enum would drop what it does not know.
    def __post_init__(self) -> None:
        if isinstance(self.roles, list):
            self.roles = [_KNOWN.get(role, role) for role in self.roles]

    @property
    def role(self) -> str:
        """The only role.

        Raises:
            ValueError: There is none, or more than one.
        """
        if not self.roles:
            raise ValueError("API key has no roles")
        if len(self.roles) > 1:
            raise ValueError(f"API key has {len(self.roles)} roles; use .roles to access all")
        return self.roles[0]


class APIKeyWithSecret(StructDictMixin, kw_only=True):
    """A new API key with its secret, which the service shows this once.

    Attributes:
        key: The key.
        value: The secret. Text forms of this object do not show it; ``to_dict`` does.
    """

    key: APIKeyModel
    value: str

    def __repr__(self) -> str:
        shown = f"...{self.value[-4:]}" if len(self.value) >= 8 else "***"
        return f"APIKeyWithSecret(key={self.key!r}, value={shown!r})"


class _Envelope(msgspec.Struct):
    data: list[APIKeyModel] = msgspec.field(default_factory=list)


class APIKeyList(Listing[APIKeyModel]):
    """API keys, as a list.

    Args:
        api_keys: The keys.
    """

    __wire__: ClassVar[type[_Envelope]] = _Envelope
    _shown = ("name", "project_id")

    def __init__(self, api_keys: list[APIKeyModel]) -> None:
        super().__init__(api_keys)

    @classmethod
    def from_wire(cls, wire: _Envelope) -> APIKeyList:
        """Make one from what the service answered."""
        return cls(wire.data)

    def names(self) -> list[str | None]:
        """Return the names, in order."""
        return [item.name for item in self._items]
