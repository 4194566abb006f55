"""Organizations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pinecone_core.checks import non_empty_string
from pinecone_core.hosts import path
from pinecone_core.operation import Operation

from .._protocol.shaping import organization_body
from ..models.organization import OrganizationList, OrganizationModel

if TYPE_CHECKING:
    from pinecone_core._async.executor import AsyncExecutor

__all__ = ["AsyncOrganizations"]


class AsyncOrganizations:
    """The organizations that the credentials belong to.

    Args:
        http: What sends the operations.
    """

    def __init__(self, *, http: AsyncExecutor) -> None:
        self._executor = http

    async def list(self) -> OrganizationList:
        """List the organizations.

        Wire: ``GET /admin/organizations``
        """
        return await self._executor.send(
            Operation("list_organizations", "GET", "/admin/organizations", OrganizationList)
        )

    async def describe(self, *, organization_id: str) -> OrganizationModel:
        """Describe an organization.

        Args:
            organization_id: Its id.

        Raises:
            NotFoundError: There is none.

        Wire: ``GET /admin/organizations/{organization_id}``
        """
        where = path("/admin/organizations/{}", non_empty_string("organization_id", organization_id))
        return await self._executor.send(Operation("describe_organization", "GET", where, OrganizationModel))

    async def update(self, *, organization_id: str, name: str) -> OrganizationModel:
        """Rename an organization.

        Args:
            organization_id: Its id.
            name: The new name, 1 to 512 characters.

        Wire: ``PATCH /admin/organizations/{organization_id}``
        """
        where = path("/admin/organizations/{}", non_empty_string("organization_id", organization_id))
        return await self._executor.send(
            Operation(
                "update_organization",
                "PATCH",
                where,
                OrganizationModel,
                organization_body(name),
                repeat_safe=True,
            )
        )

    async def delete(self, *, organization_id: str) -> None:
        """Delete an organization, which must have no projects.

        Args:
            organization_id: Its id.

        Wire: ``DELETE /admin/organizations/{organization_id}``
        """
        where = path("/admin/organizations/{}", non_empty_string("organization_id", organization_id))
        await self._executor.send(Operation("delete_organization", "DELETE", where))

    def __repr__(self) -> str:
        return "Organizations()"
