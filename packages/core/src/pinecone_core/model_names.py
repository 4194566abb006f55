"""Names of the hosted models, for those who like members better than strings. Any string is accepted."""

from __future__ import annotations

from enum import Enum

__all__ = ["EmbedModel", "RerankModel"]


class EmbedModel(str, Enum):
    """Models that turn text into vectors."""

    Multilingual_E5_Large = "multilingual-e5-large"
    Pinecone_Sparse_English_V0 = "pinecone-sparse-english-v0"
    Llama_Text_Embed_V2 = "llama-text-embed-v2"


class RerankModel(str, Enum):
    """Models that put documents into order by relevance."""

    Bge_Reranker_V2_M3 = "bge-reranker-v2-m3"
    Cohere_Rerank_3_5 = "cohere-rerank-3.5"
    Pinecone_Rerank_V0 = "pinecone-rerank-v0"
