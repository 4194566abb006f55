"""The pieces in which an assistant's answer comes when it is streamed."""

from __future__ import annotations

from typing import Any

import msgspec

from pinecone_core.structs import StructDictMixin

from .card import Card, Parts, Rows, cut, present, quoted, usage_rows
from .chat import ChatCitation, ChatUsage
from .tagged import Tagged

__all__ = [
    "ChatCompletionStreamChoice",
    "ChatCompletionStreamChunk",
    "ChatCompletionStreamDelta",
    "ChatStreamChunk",
    "StreamCitationChunk",
    "StreamContentChunk",
    "StreamContentDelta",
    "StreamMessageEnd",
    "StreamMessageStart",
]


def _set(*pairs: tuple[str, Any]) -> Parts:
    return [(label, repr(value)) for label, value in present(*pairs)]


class StreamMessageStart(Card, Tagged, kw_only=True, tag="message_start", tag_field="type"):
    """The beginning of an answer.

    Attributes:
        model: The language model that writes it.
        role: Who speaks.
        id: What the service calls the answer.
        context_snippet_count: How many snippets it is written from.
        content_filter_results: What a content filter found in the question.
    """

    model: str = ""
    role: str = "assistant"
    id: str | None = None
    context_snippet_count: int | None = None
    content_filter_results: dict[str, Any] | None = None

    def _parts(self, limit: int) -> Parts:
        parts = [("model", repr(self.model)), ("role", repr(self.role))]
        return parts + _set(("id", self.id), ("context_snippet_count", self.context_snippet_count))

    def _rows(self) -> Rows:
        return [("Type:", self.type), ("Model:", self.model), ("Role:", self.role)]


class StreamContentDelta(Card, StructDictMixin, kw_only=True):
    """A piece of the text.

    Attributes:
        content: The text.
    """

    content: str = ""

    def _parts(self, limit: int) -> Parts:
        return [("content", quoted(self.content, limit))]

    def _rows(self) -> Rows:
        return [("Content", cut(self.content))]


class StreamContentChunk(Card, Tagged, kw_only=True, tag="content_chunk", tag_field="type"):
    """A piece of the text.

    Attributes:
        id: What the service calls the answer.
        delta: The piece.
        model: The language model that writes it.
        content_filter_results: What a content filter found in it.
    """

    id: str = ""
    delta: StreamContentDelta = msgspec.field(default_factory=StreamContentDelta)
    model: str | None = None
    content_filter_results: dict[str, Any] | None = None

    def _parts(self, limit: int) -> Parts:
        delta = f"StreamContentDelta(content={quoted(self.delta.content, limit)})"
        return [("id", repr(self.id)), ("delta", delta), *_set(("model", self.model))]

    def _rows(self) -> Rows:
        rows: Rows = [("Type:", self.type), ("Id:", self.id), *present(("Model:", self.model))]
        return [*rows, ("Content:", cut(self.delta.content))]


class StreamCitationChunk(Card, Tagged, kw_only=True, tag="citation", tag_field="type"):
    """What a place in the text rests on.

    Attributes:
        id: What the service calls the answer.
        citation: The place and its files.
        model: The language model that writes the answer.
    """

    id: str = ""
    citation: ChatCitation = msgspec.field(default_factory=ChatCitation)
    model: str | None = None

    def _parts(self, limit: int) -> Parts:
        return [("id", repr(self.id)), ("citation", repr(self.citation)), *_set(("model", self.model))]

    def _rows(self) -> Rows:
        rows: Rows = [("Type:", self.type), ("Id:", self.id), *present(("Model:", self.model))]
        return [
            *rows,
            ("Position:", self.citation.position),
            ("References:", len(self.citation.references)),
        ]


class StreamMessageEnd(Card, Tagged, kw_only=True, tag="message_end", tag_field="type"):
    """The end of an answer.

    Attributes:
        id: What the service calls the answer.
        usage: How many tokens it took.
        model: The language model that wrote it.
        finish_reason: ``"stop"``, ``"length"``, ``"content_filter"`` or ``"tool_calls"``.
        content_filter_results: What a content filter found.
    """

    id: str = ""
    usage: ChatUsage | None = None
    model: str | None = None
    finish_reason: str | None = None
    content_filter_results: dict[str, Any] | None = None

    def _parts(self, limit: int) -> Parts:
        extra = _set(("usage", self.usage), ("model", self.model), ("finish_reason", self.finish_reason))
        return [("id", repr(self.id)), *extra]

    def _rows(self) -> Rows:
        rows: Rows = [("Type:", self.type), ("Id:", self.id), *present(("Model:", self.model))]
        return rows if self.usage is None else rows + usage_rows(self.usage)


ChatStreamChunk = StreamMessageStart | StreamContentChunk | StreamCitationChunk | StreamMessageEnd
"""A piece that this version knows; one of another kind comes as an ``UnknownItem``."""


class ChatCompletionStreamDelta(Card, StructDictMixin, kw_only=True):
    """A piece of a completion's message.

    Attributes:
        role: Who speaks; mostly only in the first piece.
        content: The text.
    """

    role: str | None = None
    content: str | None = None

    def _parts(self, limit: int) -> Parts:
        parts = _set(("role", self.role))
        if self.content is not None:
            parts.append(("content", quoted(self.content, limit)))
        return parts or [("", "<empty>")]

    def _rows(self) -> Rows:
        content = None if self.content is None else cut(self.content)
        return present(("Role", self.role), ("Content", content))


class ChatCompletionStreamChoice(Card, StructDictMixin, kw_only=True):
    """A piece of one of a completion's answers.

    Attributes:
        index: Which answer.
        delta: The piece.
        finish_reason: Why it ends, in the last piece.
    """

    index: int = 0
    delta: ChatCompletionStreamDelta = msgspec.field(default_factory=ChatCompletionStreamDelta)
    finish_reason: str | None = None

    def _parts(self, limit: int) -> Parts:
        finish = _set(("finish_reason", self.finish_reason))
        return [("index", str(self.index)), ("delta", repr(self.delta)), *finish]

    def _rows(self) -> Rows:
        return [("Index", self.index), *self.delta._rows(), *present(("Finish reason", self.finish_reason))]


class ChatCompletionStreamChunk(Card, StructDictMixin, kw_only=True):
    """A piece of a completion.

    Attributes:
        id: What the service calls the answer.
        choices: A piece for each answer; mostly one, none in a piece that brings the usage alone.
        model: The language model that writes it.
        object: The kind of object, as OpenAI names it.
        created: When, in seconds since the epoch.
        system_fingerprint: The version of the model.
        usage: How many tokens it took, in the last piece.
    """

    id: str = ""
    choices: list[ChatCompletionStreamChoice] = msgspec.field(default_factory=list)
    model: str | None = None
    object: str | None = None
    created: int | None = None
    system_fingerprint: str | None = None
    usage: ChatUsage | None = None

    def _parts(self, limit: int) -> Parts:
        model, usage = _set(("model", self.model)), _set(("usage", self.usage))
        return [("id", repr(self.id)), *model, ("choices", str(len(self.choices))), *usage]

    def _more(self) -> Parts:
        content = self.choices[0].delta.content if self.choices else None
        parts = [] if content is None else [("first_choice_content", quoted(content, 200))]
        names = ("object", "created", "system_fingerprint")
        return parts + _set(*((name, getattr(self, name)) for name in names))

    def _rows(self) -> Rows:
        head = present(
            ("Model", self.model),
            ("Object", self.object),
            ("Created", self.created),
            ("System fingerprint", self.system_fingerprint),
        )
        usage = None if self.usage is None else repr(self.usage)
        return [("Id", self.id), *head, ("Choices", len(self.choices)), *present(("Usage", usage))]

    def _sections(self) -> list[tuple[str, Rows, str]]:
        return [("First choice", self.choices[0]._rows(), "default")] if self.choices else []
