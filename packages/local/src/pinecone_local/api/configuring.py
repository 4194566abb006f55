"""What a request to change an index may ask, whichever its shape."""

from __future__ import annotations

from typing import Any

import msgspec

__all__ = ["ConfigureRequest"]


class ConfigureRequest(msgspec.Struct):
    """The body of ``PATCH /indexes/{index_name}``."""

    spec: dict[str, Any] | None = None
    deletion_protection: str | None = None
    tags: dict[str, str] | None = None
    embed: dict[str, Any] | None = None
