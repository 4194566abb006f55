"""Writes stub files for every path of the table into the wheel, so that type checkers see the names.

At run time the paths are made by the import finder; there are no files behind them.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

HERE = Path(__file__).resolve().parent


def read_table(source: Path) -> ModuleType:
    """Load the table alone, without the package around it."""
    spec = importlib.util.spec_from_file_location("pinecone_table", source / "pinecone" / "_table.py")
    assert spec is not None
    assert spec.loader is not None
    table = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(table)
    return table


def stub(names: dict[str, str], homes: dict[str, str], head: str = "") -> str:
    """Return the text of a stub that offers these names, each as the object it stands for."""
    lines = [head] if head else []
    for name, proper in sorted(names.items()):
        if name == proper:
            lines.append(f"from {homes[proper]} import {proper} as {proper}")
        else:  # a renaming import is not an export
            lines += [f"from {homes[proper]} import {proper} as _{proper}", f"{name} = _{proper}"]
    return "\n".join([*lines, ""])


def stubs(table: ModuleType) -> dict[str, str]:
    """Return every stub file's text by its path in the wheel."""
    modules: dict[str, dict[str, str]] = dict(table.MODULES)
    packages = {".".join(path.split(".")[:end]) for path in modules for end in range(2, path.count(".") + 1)}
    files = {}
    for path in sorted({*modules, *packages}):
        ending = "/__init__.pyi" if path in packages else ".pyi"
        files[path.replace(".", "/") + ending] = stub(modules.get(path, {}), table.HOMES)
    names = {**table.TOP, **table.HIDDEN, "ValidationError": "PineconeValueError"}
    files["pinecone/__init__.pyi"] = stub(names, table.HOMES, "__version__: str")
    return files


class StubHook(BuildHookInterface[Any]):
    """Adds the stubs to the wheel."""

    PLUGIN_NAME = "custom"
    _folder: TemporaryDirectory[str] | None = None

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the stubs aside and name them for inclusion; an editable install has none."""
        if self.target_name != "wheel" or version == "editable":
            return
        self._folder = TemporaryDirectory(prefix="pinecone-stubs-")  # goes with the process at the latest
        for name, text in stubs(read_table(HERE / "src")).items():
            file = Path(self._folder.name, name)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
            build_data["force_include"][str(file)] = name

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Take away what the wheel now has."""
        if self._folder is not None:
            self._folder.cleanup()
