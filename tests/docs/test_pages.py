"""Every Python block of the documentation runs, a page as one story, against the embedded engine."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pinecone_local import LocalEngine, LocalServer

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*(ROOT / "docs").rglob("*.md"), ROOT / "README.md", *ROOT.glob("packages/*/README.md")])
BLOCK = re.compile(r"^(<!-- not run[^\n]*-->\n)?```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


def blocks(page: Path) -> list[tuple[int, str]]:
    """Return line and text of each block that is to run."""
    text = page.read_text("utf-8")
    return [
        (text.count("\n", 0, found.start(2)) + 1, found.group(2))
        for found in BLOCK.finditer(text)
        if not found.group(1)
    ]


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Stand in for the cloud: what the pages' clients find by the environment."""
    with LocalEngine() as engine, LocalServer(engine) as server:
        monkeypatch.setenv("PINECONE_CONTROLLER_HOST", server.url)
        monkeypatch.setenv("PINECONE_API_KEY", "key-of-the-pages")
        monkeypatch.chdir(tmp_path)
        yield


@pytest.mark.parametrize("page", [p for p in PAGES if blocks(p)], ids=lambda p: str(p.relative_to(ROOT)))
def test_every_block_runs(page: Path, service: None) -> None:
    names: dict[str, Any] = {"__name__": "page"}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", ResourceWarning)  # pages do not always close what they open
        for line, text in blocks(page):
            code = compile("\n" * (line - 1) + text, str(page), "exec")
            exec(code, names)


def test_what_is_not_run_says_why() -> None:
    for page in PAGES:
        for reason in re.findall(r"<!-- not run:?(.*?)-->", page.read_text("utf-8")):
            assert reason.strip(), page


def test_links_between_pages_lead_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#:]+?)(?:#[^)]*)?\)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.relative_to(ROOT)}: {target}"
