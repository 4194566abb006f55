"""Pages of listings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from pinecone_core.structs import StructDictMixin

from .assistant import AssistantModel
from .card import Card, Parts, Rows, first_few, short_list
from .file import AssistantFileModel
from .operation import OperationModel

__all__ = ["ListAssistantsResponse", "ListFilesResponse", "ListOperationsResponse"]


class _Pagination(StructDictMixin, kw_only=True):
    """Where the next page begins."""

    next: str | None = None


class _Listing(Card, StructDictMixin, kw_only=True):
    """A page of a listing: its length and iteration are those of its items."""

    @property
    def _items(self) -> list[Any]:
        return list(getattr(self, self.__struct_fields__[0]))

    @property
    def next(self) -> str | None:
        """What to ask for the next page with; None at the end."""
        pagination = getattr(self, "pagination", None)
        return None if pagination is None else pagination.next or None

    @property
    def next_token(self) -> str | None:
        """The same as ``next``."""
        return self.next

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._items)

    def __contains__(self, key: object) -> bool:
        return key in self.__struct_fields__ if isinstance(key, str) else key in self._items

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, int | slice):
            return self._items[key]
        return self.next if key in ("next", "next_token") else super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        """Return the field called ``key``, or ``default`` when there is none."""
        return self.next if key in ("next", "next_token") else super().get(key, default)

    def _labels(self) -> list[tuple[str, str]]:
        return [(item.name, item.status or "") for item in self._items]

    def _parts(self, limit: int) -> Parts:
        return [("count", str(len(self))), ("next", repr(self.next))]

    def _more(self) -> Parts:
        return [(self.__struct_fields__[0], short_list([label for label, _ in self._labels()]))]

    def _rows(self) -> Rows:
        return [("Count:", len(self)), ("Next page token:", self.next or "—")]

    def _sections(self) -> list[tuple[str, Rows, str]]:
        title = self.__struct_fields__[0].capitalize()
        return [(title, first_few(self._labels()), "default")] if len(self) else []


class ListAssistantsResponse(_Listing, kw_only=True):
    """A page of assistants.

    Attributes:
        assistants: The assistants.
        pagination: Where the next page begins; None at the end.
    """

    assistants: list[AssistantModel] = msgspec.field(default_factory=list)
    pagination: _Pagination | None = None


class ListFilesResponse(_Listing, kw_only=True):
    """A page of files.

    Attributes:
        files: The files.
        pagination: Where the next page begins; None at the end.
    """

    files: list[AssistantFileModel] = msgspec.field(default_factory=list)
    pagination: _Pagination | None = None


class ListOperationsResponse(_Listing, kw_only=True):
    """A page of operations.

    Attributes:
        operations: The operations.
        pagination: Where the next page begins; None at the end.
    """

    operations: list[OperationModel] = msgspec.field(default_factory=list)
    pagination: _Pagination | None = None

    def _labels(self) -> list[tuple[str, str]]:
        return [(item.operation_id, item.status) for item in self.operations]
