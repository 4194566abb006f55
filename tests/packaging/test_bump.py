"""A package gets a version, its fragments become its changelog, and nothing else changes."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

import bump
import release


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    for package, (_, top) in release.TABLE.items():
        source, target = release.ROOT / "packages" / package, tmp_path / "packages" / package
        (target / "src" / top).mkdir(parents=True)
        (target / "changes").mkdir()
        shutil.copy(source / "pyproject.toml", target)
        (target / "src" / top / "_version.py").write_text('__version__ = "0.1.0"\n')
        (target / "CHANGELOG.md").write_text(
            f"# Changelog of {package}\n\n## 0.1.0 (2026-01-01)\n\n- First.\n"
        )
    return tmp_path


def contents(root: Path) -> dict[str, str]:
    return {str(p.relative_to(root)): p.read_text() for p in root.rglob("*") if p.is_file()}


def run(root: Path, *arguments: str) -> None:
    bump.main([*arguments, "--root", str(root)])


def test_fragments_become_the_changelog(repository: Path) -> None:
    package = repository / "packages" / "db"
    (package / "changes" / "export.added.md").write_text("`Index.export` reads\na namespace.\n")
    (package / "changes" / "limit.fixed.md").write_text("The limit holds.\n")
    before = contents(repository)
    run(repository, "db", "0.1.1")
    after = contents(repository)
    changed = {name for name in before | after if before.get(name) != after.get(name)}
    assert changed == {
        "packages/db/CHANGELOG.md",
        "packages/db/changes/export.added.md",
        "packages/db/changes/limit.fixed.md",
        "packages/db/src/pinecone_db/_version.py",
    }
    assert '"0.1.1"' in after["packages/db/src/pinecone_db/_version.py"]
    log = after["packages/db/CHANGELOG.md"]
    assert log.index("## 0.1.1") < log.index("### Added") < log.index("### Fixed") < log.index("## 0.1.0")
    assert "- `Index.export` reads a namespace." in log


def test_siblings_that_do_not_allow_it_are_named(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (repository / "packages" / "core" / "changes" / "x.changed.md").write_text("It changed.\n")
    run(repository, "core", "9.0.0")
    assert "db does not allow 9.0.0 yet" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("version", "fragment", "why"),
    [
        ("0.1.0", "a.added.md", "not newer"),
        ("0.0.9", "a.added.md", "not newer"),
        ("1.0", "a.added.md", "a version looks like"),
        ("0.2.0", None, "no fragments"),
        ("0.2.0", "a.added.txt.md", "name it"),
    ],
)
def test_what_cannot_be_released_is_refused(
    repository: Path, version: str, fragment: str | None, why: str
) -> None:
    if fragment:
        (repository / "packages" / "db" / "changes" / fragment).write_text("It is new.\n")
    before = contents(repository)
    with pytest.raises(SystemExit, match=why):
        run(repository, "db", version)
    assert contents(repository) == before


def test_a_tag_marks_the_release(repository: Path) -> None:
    git = ["git", "-c", "user.name=n", "-c", "user.email=e@example.com"]
    subprocess.run([*git, "init", "-q"], cwd=repository, check=True)
    for key, value in (("user.name", "n"), ("user.email", "e@example.com")):
        subprocess.run(["git", "config", key, value], cwd=repository, check=True)
    (repository / "packages" / "db" / "changes" / "a.added.md").write_text("It is new.\n")
    run(repository, "db", "0.2.0", "--tag")
    tags = subprocess.run(["git", "tag"], cwd=repository, capture_output=True, text=True, check=True)
    assert tags.stdout.split() == ["db-v0.2.0"]
