"""The models that the local engine offers, under the service's names, and what they accept.

Every description says that the model is an approximation computed on this machine, and by what.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ..http import bad_request, not_found
from .embedder import chosen_name

__all__ = ["MODELS", "ModelSpec", "Parameter", "check_parameters", "find_model", "list_models"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One entry that a model accepts in ``parameters``.

    Attributes:
        name: The key.
        value_type: ``string``, ``integer`` or ``boolean``.
        allowed: The values accepted; empty means any of the type.
        bounds: The smallest and the largest number accepted, or None.
        default: What counts when the key is absent; None when it is required.
        required: Whether the key must be given.
    """

    name: str
    value_type: Literal["string", "integer", "boolean"]
    allowed: tuple[str | int, ...] = ()
    bounds: tuple[int, int] | None = None
    default: str | int | bool | None = None
    required: bool = False

    def as_wire(self) -> dict[str, Any]:
        """Describe the parameter as the API does."""
        kind = "one_of" if self.allowed else "numeric_range" if self.bounds else "any"
        shown: dict[str, Any] = {
            "parameter": self.name,
            "type": kind,
            "value_type": self.value_type,
            "required": self.required,
        }
        if self.allowed:
            shown["allowed_values"] = list(self.allowed)
        if self.bounds:
            shown["min"], shown["max"] = self.bounds
        if self.default is not None:
            shown["default"] = self.default
        return shown

    def check(self, value: Any) -> Any:
        """Return the value if it fits.

        Raises:
            ApiFault: 400 when it does not.
        """
        # The exact type: a bool is an int to Python.
        found = type(value).__name__
        if found != {"string": "str", "integer": "int", "boolean": "bool"}[self.value_type]:
            raise bad_request(f"The parameter {self.name!r} must be of type {self.value_type}, got {found}.")
        if self.allowed and value not in self.allowed:
            choices = ", ".join(str(choice) for choice in self.allowed)
            raise bad_request(f"The parameter {self.name!r} must be one of {choices}, got {value!r}.")
        if self.bounds:
            least, most = self.bounds
            if not least <= value <= most:
                raise bad_request(f"The parameter {self.name!r} must be from {least} to {most}, got {value}.")
        return value


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """One model: its limits as at the service, its computation local.

    Attributes:
        name: The service's name of the model.
        kind: ``embed`` or ``rerank``.
        max_tokens: Tokens of one text (for rerank: of query and document together) that count.
        max_batch: Texts or documents a request.
        parameters: What ``parameters`` may hold.
        vector_type: ``dense`` or ``sparse``; None for rerank.
        dimension: The default dimension of a dense model.
        dimensions: Every dimension a dense model offers.
        metrics: The metrics the model's vectors are meant for.
        max_rank_fields: How many fields of a document a rerank model reads; None is any number.
    """

    name: str
    kind: Literal["embed", "rerank"]
    max_tokens: int
    max_batch: int
    parameters: tuple[Parameter, ...]
    vector_type: Literal["dense", "sparse"] | None = None
    dimension: int | None = None
    dimensions: tuple[int, ...] = ()
    metrics: tuple[str, ...] = ()
    max_rank_fields: int | None = None

    @property
    def description(self) -> str:
        """What computes this model here, in a sentence or two."""
        return (
            f"A local approximation of {self.name} by pinecone-local, not the hosted model: {self._means()}"
        )

    def _means(self) -> str:
        words_only = chosen_name() == "lexical"
        if self.vector_type == "sparse":
            return "stemmed words with BM25 term weights, no learned weights and no statistics of a corpus."
        if self.vector_type == "dense":
            if words_only:
                return (
                    "words and their pieces, hashed. It matches spelling, not meaning; install "
                    "'pinecone-local[embedder]' for word vectors."
                )
            return (
                "averaged 256-dimensional wordllama word vectors, rotated to the model's dimension; English."
            )
        vectors = "hashed words" if words_only else "wordllama word vectors"
        return f"the similarity of {vectors} blended with BM25 word overlap among the documents."

    def as_wire(self) -> dict[str, Any]:
        """Describe the model as the API's ``ModelInfo`` does."""
        shown: dict[str, Any] = {
            "model": self.name,
            "short_description": self.description,
            "type": self.kind,
            "modality": "text",
            "max_sequence_length": self.max_tokens,
            "max_batch_size": self.max_batch,
            "provider_name": "pinecone-local",
            "supported_parameters": [parameter.as_wire() for parameter in self.parameters],
        }
        if self.vector_type is not None:
            shown["vector_type"] = self.vector_type
            shown["supported_metrics"] = list(self.metrics)
        if self.dimension is not None:
            shown["default_dimension"] = self.dimension
            shown["supported_dimensions"] = list(self.dimensions)
        return shown


def _truncate(default: str, *values: str) -> Parameter:
    return Parameter("truncate", "string", allowed=values, default=default)


_INPUT_TYPE = Parameter("input_type", "string", allowed=("query", "passage"), required=True)
_LLAMA_DIMENSIONS = (384, 512, 768, 1024, 2048)

MODELS: dict[str, ModelSpec] = {
    spec.name: spec
    for spec in (
        ModelSpec(
            "llama-text-embed-v2",
            "embed",
            max_tokens=2048,
            max_batch=96,
            vector_type="dense",
            dimension=1024,
            dimensions=_LLAMA_DIMENSIONS,
            metrics=("cosine", "dotproduct"),
            parameters=(
                _INPUT_TYPE,
                _truncate("END", "END", "NONE", "START"),
                Parameter("dimension", "integer", allowed=_LLAMA_DIMENSIONS, default=1024),
            ),
        ),
        ModelSpec(
            "multilingual-e5-large",
            "embed",
            max_tokens=507,
            max_batch=96,
            vector_type="dense",
            dimension=1024,
            dimensions=(1024,),
            metrics=("cosine", "euclidean"),
            parameters=(_INPUT_TYPE, _truncate("END", "END", "NONE")),
        ),
        ModelSpec(
            "pinecone-sparse-english-v0",
            "embed",
            max_tokens=512,
            max_batch=96,
            vector_type="sparse",
            metrics=("dotproduct",),
            parameters=(
                _INPUT_TYPE,
                _truncate("END", "END", "NONE"),
                Parameter("return_tokens", "boolean", default=False),
                Parameter("max_tokens_per_sequence", "integer", allowed=(512, 2048), default=512),
            ),
        ),
        ModelSpec(
            "bge-reranker-v2-m3",
            "rerank",
            max_tokens=1024,
            max_batch=100,
            max_rank_fields=1,
            parameters=(_truncate("NONE", "END", "NONE"),),
        ),
        ModelSpec(
            "pinecone-rerank-v0",
            "rerank",
            max_tokens=512,
            max_batch=100,
            max_rank_fields=1,
            parameters=(_truncate("END", "END", "NONE"),),
        ),
        ModelSpec(
            "cohere-rerank-3.5",
            "rerank",
            max_tokens=40000,
            max_batch=200,
            parameters=(Parameter("max_chunks_per_doc", "integer", bounds=(1, 3072), default=3072),),
        ),
    )
}


def find_model(name: str, kind: Literal["embed", "rerank"] | None = None) -> ModelSpec:
    """Return the model of this name.

    Args:
        name: Such as ``multilingual-e5-large``.
        kind: What the model is needed for, or None when it does not matter.

    Raises:
        ApiFault: 404 when there is no such model, 400 when it is of the other kind.
    """
    spec = MODELS.get(name)
    if spec is None:
        offered = ", ".join(known.name for known in list_models(kind))
        raise not_found(f"Model {name!r} not found. The local engine offers: {offered}.")
    if kind is not None and spec.kind != kind:
        offered = ", ".join(known.name for known in list_models(kind))
        raise bad_request(f"Model {name!r} is not for {kind}. Use one of: {offered}.")
    return spec


def list_models(
    kind: Literal["embed", "rerank"] | None = None, vector_type: Literal["dense", "sparse"] | None = None
) -> list[ModelSpec]:
    """Return the models, filtered by kind and by the vectors they give when these are named."""
    return [
        spec
        for spec in MODELS.values()
        if kind in (None, spec.kind) and vector_type in (None, spec.vector_type)
    ]


def check_parameters(spec: ModelSpec, given: Mapping[str, Any]) -> dict[str, Any]:
    """Check what a request gives in ``parameters`` and fill in the defaults.

    Args:
        spec: The model.
        given: The request's ``parameters``; a key that is null counts as absent.

    Returns:
        Every parameter of the model with its value.

    Raises:
        ApiFault: 400 for an unknown key, a missing required one, or a value that does not fit.
    """
    known = {parameter.name: parameter for parameter in spec.parameters}
    for name in given:
        if name not in known:
            raise bad_request(
                f"The model {spec.name} has no parameter {name!r}. It accepts: {', '.join(known)}."
            )
    checked: dict[str, Any] = {}
    for name, parameter in known.items():
        value = given.get(name)
        if value is not None:
            checked[name] = parameter.check(value)
        elif parameter.required:
            choices = " or ".join(repr(choice) for choice in parameter.allowed)
            raise bad_request(f"The model {spec.name} needs parameters.{name}: set it to {choices}.")
        else:
            checked[name] = parameter.default
    return checked
