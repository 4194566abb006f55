# Made from ../_async/inference.py by tools/make_sync.py; do not edit.
"""The client of the hosted models: embed, rerank, and what models there are."""

from __future__ import annotations

from dataclasses import fields
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from pinecone_core._sync.client import Client
from pinecone_core._sync.concurrency import run_bounded
from pinecone_core.config import PineconeConfig
from pinecone_core.errors import PineconeError, PineconeValueError
from pinecone_core.hosts import path
from pinecone_core.model_names import EmbedModel as EmbedModels
from pinecone_core.model_names import RerankModel as RerankModels
from pinecone_core.operation import Operation

from .._protocol.requests import embed_body, embed_inputs, model_name, models_query, rerank_body
from ..models.embed import EmbeddingsList
from ..models.model_info import ModelInfo, ModelInfoList
from ..models.rerank import RerankResult

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["Inference", "ModelResource"]

# What every hosted embedding model takes in one request; only longer lists need to ask for more.
_LIMIT = 96
_AT_ONCE = 4
_RANK_FIELDS = ("text",)


class Inference(Client):
    """The hosted models: turn texts into vectors, put documents into order. Making one does no I/O.

    Args:
        config: A whole configuration, or an API key.
        api_key: The key; falls back to ``PINECONE_API_KEY``.
        settings: What every client takes: ``host``, ``timeout``, ``retry_config``, ``additional_headers``,
            ``proxy_url``, ``ssl_ca_certs``, ``transport`` and so on; they win over ``config``.

    Raises:
        PineconeValueError: There is no key, or an argument cannot be used.

    Example:
        >>> Inference(api_key="key").EmbedModel.Multilingual_E5_Large.value
        'multilingual-e5-large'
    """

    EmbedModel: ClassVar[type[EmbedModels]] = EmbedModels
    RerankModel: ClassVar[type[RerankModels]] = RerankModels

    def __init__(
        self, config: PineconeConfig | str | None = None, *, api_key: str | None = None, **settings: Any
    ) -> None:
        key = config if isinstance(config, str) else None
        if isinstance(config, PineconeConfig):
            given = {field.name: getattr(config, field.name) for field in fields(config)}
            key = given.pop("api_key")
            settings = given | settings
        super().__init__(api_key or key, **settings)

    @cached_property
    def _described(self) -> dict[str, ModelInfo]:
        return {}

    @cached_property
    def _listed(self) -> dict[tuple[Any, Any], ModelInfoList]:
        return {}

    @cached_property
    def model(self) -> ModelResource:
        """What models there are."""
        return ModelResource(self)

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"

    def embed(
        self,
        model: EmbedModels | str,
        inputs: str | Iterable[str] | Iterable[Mapping[str, Any]],
        parameters: Mapping[str, Any] | None = None,
        *,
        timeout: float | None = None,
    ) -> EmbeddingsList:
        """Turn texts into vectors. A list longer than the model takes at once is split and put together.

        Args:
            model: The model's name, or a member of ``EmbedModel``.
            inputs: One text, several, or dicts with ``text``.
            parameters: What the model accepts, such as ``{"input_type": "passage", "truncate": "END"}``.
            timeout: Seconds for each request with all its tries; None for the client's.

        Returns:
            One vector a text, in order, and the tokens that were counted.

        Raises:
            PineconeTypeError: An input is neither a string nor a dict; ``path`` says which.
            PineconeValueError: There is no input, or no model.
            PineconeError: A part of a long list failed, and no further part was begun; ``response`` holds
                the parts that were embedded, in order, and None for the others.

        Example:
            >>> inference.embed(  # doctest: +SKIP
            ...     "multilingual-e5-large", "hello", {"input_type": "query"}
            ... )

        Wire: ``POST /embed``
        """
        name = model_name(model)
        texts = embed_inputs(inputs)
        if len(texts) <= _LIMIT:
            return self._embed(embed_body(name, texts, parameters), timeout)
        limit = self.get_model(model=name).max_batch_size or _LIMIT
        bodies = [
            embed_body(name, texts[start : start + limit], parameters)
            for start in range(0, len(texts), limit)
        ]

        failures: list[PineconeError] = []

        def embed_part(body: dict[str, Any]) -> EmbeddingsList | None:
            if failures:
                return None
            try:
                return self._embed(body, timeout)
            except PineconeError as error:
                failures.append(error)
                return None

        parts = run_bounded(embed_part, bodies, limit=_AT_ONCE)
        if failures:
            failures[0].response = parts
            raise failures[0]
        return EmbeddingsList.joined([part for part in parts if part is not None])

    def _embed(self, body: dict[str, Any], timeout: float | None) -> EmbeddingsList:
        return self._executor.send(
            Operation("embed", "POST", "/embed", EmbeddingsList, body, repeat_safe=True), timeout=timeout
        )

    def rerank(
        self,
        model: RerankModels | str,
        query: str,
        documents: Sequence[str] | Sequence[Mapping[str, Any]],
        rank_fields: Sequence[str] = _RANK_FIELDS,
        return_documents: bool = True,
        top_n: int | None = None,
        parameters: Mapping[str, Any] | None = None,
        *,
        timeout: float | None = None,
    ) -> RerankResult:
        """Put documents into order by how well they answer a query.

        Args:
            model: The model's name, or a member of ``RerankModel``.
            query: The question.
            documents: Texts, or dicts with the fields to rank by.
            rank_fields: The fields to read.
            return_documents: Whether to return the documents too.
            top_n: How many to return; None for all.
            parameters: What the model accepts.
            timeout: Seconds for the whole call; None for the client's.

        Returns:
            The documents' positions and scores, most relevant first.

        Raises:
            PineconeTypeError: A document is neither a string nor a dict; ``path`` says which.
            PineconeValueError: There is no query or no document.

        Example:
            >>> inference.rerank(  # doctest: +SKIP
            ...     "bge-reranker-v2-m3", "which is tall?", ["a tree", "a rug"]
            ... )

        Wire: ``POST /rerank``
        """
        body = rerank_body(
            model=model,
            query=query,
            documents=documents,
            rank_fields=rank_fields,
            return_documents=return_documents,
            top_n=top_n,
            parameters=parameters,
        )
        return self._executor.send(
            Operation("rerank", "POST", "/rerank", RerankResult, body, repeat_safe=True), timeout=timeout
        )

    def list_models(
        self,
        *,
        type: str | None = None,
        vector_type: str | None = None,
        refresh: bool = False,
        timeout: float | None = None,
    ) -> ModelInfoList:
        """List the hosted models. The service is asked once; after that, what it said is returned.

        Args:
            type: ``embed`` or ``rerank``; None for both.
            vector_type: ``dense`` or ``sparse``, of embedding models; None for both.
            refresh: Whether to ask again.
            timeout: Seconds for the whole call; None for the client's.

        Returns:
            The models.

        Example:
            >>> inference.list_models(type="embed").names()  # doctest: +SKIP

        Wire: ``GET /models``
        """
        query = models_query(type, vector_type)
        asked = (query["type"], query["vector_type"])
        found = None if refresh else self._listed.get(asked)
        if found is None:
            found = self._listed[asked] = self._executor.send(
                Operation("list_models", "GET", "/models", ModelInfoList, query=query), timeout=timeout
            )
            self._described.update({info.model: info for info in found})
        return found

    def get_model(
        self,
        *,
        model: str | None = None,
        refresh: bool = False,
        timeout: float | None = None,
        **kwargs: str,
    ) -> ModelInfo:
        """Describe a hosted model. The service is asked once; after that, what it said is returned.

        Args:
            model: Its name.
            refresh: Whether to ask again.
            timeout: Seconds for the whole call; None for the client's.
            kwargs: ``model_name``, an older name of ``model``.

        Returns:
            What it is, what it takes and what it gives.

        Raises:
            NotFoundError: There is no such model.

        Example:
            >>> info = inference.get_model(model="multilingual-e5-large")  # doctest: +SKIP

        Wire: ``GET /models/{model_name}``
        """
        legacy = kwargs.pop("model_name", None)
        if kwargs:
            raise TypeError(f"get_model() got unexpected keyword arguments: {sorted(kwargs)}")
        if model is not None and legacy is not None:
            raise PineconeValueError("Provide either model= or model_name=, not both")
        name = model_name(legacy if model is None else model)
        found = None if refresh else self._described.get(name)
        if found is None:
            where = path("/models/{}", name)
            found = self._described[name] = self._executor.send(
                Operation("get_model", "GET", where, ModelInfo), timeout=timeout
            )
        return found


class ModelResource:
    """What models there are.

    Args:
        inference: The client to ask with.
    """

    def __init__(self, inference: Inference) -> None:
        self._inference = inference

    def list(self, *, type: str | None = None, vector_type: str | None = None) -> ModelInfoList:
        """List the hosted models; see ``Inference.list_models``. Wire: ``GET /models``."""
        return self._inference.list_models(type=type, vector_type=vector_type)

    def get(self, model: str | None = None, **kwargs: Any) -> ModelInfo:
        """Describe a hosted model; see ``Inference.get_model``. Wire: ``GET /models/{model_name}``."""
        return self._inference.get_model(model=model, **kwargs)
