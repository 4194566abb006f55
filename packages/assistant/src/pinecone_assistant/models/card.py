"""How models show themselves: one line of text, an indented group, or a small HTML table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pinecone_core.display import HtmlBuilder, abbreviate_list, safe_display, truncate_text

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "DASH",
    "Card",
    "Parts",
    "Rows",
    "cut",
    "first_few",
    "present",
    "quoted",
    "short_list",
    "usage_rows",
]

Parts = list[tuple[str, str]]
Rows = list[tuple[str, Any]]

DASH = "—"


def quoted(value: Any, limit: int) -> str:
    """Return a text in quotes, cut after ``limit`` characters."""
    return repr(value if value is None else truncate_text(value, limit))


def cut(value: Any, limit: int = 500) -> str:
    """Return a text for a table cell, cut after ``limit`` characters; a dash for none."""
    return DASH if value is None or value == "" else truncate_text(value, limit)


def short_list(items: list[Any] | None) -> str:
    """Return a list as text, a long one abbreviated."""
    return "None" if items is None else abbreviate_list(items)


def first_few(rows: list[tuple[Any, Any]], most: int = 5) -> Rows:
    """Return the first rows, and one that says how many more there are."""
    shown = rows[:most]
    return [*shown, ("...", f"{len(rows) - most} more")] if len(rows) > most else shown


def present(*pairs: tuple[str, Any]) -> Rows:
    """Return the rows whose value is set."""
    return [(label, value) for label, value in pairs if value is not None]


def usage_rows(usage: Any) -> Rows:
    """Return the rows of a token count."""
    return [
        ("Prompt tokens:", usage.prompt_tokens),
        ("Completion tokens:", usage.completion_tokens),
        ("Total tokens:", usage.total_tokens),
    ]


class Card:
    """What a model says about itself, from which its three displays are made."""

    __slots__ = ()

    def _parts(self, limit: int) -> Parts:
        """Return label and text of what a line shows, long texts cut after ``limit`` characters."""
        raise NotImplementedError

    def _more(self) -> Parts:
        """Return what the indented group shows besides."""
        return []

    def _rows(self) -> Rows:
        """Return the rows of the table."""
        raise NotImplementedError

    def _sections(self) -> Iterable[tuple[str, Rows, str]]:
        """Return title, rows and theme of the tables below the main one."""
        return ()

    @safe_display
    def __repr__(self) -> str:
        shown = ", ".join(f"{label}={text}" if label else text for label, text in self._parts(80))
        return f"{type(self).__name__}({shown})"

    @safe_display
    def _repr_pretty_(self, p: Any, cycle: bool) -> None:
        name = type(self).__name__
        if cycle:
            p.text(f"{name}(...)")
            return
        with p.group(2, f"{name}(", ")"):
            for label, text in [*self._parts(200), *self._more()]:
                p.breakable("")
                p.text(f"{label}={text}," if label else f"{text},")

    @safe_display
    def _repr_html_(self) -> str:
        html = HtmlBuilder(type(self).__name__).rows(self._rows())
        for title, rows, theme in self._sections():
            html.section(title, rows, theme)
        return html.build()
