"""Models that name their kind on the wire."""

from __future__ import annotations

from typing import Any

from pinecone_core.structs import StructDictMixin

__all__ = ["Tagged"]


class Tagged(StructDictMixin, kw_only=True):
    """A model whose kind stands under ``type``; it is not a field, but can be read like one."""

    @property
    def type(self) -> str:
        """What the service calls this kind."""
        return str(self.__struct_config__.tag)

    def __getitem__(self, key: str) -> Any:
        return self.type if key == "type" else super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        """Return the field called ``key``, or ``default`` when there is none."""
        return self.type if key == "type" else super().get(key, default)

    def to_dict(self) -> dict[str, Any]:
        """Return the fields, and the kind under ``"type"``, as a new dict."""
        return {"type": self.type, **super().to_dict()}
