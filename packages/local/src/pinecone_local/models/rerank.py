"""Order documents by how well they answer a query.

The score is a blend, from 0 to 1: three quarters are the embedder's similarity of query and document,
one quarter is word overlap, weighted the way BM25 does it with the documents at hand as the corpus.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..http import bad_request
from .catalog import ModelSpec, check_parameters, find_model
from .embedder import get_embedder
from .words import content_terms, split_words

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Ranked", "RankedDocuments", "rerank_documents"]

SIMILARITY_SHARE = 0.75
K1 = 1.2
B = 0.75

# The service counts one unit a query and up to this many documents.
DOCUMENTS_A_UNIT = 100


@dataclass(frozen=True, slots=True)
class Ranked:
    """One document's place.

    Attributes:
        index: Its position among the documents given.
        score: Its relevance, from 0 to 1.
    """

    index: int
    score: float


@dataclass(frozen=True, slots=True)
class RankedDocuments:
    """What reranking gives.

    Attributes:
        model: The model's name.
        ranked: The best documents, best first; equal scores keep the order given.
        rerank_units: One for every 100 documents or part of it.
    """

    model: str
    ranked: list[Ranked]
    rerank_units: int


def rerank_documents(
    model: str,
    query: str,
    documents: Sequence[Mapping[str, Any]],
    *,
    rank_fields: Sequence[str] = ("text",),
    top_n: int | None = None,
    parameters: Mapping[str, Any] | None = None,
) -> RankedDocuments:
    """Score documents against a query and put the best first.

    Args:
        model: The service's name of a rerank model, such as ``bge-reranker-v2-m3``.
        query: The question.
        documents: The documents, each with the fields to rank by. The API's limit a request is the
            caller's to check.
        rank_fields: The fields to read, joined in this order. Most models read one.
        top_n: How many to return; None is all.
        parameters: The API's ``parameters`` object, checked against what the model accepts.

    Returns:
        The positions and scores, best first.

    Raises:
        ApiFault: 404 for an unknown model; 400 for an embedding model, a document without a field or
            with one that is not text, or a document longer than the model reads when ``truncate`` is
            ``NONE`` (the default of ``bge-reranker-v2-m3``).

    Example:
        >>> documents = [{"text": "grow apples"}, {"text": "read a file"}]
        >>> rerank_documents("pinecone-rerank-v0", "open a file", documents).ranked[0].index
        1
    """
    spec = find_model(model, "rerank")
    given = check_parameters(spec, parameters or {})
    texts = _texts(spec, documents, rank_fields)
    similarity, counts, asked = get_embedder().similarity(query, texts, limit=spec.max_tokens)
    if given.get("truncate") == "NONE":
        _refuse_long(spec, counts, asked)
    scores = SIMILARITY_SHARE * similarity + (1 - SIMILARITY_SHARE) * _overlap(query, texts, spec.max_tokens)
    order = np.argsort(-scores, kind="stable")[:top_n]
    ranked = [Ranked(int(place), round(float(scores[place]), 6)) for place in order]
    return RankedDocuments(spec.name, ranked, max(1, math.ceil(len(texts) / DOCUMENTS_A_UNIT)))


def _texts(spec: ModelSpec, documents: Sequence[Mapping[str, Any]], fields: Sequence[str]) -> list[str]:
    if not fields:
        raise bad_request("rank_fields must name at least one field of the documents.")
    if spec.max_rank_fields is not None and len(fields) > spec.max_rank_fields:
        raise bad_request(
            f"The model {spec.name} ranks by {spec.max_rank_fields} field, rank_fields names {len(fields)}. "
            "Name one, or use cohere-rerank-3.5."
        )
    texts = []
    for position, document in enumerate(documents):
        parts = []
        for field in fields:
            value = document.get(field)
            if not isinstance(value, str):
                found = "has no field" if value is None else f"holds {type(value).__name__} in the field"
                raise bad_request(
                    f"documents[{position}] {found} {field!r} to rank by. "
                    "Put text there, or name another field in rank_fields."
                )
            parts.append(value)
        texts.append("\n".join(parts))
    return texts


def _refuse_long(spec: ModelSpec, counts: list[int], asked: int) -> None:
    for position, count in enumerate(counts):
        if count + asked > spec.max_tokens:
            raise bad_request(
                f"documents[{position}] and the query have more tokens ({count + asked}) than {spec.name} "
                f"reads ({spec.max_tokens}). Shorten it, or set parameters.truncate to 'END'."
            )


def _overlap(query: str, texts: Sequence[str], limit: int) -> NDArray[np.float64]:
    """Word overlap from 0 to 1: half BM25, half the share of the query's terms that occur at all."""
    asked = list(dict.fromkeys(content_terms(split_words(query))))
    scores = np.zeros(len(texts))
    if not asked or not texts:
        return scores
    bags = [Counter(content_terms(split_words(text)[:limit])) for text in texts]
    sizes = [bag.total() for bag in bags]
    average = max(sum(sizes) / len(sizes), 1.0)
    holding = {term: sum(term in bag for bag in bags) for term in asked}
    rarity = {term: math.log1p((len(bags) + 0.5) / (holding[term] + 0.5)) for term in asked}
    best = sum(rarity.values())
    for place, (bag, size) in enumerate(zip(bags, sizes, strict=True)):
        length = K1 * (1 - B + B * size / average)
        for term in asked:
            count = bag[term]
            if count:
                # BM25's term weight grows to K1 + 1; without that factor it grows to 1.
                scores[place] += rarity[term] * (1 + count / (count + length)) / 2
    return scores / best
