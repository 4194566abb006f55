from __future__ import annotations

from typing import Any

import pytest

from pinecone_core.display import (
    HtmlBuilder,
    abbreviate_dict,
    abbreviate_list,
    render_table,
    safe_display,
    truncate_text,
)


def test_text() -> None:
    assert truncate_text("a" * 80) == "a" * 80
    assert truncate_text("a" * 81) == "a" * 80 + "..."
    assert truncate_text(12345, 3, "~") == "123~"


def test_lists() -> None:
    assert abbreviate_list([]) == "[]"
    assert abbreviate_list([1, 2, 3, 4, 5]) == "[1, 2, 3, 4, 5]"
    assert abbreviate_list([1, 2, 3, 4, 5, 6]) == "[1, 2, 3, ...3 more]"
    assert abbreviate_list(["a"], formatter=str.upper) == "[A]"

    class Odd:
        def __repr__(self) -> str:
            raise RuntimeError

    assert abbreviate_list([Odd()]).startswith("[<")


def test_dicts() -> None:
    assert abbreviate_dict({}) == "{}"
    assert abbreviate_dict({"a": 1, "b": "x"}) == "{a: 1, b: 'x'}"
    assert abbreviate_dict({str(i): i for i in range(7)}) == "{0: 0, 1: 1, 2: 2, 3: 3, 4: 4, ...2 more}"


def test_html() -> None:
    html = (
        HtmlBuilder("<Title>")
        .row("a&b", "<script>")
        .rows([("c", 3)])
        .section("Errors <1>", [("x", "<y>")], theme="error")
        .section("More", [])
        .build()
    )
    for escaped in ("&lt;Title&gt;", "a&amp;b", "&lt;script&gt;", "Errors &lt;1&gt;", "&lt;y&gt;"):
        assert escaped in html
    assert "<script>" not in html
    assert html.count("<div") == html.count("</div>")
    assert html.count("<table") == html.count("</table>") == 3
    with pytest.raises(KeyError):
        HtmlBuilder("t").section("s", [], theme="pink")
    assert render_table("T", [("a", 1)]) == HtmlBuilder("T").row("a", 1).build()


class Model:
    def __init__(self, broken: bool) -> None:
        self.broken = broken

    def _text(self) -> str:
        if self.broken:
            raise RuntimeError
        return "fine"

    @safe_display
    def __repr__(self) -> str:
        return self._text()

    @safe_display
    def _repr_html_(self) -> str:
        """Show as HTML."""
        return self._text()

    @safe_display
    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(self._text())


class Printer:
    def __init__(self) -> None:
        self.shown = ""

    def text(self, text: str) -> None:
        self.shown += text


@pytest.mark.parametrize(("broken", "shown"), [(False, "fine"), (True, "<Model (display error)>")])
def test_displaying_never_fails(broken: bool, shown: str) -> None:
    model, printer = Model(broken), Printer()
    assert repr(model) == model._repr_html_() == shown
    assert model._repr_pretty_(printer, False) is None
    assert printer.shown == shown
    assert Model._repr_html_.__doc__ == "Show as HTML."
    if broken:
        assert model._repr_pretty_(None, False) is None
