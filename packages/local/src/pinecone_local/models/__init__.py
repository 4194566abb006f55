"""The models of the local engine: embedding and reranking, computed here, offline.

Two functions do the work. The inference API calls them, and so does whatever embeds on upsert and on
search for an index with integrated embedding:

``embed_texts(model, texts, *, input_type=None, dimension=None, parameters=None)``
    Turns texts into ``DenseEmbeddings`` (one float32 array, ``len(texts)`` rows of unit length) or
    ``SparseEmbeddings`` (indices and values), as the model's kind says. Pass ``input_type="passage"``
    for what is stored and ``input_type="query"`` for what is asked. ``parameters`` is the API's
    ``parameters`` object (or an index's read or write parameters) and is checked like the service does.

``rerank_documents(model, query, documents, *, rank_fields=("text",), top_n=None, parameters=None)``
    Scores documents between 0 and 1 against a query and returns them best first as ``RankedDocuments``.

Both raise ``pinecone_local.http.ApiFault`` (404 for an unknown model, 400 for bad arguments). Both are
safe to call from many threads, give the same answer in every process, and load what they need at the
first call. ``find_model`` and ``list_models`` describe the models; ``embedder_id`` names the vectors
that dense embedding gives now, so that a store can tell vectors of another embedder apart.

Importing this package loads neither numpy nor a model.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .catalog import ModelSpec, find_model, list_models
    from .embed import DenseEmbeddings, SparseEmbeddings, embed_texts
    from .embedder import embedder_id
    from .rerank import Ranked, RankedDocuments, rerank_documents
    from .sparse import SparseVector

__all__ = [
    "DenseEmbeddings",
    "ModelSpec",
    "Ranked",
    "RankedDocuments",
    "SparseEmbeddings",
    "SparseVector",
    "embed_texts",
    "embedder_id",
    "find_model",
    "list_models",
    "rerank_documents",
]

_HOMES = {
    "DenseEmbeddings": "embed",
    "ModelSpec": "catalog",
    "Ranked": "rerank",
    "RankedDocuments": "rerank",
    "SparseEmbeddings": "embed",
    "SparseVector": "sparse",
    "embed_texts": "embed",
    "embedder_id": "embedder",
    "find_model": "catalog",
    "list_models": "catalog",
    "rerank_documents": "rerank",
}


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{home}", __name__), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
