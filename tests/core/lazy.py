"""A model whose values stay text until they are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from pinecone_core.codec import RawJson
from pinecone_core.lazy_values import LazyValues, read_when_asked


class Point(LazyValues, kw_only=True):
    id: str
    if TYPE_CHECKING:
        values: list[float] = []
    else:
        values: RawJson = msgspec.field(default_factory=list)


read_when_asked(Point)
