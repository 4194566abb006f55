"""What the service tells about an assistant."""

from __future__ import annotations

from typing import Any

from pinecone_core.hosts import normalize_host
from pinecone_core.structs import StructDictMixin

from .bound import BoundMethods
from .card import Card, Parts, Rows, cut, present, quoted

__all__ = ["AssistantModel"]


class AssistantModel(BoundMethods, Card, StructDictMixin, kw_only=True, dict=True):
    """An assistant.

    One that came from a client has that client's methods for it: ``assistant.chat(...)``,
    ``assistant.upload_file(...)``. Under ``AsyncAssistants`` they are awaited.

    Attributes:
        name: What it is called.
        status: ``"Initializing"``, ``"Ready"``, ``"Failed"``, ``"InitializationFailed"`` or
            ``"Terminating"``.
        metadata: What was stored with it.
        instructions: What it was told to do in every answer.
        host: Where its files and chats live, with ``https://``.
        created_at: When it was made, RFC 3339.
        updated_at: When it changed last, RFC 3339.
        region: ``"us"`` or ``"eu"``, if the service says so.
    """

    name: str
    status: str
    metadata: dict[str, Any] | None = None
    instructions: str | None = None
    host: str | None = None
    created_at: str | None = None
    updated_at: str | None = None
    region: str | None = None

    def __post_init__(self) -> None:
        if self.host:
            self.host = normalize_host(self.host)

    def __copy__(self) -> AssistantModel:
        copy = type(self)(**{name: getattr(self, name) for name in self.__struct_fields__})
        vars(copy).update(vars(self))
        return copy

    def __deepcopy__(self, memo: dict[int, Any]) -> AssistantModel:
        import copy as copying

        # The client stays the same one: only what the service told is copied.
        fields = {name: copying.deepcopy(getattr(self, name), memo) for name in self.__struct_fields__}
        copy = type(self)(**fields)
        vars(copy).update(vars(self))
        return copy

    def __reduce__(self) -> tuple[Any, ...]:
        # Without the client, whose key has no business in a file.
        fields = {name: getattr(self, name) for name in self.__struct_fields__}
        extra = {name: value for name, value in self.__dict__.items() if name != "_client"}
        return _rebuild, (type(self), fields, extra)

    def _parts(self, limit: int) -> Parts:
        parts = [("name", repr(self.name)), ("status", repr(self.status))]
        if self.host is not None:
            parts.append(("host", repr(self.host)))
        if self.instructions is not None:
            parts.append(("instructions", quoted(self.instructions, 40 if limit == 80 else 200)))
        if self.metadata is not None:
            parts.append(("metadata", f"<{len(self.metadata)} keys>"))
        return parts

    def _more(self) -> Parts:
        shown = present(
            ("region", self.region), ("created_at", self.created_at), ("updated_at", self.updated_at)
        )
        return [(label, repr(value)) for label, value in shown]

    def _rows(self) -> Rows:
        return [
            ("Name:", self.name),
            ("Status:", self.status),
            *present(
                ("Host:", self.host),
                ("Region:", self.region),
                ("Instructions:", None if self.instructions is None else cut(self.instructions, 80)),
                ("Metadata:", None if self.metadata is None else f"{len(self.metadata)} keys"),
                ("Created:", self.created_at),
                ("Updated:", self.updated_at),
            ),
        ]


def _rebuild(kind: type[AssistantModel], fields: dict[str, Any], extra: dict[str, Any]) -> AssistantModel:
    model = kind(**fields)
    vars(model).update(extra)
    return model
