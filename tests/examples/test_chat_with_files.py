"""The example answers from the right file and page, whole and streamed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "examples" / "__main__.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True)


def test_it_answers_with_file_and_page() -> None:
    done = run("chat_with_files")
    assert done.returncode == 0, done.stderr
    shown = done.stdout
    for name in ("history.docx", "members.pdf", "opening-hours.txt"):
        assert f"{name}: Available" in shown
    for answer, source in (
        ("Members may borrow up to twelve books at a time.", "members.pdf p. 1"),
        ("founded in 1911", "history.docx p. 1"),
        ("On Sundays it opens at noon and closes at five.", "opening-hours.txt p. 1"),
    ):
        assert answer in shown
        assert source in shown
    streamed = shown.split("streamed)")[1]
    assert "Members may borrow up to twelve books at a time." in streamed


def test_it_takes_a_question_and_files() -> None:
    done = run("chat_with_files", "What does a lost book cost?", str(ROOT / "examples/files/members.pdf"))
    assert done.returncode == 0, done.stderr
    assert "A lost book is replaced at the price of a new copy." in done.stdout
    assert "members.pdf p. 2" in done.stdout


def test_an_unknown_name_lists_what_there_is() -> None:
    done = run("nothing")
    assert done.returncode == 1
    assert "chat_with_files" in done.stderr
    assert "quickstart" in done.stderr
