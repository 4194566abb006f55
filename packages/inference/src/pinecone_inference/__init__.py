"""Pinecone inference client: embed, rerank, and the hosted models."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ._version import __version__

if TYPE_CHECKING:
    from pinecone_core.model_names import EmbedModel, RerankModel
    from pinecone_core.unknown import UnknownItem

    from ._async.inference import AsyncInference, AsyncModelResource
    from ._sync.inference import Inference, ModelResource
    from .models.embed import DenseEmbedding, Embedding, EmbeddingsList, EmbedUsage, SparseEmbedding
    from .models.model_info import ModelInfo, ModelInfoList, ModelInfoSupportedParameter
    from .models.rerank import RankedDocument, RerankResult, RerankUsage

__all__ = [
    "AsyncInference",
    "AsyncModelResource",
    "DenseEmbedding",
    "EmbedModel",
    "EmbedUsage",
    "Embedding",
    "EmbeddingsList",
    "Inference",
    "ModelInfo",
    "ModelInfoList",
    "ModelInfoSupportedParameter",
    "ModelResource",
    "RankedDocument",
    "RerankModel",
    "RerankResult",
    "RerankUsage",
    "SparseEmbedding",
    "UnknownItem",
    "__version__",
]

_HOMES = {
    "pinecone_core.model_names": ("EmbedModel", "RerankModel"),
    "pinecone_core.unknown": ("UnknownItem",),
    "pinecone_inference._async.inference": ("AsyncInference", "AsyncModelResource"),
    "pinecone_inference._sync.inference": ("Inference", "ModelResource"),
    "pinecone_inference.models.embed": (
        "DenseEmbedding",
        "EmbedUsage",
        "Embedding",
        "EmbeddingsList",
        "SparseEmbedding",
    ),
    "pinecone_inference.models.model_info": ("ModelInfo", "ModelInfoList", "ModelInfoSupportedParameter"),
    "pinecone_inference.models.rerank": ("RankedDocument", "RerankResult", "RerankUsage"),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
