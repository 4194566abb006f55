"""What the lists of this room share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Listing"]

T = TypeVar("T")


class Listing(Generic[T]):
    """Items that are read like a list and compare item by item."""

    _shown: tuple[str, ...] = ()

    def __init__(self, items: list[T]) -> None:
        self._items = items

    @property
    def data(self) -> list[T]:
        """The items."""
        return self._items

    def __iter__(self) -> Iterator[T]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> list[T]: ...
    def __getitem__(self, index: int | slice) -> T | list[T]:
        return self._items[index]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, type(self)):
            return NotImplemented
        return self._items == other._items

    __hash__ = None  # type: ignore[assignment]

    def to_dict(self) -> dict[str, Any]:
        """Return the items as dicts under ``"data"``."""
        return {"data": [item.to_dict() for item in self._items]}  # type: ignore[attr-defined]

    def __repr__(self) -> str:
        shown = [
            "<" + ", ".join(f"{name}={getattr(item, name)!r}" for name in self._shown) + ">"
            for item in self._items
        ]
        return f"{type(self).__name__}([{', '.join(shown)}])"
