"""What the lists of models that the service answers with can do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, overload

from pinecone_core.display import render_table, safe_display

if TYPE_CHECKING:
    from .pagination import Pagination

__all__ = ["Listing"]

T = TypeVar("T")


class Listing(Generic[T]):
    """Models in the order the service gave them: by position, by name, and as a whole."""

    _name_field: ClassVar[str] = "name"
    _shown: ClassVar[dict[str, str]] = {}

    def __init__(self, items: Iterable[T], pagination: Pagination | None = None) -> None:
        self._items: list[T] = list(items) if not isinstance(items, list) else items
        self.pagination = pagination

    @property
    def data(self) -> list[T]:
        """The models."""
        return self._items

    @property
    def next_token(self) -> str | None:
        """What to ask for the next page with; None at the end."""
        return None if self.pagination is None else self.pagination.next

    def names(self) -> list[str]:
        """Return the models' names."""
        return [self._name_of(item) for item in self._items]

    def to_dict(self) -> dict[str, Any]:
        """Return the models as dicts under ``"data"``, and where the next page begins if there is one."""
        out: dict[str, Any] = {"data": [item.to_dict() for item in self._items]}  # type: ignore[attr-defined]
        if self.pagination is not None:
            out["pagination"] = self.pagination.to_dict()
        return out

    def _name_of(self, item: T) -> str:
        return str(getattr(item, self._name_field))

    @overload
    def __getitem__(self, index: int | str) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> list[T]: ...
    def __getitem__(self, index: int | str | slice) -> T | list[T]:
        if isinstance(index, str):
            for item in self._items:
                if self._name_of(item) == index:
                    return item
            raise KeyError(index)
        return self._items[index]

    def __iter__(self) -> Iterator[T]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __contains__(self, item: object) -> bool:
        return item in self._items

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Listing) or type(other) is not type(self):
            return NotImplemented
        return bool(self._items == other._items and self.pagination == other.pagination)

    __hash__ = None  # type: ignore[assignment]

    def _cells(self, item: T) -> dict[str, Any]:
        """Return what a repr shows of one model, by label."""
        return {label: getattr(item, field) for label, field in self._shown.items()}

    @safe_display
    def __repr__(self) -> str:
        shown = ", ".join(
            "<" + ", ".join(f"{label}={value!r}" for label, value in self._cells(item).items()) + ">"
            for item in self._items
        )
        return f"{type(self).__name__}([{shown}])"

    @safe_display
    def _repr_html_(self) -> str:
        rows = []
        for item in self._items:
            cells = self._cells(item)
            head = next(iter(cells.values()))
            rest = list(cells.items())[1:]
            rows.append((str(head), ", ".join(f"{label}={value}" for label, value in rest)))
        return render_table(f"{type(self).__name__} ({len(self._items)})", rows)
