"""What the models of this package that wrap a list have in common."""

from __future__ import annotations

from typing import Any

import msgspec

from pinecone_core.codec import to_json_text
from pinecone_core.structs import plain

__all__ = ["Fields"]


class Fields(msgspec.Struct):
    """A struct whose fields can be read and tested by name, and that becomes a dict."""

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, str) and key in self.__struct_fields__:
            return getattr(self, key)
        raise KeyError(key)

    def __contains__(self, key: object) -> bool:
        return key in self.__struct_fields__

    def get(self, key: str, default: Any = None) -> Any:
        """Return the field called ``key``, or ``default`` when there is none."""
        return getattr(self, key) if key in self.__struct_fields__ else default

    def keys(self) -> tuple[str, ...]:
        """Return the names of the fields."""
        return self.__struct_fields__

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as a new dict, models inside it turned into dicts too."""
        return {name: plain(getattr(self, name)) for name in self.__struct_fields__}

    def to_json(self) -> str:
        """Return the fields as JSON text."""
        return to_json_text(self.to_dict())
