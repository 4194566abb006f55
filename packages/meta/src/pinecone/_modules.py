"""What the module paths of the table lead to."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from ._finder import resolve
from ._table import MODULES

__all__ = ["TableModule"]


class TableModule(ModuleType):
    """A module whose names come from the table when they are first asked for."""

    def __getattr__(self, name: str) -> Any:
        proper = MODULES.get(self.__name__, {}).get(name)
        if proper is None:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        value = resolve(proper)
        setattr(self, name, value)
        return value

    def __dir__(self) -> list[str]:
        return sorted({*self.__dict__, *MODULES.get(self.__name__, {})})
