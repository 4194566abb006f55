"""The compiled half of writing and reading vectors, where this installation has it. Pure."""

from __future__ import annotations

import functools
import importlib
from types import ModuleType

__all__ = ["floats"]


@functools.cache
def floats() -> ModuleType | None:
    """Return the compiled module, or None where there is none for this platform."""
    try:
        return importlib.import_module("pinecone_core._floats")
    except ImportError:
        return None
