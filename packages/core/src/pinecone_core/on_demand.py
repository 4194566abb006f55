"""Packages whose files are loaded when they are first named, so that making a client loads few of them."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

__all__ = ["files_of"]


def files_of(package: str) -> Callable[[str], ModuleType]:
    """Return the ``__getattr__`` of a package: ``package.file`` loads the file, once.

    Args:
        package: The package's full name.
    """

    def load(name: str) -> ModuleType:
        full = f"{package}.{name}"
        try:
            if not name.startswith("_"):
                __import__(full)  # importlib takes longer to load than a file
                return sys.modules[full]
        except ModuleNotFoundError as error:
            if error.name != full:
                raise
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    return load
