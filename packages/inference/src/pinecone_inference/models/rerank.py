"""Documents put into order by relevance."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from pinecone_core.display import render_table, safe_display, truncate_text
from pinecone_core.response_info import ResponseInfo
from pinecone_core.structs import StructDictMixin

from .access import Fields

__all__ = ["RankedDocument", "RerankResult", "RerankUsage"]


class RerankUsage(StructDictMixin, kw_only=True):
    """What reranking cost.

    Attributes:
        rerank_units: Rerank units.
    """

    rerank_units: int = 0


class RankedDocument(StructDictMixin, kw_only=True):
    """One document's place.

    Attributes:
        index: Its position among the documents given, from 0.
        score: Its relevance.
        document: The document itself, or None when it was not asked for.
    """

    index: int
    score: float
    document: dict[str, Any] | None = None

    def __repr__(self) -> str:
        document = self.document
        if document is not None:
            document = {k: truncate_text(v) if isinstance(v, str) else v for k, v in document.items()}
        return f"RankedDocument(index={self.index}, score={self.score!r}, document={document!r})"


class RerankResult(Fields, kw_only=True):
    """The documents in order, most relevant first; read it like a list.

    Attributes:
        model: The model that ranked them.
        data: The documents' places.
        usage: What it cost.
        response_info: The answer's headers.
    """

    model: str
    data: list[RankedDocument]
    usage: RerankUsage = msgspec.field(default_factory=RerankUsage)
    response_info: ResponseInfo | None = None

    def __getitem__(self, key: Any) -> Any:
        return self.data[key] if isinstance(key, int | slice) else super().__getitem__(key)

    def __len__(self) -> int:
        return len(self.data)

    def __iter__(self) -> Iterator[RankedDocument]:
        return iter(self.data)

    def __repr__(self) -> str:
        return f"RerankResult(model={self.model!r}, count={len(self.data)}, usage={self.usage!r})"

    @safe_display
    def _repr_html_(self) -> str:
        rows = [(f"{row.score:.4f}", truncate_text(row.document or row.index)) for row in self.data]
        return render_table(f"RerankResult ({self.model})", rows)
