"""What the site is made of: the reference is whole, and the pages for language models say what is there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("sphinx")

import site_changes
from site_llms import first_sentence, plain
from site_reference import public_names, resolve

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


def listed() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for page in REFERENCE.glob("*.rst"):
        paths = re.findall(r"^   ([\w.]+)$", page.read_text("utf-8"), re.M)
        assert not found.keys() & set(paths), page
        found.update({path: resolve(path) for path in paths})
    return found


def test_every_public_name_stands_in_the_reference() -> None:
    known = {(path.rpartition(".")[2], id(value)) for path, value in listed().items()}
    missing = [path for path, value in public_names() if (path.rpartition(".")[2], id(value)) not in known]
    assert missing == []


def test_every_name_in_the_reference_has_a_docstring() -> None:
    bare = [path for path, value in listed().items() if isinstance(value, type) and not value.__doc__]
    assert bare == []


@pytest.mark.parametrize(
    ("page", "sentence"),
    [
        ("# A\n\nMake *it*, with [that](x.md). Then go.\n", "Make *it*, with that."),
        ("Title\n=====\n\n``pc`` has it: see :doc:`models`.\n", "``pc`` has it: see models."),
        ("# A\n\n```python\npass\n```\n\n- one\n\nWhat is\nleft\n", "What is left"),
        ("# A\n", ""),
    ],
)
def test_first_sentence(page: str, sentence: str) -> None:
    assert first_sentence(page) == sentence


def test_the_text_of_a_page_has_nothing_that_only_the_site_understands() -> None:
    docs = REFERENCE.parent
    for page in ("architecture", "changelogs"):
        text = plain((docs / f"{page}.md").read_text("utf-8"), docs)
        assert not re.search(r"```\{|^:::", text, re.M)
    assert "(A drawing. pinecone stands on" in plain((docs / "architecture.md").read_text("utf-8"), docs)


def test_a_changelog_has_what_is_not_released_yet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "packages" / "db"
    (folder / "changes").mkdir(parents=True)
    (folder / "changes" / "README.md").write_text("How to.")
    (folder / "changes" / "a.fixed.md").write_text("Mended\nit.\n")
    (folder / "CHANGELOG.md").write_text("# Changelog\n\n## 0.1.0 (2026-01-02)\n\n### Added\n\n- All.\n")
    monkeypatch.setattr(site_changes, "ROOT", tmp_path)
    assert [line for line in site_changes.markup("db") if line] == [
        "**Not released yet**",
        "*Fixed*",
        "- Mended it.",
        "**0.1.0 (2026-01-02)**",
        "*Added*",
        "- All.",
    ]
