"""API keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pinecone_core.checks import non_empty_string
from pinecone_core.hosts import path
from pinecone_core.operation import Operation

from .._protocol.shaping import key_body
from ..models.api_key import APIKeyList, APIKeyModel, APIKeyWithSecret

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pinecone_core._async.executor import AsyncExecutor

    from ..models.api_key import APIKeyRole

__all__ = ["AsyncApiKeys"]


class AsyncApiKeys:
    """The API keys of projects.

    Args:
        http: What sends the operations.
    """

    def __init__(self, *, http: AsyncExecutor) -> None:
        self._executor = http

    async def list(self, *, project_id: str) -> APIKeyList:
        """List the keys of a project, without their secrets.

        Args:
            project_id: The project.

        Wire: ``GET /admin/projects/{project_id}/api-keys``
        """
        where = path("/admin/projects/{}/api-keys", non_empty_string("project_id", project_id))
        return await self._executor.send(Operation("list_api_keys", "GET", where, APIKeyList))

    async def create(
        self, *, project_id: str, name: str, roles: Sequence[APIKeyRole | str] | None = None
    ) -> APIKeyWithSecret:
        """Create a key. Its secret is in the answer and can never be read again.

        It is not repeated once the service may have seen it, so that no key is made twice.

        Args:
            project_id: The project.
            name: Its name, 1 to 80 characters.
            roles: What it allows; None for ``ProjectEditor``.

        Raises:
            PineconeValueError: The name or a role cannot be used.

        Wire: ``POST /admin/projects/{project_id}/api-keys``
        """
        where = path("/admin/projects/{}/api-keys", non_empty_string("project_id", project_id))
        return await self._executor.send(
            Operation(
                "create_api_key",
                "POST",
                where,
                APIKeyWithSecret,
                key_body(name, roles, new=True),
                repeat_safe=False,
            )
        )

    async def describe(self, *, api_key_id: str) -> APIKeyModel:
        """Describe a key, without its secret.

        Args:
            api_key_id: Its id.

        Wire: ``GET /admin/api-keys/{api_key_id}``
        """
        where = path("/admin/api-keys/{}", non_empty_string("api_key_id", api_key_id))
        return await self._executor.send(Operation("describe_api_key", "GET", where, APIKeyModel))

    async def update(
        self, *, api_key_id: str, name: str | None = None, roles: Sequence[APIKeyRole | str] | None = None
    ) -> APIKeyModel:
        """Change a key's name or its roles.

        Args:
            api_key_id: Its id.
            name: The new name, 1 to 80 characters; None leaves it.
            roles: All roles it shall have; None leaves them.

        Raises:
            PineconeValueError: There is nothing to change, or a value cannot be used.

        Wire: ``PATCH /admin/api-keys/{api_key_id}``
        """
        where = path("/admin/api-keys/{}", non_empty_string("api_key_id", api_key_id))
        return await self._executor.send(
            Operation(
                "update_api_key",
                "PATCH",
                where,
                APIKeyModel,
                key_body(name, roles, new=False),
                repeat_safe=True,
            )
        )

    async def delete(self, *, api_key_id: str) -> None:
        """Delete a key; requests with it are refused from then on.

        Args:
            api_key_id: Its id.

        Wire: ``DELETE /admin/api-keys/{api_key_id}``
        """
        where = path("/admin/api-keys/{}", non_empty_string("api_key_id", api_key_id))
        await self._executor.send(Operation("delete_api_key", "DELETE", where))

    def __repr__(self) -> str:
        return "ApiKeys()"
