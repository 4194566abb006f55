"""What the package imports is what it declares."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "packages" / "core"


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


def test_what_is_imported_is_declared() -> None:
    declared = set(re.findall(r'"([a-z0-9-]+)>=', (PACKAGE / "pyproject.toml").read_text()))
    modules = {"opentelemetry" if name == "opentelemetry-api" else name for name in declared}
    files = sorted((PACKAGE / "src").rglob("*.py"))
    assert files
    for file in files:
        for module in imports(ast.parse(file.read_text())):
            top = module.partition(".")[0]
            assert top in modules | sys.stdlib_module_names | {"pinecone_core"}, f"{file}: {module}"
