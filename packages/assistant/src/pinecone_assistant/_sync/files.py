# Made from ../_async/files.py by tools/make_sync.py; do not edit.
"""Files of an assistant: uploading, describing, listing and deleting them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pinecone_core._sync.pages import Paginator
from pinecone_core._sync.waiting import wait_until, wait_until_gone
from pinecone_core.operation import Operation
from pinecone_core.pages import Page
from pinecone_core.patience import Patience

from .._protocol.arguments import checked_path, file_filter, metadata_text, operation_query, waiting_time
from .._protocol.arguments import page_size as checked_page_size
from .._protocol.limits import upload_limits
from .._protocol.uploads import upload_body
from .._protocol.waiting import Deletion, file_is_there, operation_is_done
from ..models.file import AssistantFileModel
from ..models.lists import ListFilesResponse, ListOperationsResponse
from ..models.operation import OperationModel
from .hosts import HostedClient

if TYPE_CHECKING:
    import os
    from collections.abc import Callable
    from typing import IO

    from pinecone_core.filters import Condition

__all__ = ["FileMethods"]

FILES_VERSION = "2026-04"


class FileMethods(HostedClient):
    """What can be done with the files of an assistant."""

    def upload_file(
        self,
        *,
        assistant_name: str,
        file_path: str | os.PathLike[str] | None = None,
        file_stream: IO[bytes] | bytes | None = None,
        file_name: str | None = None,
        metadata: dict[str, Any] | None = None,
        multimodal: bool | None = None,
        file_id: str | None = None,
        timeout: float | None = None,
        on_progress: Callable[[int, int | None], None] | None = None,
    ) -> AssistantFileModel:
        """Upload a file and wait until it has been taken in. Never sent twice.

        The file is read while it is sent, a piece at a time. The client's time limit is that of each
        piece, not of the whole.

        Args:
            assistant_name: Whose file it becomes.
            file_path: The file; or give ``file_stream``.
            file_stream: Bytes, or a file that is open for reading bytes; it is read from where it
                stands, from its beginning where it stands at its end, and is not closed.
            file_name: What to call it, with the extension that tells its kind (``.txt``, ``.pdf``, ``.md``,
                ``.json``, ``.docx``); needed for a stream that has no name of its own.
            metadata: What to store with it, at most 16 KB of JSON.
            multimodal: Whether its images are to be used; PDF only.
            file_id: What the service is to call it: 1 to 128 letters, digits, ``-`` and ``_``. A file
                of that id is replaced.
            timeout: Seconds to wait after the upload; None for as long as it takes, 0 to look once,
                -1 not to wait.
            on_progress: Called with the bytes sent so far and the size, None where that is not known.

        Returns:
            The file.

        Raises:
            PineconeValueError: An argument cannot be used; nothing was sent.
            PineconeTimeoutError: It was uploaded, but was not taken in in time.
            PineconeError: It was uploaded, but could not be taken in; the message is the service's.

        Example:
            >>> file = pc.assistants.upload_file(  # doctest: +SKIP
            ...     assistant_name="manuals", file_path="pump.txt", metadata={"year": 2024}
            ... )

        Wire: ``POST /files/{assistant_name}``, or ``PUT /files/{assistant_name}/{file_id}`` and
        ``GET /operations/{assistant_name}/{id}``; then ``GET /files/{assistant_name}/{file_id}``
        """
        wait = waiting_time(timeout)
        text = metadata_text(metadata)
        checked_path(
            "/files/{}/{}", assistant_name=assistant_name, file_id="new" if file_id is None else file_id
        )
        body = upload_body(file_path, file_stream, file_name, None if file_id is None else text, on_progress)
        if file_id is None:
            file_id = self._upload(assistant_name, body, text, multimodal)
            if wait != -1:
                return self._wait_for_file(assistant_name, file_id, wait)
        else:
            started = self._upsert(assistant_name, file_id, body, multimodal)
            if wait != -1:
                self._wait_for_operation(assistant_name, started, wait)
        return self._look_at_file(assistant_name, file_id)

    def _upload(self, name: str, body: Any, metadata: str | None, multimodal: bool | None) -> str:
        sent: AssistantFileModel = self._send(
            name,
            Operation(
                "upload_file",
                "POST",
                checked_path("/files/{}", assistant_name=name),
                AssistantFileModel,
                body,
                query={"metadata": metadata, "multimodal": multimodal},
                base_url=self._data_url(name),
            ),
            upload_limits(self._executor.limits),
        )
        return sent.id

    def _upsert(self, name: str, file_id: str, body: Any, multimodal: bool | None) -> OperationModel:
        started: OperationModel = self._send(
            name,
            Operation(
                "upsert_file",
                "PUT",
                checked_path("/files/{}/{}", assistant_name=name, file_id=file_id),
                OperationModel,
                body,
                query={"multimodal": multimodal},
                api_version=FILES_VERSION,
                base_url=self._data_url(name),
            ),
            upload_limits(self._executor.limits),
        )
        return started

    def _wait_for_file(self, name: str, file_id: str, wait: float | None) -> AssistantFileModel:
        late = (
            f"File processing timed out after {wait or 0:g}s (operation_id={file_id}); it was uploaded and "
            f"is still being processed, see describe_file(file_id='{file_id}')"
        )
        return wait_until(
            file_is_there,
            lambda limit: self._look_at_file(name, file_id, limit=limit),
            Patience(wait, self._executor.clock.now(), late),
            self._executor,
        )

    def _wait_for_operation(self, name: str, started: OperationModel, wait: float | None) -> None:
        number = started.operation_id
        late = (
            f"Upsert operation timed out after {wait or 0:g}s (operation_id={number}); it goes on, "
            f"see describe_operation(operation_id='{number}')"
        )
        wait_until(
            operation_is_done,
            lambda limit: self._look_at_operation(name, number, limit),
            Patience(wait, self._executor.clock.now(), late),
            self._executor,
        )

    def describe_file(
        self, *, assistant_name: str, file_id: str, include_url: bool = False
    ) -> AssistantFileModel:
        """Describe a file.

        Args:
            assistant_name: Whose file it is.
            file_id: The file.
            include_url: Whether to return a URL from which it can be downloaded for a while.

        Returns:
            The file.

        Raises:
            NotFoundError: There is no such file or assistant.

        Example:
            >>> file = pc.assistants.describe_file(  # doctest: +SKIP
            ...     assistant_name="manuals", file_id="f-1"
            ... )

        Wire: ``GET /files/{assistant_name}/{file_id}``
        """
        return self._look_at_file(assistant_name, file_id, include_url)

    def _look_at_file(
        self, name: str, file_id: str, include_url: bool = False, limit: float | None = None
    ) -> AssistantFileModel:
        where = checked_path("/files/{}/{}", assistant_name=name, file_id=file_id)
        query = {"include_url": True} if include_url else None
        url = self._data_url(name)
        file: AssistantFileModel = self._send(
            name,
            Operation("describe_file", "GET", where, AssistantFileModel, query=query, base_url=url),
            limit,
        )
        return file

    def list_files(
        self,
        *,
        assistant_name: str,
        filter: dict[str, Any] | Condition | None = None,
        limit: int | None = None,
        pagination_token: str | None = None,
        page_size: int | None = None,
    ) -> Paginator[AssistantFileModel]:
        """List the files of an assistant, page by page as they are asked for.

        Args:
            assistant_name: Whose files.
            filter: Which files, by their metadata.
            limit: The most files to yield; None for all.
            pagination_token: Where to begin, from an earlier listing.
            page_size: How many to fetch at a time; None for the service's choice.

        Returns:
            What yields the files.

        Example:
            >>> listing = pc.assistants.list_files(assistant_name="manuals")  # doctest: +SKIP
            >>> names = [file.name for file in listing]  # doctest: +SKIP

        Wire: ``GET /files/{assistant_name}``
        """

        def fetch(token: str | None) -> Page[AssistantFileModel]:
            page = self.list_files_page(
                assistant_name=assistant_name, filter=filter, page_size=page_size, pagination_token=token
            )
            return Page(items=page.files, pagination_token=page.next)

        return Paginator(fetch_page=fetch, initial_token=pagination_token, limit=limit)

    def list_files_page(
        self,
        *,
        assistant_name: str,
        page_size: int | None = None,
        pagination_token: str | None = None,
        filter: dict[str, Any] | Condition | None = None,
        **kwargs: Any,
    ) -> ListFilesResponse:
        """List one page of the files of an assistant.

        Args:
            assistant_name: Whose files.
            page_size: The most files on it; None for the service's choice.
            pagination_token: Where to begin, from the page before.
            filter: Which files, by their metadata.
            **kwargs: ``limit``, the older spelling of ``page_size``.

        Returns:
            The page.

        Raises:
            NotFoundError: There is no such assistant.

        Example:
            >>> page = pc.assistants.list_files_page(assistant_name="manuals")  # doctest: +SKIP

        Wire: ``GET /files/{assistant_name}``
        """
        query = {
            "limit": checked_page_size(page_size, kwargs),
            "pagination_token": pagination_token,
            "filter": file_filter(filter),
        }
        page: ListFilesResponse = self._send(
            assistant_name,
            Operation(
                "list_files",
                "GET",
                checked_path("/files/{}", assistant_name=assistant_name),
                ListFilesResponse,
                query=query,
                api_version=FILES_VERSION,
                base_url=self._data_url(assistant_name),
            ),
        )
        return page

    def delete_file(self, *, assistant_name: str, file_id: str, timeout: float | None = None) -> None:
        """Delete a file and wait until it is gone.

        Args:
            assistant_name: Whose file it is.
            file_id: The file.
            timeout: Seconds to wait; None for as long as it takes, 0 to look once, -1 not to wait.

        Raises:
            NotFoundError: There is no such file or assistant.
            PineconeTimeoutError: The deletion was accepted, but had not ended in time.
            PineconeError: The deletion was accepted, but failed; the message is the service's.

        Example:
            >>> pc.assistants.delete_file(assistant_name="manuals", file_id="f-1")  # doctest: +SKIP

        Wire: ``DELETE /files/{assistant_name}/{file_id}``, then ``GET`` of the same until it is gone
        """
        wait = waiting_time(timeout)
        where = checked_path("/files/{}/{}", assistant_name=assistant_name, file_id=file_id)
        url = self._data_url(assistant_name)
        self._send(assistant_name, Operation("delete_file", "DELETE", where, repeat_safe=True, base_url=url))
        if wait == -1:
            return
        now = self._executor.clock.now()
        late = f"File '{file_id}' still exists after {wait or 0:g}s; its deletion was accepted and goes on"
        wait_until_gone(
            lambda limit: self._look_at_file(assistant_name, file_id, limit=limit),
            Patience(wait, now, late),
            self._executor,
            gone=Deletion(now).of_file,
        )

    def describe_operation(self, *, assistant_name: str, operation_id: str) -> OperationModel:
        """Describe a piece of long work, such as taking in a file.

        Args:
            assistant_name: Whose work it is.
            operation_id: The work.

        Returns:
            How far it is.

        Raises:
            NotFoundError: There is no such operation or assistant.

        Example:
            >>> page = pc.assistants.list_operations_page(assistant_name="manuals")  # doctest: +SKIP
            >>> work = pc.assistants.describe_operation(  # doctest: +SKIP
            ...     assistant_name="manuals", operation_id=page.operations[0].operation_id
            ... )

        Wire: ``GET /operations/{assistant_name}/{operation_id}``
        """
        return self._look_at_operation(assistant_name, operation_id)

    def _look_at_operation(self, name: str, operation_id: str, limit: float | None = None) -> OperationModel:
        where = checked_path("/operations/{}/{}", assistant_name=name, operation_id=operation_id)
        work: OperationModel = self._send(
            name,
            Operation(
                "describe_operation",
                "GET",
                where,
                OperationModel,
                api_version=FILES_VERSION,
                base_url=self._data_url(name),
            ),
            limit,
        )
        return work

    def list_operations(
        self,
        *,
        assistant_name: str,
        operation_type: str | None = None,
        status: str | None = None,
        limit: int | None = None,
        pagination_token: str | None = None,
        page_size: int | None = None,
    ) -> Paginator[OperationModel]:
        """List the long work of an assistant, page by page as it is asked for.

        Args:
            assistant_name: Whose work.
            operation_type: ``"upload_file"``, ``"upsert_file"``, ``"update_file_metadata"`` or
                ``"delete_file"``; None for all.
            status: ``"Processing"``, ``"Completed"`` or ``"Failed"``; None for all.
            limit: The most operations to yield; None for all.
            pagination_token: Where to begin, from an earlier listing.
            page_size: How many to fetch at a time; None for the service's choice.

        Returns:
            What yields the operations.

        Example:
            >>> listing = pc.assistants.list_operations(assistant_name="manuals")  # doctest: +SKIP

        Wire: ``GET /operations/{assistant_name}``
        """

        def fetch(token: str | None) -> Page[OperationModel]:
            page = self.list_operations_page(
                assistant_name=assistant_name,
                operation_type=operation_type,
                status=status,
                page_size=page_size,
                pagination_token=token,
            )
            return Page(items=page.operations, pagination_token=page.next)

        return Paginator(fetch_page=fetch, initial_token=pagination_token, limit=limit)

    def list_operations_page(
        self,
        *,
        assistant_name: str,
        operation_type: str | None = None,
        status: str | None = None,
        page_size: int | None = None,
        pagination_token: str | None = None,
    ) -> ListOperationsResponse:
        """List one page of the long work of an assistant.

        Args:
            assistant_name: Whose work.
            operation_type: ``"upload_file"``, ``"upsert_file"``, ``"update_file_metadata"`` or
                ``"delete_file"``; None for all.
            status: ``"Processing"``, ``"Completed"`` or ``"Failed"``; None for all.
            page_size: The most operations on it, 1 to 100; None for the service's choice.
            pagination_token: Where to begin, from the page before.

        Returns:
            The page.

        Raises:
            NotFoundError: There is no such assistant.

        Example:
            >>> page = pc.assistants.list_operations_page(assistant_name="manuals")  # doctest: +SKIP

        Wire: ``GET /operations/{assistant_name}``
        """
        query = {
            **operation_query(operation_type, status),
            "limit": checked_page_size(page_size, {}),
            "pagination_token": pagination_token,
        }
        page: ListOperationsResponse = self._send(
            assistant_name,
            Operation(
                "list_operations",
                "GET",
                checked_path("/operations/{}", assistant_name=assistant_name),
                ListOperationsResponse,
                query=query,
                api_version=FILES_VERSION,
                base_url=self._data_url(assistant_name),
            ),
        )
        return page
