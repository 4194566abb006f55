"""What the embedded engine raises itself, outside of any request."""

from __future__ import annotations

__all__ = [
    "ConnectionCutError",
    "EngineClosedError",
    "EngineError",
    "FolderInUseError",
    "StoreDamagedError",
    "StoreVersionError",
]


class EngineError(Exception):
    """Anything the embedded engine cannot do, said in a sentence."""


class EngineClosedError(EngineError):
    """The engine was closed before the call."""


class FolderInUseError(EngineError):
    """Another engine, in this or another process, has the folder open."""


class StoreDamagedError(EngineError):
    """The store's file is not what was written: cut off, overwritten or not a store at all."""


class StoreVersionError(EngineError):
    """The store was written by a newer version of this package."""


class ConnectionCutError(Exception):
    """A connection that a fault ends.

    Attributes:
        sent: Whether the request was acted on before.
    """

    def __init__(self, sent: bool) -> None:
        what = "after the engine had acted on it" if sent else "before the engine saw it"
        super().__init__(f"A fault on purpose cut the connection, {what}.")
        self.sent = sent
