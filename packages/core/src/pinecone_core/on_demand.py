"""What is loaded or made when it is first asked for, so that making a client takes little."""

from __future__ import annotations

import sys

TYPE_CHECKING: bool = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from functools import cached_property as kept
    from types import ModuleType
    from typing import Any

__all__ = ["files_of", "kept"]


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
