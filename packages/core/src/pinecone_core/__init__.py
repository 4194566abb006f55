"""Transport, errors, retries, paging, filters and batching that the Pinecone packages stand on."""

from __future__ import annotations

from ._version import __version__

TYPE_CHECKING: bool = False
if TYPE_CHECKING:
    from typing import Any

    from .operation import Operation as Operation

__all__ = ["__version__"]


def __getattr__(name: str) -> Any:
    if name != "Operation":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    # Loaded when the first one is made: it brings the JSON library.
    from .operation import Operation

    globals()[name] = Operation
    return Operation
