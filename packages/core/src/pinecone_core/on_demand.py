"""What is loaded or made when it is first asked for, so that making a client takes little."""

from __future__ import annotations

import sys

TYPE_CHECKING: bool = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from functools import cached_property as kept
    from typing import Any

__all__ = ["files_of", "kept"]

_VERSION = {"__version__": "_version"}


def files_of(package: str) -> Callable[[str], Any]:
    """Return the ``__getattr__`` of a package: ``package.file`` loads the file, as its version does its own.

    Args:
        package: The package's full name.
    """

    def load(name: str) -> Any:
        full = f"{package}.{_VERSION.get(name, name)}"
        try:
            if name in _VERSION or not name.startswith("_"):
                __import__(full)  # importlib takes longer to load than a file
                found = sys.modules[full]
                return getattr(found, name) if name in _VERSION else found
        except ModuleNotFoundError as error:
            if error.name != full:
                raise
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    return load


if not TYPE_CHECKING:

    class kept:  # noqa: N801 - read like ``property``
        """A property whose value is made when it is first asked for, and then an attribute like any other.

        It is ``functools.cached_property`` without all that its module brings. Threads that ask at once get
        the same value, though more than one of them may have made one.

        Args:
            make: Makes the value.
        """

        def __init__(self, make: Callable[[Any], Any]) -> None:
            self.func = make
            self.__doc__ = make.__doc__

        def __set_name__(self, owner: type, name: str) -> None:
            self.attrname = name

        def __get__(self, instance: Any, owner: type | None = None) -> Any:
            if instance is None:
                return self
            # setdefault gives threads that come here at once the same one.
            return instance.__dict__.setdefault(self.attrname, self.func(instance))
