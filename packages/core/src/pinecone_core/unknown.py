"""What stands for a part of an answer that this version has no model for."""

from __future__ import annotations

from typing import Any

import msgspec

from .display import abbreviate_dict, render_table, safe_display
from .structs import DictLikeStruct

__all__ = ["UnknownItem"]


class UnknownItem(DictLikeStruct, kw_only=True):
    """Something of a kind that came after this version, or that does not fit its kind, kept as it came.

    Its keys can be read as attributes too.

    Attributes:
        type: What the service calls the kind; empty when it does not say.
        data: The whole of it, as decoded JSON; what is not a JSON object stands under ``"value"``.

    Example:
        >>> UnknownItem(type="table", data={"type": "table", "rows": 3}).rows
        3
    """

    type: str = ""
    data: dict[str, Any] = msgspec.field(default_factory=dict)

    @classmethod
    def keep(cls, value: Any, tag_field: str) -> UnknownItem:
        """Keep a decoded value whose kind stands under ``tag_field``."""
        data = value if isinstance(value, dict) else {"value": value}
        kind = data.get(tag_field)
        return cls(type=kind if isinstance(kind, str) else "", data=data)

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("_") and name in self.data:
            return self.data[name]
        raise AttributeError(f"an UnknownItem of type {self.type!r} has no {name!r}")

    def to_dict(self) -> dict[str, Any]:
        """Return what the service sent, as a new dict."""
        return dict(self.data)

    def __repr__(self) -> str:
        return f"UnknownItem(type={self.type!r}, data={abbreviate_dict(self.data)})"

    @safe_display
    def _repr_html_(self) -> str:
        return render_table("UnknownItem", [("Type:", self.type), ("Data:", abbreviate_dict(self.data))])
