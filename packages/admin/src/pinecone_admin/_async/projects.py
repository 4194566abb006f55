"""Projects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pinecone_core.checks import exactly_one, non_empty_string
from pinecone_core.errors import NotFoundError, PineconeError
from pinecone_core.hosts import path
from pinecone_core.operation import Operation

from .._protocol.cleanup import check_attempts
from .._protocol.shaping import project_body, the_one_named
from ..models.project import CleanupReport, ProjectList, ProjectModel
from .cleanup import AsyncCleanup

if TYPE_CHECKING:
    from collections.abc import Callable

    from .client import AsyncAdmin
    from .signing import AsyncSigningExecutor

__all__ = ["AsyncProjects"]


class AsyncProjects:
    """The projects of the organization.

    Args:
        http: What sends the operations.
        admin: The client it belongs to; ``delete_with_cleanup`` needs it.
    """

    def __init__(self, *, http: AsyncSigningExecutor, admin: AsyncAdmin | None = None) -> None:
        self._executor = http
        self._admin = admin

    async def list(self) -> ProjectList:
        """List the projects.

        Wire: ``GET /admin/projects``
        """
        return await self._executor.send(Operation("list_projects", "GET", "/admin/projects", ProjectList))

    async def create(
        self, *, name: str, max_pods: int | None = None, force_encryption_with_cmek: bool | None = None
    ) -> ProjectModel:
        """Create a project. It is not repeated once the service may have seen it.

        Args:
            name: Its name, 1 to 512 characters.
            max_pods: The most pods it may hold, 0 or more; None for the service's default.
            force_encryption_with_cmek: Whether data must be encrypted with your own key.

        Raises:
            PineconeValueError: An argument cannot be used.

        Wire: ``POST /admin/projects``
        """
        body = project_body(name, max_pods, force_encryption_with_cmek, new=True)
        return await self._executor.send(
            Operation("create_project", "POST", "/admin/projects", ProjectModel, body, repeat_safe=False)
        )

    async def describe(self, *, project_id: str) -> ProjectModel:
        """Describe a project.

        Args:
            project_id: Its id.

        Wire: ``GET /admin/projects/{project_id}``
        """
        where = path("/admin/projects/{}", non_empty_string("project_id", project_id))
        return await self._executor.send(Operation("describe_project", "GET", where, ProjectModel))

    async def describe_by_name(self, *, name: str) -> ProjectModel:
        """Describe the project of that name.

        Args:
            name: Its exact name.

        Raises:
            NotFoundError: There is none.
            PineconeError: There are several; the message lists their ids.

        Wire: ``GET /admin/projects``
        """
        wanted = non_empty_string("name", name)
        return the_one_named(await self.list(), wanted)

    async def exists(self, *, project_id: str | None = None, name: str | None = None) -> bool:
        """Say whether there is such a project. Raises when that could not be asked.

        Args:
            project_id: Its id; or
            name: its exact name, which several projects may have.

        Wire: ``GET /admin/projects/{project_id}`` or ``GET /admin/projects``
        """
        exactly_one(project_id=project_id is not None, name=name is not None)
        if project_id is None:
            wanted = non_empty_string("name", name)
            return wanted in (await self.list()).names()
        try:
            await self.describe(project_id=project_id)
        except NotFoundError:
            return False
        return True

    async def update(
        self,
        *,
        project_id: str,
        name: str | None = None,
        max_pods: int | None = None,
        force_encryption_with_cmek: bool | None = None,
    ) -> ProjectModel:
        """Change a project; None leaves a value as it is.

        Args:
            project_id: Its id.
            name: The new name, 1 to 512 characters.
            max_pods: The most pods it may hold, 0 or more.
            force_encryption_with_cmek: Whether data must be encrypted with your own key.

        Raises:
            PineconeValueError: There is nothing to change, or a value cannot be used.

        Wire: ``PATCH /admin/projects/{project_id}``
        """
        where = path("/admin/projects/{}", non_empty_string("project_id", project_id))
        body = project_body(name, max_pods, force_encryption_with_cmek, new=False)
        return await self._executor.send(
            Operation("update_project", "PATCH", where, ProjectModel, body, repeat_safe=True)
        )

    async def delete(self, *, project_id: str) -> None:
        """Delete a project, which must be empty.

        Args:
            project_id: Its id.

        Wire: ``DELETE /admin/projects/{project_id}``
        """
        where = path("/admin/projects/{}", non_empty_string("project_id", project_id))
        await self._executor.send(Operation("delete_project", "DELETE", where))

    async def delete_with_cleanup(
        self,
        *,
        project_id: str,
        max_attempts: int = 5,
        retry_delay: float = 30.0,
        dry_run: bool = False,
        on_progress: Callable[[str, str], None] | None = None,
    ) -> CleanupReport:
        """Delete a project and all its indexes, collections, backups and assistants.

        Works with a temporary API key, which is deleted at the end. Calling it again goes on where
        it stopped.

        Args:
            project_id: Its id.
            max_attempts: How many passes are made over what the project holds.
            retry_delay: Seconds between two passes.
            dry_run: Delete nothing, but return what would be deleted. The temporary key is still
                needed to look.
            on_progress: Called with the kind and the name of each thing deleted.

        Returns:
            What was found and deleted.

        Raises:
            PineconeError: The project could not be emptied; it was not deleted.

        Wire: several, and at last ``DELETE /admin/projects/{project_id}``
        """
        if self._admin is None:
            raise PineconeError("delete_with_cleanup requires an Admin back-reference: use admin.projects")
        project_id = non_empty_string("project_id", project_id)
        check_attempts(max_attempts, retry_delay)
        cleanup = AsyncCleanup(self._executor, self._admin.api_keys, project_id, on_progress)
        report = await cleanup.run(max_attempts, retry_delay, dry_run=dry_run)
        if not dry_run:
            await self.delete(project_id=project_id)
        return report

    def __repr__(self) -> str:
        return "Projects()"
