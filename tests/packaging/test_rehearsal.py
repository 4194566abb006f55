"""A release of one package alone: the new one is installed beside the old others, and all still works."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

import bump
import release
import wheels


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every distribution as it is, and db once more with the next version."""
    folder = tmp_path_factory.mktemp("wheels")
    for package in release.TABLE:
        release.build(release.ROOT / "packages" / package, folder)
    root = tmp_path_factory.mktemp("rehearsal")
    ignored = shutil.ignore_patterns("__pycache__", "dist")
    shutil.copytree(release.ROOT / "packages", root / "packages", ignore=ignored)
    (root / "packages" / "db" / "changes" / "rehearsal.added.md").write_text("A rehearsal.\n")
    bump.main(["db", "0.1.99", "--root", str(root)])
    release.build(root / "packages" / "db", folder)
    return folder


def test_every_wheel_is_as_it_should_be(built: Path) -> None:
    found = sorted(built.glob("*.whl"))
    assert len(found) == len(release.TABLE) + 1
    assert [problem for wheel in found for problem in release.inspect_wheel(wheel)] == []


def test_a_faulty_wheel_would_be_noticed(built: Path, tmp_path: Path) -> None:
    import zipfile

    wheel = next(built.glob("pinecone_core-*.whl"))
    faulty = tmp_path / wheel.name
    with zipfile.ZipFile(wheel) as old, zipfile.ZipFile(faulty, "w") as new:
        for name in old.namelist():
            if not name.endswith("py.typed"):
                text = old.read(name)
                new.writestr(name, text.replace(b"Requires-Dist: anyio>=4.4", b"Requires-Dist: anyio==4.4"))
        new.writestr("tests/test_x.py", "")
    problems = "\n".join(release.inspect_wheel(faulty))
    assert "tests/test_x.py does not belong" in problems
    assert "py.typed is missing" in problems
    assert "no exact pins" in problems


def test_the_new_one_works_beside_the_old_others(built: Path, tmp_path: Path) -> None:
    python = wheels.environment(tmp_path / "env", built, release.TABLE)
    shown = subprocess.run(
        [python, "-c", "import pinecone_db; print(pinecone_db.__version__)"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert shown.stdout.strip() == "0.1.99"
    wheels.run(python, "-c", wheels.TOGETHER, cwd=tmp_path)
