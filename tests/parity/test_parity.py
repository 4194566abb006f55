"""Both shells offer the same: public classes, methods and signatures of `_async` have twins in `_sync`."""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from to_sync import rename, to_sync

PACKAGES = Path(__file__).resolve().parents[2] / "packages"
MODULES = sorted(
    ".".join(file.relative_to(source).with_suffix("").parts).removesuffix(".__init__")
    for source in PACKAGES.glob("*/src")
    for file in source.glob("*/_async/**/*.py")
)


def twin_of(module: str) -> ModuleType:
    return importlib.import_module(module.replace("._async", "._sync"))


def public(module: ModuleType) -> dict[str, Any]:
    """The public classes and functions that a module defines."""
    return {
        name: value
        for name, value in vars(module).items()
        if (inspect.isclass(value) or inspect.isfunction(value))
        and value.__module__ == module.__name__
        and not name.startswith("_")
    }


def members(owner: type) -> dict[str, Any]:
    """The functions, properties and class methods that a class itself defines for its users."""
    return {
        name: value
        for name, value in vars(owner).items()
        if isinstance(value, (property, classmethod, staticmethod)) or inspect.isfunction(value)
        if not name.startswith("_") or (name.startswith("__") and name.endswith("__"))
        if name != "__del__"  # the collector's, not a user's: sockets and streams are dropped differently
    }


def functions_of(value: Any) -> list[Any]:
    if isinstance(value, property):
        return [function for function in (value.fget, value.fset, value.fdel) if function]
    return [inspect.unwrap(getattr(value, "__func__", value))]


class OneOfEach(ast.NodeTransformer):
    """Turns `Iterable[T] | Iterable[T]`, once `Iterable[T] | AsyncIterable[T]`, into `Iterable[T]`."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        return node.left if ast.unparse(node.right) in ast.unparse(node.left).split(" | ") else node


def annotation(text: object, *, asynchronous: bool) -> str:
    if text is inspect.Signature.empty:
        return ""
    assert isinstance(text, str), "the module lacks `from __future__ import annotations`"
    return ast.unparse(OneOfEach().visit(ast.parse(to_sync(text, set()) if asynchronous else text)))


def shape(function: Any, *, asynchronous: bool) -> list[tuple[str, ...]]:
    """Name, kind, default and annotation of every parameter, and what is returned."""
    signature = inspect.signature(function)
    rows = [
        (
            parameter.name,
            str(parameter.kind),
            repr(parameter.default),
            annotation(parameter.annotation, asynchronous=asynchronous),
        )
        for parameter in signature.parameters.values()
    ]
    return [*rows, ("return", annotation(signature.return_annotation, asynchronous=asynchronous))]


def pairs(module: str) -> Iterator[tuple[str, Any, Any]]:
    """Yield where, the asynchronous and the synchronous function, for all that both sides define."""
    ours, theirs = public(importlib.import_module(module)), public(twin_of(module))
    for name, value in ours.items():
        other = theirs.get(rename(name, set()))
        if inspect.isfunction(value):
            yield name, value, other
        elif inspect.isclass(value) and other is not None:
            twins = members(other)
            for member, found in members(value).items():
                twin = twins.get(rename(member, set()))
                for index, function in enumerate(functions_of(found)):
                    yield f"{name}.{member}", function, functions_of(twin)[index] if twin else None


def test_there_is_something_to_compare() -> None:
    assert "pinecone_core._async.executor" in MODULES


@pytest.mark.parametrize("module", MODULES)
def test_both_define_the_same_names(module: str) -> None:
    ours, theirs = public(importlib.import_module(module)), public(twin_of(module))
    assert {rename(name, set()) for name in ours} == set(theirs)
    for name, value in ours.items():
        if inspect.isclass(value):
            twin = theirs[rename(name, set())]
            assert {rename(member, set()) for member in members(value)} == set(members(twin)), name
            assert [rename(base.__name__, set()) for base in value.__bases__] == [
                base.__name__ for base in twin.__bases__
            ], name


@pytest.mark.parametrize("module", MODULES)
def test_both_have_the_same_signatures(module: str) -> None:
    for where, function, twin in pairs(module):
        assert shape(function, asynchronous=True) == shape(twin, asynchronous=False), where


@pytest.mark.parametrize("module", MODULES)
def test_the_synchronous_side_awaits_nothing(module: str) -> None:
    for where, _, twin in pairs(module):
        assert not inspect.iscoroutinefunction(twin), where
        assert not inspect.isasyncgenfunction(twin), where


@pytest.mark.parametrize("module", MODULES)
def test_what_is_public_is_documented(module: str) -> None:
    for side in (importlib.import_module(module), twin_of(module)):
        for name, value in public(side).items():
            assert inspect.cleandoc(value.__doc__ or ""), f"{side.__name__}.{name} has no docstring"
            for member, found in members(value).items() if inspect.isclass(value) else ():
                described = member.startswith("__") or functions_of(found)[0].__doc__
                assert described, f"{side.__name__}.{name}.{member} has no docstring"
