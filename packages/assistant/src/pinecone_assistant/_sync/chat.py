# Made from ../_async/chat.py by tools/make_sync.py; do not edit.
"""Asking an assistant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, overload

from pinecone_core.hosts import path
from pinecone_core.operation import Operation

from .._protocol.arguments import DEFAULT_MODEL, alignment_body, chat_body, completions_body, context_body
from .._protocol.limits import chat_limits
from .._protocol.reading import ChatReader, CompletionReader
from ..models.chat import ChatCompletionResponse, ChatResponse
from ..models.context import ContextResponse
from ..models.evaluation import AlignmentResult
from .hosts import HostedClient
from .streams import ChatCompletionStream, ChatStream, read_chunks

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pinecone_core.config import Timeout
    from pinecone_core.filters import Condition

    from ..models.message import Message
    from ..models.options import ContextOptions

    Messages = str | Message | Mapping[str, str] | Iterable[str | Message | Mapping[str, str]]
    Filter = dict[str, Any] | Condition

__all__ = ["ChatMethods"]

_EVENTS = {"Accept": "text/event-stream"}


class ChatMethods(HostedClient):
    """What an assistant can be asked."""

    @overload
    def chat(
        self,
        *,
        assistant_name: str,
        messages: Messages,
        model: str = "gpt-4o",
        stream: Literal[False] = False,
        temperature: float | None = None,
        filter: Filter | None = None,
        json_response: bool = False,
        include_highlights: bool = False,
        context_options: ContextOptions | dict[str, Any] | None = None,
        timeout: Timeout | float | None = None,
    ) -> ChatResponse: ...
    @overload
    def chat(
        self,
        *,
        assistant_name: str,
        messages: Messages,
        model: str = "gpt-4o",
        stream: Literal[True],
        temperature: float | None = None,
        filter: Filter | None = None,
        json_response: bool = False,
        include_highlights: bool = False,
        context_options: ContextOptions | dict[str, Any] | None = None,
        timeout: Timeout | float | None = None,
    ) -> ChatStream: ...
    @overload
    def chat(
        self,
        *,
        assistant_name: str,
        messages: Messages,
        model: str = "gpt-4o",
        stream: bool = False,
        temperature: float | None = None,
        filter: Filter | None = None,
        json_response: bool = False,
        include_highlights: bool = False,
        context_options: ContextOptions | dict[str, Any] | None = None,
        timeout: Timeout | float | None = None,
    ) -> ChatResponse | ChatStream: ...
    def chat(
        self,
        *,
        assistant_name: str,
        messages: Messages,
        model: str = DEFAULT_MODEL,
        stream: bool = False,
        temperature: float | None = None,
        filter: Filter | None = None,
        json_response: bool = False,
        include_highlights: bool = False,
        context_options: ContextOptions | dict[str, Any] | None = None,
        timeout: Timeout | float | None = None,
    ) -> ChatResponse | ChatStream:
        """Ask an assistant. Never sent twice: every answer is billed.

        Args:
            assistant_name: Whom to ask.
            messages: The conversation: a string, a ``Message``, a dict with ``content`` and perhaps
                ``role``, or a list of these.
            model: The language model that writes the answer.
            stream: Whether to return the answer while it is written.
            temperature: How freely it is written, from 0.
            filter: Which files count, by their metadata.
            json_response: Whether the answer is to be JSON; not with ``stream``.
            include_highlights: Whether citations come with the passages they rest on.
            context_options: How the context is chosen.
            timeout: Seconds for the whole answer, or for each piece of it with ``stream``; None for the
                client's, or 300 where that was left as it is.

        Returns:
            The answer with its citations, or with ``stream`` what yields its pieces; then the
            request is sent when the first one is asked for.

        Raises:
            PineconeValueError: An argument cannot be used; nothing was sent.
            NotFoundError: There is no such assistant.

        Example:
            >>> answer = pc.assistants.chat(  # doctest: +SKIP
            ...     assistant_name="manuals", messages="How is the filter changed?"
            ... )

        Wire: ``POST /chat/{assistant_name}``
        """
        body = chat_body(
            messages, model, stream, temperature, filter, json_response, include_highlights, context_options
        )
        url = self._data_url(assistant_name)
        operation = Operation(
            "chat",
            "POST",
            path("/chat/{}", assistant_name),
            ChatResponse,
            body,
            headers=_EVENTS if stream else None,
            base_url=url,
        )
        limits = chat_limits(self._executor.limits, timeout)
        if not stream:
            return self._send(assistant_name, operation, limits)  # type: ignore[no-any-return]
        return ChatStream(
            read_chunks(
                lambda: self._open(assistant_name, operation, limits), ChatReader(), operation.name, url
            )
        )

    @overload
    def chat_completions(
        self,
        *,
        assistant_name: str,
        messages: Messages,
        model: str = "gpt-4o",
        stream: Literal[False] = False,
        temperature: float | None = None,
        filter: Filter | None = None,
        timeout: Timeout | float | None = None,
    ) -> ChatCompletionResponse: ...
    @overload
    def chat_completions(
        self,
        *,
        assistant_name: str,
        messages: Messages,
        model: str = "gpt-4o",
        stream: Literal[True],
        temperature: float | None = None,
        filter: Filter | None = None,
        timeout: Timeout | float | None = None,
    ) -> ChatCompletionStream: ...
    @overload
    def chat_completions(
        self,
        *,
        assistant_name: str,
        messages: Messages,
        model: str = "gpt-4o",
        stream: bool = False,
        temperature: float | None = None,
        filter: Filter | None = None,
        timeout: Timeout | float | None = None,
    ) -> ChatCompletionResponse | ChatCompletionStream: ...
    def chat_completions(
        self,
        *,
        assistant_name: str,
        messages: Messages,
        model: str = DEFAULT_MODEL,
        stream: bool = False,
        temperature: float | None = None,
        filter: Filter | None = None,
        timeout: Timeout | float | None = None,
    ) -> ChatCompletionResponse | ChatCompletionStream:
        """Ask an assistant in the OpenAI-compatible form. Never sent twice: every answer is billed.

        Args:
            assistant_name: Whom to ask.
            messages: The conversation: a string, a ``Message``, a dict with ``content`` and perhaps
                ``role``, or a list of these.
            model: The language model that writes the answer.
            stream: Whether to return the answer while it is written.
            temperature: How freely it is written, from 0.
            filter: Which files count, by their metadata.
            timeout: Seconds for the whole answer, or for each piece of it with ``stream``; None for the
                client's, or 300 where that was left as it is.

        Returns:
            The answer, or with ``stream`` what yields its pieces; then the request is sent when the
            first one is asked for.

        Raises:
            PineconeValueError: An argument cannot be used; nothing was sent.
            NotFoundError: There is no such assistant.

        Example:
            >>> answer = pc.assistants.chat_completions(  # doctest: +SKIP
            ...     assistant_name="manuals", messages=[{"role": "user", "content": "How high is it?"}]
            ... )

        Wire: ``POST /chat/{assistant_name}/chat/completions``
        """
        body = completions_body(messages, model, stream, temperature, filter)
        url = self._data_url(assistant_name)
        operation = Operation(
            "chat_completions",
            "POST",
            path("/chat/{}/chat/completions", assistant_name),
            ChatCompletionResponse,
            body,
            headers=_EVENTS if stream else None,
            base_url=url,
        )
        limits = chat_limits(self._executor.limits, timeout)
        if not stream:
            return self._send(assistant_name, operation, limits)  # type: ignore[no-any-return]
        return ChatCompletionStream(
            read_chunks(
                lambda: self._open(assistant_name, operation, limits), CompletionReader(), operation.name, url
            )
        )

    def context(
        self,
        *,
        assistant_name: str,
        query: str | None = None,
        messages: Messages | None = None,
        filter: Filter | None = None,
        top_k: int | None = None,
        snippet_size: int | None = None,
        multimodal: bool | None = None,
        include_binary_content: bool | None = None,
    ) -> ContextResponse:
        """Find the snippets that an answer would be written from.

        Args:
            assistant_name: Whose files to search.
            query: The question; or give ``messages``.
            messages: A conversation that ends with the question; or give ``query``.
            filter: Which files count, by their metadata.
            top_k: The most snippets, 1 to 64; None for 16.
            snippet_size: The most tokens of a snippet, 512 to 8192; None for 2048.
            multimodal: Whether images count; None for yes.
            include_binary_content: Whether image data comes with them; None for yes.

        Returns:
            The snippets, best first.

        Raises:
            PineconeValueError: Not exactly one of ``query`` and ``messages`` was given, or another
                argument cannot be used; nothing was sent.
            NotFoundError: There is no such assistant.

        Example:
            >>> found = pc.assistants.context(  # doctest: +SKIP
            ...     assistant_name="manuals", query="filter change"
            ... )

        Wire: ``POST /chat/{assistant_name}/context``
        """
        body = context_body(query, messages, filter, top_k, snippet_size, multimodal, include_binary_content)
        url = self._data_url(assistant_name)
        where = path("/chat/{}/context", assistant_name)
        found: ContextResponse = self._send(
            assistant_name, Operation("context", "POST", where, ContextResponse, body, base_url=url)
        )
        return found

    def evaluate_alignment(
        self, *, question: str, answer: str, ground_truth_answer: str, region: str = "us"
    ) -> AlignmentResult:
        """Measure how well an answer agrees with the truth.

        Args:
            question: The question.
            answer: The answer to judge.
            ground_truth_answer: The true answer.
            region: Where to do it on the public service: ``"us"`` or ``"eu"``.

        Returns:
            The scores, and the facts they rest on.

        Example:
            >>> result = pc.assistants.evaluate_alignment(  # doctest: +SKIP
            ...     question="How high?", answer="8 km", ground_truth_answer="8.8 km"
            ... )

        Wire: ``POST /evaluation/metrics/alignment``
        """
        body = alignment_body(question, answer, ground_truth_answer)
        return self._executor.send(
            Operation(
                "evaluate_alignment",
                "POST",
                "/evaluation/metrics/alignment",
                AlignmentResult,
                body,
                base_url=self._evaluation_url(region),
            ),
            timeout=chat_limits(self._executor.limits, None),
        )
