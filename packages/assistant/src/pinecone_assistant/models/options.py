"""How context is chosen."""

from __future__ import annotations

from typing import Any

from pinecone_core.structs import StructDictMixin

from .card import Card, Parts, Rows, present

__all__ = ["ContextOptions"]


class ContextOptions(Card, StructDictMixin, kw_only=True):
    """How the context of an answer is chosen; what is None is left to the service.

    Attributes:
        top_k: The most snippets, 1 to 64 (16).
        snippet_size: The most tokens of a snippet, 512 to 8192 (2048).
        multimodal: Whether images count (True).
        include_binary_content: Whether image data comes with them (True).
    """

    top_k: int | None = None
    snippet_size: int | None = None
    multimodal: bool | None = None
    include_binary_content: bool | None = None

    @classmethod
    def from_dict(cls, d: dict[str, Any]) -> ContextOptions:
        """Make one from a dict; other keys are ignored."""
        return cls(**{key: d[key] for key in cls.__struct_fields__ if key in d})

    def _parts(self, limit: int) -> Parts:
        return [(key, repr(value)) for key, value in self.items() if value is not None] or [("", "<default>")]

    def _rows(self) -> Rows:
        rows = present(
            ("Top K:", self.top_k),
            ("Snippet Size:", self.snippet_size),
            ("Multimodal:", self.multimodal),
            ("Include Binary Content:", self.include_binary_content),
        )
        return rows or [("(server defaults)", "")]
