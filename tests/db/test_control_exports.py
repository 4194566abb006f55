"""What `import pinecone_db` offers: everything public, lazily, and the same to type checkers."""

from __future__ import annotations

import ast
import importlib
import inspect
from pathlib import Path

import pytest

import pinecone_db

FOLDER = Path(pinecone_db.__file__).parent
INTERNAL = {"ListLike", "Listing", "PreviewBackupList", "PreviewIndexList", "TaggedStruct"}


def test_type_checkers_see_the_same_names() -> None:
    tree = ast.parse((FOLDER / "__init__.py").read_text("utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    seen = {
        ("." * node.level + f"{node.module}", alias.name)
        for node in block.body
        if isinstance(node, ast.ImportFrom) and node.module != "typing"
        for alias in node.names
    }
    assert seen == {(module, name) for name, module in pinecone_db._HOME_OF.items()}


@pytest.mark.parametrize("name", pinecone_db.__all__)
def test_every_name_is_there(name: str) -> None:
    value = getattr(pinecone_db, name)
    assert value is not None
    assert name in dir(pinecone_db)


def test_every_model_is_exported() -> None:
    missing = []
    for file in sorted((FOLDER / "models").rglob("*.py")):
        if file.name == "__init__.py":
            continue
        module = ".".join(file.relative_to(FOLDER).with_suffix("").parts)
        loaded = importlib.import_module(f"pinecone_db.{module}")
        for name, value in vars(loaded).items():
            own = inspect.isclass(value) and value.__module__ == loaded.__name__
            if own and not name.startswith("_") and name not in INTERNAL and name not in pinecone_db.__all__:
                missing.append(f"{module}.{name}")
    assert not missing


def test_other_names_are_refused() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'Indxes'"):
        pinecone_db.Indxes  # noqa: B018
