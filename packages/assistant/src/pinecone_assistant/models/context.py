"""Context: the snippets of files that an answer could be written from."""

from __future__ import annotations

from typing import Any

import msgspec

from pinecone_core.structs import StructDictMixin

from .card import DASH, Card, Parts, Rows, cut, first_few, quoted, short_list
from .chat import ChatUsage
from .file import AssistantFileModel
from .tagged import Tagged

__all__ = [
    "ContextContentBlock",
    "ContextImageBlock",
    "ContextImageData",
    "ContextReference",
    "ContextResponse",
    "ContextSnippet",
    "ContextTextBlock",
    "FileReference",
    "MultimodalSnippet",
    "PageReference",
    "TextSnippet",
]


class ContextImageData(Card, StructDictMixin, kw_only=True):
    """An image.

    Attributes:
        type: How it is encoded, such as ``"base64"``.
        mime_type: Its media type.
        data: The image as base64 text.
    """

    type: str = ""
    mime_type: str = ""
    data: str = ""

    def _parts(self, limit: int) -> Parts:
        return [
            ("type", repr(self.type)),
            ("mime_type", repr(self.mime_type)),
            ("data", f"<{len(self.data):,} bytes>"),
        ]

    def _rows(self) -> Rows:
        return [
            ("Type", self.type),
            ("MIME type", self.mime_type),
            ("Size", f"{len(self.data):,} chars"),
            ("Preview", cut(self.data, 32)),
        ]


class ContextTextBlock(Card, Tagged, kw_only=True, tag="text", tag_field="type"):
    """A piece of text of a multimodal snippet.

    Attributes:
        text: The text.
    """

    text: str = ""

    def _parts(self, limit: int) -> Parts:
        return [("text", quoted(self.text, limit))]

    def _rows(self) -> Rows:
        return [("Text", cut(self.text))]


class ContextImageBlock(Card, Tagged, kw_only=True, tag="image", tag_field="type"):
    """An image of a multimodal snippet.

    Attributes:
        caption: What it shows, in words.
        image_data: The image (``image`` on the wire), unless it was left out.
    """

    caption: str = ""
    image_data: ContextImageData | None = msgspec.field(default=None, name="image")

    def _parts(self, limit: int) -> Parts:
        there = "<absent>" if self.image_data is None else "<present>"
        return [("caption", quoted(self.caption, 80)), ("image_data", there)]

    def _rows(self) -> Rows:
        image = self.image_data
        shown = DASH if image is None else f"{image.mime_type} ({len(image.data):,} chars)"
        return [("Caption", cut(self.caption, 200)), ("Image", shown)]


class FileReference(Card, StructDictMixin, kw_only=True):
    """Where a snippet comes from.

    Attributes:
        file: The file.
        pages: The pages, counted from 1, where it has pages.
        type: The file's kind: ``"text"``, ``"json"``, ``"markdown"``, ``"pdf"`` or ``"doc_x"``.
    """

    file: AssistantFileModel = msgspec.field(default_factory=lambda: AssistantFileModel(name="", id=""))
    pages: list[int] | None = None
    type: str | None = None

    def _parts(self, limit: int) -> Parts:
        parts = [("file", repr(self.file.name)), ("pages", short_list(self.pages))]
        return parts if self.type is None else [*parts, ("type", repr(self.type))]

    def _rows(self) -> Rows:
        return [("File", self.file.name), ("Pages", DASH if self.pages is None else short_list(self.pages))]


PageReference = FileReference
ContextReference = FileReference

ContextContentBlock = ContextTextBlock | ContextImageBlock
"""A block that this version knows; one of another kind comes as an ``UnknownItem``."""


class TextSnippet(Card, Tagged, kw_only=True, tag="text", tag_field="type"):
    """A passage of a file.

    Attributes:
        content: The passage.
        score: How well it fits the question; higher is better.
        reference: Where it comes from.
    """

    content: str = ""
    score: float = 0.0
    reference: FileReference = msgspec.field(default_factory=FileReference)

    def _parts(self, limit: int) -> Parts:
        return [
            ("score", repr(self.score)),
            ("reference", repr(self.reference.file.name)),
            ("content", quoted(self.content, limit)),
        ]

    def _rows(self) -> Rows:
        pages = self.reference.pages
        return [
            ("Score", self.score),
            ("Reference", self.reference.file.name),
            ("Pages", DASH if pages is None else short_list(pages)),
            ("Content", cut(self.content)),
        ]


class MultimodalSnippet(Card, Tagged, kw_only=True, tag="multimodal", tag_field="type"):
    """A passage of a file with its images.

    Attributes:
        content: Texts and images in their order.
        score: How well it fits the question; higher is better.
        reference: Where it comes from.
    """

    content: list[ContextContentBlock] = msgspec.field(default_factory=list)
    score: float = 0.0
    reference: FileReference = msgspec.field(default_factory=FileReference)

    def _counts(self) -> tuple[int, int]:
        kinds = [block.type for block in self.content]
        return kinds.count("text"), kinds.count("image")

    def _parts(self, limit: int) -> Parts:
        texts, images = self._counts()
        return [
            ("score", repr(self.score)),
            ("reference", repr(self.reference.file.name)),
            ("blocks", f"<text:{texts},image:{images}>"),
        ]

    def _rows(self) -> Rows:
        pages = self.reference.pages
        texts, images = self._counts()
        return [
            ("Score", self.score),
            ("Reference", self.reference.file.name),
            ("Pages", DASH if pages is None else short_list(pages)),
            ("Blocks", f"{texts} text, {images} image"),
        ]

    def _sections(self) -> list[tuple[str, Rows, str]]:
        rows = [
            (block.type, cut(getattr(block, "text", None) or getattr(block, "caption", None), 60))
            for block in self.content
        ]
        return [("Blocks", first_few(rows), "default")]


ContextSnippet = TextSnippet | MultimodalSnippet
"""A snippet that this version knows; one of another kind comes as an ``UnknownItem``."""


class ContextResponse(Card, StructDictMixin, kw_only=True):
    """The snippets that fit a question best.

    Attributes:
        snippets: The snippets, best first. One of a kind that this version does not know is an
            ``UnknownItem``.
        usage: How many tokens it took.
        id: What the service calls the answer.
    """

    snippets: list[ContextSnippet] = msgspec.field(default_factory=list)
    usage: ChatUsage = msgspec.field(default_factory=ChatUsage)
    id: str | None = None

    def _parts(self, limit: int) -> Parts:
        parts = [] if self.id is None else [("id", repr(self.id))]
        return [*parts, ("snippets", str(len(self.snippets))), ("usage", repr(self.usage))]

    def _more(self) -> Parts:
        return [("", repr(snippet)) for snippet in self.snippets[:3]]

    def _rows(self) -> Rows:
        rows: Rows = [] if self.id is None else [("Id", self.id)]
        return [*rows, ("Snippets", len(self.snippets)), ("Usage", repr(self.usage))]

    def _sections(self) -> list[tuple[str, Rows, str]]:
        rows: list[tuple[Any, Any]] = []
        for snippet in self.snippets:
            reference = getattr(snippet, "reference", None)
            file = reference.file.name if isinstance(reference, FileReference) else DASH
            rows.append((type(snippet).__name__, f"score={getattr(snippet, 'score', DASH)}, file={file}"))
        return [("Snippets", first_few(rows), "default")]
