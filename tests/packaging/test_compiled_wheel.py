"""The wheel with what is compiled, the one without, and the one where nothing can be compiled."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

import release
import wheels

CORE = release.ROOT / "packages" / "core"
COMPILES = bool(not sysconfig.get_config_var("Py_GIL_DISABLED"))


def built(into: Path, **settings: str) -> tuple[str, list[str]]:
    release.build(CORE, into, "wheel", **settings)
    (wheel,) = into.iterdir()
    with zipfile.ZipFile(wheel) as archive:
        return wheel.name, [name for name in archive.namelist() if not name.endswith((".py", ".typed"))]


def test_the_wheel_for_every_platform(tmp_path: Path) -> None:
    name, others = built(tmp_path, PINECONE_CORE_NATIVE="0")
    assert name.endswith("-py3-none-any.whl")
    assert all(".dist-info/" in other for other in others)
    python = wheels.environment(tmp_path / "env", tmp_path, ["core"])
    code = "from pinecone_core.vectors import dense_values; print(dense_values([1 / 3] * 64)[:20])"
    shown = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True).stdout
    assert shown.strip() == "b'[0.3333333333333333,'"


@pytest.mark.skipif(not COMPILES, reason="nothing is compiled for this interpreter")
def test_the_wheel_of_this_platform(tmp_path: Path) -> None:
    name, others = built(tmp_path, PINECONE_CORE_NATIVE="1")
    abi = "-cp311-abi3-" if sys.version_info >= (3, 11) else f"-cp3{sys.version_info.minor}-"
    assert abi in name
    (compiled,) = [other for other in others if ".dist-info/" not in other]
    assert compiled.startswith("pinecone_core/_floats.")


@pytest.mark.skipif(not COMPILES, reason="nothing is compiled for this interpreter")
def test_where_there_is_no_compiler(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name, _ = built(tmp_path, CC="false")
    assert name.endswith("-py3-none-any.whl")
    with pytest.raises(SystemExit, match="could not be compiled"):
        release.build(CORE, tmp_path, "wheel", CC="false", PINECONE_CORE_NATIVE="1")


@pytest.mark.parametrize(("package", "fails"), [("core", False), ("core", COMPILES), ("meta", False)])
def test_nothing_is_left_among_the_temporary_files(package: str, fails: bool, tmp_path: Path) -> None:
    temporary, made = tmp_path / "temporary", tmp_path / "made"
    temporary.mkdir()
    settings = {"CC": "false", "PINECONE_CORE_NATIVE": "1"} if fails else {}
    with pytest.raises(SystemExit) if fails else contextlib.nullcontext():
        release.build(CORE.parent / package, made, "wheel", TMPDIR=str(temporary), **settings)
    assert not [*temporary.iterdir()]


def test_both_are_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(release, "ROOT", tmp_path)
    (tmp_path / "packages").symlink_to(CORE.parent)
    (tmp_path / "dist" / "pinecone-core").mkdir(parents=True)
    assert release.main(["core"]) == 0
    plan = json.loads((tmp_path / "dist" / "pinecone-core.json").read_text("utf-8"))
    ends = [name.rpartition("-")[2] for name in sorted(plan["files"])]
    assert "any.whl" in ends
    assert any(end.endswith(".tar.gz") for end in ends)
    assert len(ends) == 2 + COMPILES
    assert not any("-linux_" in name for name in plan["files"])  # which the package index refuses
