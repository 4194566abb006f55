"""What models are made of: msgspec structs that can also be read like a dict."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["DictLikeStruct", "DictMixin", "StructDictMixin", "plain"]


def plain(value: Any) -> Any:
    """Turn a model, and every model inside it, into dicts and lists.

    Args:
        value: A model, a list or dict of models, or anything else.

    Returns:
        The same data with every model that has ``to_dict`` replaced by its dict. Exceptions become
        their text; other values are kept as they are.
    """
    if isinstance(value, msgspec.Struct):
        own = getattr(value, "to_dict", None)
        if own is not None:
            return own()
        return {name: plain(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, Exception):
        return str(value)
    return value


class DictLikeStruct(msgspec.Struct):
    """A struct whose fields can be read, tested and set by name, as with a dict.

    It has no ``keys`` and ``values``, so that a field may be called ``values``.
    """

    def __getitem__(self, key: str) -> Any:
        if key in self.__struct_fields__:
            return getattr(self, key)
        raise KeyError(key)

    def __setitem__(self, key: str, value: Any) -> None:
        if key not in self.__struct_fields__:
            raise KeyError(key)
        setattr(self, key, value)

    def __contains__(self, key: object) -> bool:
        return key in self.__struct_fields__

    def __iter__(self) -> Iterator[str]:
        return iter(self.__struct_fields__)

    def get(self, key: str, default: Any = None) -> Any:
        """Return the field called ``key``, or ``default`` when there is none."""
        return getattr(self, key) if key in self.__struct_fields__ else default

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as a new dict, models inside it turned into dicts too."""
        return {name: plain(getattr(self, name)) for name in self.__struct_fields__}

    def to_json(self) -> str:
        """Return the fields as JSON text."""
        from .codec import to_json_text

        return to_json_text(self.to_dict())


class StructDictMixin(DictLikeStruct):
    """A struct that can also be listed like a dict: ``len``, ``keys``, ``values``, ``items``."""

    def __len__(self) -> int:
        return len(self.__struct_fields__)

    def keys(self) -> tuple[str, ...]:
        """Return the names of the fields."""
        return self.__struct_fields__

    def values(self) -> list[Any]:
        """Return the values of the fields, in the order of ``keys``."""
        return [getattr(self, name) for name in self.__struct_fields__]

    def items(self) -> list[tuple[str, Any]]:
        """Return pairs of field name and value."""
        return [(name, getattr(self, name)) for name in self.__struct_fields__]


DictMixin = StructDictMixin
