# Made from ../_async/restore_jobs.py by tools/make_sync.py; do not edit.
"""Restore jobs: the work of making indexes from backups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pinecone_core._sync.pages import Paginator
from pinecone_core._sync.waiting import wait_until
from pinecone_core.checks import non_empty_string, positive_integer
from pinecone_core.hosts import path
from pinecone_core.operation import Operation
from pinecone_core.pages import Page
from pinecone_core.patience import Patience

from .._protocol.arguments import waiting_time
from .._protocol.backups import page_query
from .._protocol.waiting import has_ended
from ..models.backup import RestoreJobList, RestoreJobModel

if TYPE_CHECKING:
    from pinecone_core._sync.executor import Executor

__all__ = ["RestoreJobs"]


class RestoreJobs:
    """The restore jobs of a project.

    Args:
        http: What sends the operations, aimed at the control plane.
    """

    def __init__(self, http: Executor) -> None:
        self._executor = http

    def list(self, *, limit: int | None = None, pagination_token: str | None = None) -> RestoreJobList:
        """List one page of restore jobs.

        Args:
            limit: The most jobs on the page, 1 to 100; None for the service's choice (10).
            pagination_token: ``pagination.next`` of the page before.

        Returns:
            The page; ``pagination`` says where the next one begins. ``iter_jobs`` walks over all.

        Example:
            >>> [job.status for job in pc.restore_jobs.list(limit=20)]
            ['Completed']

        Wire: ``GET /restore-jobs``
        """
        query = page_query(limit, pagination_token)
        return self._executor.send(
            Operation("list_restore_jobs", "GET", "/restore-jobs", RestoreJobList, query=query)
        )

    def iter_jobs(
        self, *, limit: int | None = None, pagination_token: str | None = None
    ) -> Paginator[RestoreJobModel]:
        """Walk over restore jobs, page by page as they are needed.

        Args:
            limit: The most jobs to yield; None for all.
            pagination_token: Where to begin; None for the first page.

        Returns:
            The jobs, to be iterated over.

        Example:
            >>> [job.target_index_name for job in pc.restore_jobs.iter_jobs()]
            ['films']

        Wire: ``GET /restore-jobs``, repeatedly
        """
        most = None if limit is None else positive_integer("limit", limit)
        size = 100 if most is None else min(most, 100)

        def fetch_page(token: str | None) -> Page[RestoreJobModel]:
            page = self.list(limit=size, pagination_token=token)
            return Page(items=page.data, pagination_token=page.next_token)

        return Paginator(fetch_page=fetch_page, initial_token=pagination_token, limit=most)

    def describe(self, *, job_id: str) -> RestoreJobModel:
        """Describe a restore job.

        Args:
            job_id: The job.

        Returns:
            The job.

        Raises:
            NotFoundError: There is no such job.

        Example:
            >>> job = pc.restore_jobs.list()[0]
            >>> pc.restore_jobs.describe(job_id=job.restore_job_id).percent_complete
            100.0

        Wire: ``GET /restore-jobs/{job_id}``
        """
        return self._look(job_id)

    def wait_until_completed(self, *, job_id: str, timeout: float | None = None) -> RestoreJobModel:
        """Wait until a restore job is completed.

        Args:
            job_id: The job.
            timeout: Seconds to wait; None for as long as it takes, 0 to look once.

        Returns:
            The job.

        Raises:
            PineconeTimeoutError: It was not completed in time.
            PineconeError: It failed or was cancelled.

        Example:
            >>> job = pc.restore_jobs.list()[0]
            >>> pc.restore_jobs.wait_until_completed(job_id=job.restore_job_id).status
            'Completed'

        Wire: ``GET /restore-jobs/{job_id}``, repeatedly
        """
        wait = waiting_time(timeout)
        late = f"Restore job '{job_id}' not completed after {wait or 0:g}s; it goes on"
        return wait_until(
            lambda seen: has_ended("Restore job", job_id, seen.status, "Completed"),
            lambda limit: self._look(job_id, limit),
            Patience(wait, self._executor.clock.now(), late),
            self._executor,
        )

    def _look(self, job_id: str, limit: float | None = None) -> RestoreJobModel:
        where = path("/restore-jobs/{}", non_empty_string("job_id", job_id))
        return self._executor.send(
            Operation("describe_restore_job", "GET", where, RestoreJobModel), timeout=limit
        )

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"
