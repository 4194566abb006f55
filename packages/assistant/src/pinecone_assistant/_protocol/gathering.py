"""Putting the chunks of a streamed answer together. Pure."""

from __future__ import annotations

from typing import Any

from ..models.chat import (
    ChatCitation,
    ChatCompletionChoice,
    ChatCompletionMessage,
    ChatCompletionResponse,
    ChatMessage,
    ChatResponse,
    ChatUsage,
)
from ..models.streaming import (
    ChatCompletionStreamChunk,
    StreamCitationChunk,
    StreamContentChunk,
    StreamMessageEnd,
    StreamMessageStart,
)

__all__ = ["GatheredChat", "GatheredCompletion", "chat_text", "completion_text"]


def chat_text(chunk: Any) -> str | None:
    """Return the text of a chat's chunk, or None when it is of another kind."""
    return chunk.delta.content if isinstance(chunk, StreamContentChunk) else None


def completion_text(chunk: Any) -> str | None:
    """Return the text that a completion's chunk brings for the first answer, or None."""
    if not isinstance(chunk, ChatCompletionStreamChunk):
        return None
    for choice in chunk.choices:
        if choice.index == 0 and choice.delta.content:
            return choice.delta.content
    return None


class GatheredChat:
    """What has come of a chat."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._citations: list[ChatCitation] = []
        self._usage = ChatUsage()
        self._fields: dict[str, Any] = {"id": "", "model": "", "role": "assistant", "finish_reason": ""}
        self._extra: dict[str, Any] = {}

    def add(self, chunk: Any) -> None:
        """Take in the next chunk."""
        if isinstance(chunk, StreamContentChunk):
            self._texts.append(chunk.delta.content)
            known = chunk.id == self._fields["id"] and chunk.model in (None, self._fields["model"])
            if known and chunk.content_filter_results is None:
                return  # as nearly all are: nothing but text
        elif isinstance(chunk, StreamCitationChunk):
            self._citations.append(chunk.citation)
        elif isinstance(chunk, StreamMessageEnd):
            self._usage = chunk.usage or self._usage
        elif not isinstance(chunk, StreamMessageStart):
            return
        for name in self._fields:
            self._fields[name] = getattr(chunk, name, None) or self._fields[name]
        for name in ("context_snippet_count", "content_filter_results"):
            if getattr(chunk, name, None) is not None:
                self._extra[name] = getattr(chunk, name)

    def result(self) -> ChatResponse:
        """Return what has come as an answer; ``finish_reason`` is empty before its end."""
        return ChatResponse(
            id=self._fields["id"],
            model=self._fields["model"],
            usage=self._usage,
            message=ChatMessage(role=self._fields["role"], content="".join(self._texts)),
            finish_reason=self._fields["finish_reason"],
            citations=list(self._citations),
            **self._extra,
        )


class _GatheredChoice:
    def __init__(self) -> None:
        self.texts: list[str] = []
        self.role: str | None = None
        self.finish_reason = ""


class GatheredCompletion:
    """What has come of a completion."""

    def __init__(self) -> None:
        self._choices: dict[int, _GatheredChoice] = {}
        self._usage = ChatUsage()
        self._id = self._model = ""

    def add(self, chunk: Any) -> None:
        """Take in the next chunk."""
        if not isinstance(chunk, ChatCompletionStreamChunk):
            return
        self._id = chunk.id or self._id
        self._model = chunk.model or self._model
        self._usage = chunk.usage or self._usage
        for piece in chunk.choices:
            choice = self._choices.setdefault(piece.index, _GatheredChoice())
            choice.texts.append(piece.delta.content or "")
            choice.role = piece.delta.role or choice.role
            choice.finish_reason = piece.finish_reason or choice.finish_reason

    def result(self) -> ChatCompletionResponse:
        """Return what has come as an answer; ``finish_reason`` is empty before its end."""
        choices = [
            ChatCompletionChoice(
                index=index,
                message=ChatCompletionMessage(role=choice.role or "assistant", content="".join(choice.texts)),
                finish_reason=choice.finish_reason,
            )
            for index, choice in sorted(self._choices.items())
        ]
        return ChatCompletionResponse(id=self._id, model=self._model, usage=self._usage, choices=choices)
