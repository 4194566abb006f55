"""A bar is shown on a terminal, or when asked for, and never otherwise."""

from __future__ import annotations

import io
import sys

import pytest

from pinecone_core.batching import Progress
from pinecone_core.progress import ProgressBar


class Screen(io.StringIO):
    def __init__(self, terminal: bool) -> None:
        super().__init__()
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal


def screen_of(monkeypatch: pytest.MonkeyPatch, terminal: bool) -> Screen:
    screen = Screen(terminal)
    monkeypatch.setattr(sys, "stderr", screen)
    return screen


@pytest.mark.parametrize(
    ("terminal", "show", "shown"),
    [(True, None, True), (False, None, False), (False, True, True), (True, False, False)],
)
def test_where_it_is_shown(
    monkeypatch: pytest.MonkeyPatch, terminal: bool, show: bool | None, shown: bool
) -> None:
    screen = screen_of(monkeypatch, terminal)
    seen: list[Progress] = []
    with ProgressBar(show, description="Loading", then=seen.append) as bar:
        assert bar.is_shown is shown
        bar(Progress(50, 2, 1, 100))
        bar(Progress(40, 2, 2, 100))  # of a thread that was overtaken
        bar(Progress(100, 2, 3, 100))
    bar.close()
    assert ("Loading: 100%" in screen.getvalue()) is shown
    assert ("failed=2" in screen.getvalue()) is shown
    assert len(seen) == 3


def test_without_the_library_there_is_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = screen_of(monkeypatch, True)
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    with ProgressBar() as bar:
        bar(Progress(1, 0, 1))
    assert screen.getvalue() == ""


def test_without_a_screen_there_is_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    assert not ProgressBar().is_shown


def test_an_unknown_total_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = screen_of(monkeypatch, True)
    with ProgressBar(total=None) as bar:
        bar(Progress(7, 0, 1))
    assert "7item" in screen.getvalue()
