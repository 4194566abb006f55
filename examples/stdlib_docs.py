"""The documentation of Python's standard library, read from the running interpreter."""

from __future__ import annotations

import contextlib
import importlib
import inspect
import io
import pkgutil
import re
import sys
import warnings
from collections.abc import Iterator
from types import ModuleType
from typing import Any, NamedTuple

__all__ = ["Entry", "collect"]

# Importing these opens a browser, prints a poem or needs a display, or they are not for programs.
PASS_OVER = {"antigravity", "ensurepip", "idlelib", "lib2to3", "test", "this", "turtle", "turtledemo"}

LONGEST_TEXT = 1200


class Entry(NamedTuple):
    """One documented thing.

    Attributes:
        name: Its full name, such as ``csv.DictReader``.
        module: The module it is imported from.
        kind: ``module``, ``class``, ``function`` or ``method``.
        line: Its first line of Python, such as ``def dumps(obj, *, skipkeys=False, ...)``.
        doc: Its docstring.
    """

    name: str
    module: str
    kind: str
    line: str
    doc: str

    @property
    def summary(self) -> str:
        """The docstring's first line."""
        return self.doc.partition("\n")[0]

    @property
    def text(self) -> str:
        """What is embedded: the name in words, and the beginning of the docstring."""
        words = self.name.replace(".", " ").replace("_", " ")
        return f"{words}: {self.doc[:LONGEST_TEXT]}"

    @property
    def metadata(self) -> dict[str, Any]:
        """What is stored with the vector."""
        return {
            "module": self.module,
            "kind": self.kind,
            "line": self.line,
            "length": len(self.doc),
            "summary": self.summary,
            "text": self.text,
        }


def collect() -> list[Entry]:
    """Return every public module, class, function and method of the standard library with a docstring.

    Returns:
        The entries, one a name, in the order of the modules' names.
    """
    found: dict[str, Entry] = {}
    seen: set[int] = set()
    for module in sorted(modules(), key=lambda module: (module.__name__.count("."), module.__name__)):
        for entry in entries_of(module, seen):
            found.setdefault(entry.name, entry)
    return [found[name] for name in sorted(found)]


def modules() -> Iterator[ModuleType]:
    """Yield the public modules of the standard library that can be imported here."""
    for name in sorted(sys.stdlib_module_names):
        if name.startswith("_") or name in PASS_OVER:
            continue
        module = load(name)
        if module is not None:
            yield module
            yield from submodules(module)


def submodules(package: ModuleType) -> Iterator[ModuleType]:
    for info in pkgutil.iter_modules(getattr(package, "__path__", ())):
        if not info.name.startswith("_") and info.name not in ("test", "tests", "idle_test"):
            module = load(f"{package.__name__}.{info.name}")
            if module is not None:
                yield module
                yield from submodules(module)


def load(name: str) -> ModuleType | None:
    # Some modules exist on other systems only, some print or warn when they are imported.
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            return importlib.import_module(name)
    except (Exception, SystemExit):
        return None


def entries_of(module: ModuleType, seen: set[int]) -> Iterator[Entry]:
    name = module.__name__
    if doc := documentation(module):
        yield Entry(name, name, "module", f"import {name}", doc)
    public = getattr(module, "__all__", None) or [key for key in vars(module) if not key.startswith("_")]
    for key in public:
        thing = vars(module).get(key)
        kind = kind_of(thing)
        if kind is None or id(thing) in seen or not belongs(thing, module):
            continue
        seen.add(id(thing))
        if doc := documentation(thing):
            yield Entry(f"{name}.{key}", name, kind, first_line(key, thing, kind), doc)
        if kind == "class":
            yield from methods_of(thing, f"{name}.{key}", name)


def methods_of(cls: type, path: str, module: str) -> Iterator[Entry]:
    for key, raw in vars(cls).items():
        method = raw.__func__ if isinstance(raw, classmethod | staticmethod) else raw
        if not key.startswith("_") and inspect.isroutine(method) and (doc := documentation(method)):
            yield Entry(f"{path}.{key}", module, "method", first_line(key, method, "function"), doc)


def kind_of(thing: object) -> str | None:
    if inspect.isclass(thing):
        return "class"
    return "function" if inspect.isroutine(thing) else None


def belongs(thing: Any, module: ModuleType) -> bool:
    # What a module offers in __all__ is its own, wherever an underscore module defines it.
    home = getattr(thing, "__module__", None) or module.__name__
    return home == module.__name__ or home.startswith("_") or home.startswith(f"{module.__name__}.")


def documentation(thing: object) -> str:
    try:
        own = vars(thing).get("__doc__") if inspect.isclass(thing) else thing.__doc__
    except (AttributeError, TypeError):
        return ""
    return inspect.cleandoc(own).strip() if isinstance(own, str) else ""


def first_line(key: str, thing: Any, kind: str) -> str:
    try:
        signature = str(inspect.signature(thing))
    except Exception:  # extension modules hold defaults that cannot be evaluated
        signature = "(...)"
    signature = re.sub(r" at 0x[0-9a-f]+", "", signature)  # the same text in every run
    return f"{'class' if kind == 'class' else 'def'} {key}{signature}"[:200]
