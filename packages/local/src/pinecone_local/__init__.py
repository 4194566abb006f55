"""An embedded engine that speaks the Pinecone API: in process, as a server, offline."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ._version import __version__

if TYPE_CHECKING:
    from .account.account import ServiceAccount
    from .assistant.writers import OpenAIWriter
    from .engine import LocalEngine
    from .errors import EngineClosedError, EngineError, FolderInUseError, StoreDamagedError, StoreVersionError
    from .faults import Fault, Faults
    from .quotas import Quotas
    from .server.running import LocalServer
    from .transport import LocalTransport

__all__ = [
    "EngineClosedError",
    "EngineError",
    "Fault",
    "Faults",
    "FolderInUseError",
    "LocalEngine",
    "LocalServer",
    "LocalTransport",
    "OpenAIWriter",
    "Quotas",
    "ServiceAccount",
    "StoreDamagedError",
    "StoreVersionError",
    "__version__",
]

_HOMES = {
    "EngineClosedError": "errors",
    "EngineError": "errors",
    "Fault": "faults",
    "Faults": "faults",
    "FolderInUseError": "errors",
    "LocalEngine": "engine",
    "LocalServer": "server.running",
    "LocalTransport": "transport",
    "OpenAIWriter": "assistant.writers",
    "Quotas": "quotas",
    "ServiceAccount": "account.account",
    "StoreDamagedError": "errors",
    "StoreVersionError": "errors",
}


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{home}", __name__), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
