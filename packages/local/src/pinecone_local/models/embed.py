"""Texts to vectors, by model name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from ..http import bad_request
from .catalog import ModelSpec, check_parameters, find_model
from .embedder import get_embedder
from .sparse import SparseVector, encode_sparse

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["DenseEmbeddings", "SparseEmbeddings", "embed_texts"]


@dataclass(frozen=True, slots=True)
class DenseEmbeddings:
    """What a dense model gives.

    Attributes:
        model: The model's name.
        values: One unit row a text, float32, shape ``(n, dimension)``.
        total_tokens: Tokens that counted, over all texts.
    """

    model: str
    values: NDArray[np.float32]
    total_tokens: int


@dataclass(frozen=True, slots=True)
class SparseEmbeddings:
    """What a sparse model gives.

    Attributes:
        model: The model's name.
        vectors: One vector a text.
        total_tokens: Words that counted, over all texts.
        with_tokens: Whether the caller asked for the tokens behind the indices.
    """

    model: str
    vectors: list[SparseVector]
    total_tokens: int
    with_tokens: bool


def embed_texts(
    model: str,
    texts: Sequence[str],
    *,
    input_type: Literal["query", "passage"] | None = None,
    dimension: int | None = None,
    parameters: Mapping[str, Any] | None = None,
) -> DenseEmbeddings | SparseEmbeddings:
    """Embed texts with one of the local models.

    The dense models treat queries and passages alike; the sparse one weighs them differently. A blank
    text has a dense vector (always the same) and an empty sparse one. Tokens are those of the word
    vectors' tokenizer for dense models where it is installed, words otherwise.

    Args:
        model: The service's name of an embedding model, such as ``multilingual-e5-large``.
        texts: Any number of texts. The API's limit a request is the caller's to check.
        input_type: ``query`` or ``passage``; wins over the one in ``parameters``.
        dimension: Values a vector, one of the model's dimensions; wins over the one in ``parameters``.
        parameters: The API's ``parameters`` object, checked against what the model accepts.

    Returns:
        ``DenseEmbeddings`` or ``SparseEmbeddings``, one vector a text, in order.

    Raises:
        ApiFault: 404 for an unknown model; 400 for a rerank model, a parameter that does not fit, or
            a text longer than the model reads when ``truncate`` is ``NONE``.

    Example:
        >>> found = embed_texts("multilingual-e5-large", ["a cat"], input_type="query")
        >>> found.values.shape
        (1, 1024)
    """
    spec = find_model(model, "embed")
    given = dict(parameters or {})
    if input_type is not None:
        given["input_type"] = input_type
    if dimension is not None and not (dimension == spec.dimension and len(spec.dimensions) == 1):
        given["dimension"] = dimension
    checked = check_parameters(spec, given)
    if spec.vector_type == "sparse":
        return _sparse(spec, texts, checked)
    return _dense(spec, texts, checked)


def _dense(spec: ModelSpec, texts: Sequence[str], given: dict[str, Any]) -> DenseEmbeddings:
    encoded = get_embedder().encode(
        texts,
        dimension=given.get("dimension") or spec.dimension or 1024,
        limit=spec.max_tokens,
        keep="end" if given["truncate"] == "START" else "start",
    )
    _refuse_long(encoded.counts, spec.max_tokens, given["truncate"], spec.name)
    return DenseEmbeddings(
        spec.name, encoded.vectors, sum(min(count, spec.max_tokens) for count in encoded.counts)
    )


def _sparse(spec: ModelSpec, texts: Sequence[str], given: dict[str, Any]) -> SparseEmbeddings:
    limit = given["max_tokens_per_sequence"]
    found = [encode_sparse(text, given["input_type"], limit) for text in texts]
    counts = [count for _, count in found]
    _refuse_long(counts, limit, given["truncate"], spec.name)
    total = sum(min(count, limit) for count in counts)
    return SparseEmbeddings(spec.name, [vector for vector, _ in found], total, given["return_tokens"])


def _refuse_long(counts: list[int], limit: int, truncate: str, model: str) -> None:
    if truncate != "NONE":
        return
    for position, count in enumerate(counts):
        if count > limit:
            raise bad_request(
                f"inputs[{position}] has more tokens ({count}) than {model} reads ({limit}). "
                "Shorten it, or set parameters.truncate to 'END'."
            )
