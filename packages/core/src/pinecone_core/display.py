"""Short reprs and small HTML tables for models."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

__all__ = [
    "HtmlBuilder",
    "abbreviate_dict",
    "abbreviate_list",
    "render_table",
    "safe_display",
    "truncate_text",
]

_F = TypeVar("_F", bound="Callable[..., Any]")

_THEMES = {"default": "#6b7280", "error": "#b91c1c", "warning": "#b45309"}
_CELL = "padding:2px 10px 2px 0;text-align:left;vertical-align:top;"


def _escape(text: str) -> str:
    from html import escape  # slow to load, and only notebooks need it

    return escape(text)


def truncate_text(value: Any, max_chars: int = 80, suffix: str = "...") -> str:
    """Return ``str(value)``, cut after ``max_chars`` characters and marked with ``suffix``."""
    text = str(value)
    return text if len(text) <= max_chars else text[:max_chars] + suffix


def abbreviate_list(items: Sequence[Any], head: int = 3, formatter: Callable[[Any], str] = repr) -> str:
    """Return a list as text; beyond ``head`` + 2 items only the first ``head`` and how many more."""

    def show(item: Any) -> str:
        try:
            return formatter(item)
        except Exception:
            return object.__repr__(item)

    if len(items) <= head + 2:
        return "[" + ", ".join(show(item) for item in items) + "]"
    shown = ", ".join(show(item) for item in items[:head])
    return f"[{shown}, ...{len(items) - head} more]"


def abbreviate_dict(mapping: Mapping[str, Any], max_keys: int = 5) -> str:
    """Return a dict as text; beyond ``max_keys`` keys only those and how many more."""
    shown = [f"{key}: {value!r}" for key, value in list(mapping.items())[:max_keys]]
    more = len(mapping) - max_keys
    return "{" + ", ".join(shown) + (f", ...{more} more" if more > 0 else "") + "}"


def _table(rows: Iterable[tuple[str, Any]]) -> str:
    body = "".join(
        f'<tr><th style="{_CELL}font-weight:600;">{_escape(str(label))}</th>'
        f'<td style="{_CELL}">{_escape(str(value))}</td></tr>'
        for label, value in rows
    )
    return f'<table style="border-collapse:collapse;">{body}</table>'


class HtmlBuilder:
    """Builds the HTML shown for a model in a notebook. All text is escaped.

    Example:
        >>> "Rows" in HtmlBuilder("Result").row("Rows", 3).build()
        True
    """

    def __init__(self, title: str) -> None:
        self._title = title
        self._rows: list[tuple[str, Any]] = []
        self._sections: list[str] = []

    def row(self, label: str, value: Any) -> HtmlBuilder:
        """Add one row to the main table."""
        self._rows.append((label, value))
        return self

    def rows(self, pairs: Iterable[tuple[str, Any]]) -> HtmlBuilder:
        """Add several rows to the main table."""
        self._rows.extend(pairs)
        return self

    def section(self, title: str, rows: Iterable[tuple[str, Any]], theme: str = "default") -> HtmlBuilder:
        """Add a titled table below the main one; ``theme`` is default, error or warning."""
        colour = _THEMES[theme]
        self._sections.append(
            f'<div style="margin-top:6px;border-left:3px solid {colour};padding-left:8px;">'
            f'<div style="font-weight:600;color:{colour};">{_escape(title)}</div>{_table(rows)}</div>'
        )
        return self

    def build(self) -> str:
        """Return the HTML."""
        return (
            '<div style="font-family:monospace;font-size:13px;">'
            f'<div style="font-weight:700;margin-bottom:4px;">{_escape(self._title)}</div>'
            f"{_table(self._rows)}{''.join(self._sections)}</div>"
        )


def render_table(title: str, rows: Iterable[tuple[str, Any]]) -> str:
    """Return one titled two-column table as HTML, all text escaped."""
    return HtmlBuilder(title).rows(rows).build()


def safe_display(method: _F) -> _F:
    """Make a repr hook answer ``<TypeName (display error)>`` instead of raising."""

    @functools.wraps(method)
    def wrapper(self: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return method(self, *args, **kwargs)
        except Exception:
            text = f"<{type(self).__name__} (display error)>"
            if method.__name__ == "_repr_pretty_":
                if args and hasattr(args[0], "text"):
                    args[0].text(text)
                return None
            return text

    return wrapper  # type: ignore[return-value]
