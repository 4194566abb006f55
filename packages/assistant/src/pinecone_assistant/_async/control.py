"""Assistants: making, describing, listing, changing and deleting them."""

from __future__ import annotations

from typing import Any

from pinecone_core._async.pages import AsyncPaginator
from pinecone_core._async.waiting import wait_until, wait_until_gone
from pinecone_core.hosts import path
from pinecone_core.operation import Operation
from pinecone_core.pages import Page
from pinecone_core.patience import Patience

from .._protocol.answers import UpdatedAssistant
from .._protocol.arguments import create_body, required_name, update_body, waiting_time
from .._protocol.arguments import page_size as checked_page_size
from .._protocol.waiting import Deletion, assistant_is_ready
from ..models.assistant import AssistantModel
from ..models.bound import bind
from ..models.lists import ListAssistantsResponse
from .hosts import AsyncHostedClient

__all__ = ["AsyncControlMethods"]

LISTING_VERSION = "2026-04"


class AsyncControlMethods(AsyncHostedClient):
    """What can be done with assistants as a whole."""

    async def create(
        self,
        *,
        name: str | None = None,
        instructions: str | None = None,
        metadata: dict[str, Any] | None = None,
        region: str = "us",
        environment: str | None = None,
        timeout: float | None = None,
        **kwargs: Any,
    ) -> AssistantModel:
        """Make an assistant and wait until it is ready.

        Args:
            name: What to call it: 1 to 63 lower-case letters, digits and inner hyphens.
            instructions: What it is to do in every answer, at most 16 KB.
            metadata: What to store with it, at most 16 KB of JSON.
            region: ``"us"`` or ``"eu"``.
            environment: For the service's own use.
            timeout: Seconds to wait; None for as long as it takes, 0 to look once, -1 not to wait.
            **kwargs: ``assistant_name``, the older spelling of ``name``.

        Returns:
            The assistant.

        Raises:
            PineconeValueError: An argument cannot be used; nothing was sent.
            ConflictError: The name is taken.
            PineconeTimeoutError: It was made, but was not ready in time.
            PineconeError: It was made, but will not become ready.

        Example:
            >>> made = await pc.assistants.create(name="manuals", timeout=120)  # doctest: +SKIP

        Wire: ``POST /assistants``, then ``GET /assistants/{name}`` until it is ready
        """
        name = required_name(name, kwargs)
        body = create_body(name, instructions, metadata, region, environment)
        wait = waiting_time(timeout)
        made = await self._executor.send(
            Operation(
                "create_assistant", "POST", "/assistants", AssistantModel, body, base_url=self._control_url
            )
        )
        self._hosts.forget(name)
        if wait == -1:
            return bind(made, self)
        late = f"Assistant '{name}' not ready after {wait or 0:g}s; it is still being made"
        patience = Patience(wait, self._executor.clock.now(), late)
        ready = await wait_until(
            assistant_is_ready, lambda limit: self._describe(name, limit), patience, self._executor
        )
        return bind(ready, self)

    async def describe(self, *, name: str | None = None, **kwargs: Any) -> AssistantModel:
        """Describe an assistant.

        Args:
            name: What the assistant is called.
            **kwargs: ``assistant_name``, the older spelling of ``name``.

        Returns:
            The assistant.

        Raises:
            NotFoundError: There is no such assistant.

        Example:
            >>> status = (await pc.assistants.describe(name="manuals")).status  # doctest: +SKIP

        Wire: ``GET /assistants/{name}``
        """
        return bind(await self._describe(required_name(name, kwargs)), self)

    def list(
        self,
        *,
        limit: int | None = None,
        pagination_token: str | None = None,
        page_size: int | None = None,
    ) -> AsyncPaginator[AssistantModel]:
        """List the assistants of the project, page by page as they are asked for.

        Args:
            limit: The most assistants to yield; None for all.
            pagination_token: Where to begin, from an earlier listing.
            page_size: How many to fetch at a time; None for the service's choice.

        Returns:
            What yields the assistants.

        Example:
            >>> names = [found.name async for found in pc.assistants.list()]  # doctest: +SKIP

        Wire: ``GET /assistants``
        """

        async def fetch(token: str | None) -> Page[AssistantModel]:
            page = await self.list_page(page_size=page_size, pagination_token=token)
            return Page(items=page.assistants, pagination_token=page.next)

        return AsyncPaginator(fetch_page=fetch, initial_token=pagination_token, limit=limit)

    async def list_page(
        self, *, page_size: int | None = None, pagination_token: str | None = None, **kwargs: Any
    ) -> ListAssistantsResponse:
        """List one page of the assistants of the project.

        Args:
            page_size: The most assistants on it, 1 to 100; None for 50.
            pagination_token: Where to begin, from the page before.
            **kwargs: ``limit``, the older spelling of ``page_size``.

        Returns:
            The page.

        Example:
            >>> page = await pc.assistants.list_page(page_size=10)  # doctest: +SKIP

        Wire: ``GET /assistants``
        """
        query = {"limit": checked_page_size(page_size, kwargs), "pagination_token": pagination_token}
        page = await self._executor.send(
            Operation(
                "list_assistants",
                "GET",
                "/assistants",
                ListAssistantsResponse,
                query=query,
                api_version=LISTING_VERSION,
                base_url=self._control_url,
            )
        )
        for item in page.assistants:
            bind(item, self)
        return page

    async def update(
        self,
        *,
        name: str | None = None,
        instructions: str | None = None,
        metadata: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> AssistantModel:
        """Change an assistant.

        Args:
            name: What the assistant is called.
            instructions: What it is to do in every answer; ``""`` clears them, None keeps them.
            metadata: What to store with it in place of what is stored; ``{}`` clears it, None keeps it.
            **kwargs: ``assistant_name``, the older spelling of ``name``.

        Returns:
            The assistant, as it is now.

        Raises:
            PineconeValueError: There is nothing to change, or an argument cannot be used.
            NotFoundError: There is no such assistant.

        Example:
            >>> await pc.assistants.update(name="manuals", instructions="Be short.")  # doctest: +SKIP

        Wire: ``PATCH /assistants/{name}``
        """
        name = required_name(name, kwargs)
        where, body = path("/assistants/{}", name), update_body(instructions, metadata)
        changed = await self._executor.send(
            Operation(
                "update_assistant",
                "PATCH",
                where,
                UpdatedAssistant,
                body,
                repeat_safe=True,
                base_url=self._control_url,
            )
        )
        # The service may answer with no more than what was changed.
        return bind(changed.whole() or await self._describe(name), self)

    async def delete(self, *, name: str | None = None, timeout: float | None = None, **kwargs: Any) -> None:
        """Delete an assistant with all its files, and wait until it is gone.

        Args:
            name: What the assistant is called.
            timeout: Seconds to wait; None for as long as it takes, 0 to look once, -1 not to wait.
            **kwargs: ``assistant_name``, the older spelling of ``name``.

        Raises:
            NotFoundError: There is no such assistant.
            PineconeTimeoutError: The deletion was accepted, but had not ended in time.
            PineconeError: The deletion was accepted, but failed.

        Example:
            >>> await pc.assistants.delete(name="manuals")  # doctest: +SKIP

        Wire: ``DELETE /assistants/{name}``, then ``GET /assistants/{name}`` until it is gone
        """
        name = required_name(name, kwargs)
        where, wait = path("/assistants/{}", name), waiting_time(timeout)
        await self._executor.send(
            Operation("delete_assistant", "DELETE", where, repeat_safe=True, base_url=self._control_url)
        )
        self._hosts.forget(name)
        if wait == -1:
            return
        now = self._executor.clock.now()
        late = f"Assistant '{name}' still exists after {wait or 0:g}s; its deletion was accepted and goes on"
        await wait_until_gone(
            lambda limit: self._describe(name, limit),
            Patience(wait, now, late),
            self._executor,
            gone=Deletion(now).of_assistant,
        )
