"""Makes the module paths of the table importable. There are no files behind them."""

from __future__ import annotations

import sys

TYPE_CHECKING: bool = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType
    from typing import Any

__all__ = ["CLIENTS", "TableFinder", "install", "resolve"]

CLIENTS = {"AsyncPinecone": "pinecone._async.client", "Pinecone": "pinecone._sync.client"}
"""Where the clients are, which the table says too: it takes longer to load than to make one."""

_ROOMS = {
    "pinecone_core": "pinecone-core",
    "pinecone_db": "pinecone-db",
    "pinecone_inference": "pinecone-inference",
    "pinecone_assistant": "pinecone-assistant",
    "pinecone_admin": "pinecone-admin",
    "pinecone_local": "pinecone[local]",
}


def _home(name: str) -> str:
    from ._table import HOMES

    return HOMES[name]


def resolve(name: str) -> Any:
    """Return the object that a proper name stands for, importing its module.

    Raises:
        ImportError: The distribution that holds it is not installed; the message says which.
    """
    home = CLIENTS.get(name) or _home(name)
    try:
        __import__(home)  # importlib takes longer to load than the look-up of a name
        return getattr(sys.modules[home], name)
    except ModuleNotFoundError as error:
        missing = _ROOMS.get(error.name or "")
        if missing is None:
            raise
        message = f"{name} needs {missing}, which is not installed: pip install '{missing}'"
        raise ImportError(message, name=error.name) from error


class TableFinder:
    """Finds and makes the modules of the table. Asked before the file system, it costs one look-up."""

    @staticmethod
    def find_spec(
        fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return how a module of the table is made, or None for every other."""
        if not fullname.startswith("pinecone.") or fullname.startswith("pinecone._"):
            return None  # files of other packages, and our own
        from ._table import MODULES

        # Also what stands only between two paths is a package.
        is_package = any(path.startswith(f"{fullname}.") for path in MODULES)
        if not is_package and fullname not in MODULES:
            return None
        from importlib.machinery import ModuleSpec

        return ModuleSpec(fullname, TableFinder, is_package=is_package)  # type: ignore[arg-type]

    @staticmethod
    def create_module(spec: ModuleSpec) -> ModuleType:
        """Make a module."""
        from ._modules import TableModule
        from ._table import MODULES

        module = TableModule(spec.name, f"Names of the pinecone packages under the path ``{spec.name}``.")
        module.__dict__["__all__"] = [n for n in MODULES.get(spec.name, {}) if not n.startswith("_")]
        return module

    @staticmethod
    def exec_module(module: ModuleType) -> None:
        """Do nothing: the names come when they are asked for."""


def install() -> None:
    """Have the import system ask the table first."""
    if TableFinder not in sys.meta_path:
        sys.meta_path.insert(0, TableFinder)
