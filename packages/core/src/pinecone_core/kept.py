"""A property that is made once and kept, without loading all that ``functools`` brings."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from functools import cached_property as kept
    from typing import Any
else:

    class kept:  # noqa: N801 - read like ``property``
        """A property whose value is made when it is first asked for, and then an attribute like any other.

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
            value = instance.__dict__[self.attrname] = self.func(instance)
            return value


__all__ = ["kept"]
