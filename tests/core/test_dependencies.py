"""What a package imports is what it declares, and what it asks everybody to install is used."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGES = Path(__file__).parents[2] / "packages"


def imports(node: ast.AST) -> Iterator[str]:
    """Yield the modules imported below a node, those for type checkers alone left out."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
            continue
        if isinstance(child, ast.Import):
            yield from (alias.name for alias in child.names)
        elif isinstance(child, ast.ImportFrom) and not child.level and child.module:
            yield child.module
        yield from imports(child)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("import a.b, c\nfrom d.e import f\nfrom . import g", ["a.b", "c", "d.e"]),
        ("if TYPE_CHECKING:\n    import a", []),
        ("def f():\n    try:\n        import a\n    except E:\n        pass", ["a"]),
    ],
)
def test_how_imports_are_found(text: str, found: list[str]) -> None:
    assert list(imports(ast.parse(text))) == found


NAMES = {"opentelemetry-api": "opentelemetry", "pyyaml": "yaml"}


def declared(text: str) -> set[str]:
    """Return the modules that a list of requirements stands for."""
    found = re.findall(r'"([a-z0-9-]+)(?:\[[a-z]+\])?>=', text)
    return {NAMES.get(name, name.replace("-", "_")) for name in found}


def read(package: str) -> tuple[set[str], set[str], set[str]]:
    """Return what a package must have, what it may have, and what its files import."""
    project = (PACKAGES / package / "pyproject.toml").read_text("utf-8")
    required = re.search(r"^dependencies = \[(.*?)^\]", project, re.DOTALL | re.MULTILINE)
    optional = project.partition("[project.optional-dependencies]")[2].partition("\n[")[0]
    files = sorted((PACKAGES / package / "src").rglob("*.py"))
    assert files
    imported = {
        module.partition(".")[0] for file in files for module in imports(ast.parse(file.read_text("utf-8")))
    }
    own = {path.name for path in (PACKAGES / package / "src").iterdir()}
    return (
        declared(required[1] if required else ""),
        declared(optional),
        imported - sys.stdlib_module_names - own,
    )


@pytest.mark.parametrize("package", ["core", "db", "inference", "assistant", "admin"])
def test_what_is_imported_is_declared(package: str) -> None:
    required, optional, imported = read(package)
    assert imported <= required | optional


@pytest.mark.parametrize("package", ["core", "db", "inference", "assistant", "admin"])
def test_what_everybody_must_install_is_used(package: str) -> None:
    required, _, imported = read(package)
    # httpx is loaded by callers only, so that nobody waits for it; the transport knows its errors.
    assert required - {"httpx"} <= imported
