"""The tree of twins: what is written, what is reported."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import make_sync

SOURCE = '''"""Pages."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable


async def read(fetch: Callable[[], Awaitable[int]]) -> AsyncIterator[int]:
    """Yield one page."""
    yield await fetch()
'''
TWIN = '''# Made from ../_async/pages.py by tools/make_sync.py; do not edit.
"""Pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator


def read(fetch: Callable[[], int]) -> Iterator[int]:
    """Yield one page."""
    yield fetch()
'''

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def shell(tmp_path: Path) -> Path:
    """A package with one asynchronous file."""
    folder = tmp_path / "packages" / "db" / "src" / "pinecone_db"
    (folder / "_async").mkdir(parents=True)
    (folder / "_async" / "pages.py").write_text(SOURCE)
    return folder


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str) -> tuple[int, str]:
        status = make_sync.main(["--root", str(tmp_path), *arguments])
        return status, capsys.readouterr().err

    return run


@pytest.fixture
def no_renames(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(make_sync, "RENAMES", {})


def test_a_twin_is_written_sorted_and_formatted(shell: Path, run: Run, no_renames: None) -> None:
    assert run() == (0, "")
    assert (shell / "_sync" / "pages.py").read_text() == TWIN
    assert run("--check") == (0, "")


def test_folders_below_have_twins_too(shell: Path, run: Run) -> None:
    (shell / "_async" / "data").mkdir()
    (shell / "_async" / "data" / "pages.py").write_text(SOURCE)
    assert run() == (0, "")
    assert (shell / "_sync" / "data" / "pages.py").exists()


def test_check_writes_nothing_and_reports_a_missing_twin(shell: Path, run: Run) -> None:
    status, output = run("--check", "db")
    assert status == 1
    assert "pages.py: missing" in output
    assert not (shell / "_sync").exists()


def test_check_reports_an_edited_twin(shell: Path, run: Run) -> None:
    run()
    twin = shell / "_sync" / "pages.py"
    twin.write_text(twin.read_text() + "\n\nextra = 1\n")
    status, output = run("--check", "db")
    assert status == 1
    assert "pages.py: differs from its source" in output
    assert run() == (0, "")
    assert twin.read_text() == TWIN


def test_an_orphan_is_reported_then_removed(shell: Path, run: Run) -> None:
    run()
    (shell / "_async" / "pages.py").unlink()
    status, output = run("--check", "db")
    assert status == 1
    assert "pages.py: orphan" in output
    assert run() == (0, "")
    assert not (shell / "_sync" / "pages.py").exists()


def test_an_orphan_written_by_hand_is_kept(shell: Path, run: Run) -> None:
    run()
    (shell / "_sync" / "more.py").write_text("x = 1\n")
    status, output = run()
    assert status == 1
    assert "more.py: orphan" in output
    assert (shell / "_sync" / "more.py").exists()


def test_a_file_written_by_hand_is_not_overwritten(shell: Path, run: Run) -> None:
    (shell / "_sync").mkdir()
    (shell / "_sync" / "pages.py").write_text("x = 1\n")
    status, output = run()
    assert status == 1
    assert "written by hand" in output
    assert (shell / "_sync" / "pages.py").read_text() == "x = 1\n"


def test_a_pair_written_by_hand_needs_both_sides(
    shell: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(make_sync, "HAND_WRITTEN", {"db/pages.py"})
    status, output = run("--check", "db")
    assert status == 1
    assert "pages.py: missing (it is written by hand)" in output
    (shell / "_sync").mkdir()
    (shell / "_sync" / "pages.py").write_text("x = 1\n")
    assert run("--check", "db") == (0, "")


@pytest.mark.parametrize("line", ["import anyio", "x = PineconeAsyncio()", "# it is async", "f(aiter)"])
def test_what_is_left_over_is_reported(
    shell: Path, run: Run, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    monkeypatch.setattr(make_sync, "HAND_WRITTEN", {"db/pages.py"})
    (shell / "_sync").mkdir()
    (shell / "_sync" / "pages.py").write_text(f"x = 1\n{line}\n")
    status, output = run("--check", "db")
    assert status == 1
    assert "pages.py:2: `" in output
    assert "is left over" in output


def test_a_rename_that_is_never_used_is_reported(
    shell: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    run()
    monkeypatch.setattr(make_sync, "RENAMES", {"asend": "send"})
    status, output = run("--check")
    assert status == 1
    assert "RENAMES: `asend` is never used" in output


def test_is_async_is_forbidden(shell: Path, run: Run) -> None:
    (shell / "_async" / "pages.py").write_text("def f(is_async: bool) -> None: ...\n")
    status, output = run()
    assert status == 1
    assert "`is_async` is forbidden" in output


def test_broken_source_is_reported_and_its_twin_kept(shell: Path, run: Run) -> None:
    run()
    (shell / "_async" / "pages.py").write_text("def f(:\n")
    status, output = run()
    assert status == 1
    assert "pages.py: cannot be read" in output
    assert (shell / "_sync" / "pages.py").read_text() == TWIN


def test_an_unknown_package_is_refused(shell: Path, run: Run) -> None:
    with pytest.raises(SystemExit):
        run("nothing")
