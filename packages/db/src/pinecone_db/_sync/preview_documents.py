# Made from ../_async/preview_documents.py by tools/make_sync.py; do not edit.
"""Documents of an index with a schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pinecone_core._sync.bulk import run_bulk
from pinecone_core._sync.executor import Executor
from pinecone_core.config import DEFAULT_HOST
from pinecone_core.hosts import validate_host
from pinecone_core.operation import Operation
from pinecone_core.progress import ProgressBar

from .._protocol.preview import (
    PREVIEW_VERSION,
    bulk_options,
    delete_body,
    document_bytes,
    documents_path,
    fetch_body,
    search_body,
    upsert_body,
)
from .._protocol.preview_bulk import OVERHEAD, batch_result, bulk_body
from ..models.preview.documents import (
    PreviewDocumentFetchResponse,
    PreviewDocumentSearchResponse,
    PreviewDocumentUpsertResponse,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from typing_extensions import Self

    from pinecone_core.batching import Batch, Progress
    from pinecone_core.config import PineconeConfig
    from pinecone_core.filters import Condition

    from ..models.batch import BatchResult
    from ..models.preview.documents import PreviewScoreByQuery

__all__ = ["PreviewDocuments"]


class PreviewDocuments:
    """The documents of an index with a schema; reached by ``index.documents``.

    Args:
        config: The client's configuration.
        host: Where the index is.
        _host_provider: Finds the host when it is not given.
    """

    def __init__(
        self,
        *,
        config: PineconeConfig,
        host: str | None = None,
        _host_provider: Callable[[], str] | None = None,
    ) -> None:
        where = None if host is None else validate_host(host)
        self._executor = Executor(config, where or config.host or DEFAULT_HOST)
        self._find = _host_provider
        self._host = where

    @classmethod
    def over(cls, executor: Executor, find: Callable[[], str]) -> Self:
        """Return one that shares an index handle's settings and connections.

        Args:
            executor: What sends the operations.
            find: Finds out where the index is.
        """
        self = cls.__new__(cls)
        self._executor = executor
        self._find = find
        self._host = None
        return self

    def _where(self) -> str:
        if self._host is not None or self._find is None:
            return self._host or self._executor.base_url
        return self._find()

    def upsert(
        self, *, namespace: str, documents: Sequence[Mapping[str, Any]]
    ) -> PreviewDocumentUpsertResponse:
        """Write documents, replacing those that have the same id.

        Args:
            namespace: The namespace.
            documents: 1 to 1000 dicts, each with a string ``_id`` of its own, and the fields.

        Returns:
            How many were written.

        Raises:
            PineconeValueError: An id is missing or comes twice; nothing was sent.

        Example:
            >>> documents = [{"_id": "1", "body": "A film by Kurosawa."}]
            >>> index.documents.upsert(namespace="n", documents=documents).upserted_count
            1

        Wire: ``POST /namespaces/{namespace}/documents/upsert``
        """
        where = documents_path(namespace, "upsert")
        body = upsert_body(documents)
        return self._send_upsert(self._executor.at(self._where()), where, body)

    def batch_upsert(
        self,
        *,
        namespace: str,
        documents: Iterable[Mapping[str, Any]],
        batch_size: int = 50,
        max_concurrency: int | None = None,
        show_progress: bool = True,
        total_timeout: float | None = None,
        on_progress: Callable[[Progress], None] | None = None,
        **kwargs: Any,
    ) -> BatchResult:
        """Write any number of documents, several batches at a time. Failed batches do not stop others.

        Args:
            namespace: The namespace.
            documents: Dicts, each with a string ``_id`` of its own. They are read as they are needed.
            batch_size: Documents in a request, 1 to 1000; fewer where they are large.
            max_concurrency: Requests at a time, 1 to 64; None for 4.
            show_progress: Whether to show a progress bar on a terminal.
            total_timeout: Seconds for everything; None for no limit.
            on_progress: Called after every batch with how far it has come.
            kwargs: ``max_workers``, an older name of ``max_concurrency``.

        Returns:
            Counts, and the documents and errors of failed batches.

        Raises:
            PineconeValueError: An argument cannot be used, or a document has no id; ``response`` says what
                was written before.

        Example:
            >>> result = index.documents.batch_upsert(
            ...     namespace="articles", documents=({"_id": str(n)} for n in range(200))
            ... )
            >>> result.total_batch_count
            4

        Wire: ``POST /namespaces/{namespace}/documents/upsert``, repeatedly
        """
        size, concurrency = bulk_options(batch_size, max_concurrency, kwargs)
        where = documents_path(namespace, "upsert")

        there = self._executor.at(self._where())
        executor = there.watched_by(there.pace)  # what is put off and repeated slows the others too

        def send(batch: Batch[Mapping[str, Any]]) -> PreviewDocumentUpsertResponse:
            return self._send_upsert(executor, where, bulk_body(batch))

        bar = ProgressBar(None if show_progress else False, then=on_progress)
        try:
            outcome = run_bulk(
                documents,
                encode=document_bytes,
                send=send,
                clock=self._executor.clock,
                max_items=size,
                overhead=OVERHEAD,
                max_concurrency=concurrency,
                total_timeout=total_timeout,
                on_progress=bar,
                pace=there.pace,
            )
        finally:
            bar.close()
        return batch_result(outcome)

    def _send_upsert(self, executor: Executor, where: str, body: Any) -> PreviewDocumentUpsertResponse:
        return executor.send(
            Operation(
                "upsert_documents",
                "POST",
                where,
                PreviewDocumentUpsertResponse,
                body,
                repeat_safe=True,
                api_version=PREVIEW_VERSION,
            )
        )

    def search(
        self,
        *,
        namespace: str,
        top_k: int,
        score_by: Sequence[Mapping[str, Any] | PreviewScoreByQuery],
        include_fields: Sequence[str] | None = None,
        filter: Mapping[str, Any] | Condition | None = None,
    ) -> PreviewDocumentSearchResponse:
        """Find the documents that score best.

        Args:
            namespace: The namespace.
            top_k: How many documents, 1 to 10000.
            score_by: By what they are scored: ``PreviewTextQuery``, ``PreviewDenseVectorQuery`` and
                others, or dicts in the service's notation.
            include_fields: Fields to answer with; None and ``["*"]`` for all, ``[]`` for none.
            filter: Which documents count, as a dict or as an expression of ``Field``.

        Returns:
            The documents with their scores, best first.

        Raises:
            PineconeValueError: An argument cannot be used; nothing was sent.

        Example:
            >>> found = index.documents.search(
            ...     namespace="articles",
            ...     top_k=3,
            ...     score_by=[PreviewTextQuery(query="machine learning", fields=["body"])],
            ... )
            >>> [(document.id, document.score) for document in found.matches]
            [('1', 0.5)]

        Wire: ``POST /namespaces/{namespace}/documents/search``
        """
        where = documents_path(namespace, "search")
        body = search_body(top_k, score_by, include_fields, filter)
        return self._executor.send(
            Operation(
                "search_documents",
                "POST",
                where,
                PreviewDocumentSearchResponse,
                body,
                repeat_safe=True,
                api_version=PREVIEW_VERSION,
                base_url=self._where(),
            )
        )

    def fetch(
        self,
        *,
        namespace: str,
        ids: Sequence[str] | None = None,
        include_fields: Sequence[str] | None = None,
    ) -> PreviewDocumentFetchResponse:
        """Read documents by id.

        Args:
            namespace: The namespace.
            ids: Their ids; those that do not exist are left out of the answer.
            include_fields: Fields to answer with; None for all.

        Returns:
            The documents, by id.

        Raises:
            PineconeValueError: No id was given; nothing was sent.

        Example:
            >>> index.documents.fetch(namespace="articles", ids=["1"]).documents["1"].title
            'Ran'

        Wire: ``POST /namespaces/{namespace}/documents/fetch``
        """
        where = documents_path(namespace, "fetch")
        body = fetch_body(ids, include_fields)
        return self._executor.send(
            Operation(
                "fetch_documents",
                "POST",
                where,
                PreviewDocumentFetchResponse,
                body,
                repeat_safe=True,
                api_version=PREVIEW_VERSION,
                base_url=self._where(),
            )
        )

    def delete(self, *, namespace: str, ids: Sequence[str] | None = None, delete_all: bool = False) -> None:
        """Delete documents by id, or all of a namespace.

        Args:
            namespace: The namespace.
            ids: Their ids.
            delete_all: True to delete every document of the namespace.

        Raises:
            PineconeValueError: Not exactly one of the two was given; nothing was sent.

        Example:
            >>> index.documents.delete(namespace="articles", ids=["1"])

        Wire: ``POST /namespaces/{namespace}/documents/delete``
        """
        where = documents_path(namespace, "delete")
        body = delete_body(ids, delete_all)
        self._executor.send(
            Operation(
                "delete_documents",
                "POST",
                where,
                body=body,
                repeat_safe=True,
                api_version=PREVIEW_VERSION,
                base_url=self._where(),
            )
        )

    def close(self) -> None:
        """Refuse further calls. May be called twice."""
        self._executor.close()

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"
