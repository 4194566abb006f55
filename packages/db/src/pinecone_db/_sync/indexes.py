# Made from ../_async/indexes.py by tools/make_sync.py; do not edit.
"""Indexes: making, finding, changing and deleting them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pinecone_core._sync.concurrency import Home, Lock
from pinecone_core._sync.waiting import wait_until, wait_until_gone
from pinecone_core.checks import non_empty_string
from pinecone_core.errors import NotFoundError, PineconeValueError, ResponseParsingError
from pinecone_core.hosts import path
from pinecone_core.operation import Operation
from pinecone_core.patience import Patience

from .._protocol.arguments import waiting_time
from .._protocol.backups import from_backup_body
from .._protocol.hosts import HostCache
from .._protocol.indexes import configure_body, create_body, integrated_body, is_integrated
from .._protocol.waiting import (
    has_ended,
    index_is_late,
    index_still_exists,
    is_ready,
    mark_created,
)
from ..models.backup import CreateIndexFromBackupResponse, RestoreJobModel
from ..models.index import IndexList, IndexModel
from ..models.specs import IntegratedSpec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pinecone_core._sync.executor import Executor

    from ..models.enums import (
        AwsRegion,
        AzureRegion,
        CloudProvider,
        DeletionProtection,
        GcpRegion,
        Metric,
        PodType,
        VectorType,
    )
    from ..models.specs import ByocSpec, EmbedConfig, IndexEmbed, PodSpec, ServerlessSpec

__all__ = ["Indexes"]


class Indexes:
    """The indexes of a project.

    Args:
        http: What sends the operations, aimed at the control plane.
        host_cache: Where each index is, shared with the client; None for one of its own.
    """

    def __init__(self, http: Executor, host_cache: HostCache | Mapping[str, str] | None = None) -> None:
        self._executor = http
        self._hosts = host_cache if isinstance(host_cache, HostCache) else HostCache(host_cache)
        self._locks = Home()

    def list(self) -> IndexList:
        """List all indexes of the project.

        Returns:
            The indexes; an index that cannot be read is left out, with a warning in the log.

        Example:
            >>> pc.indexes.list().names()
            ['movies', 'films']

        Wire: ``GET /indexes``
        """
        return self._executor.send(Operation("list_indexes", "GET", "/indexes", IndexList))

    def describe(self, name: str) -> IndexModel:
        """Describe an index, and remember where it is.

        Args:
            name: What the index is called.

        Returns:
            The index.

        Raises:
            NotFoundError: There is no such index.

        Example:
            >>> pc.indexes.describe("movies").dimension
            3

        Wire: ``GET /indexes/{name}``
        """
        return self._learn(name, self._look(non_empty_string("name", name)))

    def exists(self, name: str) -> bool:
        """Say whether there is an index of a name.

        Args:
            name: What the index is called.

        Returns:
            Whether the service knows it.

        Raises:
            PineconeValueError: The name is empty.

        Example:
            >>> pc.indexes.exists("movies")
            True

        Wire: ``GET /indexes/{name}``
        """
        try:
            self.describe(name)
        except NotFoundError:
            self._hosts.forget(name)
            return False
        return True

    def create(
        self,
        *,
        name: str,
        spec: ServerlessSpec | PodSpec | ByocSpec | IntegratedSpec | Mapping[str, Any],
        dimension: int | None = None,
        metric: Metric | str = "cosine",
        vector_type: VectorType | str = "dense",
        deletion_protection: DeletionProtection | str = "disabled",
        tags: Mapping[str, str] | None = None,
        schema: Mapping[str, Any] | None = None,
        read_capacity: Mapping[str, Any] | None = None,
        timeout: float | None = None,
    ) -> IndexModel:
        """Create an index and wait until it can be used.

        Args:
            name: What to call it: 1 to 45 lower-case letters, digits and inner hyphens.
            spec: Where and on what it runs: a ``ServerlessSpec``, ``PodSpec``, ``ByocSpec`` or
                ``IntegratedSpec``, or a dict such as ``{"serverless": {"cloud": ..., "region": ...}}``.
            dimension: Components of a vector, 1 to 20000; not for sparse indexes.
            metric: ``"cosine"``, ``"euclidean"`` or ``"dotproduct"``. Sparse indexes have only the
                last, which the default means for them.
            vector_type: ``"dense"`` or ``"sparse"``; with an ``IntegratedSpec`` the model decides.
            deletion_protection: ``"enabled"`` to make deletion fail.
            tags: Tags of your own.
            schema: Which metadata fields can be filtered by, ``{"genre": {"filterable": True}}``;
                None for all. Not for pod indexes.
            read_capacity: ``{"mode": "OnDemand"}`` or ``{"mode": "Dedicated", "dedicated": {...}}``.
                Not for pod indexes.
            timeout: Seconds to wait until it is ready; None for as long as it takes, -1 for not at all.

        Returns:
            The index, as it was seen last.

        Raises:
            PineconeValueError: An argument cannot be used; nothing was sent.
            ConflictError: The name is taken.
            PineconeTimeoutError: It was not ready in time; it goes on being made.
            IndexInitFailedError: It could not be initialised.
            IndexTerminatedError: It was deleted or disabled meanwhile.

        Example:
            >>> made = pc.indexes.create(
            ...     name="songs",
            ...     dimension=384,
            ...     spec=ServerlessSpec(cloud="aws", region="us-east-1"),
            ... )
            >>> made.status.ready
            True

        Wire: ``POST /indexes``, or ``POST /indexes/create-for-model`` for an ``IntegratedSpec``
        """
        patience = waiting_time(timeout)
        integrated = is_integrated(spec)
        shape = integrated_body if integrated else create_body
        body = shape(
            name=name,
            spec=spec,  # type: ignore[arg-type]
            dimension=dimension,
            metric=metric,
            vector_type=vector_type,
            protection=deletion_protection,
            tag_values=tags,
            schema=schema,
            capacity=read_capacity,
        )
        if integrated:
            made = Operation("create_index_for_model", "POST", "/indexes/create-for-model", IndexModel, body)
        else:
            made = Operation("create_index", "POST", "/indexes", IndexModel, body)
        return self._create(made, name, patience)

    def create_for_model(
        self,
        *,
        name: str,
        cloud: CloudProvider | str,
        region: AwsRegion | GcpRegion | AzureRegion | str,
        embed: EmbedConfig | IndexEmbed | Mapping[str, Any],
        deletion_protection: DeletionProtection | str = "disabled",
        tags: Mapping[str, str] | None = None,
        schema: Mapping[str, Any] | None = None,
        read_capacity: Mapping[str, Any] | None = None,
        timeout: float | None = None,
    ) -> IndexModel:
        """Create an index that embeds text by itself, and wait until it can be used.

        Args:
            name: What to call it: 1 to 45 lower-case letters, digits and inner hyphens.
            cloud: The cloud, such as ``"aws"``.
            region: The region, such as ``"us-east-1"``.
            embed: The model, and which field of a record holds the text.
            deletion_protection: ``"enabled"`` to make deletion fail.
            tags: Tags of your own.
            schema: Which metadata fields can be filtered by; None for all.
            read_capacity: As in ``create``.
            timeout: Seconds to wait until it is ready; None for as long as it takes, -1 for not at all.

        Returns:
            The index, as it was seen last.

        Raises:
            PineconeValueError: An argument cannot be used; nothing was sent.
            ConflictError: The name is taken.
            PineconeTimeoutError: It was not ready in time; it goes on being made.

        Example:
            >>> made = pc.indexes.create_for_model(
            ...     name="articles",
            ...     cloud="aws",
            ...     region="us-east-1",
            ...     embed={"model": "multilingual-e5-large", "field_map": {"text": "body"}},
            ... )
            >>> made.embed.field_map
            {'text': 'body'}

        Wire: ``POST /indexes/create-for-model``
        """
        patience = waiting_time(timeout)
        body = integrated_body(
            name=name,
            spec={"cloud": cloud, "region": region, "embed": embed},
            dimension=None,
            metric="cosine",
            vector_type="dense",
            protection=deletion_protection,
            tag_values=tags,
            schema=schema,
            capacity=read_capacity,
        )
        return self._create(
            Operation("create_index_for_model", "POST", "/indexes/create-for-model", IndexModel, body),
            name,
            patience,
        )

    def create_from_backup(
        self,
        *,
        name: str,
        backup_id: str,
        deletion_protection: DeletionProtection | str | None = None,
        tags: Mapping[str, str] | None = None,
        timeout: float | None = None,
    ) -> CreateIndexFromBackupResponse | IndexModel:
        """Create an index with the data of a backup, and wait until it can be used.

        Args:
            name: What to call the index.
            backup_id: The backup.
            deletion_protection: ``"enabled"`` to make deletion fail.
            tags: Tags of your own.
            timeout: Seconds to wait until it is ready; None for 300, -1 for not at all.

        Returns:
            The index; with a timeout of -1 the ids of the restore job and the index.

        Raises:
            NotFoundError: There is no such backup.
            PineconeTimeoutError: It was not ready in time; the restore goes on.
            PineconeError: The restore failed.

        Example:
            >>> backup = pc.backups.list()[0]
            >>> made = pc.indexes.create_from_backup(name="movies-2", backup_id=backup.backup_id)
            >>> made.name
            'movies-2'

        Wire: ``POST /backups/{backup_id}/create-index``
        """
        wait = waiting_time(300.0 if timeout is None else timeout)
        body = from_backup_body(name, deletion_protection, tags)
        where = path("/backups/{}/create-index", non_empty_string("backup_id", backup_id))
        begun = self._executor.send(
            Operation("create_index_from_backup", "POST", where, CreateIndexFromBackupResponse, body)
        )
        return begun if wait == -1 else self._restored(name, begun.restore_job_id, wait)

    def configure(
        self,
        name: str,
        *,
        replicas: int | None = None,
        pod_type: PodType | str | None = None,
        deletion_protection: DeletionProtection | str | None = None,
        tags: Mapping[str, str] | None = None,
        embed: EmbedConfig | IndexEmbed | Mapping[str, Any] | None = None,
        read_capacity: Mapping[str, Any] | None = None,
        serverless_read_capacity: Mapping[str, Any] | None = None,
    ) -> IndexModel:
        """Change an index. What is left out stays as it is.

        Args:
            name: What the index is called.
            replicas: How many copies serve queries (pod indexes).
            pod_type: Kind and size of the pods (pod indexes).
            deletion_protection: ``"enabled"`` or ``"disabled"``.
            tags: Tags to set; others stay, and one with an empty value is taken away.
            embed: A model to embed with from now on: ``model``, ``field_map``, ``read_parameters``,
                ``write_parameters``.
            read_capacity: The read capacity of an index in an account of your own (BYOC).
            serverless_read_capacity: The read capacity of a serverless index.

        Returns:
            The index with its changes.

        Raises:
            PineconeValueError: Arguments contradict each other; nothing was sent.
            NotFoundError: There is no such index.

        Example:
            >>> pc.indexes.configure("movies", tags={"team": "search"}).tags
            {'team': 'search'}

        Wire: ``PATCH /indexes/{name}``, or ``GET`` when there is nothing to change
        """
        body = configure_body(
            replicas=replicas,
            pod_type=pod_type,
            protection=deletion_protection,
            tag_values=tags,
            embed=embed,
            capacity=read_capacity,
            serverless_capacity=serverless_read_capacity,
        )
        if not body:
            return self.describe(name)
        where = path("/indexes/{}", non_empty_string("name", name))
        return self._executor.send(
            Operation("configure_index", "PATCH", where, IndexModel, body, repeat_safe=True)
        )

    def delete(self, name: str, *, timeout: float | None = None) -> None:
        """Delete an index with all its data, and wait until it is gone.

        Args:
            name: What the index is called.
            timeout: Seconds to wait until it is gone; None for as long as it takes, -1 for not at all.

        Raises:
            NotFoundError: There is no such index.
            ForbiddenError: Deletion protection is on.
            FailedPreconditionError: It is in use, as by a collection or backup that is being made.
            PineconeTimeoutError: It was still there when the time was over; the deletion goes on.

        Example:
            >>> pc.indexes.delete("movies")

        Wire: ``DELETE /indexes/{name}``
        """
        wait = waiting_time(timeout)
        where = path("/indexes/{}", non_empty_string("name", name))
        try:
            self._executor.send(Operation("delete_index", "DELETE", where))
        finally:
            self._hosts.forget(name)
        if wait != -1:
            late = index_still_exists(name, wait)
            patience = Patience(wait, self._executor.clock.now(), late)
            wait_until_gone(lambda limit: self._look(name, limit), patience, self._executor)

    def resolve_host(self, name: str) -> str:
        """Return where an index is, asking the service only when it is not known yet.

        Args:
            name: What the index is called.

        Returns:
            The URL of its data plane.

        Raises:
            NotFoundError: There is no such index.
            PineconeValueError: It has no host yet.

        Example:
            >>> host = pc.indexes.resolve_host("movies")

        Wire: ``GET /indexes/{name}`` unless the host is known
        """
        known = self._hosts.get(name)
        if known:
            return known
        # Whoever asks meanwhile waits for the one answer.
        with self._locks.get(Lock):
            host = self._hosts.get(name) or self.describe(name).host
        if not host:
            raise PineconeValueError(
                f"Index '{name}' does not yet have a host assigned; wait until it is ready"
            )
        return host

    def _look(self, name: str, limit: float | None = None) -> IndexModel:
        return self._executor.send(
            Operation("describe_index", "GET", path("/indexes/{}", name), IndexModel), timeout=limit
        )

    def _learn(self, name: str, model: IndexModel) -> IndexModel:
        self._hosts.learn(name, model.host)
        return model

    def _create(self, operation: Operation[IndexModel], name: str, wait: float | None) -> IndexModel:
        self._hosts.forget(name)
        try:
            model = self._executor.send(operation)
        except ResponseParsingError as error:
            raise mark_created(error, name) from error.cause
        if wait == -1 or model.status.ready:
            return self._learn(name, model)
        patience = Patience(wait, self._executor.clock.now(), index_is_late(name, wait))
        return self._learn(
            name,
            wait_until(
                lambda seen: is_ready(name, seen.status),
                lambda limit: self._look(name, limit),
                patience,
                self._executor,
            ),
        )

    def _restored(self, name: str, job_id: str, wait: float | None) -> IndexModel:
        late = f"{index_is_late(name, wait)} and restore_jobs.describe(job_id='{job_id}')"
        patience = Patience(wait, self._executor.clock.now(), late)
        looks = 0

        def look(limit: float | None) -> IndexModel:
            nonlocal looks
            looks += 1
            try:
                seen = self._look(name, limit)
            except NotFoundError:
                self._check_job(job_id, looks, limit)
                raise
            if not seen.status.ready:
                self._check_job(job_id, looks, limit)
            return seen

        return self._learn(
            name,
            wait_until(lambda seen: is_ready(name, seen.status), look, patience, self._executor),
        )

    def _check_job(self, job_id: str, looks: int, limit: float | None) -> None:
        # A restore that failed never makes the index ready, and only the job tells. Most are done
        # after a look or two, so it is asked only later.
        if looks <= 2:
            return
        try:
            job = self._executor.send(
                Operation("describe_restore_job", "GET", path("/restore-jobs/{}", job_id), RestoreJobModel),
                timeout=limit,
            )
        except NotFoundError:
            return
        has_ended("Restore job", job_id, job.status, "Completed")

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self._executor, self._hosts)

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"
