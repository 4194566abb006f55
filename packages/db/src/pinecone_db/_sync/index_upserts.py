# Made from ../_async/index_upserts.py by tools/make_sync.py; do not edit.
"""Storing vectors: one request, batches, data frames."""

from __future__ import annotations

import pinecone_core as core
import pinecone_db as db
from pinecone_core.checks import between, positive_integer, seconds

from .. import _protocol as protocol

TYPE_CHECKING: bool = False
if TYPE_CHECKING:
    from collections.abc import (
        Callable,
        Generator,
        Iterable,
        Mapping,
        Sequence,
    )
    from pathlib import Path
    from typing import Any

    from pinecone_core._sync.executor import Executor
    from pinecone_core.batching import Batch, Outcome, Progress
    from pinecone_core.drafts import Draft
    from pinecone_core.operation import Encoded

    from .._protocol.bulk import Watermark
    from ..models.responses import UpsertResponse
    from ..models.vector import Vector
    from .later import Later

    VectorLike = (
        Vector
        | tuple[str, Sequence[float]]
        | tuple[str, Sequence[float], Mapping[str, Any] | None]
        | Mapping[str, Any]
    )

__all__ = ["Upserts"]


class Upserts:
    """What an index handle stores."""

    _executor: Executor
    if TYPE_CHECKING:

        @property
        def _later(self) -> Later: ...

    def upsert(
        self,
        *,
        vectors: Iterable[
            Vector
            | tuple[str, Sequence[float]]
            | tuple[str, Sequence[float], Mapping[str, Any]]
            | Mapping[str, Any]
        ]
        | Iterable[Any],
        namespace: str = "",
        batch_size: int | None = None,
        show_progress: bool = True,
        max_concurrency: int = 4,
        timeout: float | None = None,
        total_timeout: float | None = None,
        checkpoint: str | Path | None = None,
        on_progress: Callable[[Progress], None] | None = None,
        async_req: bool = False,
    ) -> UpsertResponse:
        """Store vectors, replacing those with the same ids.

        A list that fits into one request is sent as one, and a failure is raised. With ``batch_size``,
        and for an iterator, vectors are sent in batches of at most that many and 2 MB, some at a time;
        a batch that fails does not stop the others and is reported. An iterator is read only as fast as
        it is sent.

        Args:
            vectors: Each a ``Vector``, a tuple ``(id, values)`` or ``(id, values, metadata)``, or a dict
                with ``id``, ``values``, ``sparse_values`` and ``metadata``. Values may be anything
                vector-like: lists, arrays, numpy, columns of data frames.
            namespace: Where they go.
            batch_size: Vectors in a request, or None.
            show_progress: Whether to show a progress bar on a terminal, when there are batches.
            max_concurrency: Requests at a time, 1 to 64.
            timeout: Seconds for each request with all its tries; None for the client's.
            total_timeout: Seconds after which no further batch is begun; None for no limit.
            checkpoint: A file that keeps how far it has come. After a crash the same call, with the
                vectors in the same order, goes on where it stopped. Remove it to begin anew.
            on_progress: Called after every batch with how far it has come.
            async_req: Synchronous only: return at once, with a result to ``get()`` later.

        Returns:
            How many were stored and, of batches, what failed.

        Raises:
            PineconeTypeError: A vector has a part of a wrong type; ``path`` says which.
            PineconeValueError: A vector has a part that cannot be used; likewise. ``response`` holds what
                was stored of an iterator before it.
            ApiError: The service refused the one request, or one of those that a list was too large for.

        Example:
            >>> index.upsert(vectors=[("a", [0.1, 0.2], {"genre": "drama"})])  # doctest: +SKIP
            UpsertResponse(upserted_count=1)

        Wire: ``POST /vectors/upsert``
        """
        if async_req:
            if batch_size is not None:
                raise core.errors.PineconeValueError(
                    "async_req is not supported when batch_size is provided."
                )
            return self._later.run(  # type: ignore[no-any-return]
                self.upsert,
                vectors=vectors,
                namespace=namespace,
                show_progress=show_progress,
                max_concurrency=max_concurrency,
                timeout=timeout,
                total_timeout=total_timeout,
                checkpoint=checkpoint,
                on_progress=on_progress,
            )
        size = None if batch_size is None else positive_integer("batch_size", batch_size)
        name = protocol.queries.text("namespace", namespace)
        limit = None if total_timeout is None else seconds("total_timeout", total_timeout)
        pieces, body = (
            protocol.vectors.one_request(vectors, name) if size is None and checkpoint is None else ([], None)
        )
        if body is not None:
            answer = self._upsert(self._executor, body, timeout)
            if on_progress is not None:
                from pinecone_core.batching import Progress

                on_progress(Progress(len(pieces), 0, 1, len(pieces)))
            return answer
        protocol.vectors.check_forms(vectors)
        from pinecone_core.progress import ProgressBar

        bar = ProgressBar(None if show_progress else False, then=on_progress)
        try:
            outcome = self._upsert_all(
                vectors,
                name,
                max_items=size or protocol.vectors.MAX_VECTORS,
                max_concurrency=between("max_concurrency", max_concurrency, 1, 64),
                timeout=timeout,
                total_timeout=limit,
                checkpoint=None if checkpoint is None else _path(checkpoint),
                on_progress=bar,
                encoded=pieces,
            )
        finally:
            bar.close()
        response = protocol.bulk.upsert_response(outcome)
        if response.errors and size is None and isinstance(vectors, list | tuple):
            # Who sends one list expects one answer: a part that failed is raised, not only reported.
            error = response.errors[0].error
            error.response = response  # type: ignore[attr-defined]
            raise error
        return response

    def _upsert(self, executor: Executor, body: Encoded, timeout: float | None) -> UpsertResponse:
        return executor.send(
            core.operation.Operation(
                "upsert", "POST", "/vectors/upsert", db.UpsertResponse, body, repeat_safe=True
            ),
            timeout=timeout,
        )

    def _upsert_all(
        self,
        vectors: Iterable[Any],
        namespace: str,
        *,
        max_items: int,
        max_concurrency: int,
        timeout: float | None,
        total_timeout: float | None,
        checkpoint: Path | None,
        on_progress: Callable[[Progress], None],
        encoded: list[bytes | Draft],
    ) -> Outcome[Any, UpsertResponse]:
        from pinecone_core._sync.bulk import run_bulk
        from pinecone_core._sync.concurrency import Lock, run_blocking
        from pinecone_core.batching import Outcome

        pace = self._executor.pace
        executor = self._executor.watched_by(pace)  # what is put off and repeated slows the others too
        mark = self._mark(checkpoint, namespace)
        before = mark.stored
        marking = Lock()

        def send(batch: Batch[Any]) -> UpsertResponse:
            answer = self._upsert(executor, protocol.vectors.upsert_body(batch.data, namespace), timeout)
            if checkpoint is not None:
                with marking:
                    known = mark.stored
                    last = protocol.vectors.id_of(batch.pieces[-1].item)
                    if mark.add(before + batch.position, len(batch.pieces), last) > known:
                        run_blocking(self._keep, checkpoint, namespace, mark)
            return answer

        def encode(item: Any, place: int) -> bytes | Draft:
            # What was encoded to see whether it fits into one request is not encoded again.
            return (
                encoded[place]
                if place < len(encoded)
                else protocol.vectors.vector_draft(item, before + place)
            )

        try:
            return run_bulk(
                _after(vectors, before, mark.last, checkpoint),
                encode=encode,
                send=send,
                clock=self._executor.clock,
                max_items=max_items,
                overhead=protocol.vectors.overhead(namespace),
                max_concurrency=max_concurrency,
                total_timeout=total_timeout,
                on_progress=lambda progress: on_progress(protocol.bulk.shifted(progress, before)),
                pace=pace,
            )
        except core.errors.PineconeError as error:
            if isinstance(error.response, Outcome):
                error.response = protocol.bulk.upsert_response(error.response)
            raise

    def _mark(self, path: Path | None, namespace: str) -> Watermark:
        if path is None:
            return protocol.bulk.Watermark()
        if not path.exists():
            # A place that cannot be written shows before anything is sent.
            self._keep(path, namespace, protocol.bulk.Watermark())
            return protocol.bulk.Watermark()
        return protocol.bulk.read_checkpoint(
            path.read_text("utf-8"), str(path), self._executor.base_url, namespace
        )

    def _keep(self, path: Path, namespace: str, mark: Watermark) -> None:
        fresh = path.with_name(f"{path.name}.new")
        fresh.write_text(protocol.bulk.write_checkpoint(self._executor.base_url, namespace, mark), "utf-8")
        fresh.replace(path)  # whole or not at all, whenever the process ends

    def upsert_from_dataframe(
        self,
        df: Any,
        namespace: str | None = None,
        batch_size: int = 500,
        show_progress: bool = True,
        timeout: float | None = None,
        max_concurrency: int = 4,
        total_timeout: float | None = None,
        checkpoint: str | Path | None = None,
        on_progress: Callable[[Progress], None] | None = None,
    ) -> UpsertResponse:
        """Store the rows of a data frame, in batches.

        Args:
            df: A pandas or polars data frame, an arrow table, record batch or reader of batches, with the
                columns ``id`` and ``values`` and, if wanted, ``sparse_values`` and ``metadata``. Missing
                cells count as absent.
            namespace: Where they go.
            batch_size: Rows in a request.
            show_progress: Whether to show a progress bar on a terminal.
            timeout: Seconds for each request with all its tries; None for the client's.
            max_concurrency: Requests at a time, 1 to 64.
            total_timeout: Seconds after which no further batch is begun; None for no limit.
            checkpoint: A file that keeps how far it has come, as with ``upsert``.
            on_progress: Called after every batch with how far it has come.

        Returns:
            How many were stored, and what failed.

        Raises:
            PineconeTypeError: It is no data frame.
            PineconeValueError: A column is missing, or a cell cannot be used.

        Example:
            >>> index.upsert_from_dataframe(df, namespace="films")  # doctest: +SKIP

        Wire: ``POST /vectors/upsert``, repeatedly
        """
        return self.upsert(
            vectors=protocol.frames.rows(df),
            namespace=namespace or "",
            batch_size=batch_size,
            show_progress=show_progress,
            timeout=timeout,
            max_concurrency=max_concurrency,
            total_timeout=total_timeout,
            checkpoint=checkpoint,
            on_progress=on_progress,
        )


def _path(file: str | Path) -> Path:
    """Return a file's path."""
    from pathlib import Path  # slow to load, and rarely needed

    return Path(file)


def _after(items: Any, count: int, last: str | None, checkpoint: Path | None) -> Any:
    """Return what comes after the first ``count`` items, of which the last has the id ``last``."""
    if count == 0:
        return items
    if not isinstance(items, list | tuple):
        return _passing(items, count, last, checkpoint)
    if len(items) < count or last not in (None, protocol.vectors.id_of(items[count - 1])):
        raise protocol.bulk.other_vectors(checkpoint)
    return items[count:]


def _passing(
    items: Iterable[Any], count: int, last: str | None, checkpoint: Path | None
) -> Generator[Any, None]:
    from pinecone_core._sync.concurrency import iterate

    passed = 0
    source: Any = iterate(items)  # a generator, closed at the end
    try:
        for item in source:
            passed += 1
            if passed > count:
                yield item
            elif passed == count and last not in (None, protocol.vectors.id_of(item)):
                raise protocol.bulk.other_vectors(checkpoint)
    finally:
        source.close()
    if passed < count:
        raise protocol.bulk.other_vectors(checkpoint)
