"""The methods that an assistant's model has of the client it came from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import IO, TYPE_CHECKING, Any, TypeVar

from pinecone_core.errors import PineconeTypeError, PineconeValueError

from .options import ContextOptions

if TYPE_CHECKING:
    from .chat import ChatCompletionResponse, ChatResponse
    from .context import ContextResponse
    from .file import AssistantFileModel
    from .lists import ListFilesResponse

__all__ = ["BoundMethods", "bind"]

M = TypeVar("M")


def bind(model: M, client: Any) -> M:
    """Let a model's methods go through a client, and return the model."""
    model.__dict__["_client"] = client
    return model


class BoundMethods:
    """What can be done with an assistant, by the client its model came from.

    Each method is the client's method of the same name for this assistant, and is awaited where the
    client's is.
    """

    __slots__ = ()

    def _assistants(self) -> Any:
        client = getattr(self, "__dict__", {}).get("_client")
        if client is None:
            raise RuntimeError(
                f"{type(self).__name__} {getattr(self, 'name', '')!r} has no client reference; call the "
                "method of the client with assistant_name=..., or get the model from the client"
            )
        return client

    def describe_file(self, file_id: str, include_url: bool = False, **kwargs: Any) -> AssistantFileModel:
        """Describe a file of this assistant; see ``Assistants.describe_file``."""
        found: AssistantFileModel = self._assistants().describe_file(
            assistant_name=_name(self), file_id=file_id, include_url=include_url, **kwargs
        )
        return found

    def upload_file(
        self,
        file_path: str,
        metadata: dict[str, Any] | None = None,
        multimodal: bool | None = None,
        timeout: int | None = None,
        file_id: str | None = None,
        **kwargs: Any,
    ) -> AssistantFileModel:
        """Upload a file to this assistant; see ``Assistants.upload_file``."""
        file: AssistantFileModel = self._assistants().upload_file(
            assistant_name=_name(self),
            file_path=file_path,
            metadata=metadata,
            multimodal=multimodal,
            timeout=timeout,
            file_id=file_id,
            **kwargs,
        )
        return file

    def upload_bytes_stream(
        self,
        stream: IO[bytes],
        file_name: str,
        metadata: dict[str, Any] | None = None,
        multimodal: bool | None = None,
        timeout: int | None = None,
        file_id: str | None = None,
        **kwargs: Any,
    ) -> AssistantFileModel:
        """Upload what a stream yields to this assistant; see ``Assistants.upload_file``."""
        file: AssistantFileModel = self._assistants().upload_file(
            assistant_name=_name(self),
            file_stream=stream,
            file_name=file_name,
            metadata=metadata,
            multimodal=multimodal,
            timeout=timeout,
            file_id=file_id,
            **kwargs,
        )
        return file

    def list_files(self, filter: dict[str, Any] | None = None, **kwargs: Any) -> list[AssistantFileModel]:
        """List all files of this assistant; see ``Assistants.list_files``."""
        files: list[AssistantFileModel] = (
            self._assistants().list_files(assistant_name=_name(self), filter=filter, **kwargs).to_list()
        )
        return files

    def list_files_paginated(
        self,
        filter: dict[str, Any] | None = None,
        limit: int | None = None,
        pagination_token: str | None = None,
        *,
        page_size: int | None = None,
        **kwargs: Any,
    ) -> ListFilesResponse:
        """List one page of the files of this assistant; see ``Assistants.list_files_page``."""
        page: ListFilesResponse = self._assistants().list_files_page(
            assistant_name=_name(self),
            filter=filter,
            page_size=limit if limit is not None else page_size,
            pagination_token=pagination_token,
            **kwargs,
        )
        return page

    def delete_file(self, file_id: str, timeout: int | None = None, **kwargs: Any) -> None:
        """Delete a file of this assistant; see ``Assistants.delete_file``."""
        gone: None = self._assistants().delete_file(
            assistant_name=_name(self), file_id=file_id, timeout=timeout, **kwargs
        )
        return gone

    def chat(
        self,
        messages: Iterable[Any],
        filter: dict[str, Any] | None = None,
        stream: bool = False,
        model: str | None = None,
        temperature: float | None = None,
        json_response: bool = False,
        include_highlights: bool = False,
        context_options: ContextOptions | dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> ChatResponse | Any:
        """Ask this assistant; see ``Assistants.chat``."""
        answer: ChatResponse = self._assistants().chat(
            assistant_name=_name(self),
            messages=messages,
            filter=filter,
            stream=stream,
            temperature=temperature,
            json_response=json_response,
            include_highlights=include_highlights,
            context_options=context_options,
            **({} if model is None else {"model": model}),
            **kwargs,
        )
        return answer

    def chat_completions(
        self,
        messages: Iterable[Any],
        filter: dict[str, Any] | None = None,
        stream: bool = False,
        model: str | None = None,
        temperature: float | None = None,
        **kwargs: Any,
    ) -> ChatCompletionResponse | Any:
        """Ask this assistant in the OpenAI-compatible form; see ``Assistants.chat_completions``."""
        answer: ChatCompletionResponse = self._assistants().chat_completions(
            assistant_name=_name(self),
            messages=messages,
            filter=filter,
            stream=stream,
            temperature=temperature,
            **({} if model is None else {"model": model}),
            **kwargs,
        )
        return answer

    def context(
        self,
        query: str | None = None,
        messages: Iterable[Any] | None = None,
        filter: dict[str, Any] | None = None,
        top_k: int | None = None,
        snippet_size: int | None = None,
        multimodal: bool | None = None,
        include_binary_content: bool | None = None,
        context_options: ContextOptions | dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> ContextResponse:
        """Find this assistant's snippets for a question; see ``Assistants.context``.

        ``context_options`` fills in those of the four settings that are None.
        """
        given = {
            "top_k": top_k,
            "snippet_size": snippet_size,
            "multimodal": multimodal,
            "include_binary_content": include_binary_content,
        }
        options = _options(context_options)
        settings = {key: options.get(key) if value is None else value for key, value in given.items()}
        found: ContextResponse = self._assistants().context(
            assistant_name=_name(self), query=query, messages=messages, filter=filter, **settings, **kwargs
        )
        return found


def _name(model: Any) -> str:
    return str(model.name)


def _options(value: Any) -> dict[str, Any]:
    if value is None:
        return {}
    if isinstance(value, ContextOptions):
        return value.to_dict()
    if not isinstance(value, Mapping):
        raise PineconeTypeError(
            f"context_options must be a ContextOptions or a dict, got {type(value).__name__}"
        )
    unknown = sorted(str(key) for key in value if key not in ContextOptions.__struct_fields__)
    if unknown:
        raise PineconeValueError(
            f"context_options has unknown keys {unknown}; use {', '.join(ContextOptions.__struct_fields__)}"
        )
    return dict(value)
