"""The quickstart gives sensible answers, goes on where it was stopped, and reopens at once."""

from __future__ import annotations

import importlib
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "examples" / "quickstart.py"

# A question, and the modules of which one must be among the first three hits.
QUESTIONS = {
    "how do I read a csv file?": {"csv"},
    "run a function in another process": {"multiprocessing", "concurrent.futures", "subprocess"},
    "parse a date and time from a string": {"datetime", "time", "email.utils", "_strptime"},
    "compress data with gzip": {"gzip", "zlib"},
    "send an email message": {"smtplib", "email"},
    "find all matches of a regular expression": {"re"},
    "copy a directory tree": {"shutil"},
    "generate a random number": {"random", "secrets"},
    "parse command line arguments": {"argparse", "optparse", "getopt"},
    "compute the standard deviation of some numbers": {"statistics"},
}


def quickstart(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPT), "--folder", str(folder), *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder.parent)


def reported(shown: str) -> list[int]:
    """Return how many vectors the progress bar said were stored, in order."""
    return [int(done) for done in re.findall(r"(\d+)/\d+ \[", shown)]


@pytest.fixture(scope="module")
def first_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Stop a first run half way, then let a second one finish."""
    folder = tmp_path_factory.mktemp("quickstart") / "store"
    command = [sys.executable, str(SCRIPT), "--folder", str(folder)]
    shown = ""
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
        assert process.stderr is not None
        while max(reported(shown), default=0) < 500:
            piece = os.read(process.stderr.fileno(), 4096).decode()
            assert piece, f"it ended before it could be stopped: {shown}"
            shown += piece
        process.send_signal(signal.SIGINT)
        shown += process.stderr.read().decode()
    assert process.returncode == 130
    assert "Traceback" not in shown
    assert "What was stored is kept" in shown
    done = quickstart(folder)
    assert done.returncode == 0, done.stderr
    assert reported(done.stderr)[0] >= max(reported(shown)), "what was reported as stored is gone"
    return folder, done.stdout


def test_the_tour_shows_everything(first_run: tuple[Path, str]) -> None:
    _, shown = first_run
    for part in ("vectors a second", "only the module csv", "reranked", "asynchronously", "csv.reader"):
        assert part in shown


def test_a_second_run_reopens_the_folder(first_run: tuple[Path, str]) -> None:
    folder, _ = first_run
    done = quickstart(folder, "how", "do I read a csv file?")
    assert done.returncode == 0, done.stderr
    assert "Indexing" not in done.stdout
    assert "csv.reader" in done.stdout


def test_the_answers_are_sensible(first_run: tuple[Path, str]) -> None:
    sys.path.insert(0, str(SCRIPT.parent))
    try:
        program = importlib.import_module("quickstart")
    finally:
        sys.path.remove(str(SCRIPT.parent))
    from pinecone import Pinecone
    from pinecone_local import LocalEngine

    folder, _ = first_run
    right = {}
    with LocalEngine(folder) as engine:
        pc = Pinecone(api_key="local", transport=engine.transport())
        for question, modules in QUESTIONS.items():
            hits = program.search(pc, question, top_k=3)
            right[question] = any(
                hit.metadata["module"] in modules or hit.metadata["module"].split(".")[0] in modules
                for hit in hits
            )
    assert sum(right.values()) >= 8, [question for question, is_right in right.items() if not is_right]
