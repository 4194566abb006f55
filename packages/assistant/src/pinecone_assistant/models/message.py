"""Messages to an assistant."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pinecone_core.structs import StructDictMixin

from .card import Card, Parts, Rows, cut, quoted

__all__ = ["Message"]


class Message(Card, StructDictMixin, kw_only=True):
    """A message to an assistant.

    Attributes:
        content: The text.
        role: Who speaks: ``"user"`` or ``"assistant"``.

    Example:
        >>> Message(content="How tall is it?")
        Message(role='user', content='How tall is it?')
    """

    content: str
    role: str = "user"

    @classmethod
    def from_dict(cls, d: Mapping[str, Any]) -> Message:
        """Make one from a mapping with ``content`` and perhaps ``role``; other keys are ignored.

        Raises:
            KeyError: There is no ``content``.
        """
        return cls(content=d["content"], role=d.get("role", "user"))

    def _parts(self, limit: int) -> Parts:
        return [("role", repr(self.role)), ("content", quoted(self.content, limit))]

    def _rows(self) -> Rows:
        return [("Role", self.role), ("Content", cut(self.content))]
