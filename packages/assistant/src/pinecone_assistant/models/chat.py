"""Answers of an assistant: messages, citations and token counts."""

from __future__ import annotations

from typing import Any

import msgspec

from pinecone_core.structs import StructDictMixin

from .card import DASH, Card, Parts, Rows, cut, first_few, quoted, short_list, usage_rows
from .file import AssistantFileModel

__all__ = [
    "ChatCitation",
    "ChatCompletionChoice",
    "ChatCompletionMessage",
    "ChatCompletionResponse",
    "ChatHighlight",
    "ChatMessage",
    "ChatReference",
    "ChatResponse",
    "ChatUsage",
]


class ChatUsage(Card, StructDictMixin, kw_only=True):
    """How many tokens an answer took.

    Attributes:
        prompt_tokens: Tokens of the question and its context.
        completion_tokens: Tokens of the answer.
        total_tokens: Both.
    """

    prompt_tokens: int = 0
    completion_tokens: int = 0
    total_tokens: int = 0

    @classmethod
    def from_dict(cls, d: dict[str, Any]) -> ChatUsage:
        """Make one from a dict; missing counts are 0."""
        return cls(
            prompt_tokens=d.get("prompt_tokens", 0),
            completion_tokens=d.get("completion_tokens", 0),
            total_tokens=d.get("total_tokens", 0),
        )

    def _parts(self, limit: int) -> Parts:
        return [
            ("prompt", str(self.prompt_tokens)),
            ("completion", str(self.completion_tokens)),
            ("total", str(self.total_tokens)),
        ]

    def _rows(self) -> Rows:
        return usage_rows(self)


class ChatHighlight(Card, StructDictMixin, kw_only=True):
    """The passage that a citation rests on.

    Attributes:
        type: Its kind, such as ``"text"``.
        content: The passage.
    """

    type: str
    content: str = ""

    def _parts(self, limit: int) -> Parts:
        return [("type", repr(self.type)), ("content", quoted(self.content, limit))]

    def _rows(self) -> Rows:
        return [("Type", self.type), ("Content", cut(self.content))]


class ChatReference(Card, StructDictMixin, kw_only=True):
    """One file, or some pages of it, that a citation points to.

    Attributes:
        file: The file.
        pages: The pages, counted from 1, where it has pages.
        highlight: The passage, if highlights were asked for.
    """

    file: AssistantFileModel = msgspec.field(default_factory=lambda: AssistantFileModel(name="", id=""))
    pages: list[int] | None = None
    highlight: ChatHighlight | None = None

    def _parts(self, limit: int) -> Parts:
        return [
            ("file", repr(self.file.name)),
            ("pages", short_list(self.pages)),
            ("highlight", "'no'" if self.highlight is None else "'yes'"),
        ]

    def _rows(self) -> Rows:
        return [
            ("File", self.file.name),
            ("Pages", DASH if self.pages is None else short_list(self.pages)),
            ("Highlight", DASH if self.highlight is None else type(self.highlight).__name__),
        ]

    def _sections(self) -> list[tuple[str, Rows, str]]:
        if self.highlight is None:
            return []
        return [("Highlight", [("Content", cut(self.highlight.content))], "default")]


class ChatCitation(Card, StructDictMixin, kw_only=True):
    """What a place in the answer rests on.

    Attributes:
        position: The place, in characters from the beginning of the answer.
        references: The files.
    """

    position: int = 0
    references: list[ChatReference] = msgspec.field(default_factory=list)

    def _parts(self, limit: int) -> Parts:
        if limit == 80:
            return [("position", str(self.position)), ("references", str(len(self.references)))]
        names = [reference.file.name for reference in self.references]
        more = [f"...{len(names) - 3} more"] if len(names) > 3 else []
        shown = ", ".join([*(repr(name) for name in names[:3]), *more])
        return [("position", str(self.position)), ("references", f"[{shown}]")]

    def _rows(self) -> Rows:
        return [("Position", self.position), ("Reference count", len(self.references))]

    def _sections(self) -> list[tuple[str, Rows, str]]:
        rows: Rows = [(item.file.name, short_list(item.pages)) for item in self.references[:5]]
        return [("References", rows or [(DASH, "")], "default")]


class ChatMessage(Card, StructDictMixin, kw_only=True):
    """A message of an assistant.

    Attributes:
        role: Who speaks.
        content: The text; empty when a content filter took it away.
    """

    role: str = "assistant"
    content: str = ""

    def _parts(self, limit: int) -> Parts:
        return [("role", repr(self.role)), ("content", quoted(self.content, limit))]

    def _rows(self) -> Rows:
        return [("Role", self.role), ("Content", cut(self.content))]


class ChatResponse(Card, StructDictMixin, kw_only=True):
    """The answer of an assistant.

    Attributes:
        id: What the service calls it.
        model: The language model that wrote it.
        usage: How many tokens it took.
        message: The answer.
        finish_reason: ``"stop"``, ``"length"``, ``"content_filter"`` or ``"tool_calls"``.
        citations: What the answer rests on.
        context_snippet_count: How many snippets were used, if the service says so.
        content_filter_results: What a content filter found, if there is one.
    """

    id: str = ""
    model: str = ""
    usage: ChatUsage = msgspec.field(default_factory=ChatUsage)
    message: ChatMessage = msgspec.field(default_factory=ChatMessage)
    finish_reason: str = ""
    citations: list[ChatCitation] = msgspec.field(default_factory=list)
    context_snippet_count: int | None = None
    content_filter_results: dict[str, Any] | None = None

    def _parts(self, limit: int) -> Parts:
        return [
            ("id", repr(self.id)),
            ("model", repr(self.model)),
            ("finish_reason", repr(self.finish_reason)),
            ("citations", str(len(self.citations))),
            ("usage", repr(self.usage)),
        ]

    def _more(self) -> Parts:
        return [
            (
                "message",
                f"ChatMessage(role={self.message.role!r}, content={quoted(self.message.content, 200)})",
            )
        ]

    def _rows(self) -> Rows:
        return [
            ("Id", self.id),
            ("Model", self.model),
            ("Finish reason", self.finish_reason),
            ("Citations", len(self.citations)),
            ("Usage", repr(self.usage)),
        ]

    def _sections(self) -> list[tuple[str, Rows, str]]:
        return [("Message", self.message._rows(), "default")]


class ChatCompletionMessage(Card, StructDictMixin, kw_only=True):
    """A message of a completion.

    Attributes:
        role: Who speaks.
        content: The text.
    """

    role: str | None = None
    content: str | None = None

    def _parts(self, limit: int) -> Parts:
        return [("role", repr(self.role)), ("content", quoted(self.content or None, limit))]

    def _rows(self) -> Rows:
        return [("Role", cut(self.role)), ("Content", cut(self.content))]


class ChatCompletionChoice(Card, StructDictMixin, kw_only=True):
    """One of the answers of a completion.

    Attributes:
        index: Which.
        message: The answer.
        finish_reason: ``"stop"``, ``"length"``, ``"content_filter"`` or ``"tool_calls"``.
    """

    index: int = 0
    message: ChatCompletionMessage = msgspec.field(default_factory=ChatCompletionMessage)
    finish_reason: str = ""

    def _parts(self, limit: int) -> Parts:
        return [
            ("index", str(self.index)),
            ("finish_reason", repr(self.finish_reason)),
            ("message", repr(self.message)),
        ]

    def _rows(self) -> Rows:
        return [("Index", self.index), ("Finish reason", self.finish_reason), *self.message._rows()]


class ChatCompletionResponse(Card, StructDictMixin, kw_only=True):
    """The answer of an assistant in the OpenAI-compatible form.

    Attributes:
        id: What the service calls it.
        model: The language model that wrote it.
        usage: How many tokens it took.
        choices: The answers; mostly one.
    """

    id: str = ""
    model: str = ""
    usage: ChatUsage = msgspec.field(default_factory=ChatUsage)
    choices: list[ChatCompletionChoice] = msgspec.field(default_factory=list)

    def _parts(self, limit: int) -> Parts:
        return [
            ("id", repr(self.id)),
            ("model", repr(self.model)),
            ("choices", str(len(self.choices))),
            ("usage", repr(self.usage)),
        ]

    def _more(self) -> Parts:
        content = self.choices[0].message.content if self.choices else None
        return [] if content is None else [("first_choice_content", quoted(content, 200))]

    def _rows(self) -> Rows:
        return [
            ("Id", self.id),
            ("Model", self.model),
            ("Choices", len(self.choices)),
            ("Usage", repr(self.usage)),
        ]

    def _sections(self) -> list[tuple[str, Rows, str]]:
        return [("First choice", first_few(self.choices[0]._rows()), "default")] if self.choices else []
