"""The names that models had in earlier generations. Each is the class it stands for."""

from __future__ import annotations

from .chat import ChatCitation, ChatHighlight, ChatReference, ChatUsage
from .context import ContextImageBlock, ContextImageData, ContextTextBlock, FileReference
from .evaluation import AlignmentResult, AlignmentScores, EntailmentResult
from .file import AssistantFileModel
from .streaming import (
    ChatCompletionStreamChoice,
    ChatCompletionStreamChunk,
    ChatStreamChunk,
    StreamCitationChunk,
    StreamContentChunk,
    StreamContentDelta,
    StreamMessageEnd,
    StreamMessageStart,
)

__all__ = [
    "AlignmentResponse",
    "BaseStreamChatResponseChunk",
    "Citation",
    "DocxReference",
    "EvaluatedFact",
    "FileModel",
    "Highlight",
    "Image",
    "ImageBlock",
    "JsonReference",
    "MarkdownReference",
    "MessageDelta",
    "Metrics",
    "PdfReference",
    "Reference",
    "StreamChatResponseCitation",
    "StreamChatResponseContentDelta",
    "StreamChatResponseMessageEnd",
    "StreamChatResponseMessageStart",
    "StreamingChatCompletionChoice",
    "StreamingChatCompletionChunk",
    "TextBlock",
    "TextReference",
    "TokenCounts",
    "Usage",
]

FileModel = AssistantFileModel
Usage = TokenCounts = ChatUsage
Citation = ChatCitation
Reference = ChatReference
Highlight = ChatHighlight
MessageDelta = StreamContentDelta
BaseStreamChatResponseChunk = ChatStreamChunk
StreamChatResponseMessageStart = StreamMessageStart
StreamChatResponseContentDelta = StreamContentChunk
StreamChatResponseCitation = StreamCitationChunk
StreamChatResponseMessageEnd = StreamMessageEnd
StreamingChatCompletionChunk = ChatCompletionStreamChunk
StreamingChatCompletionChoice = ChatCompletionStreamChoice
AlignmentResponse = AlignmentResult
Metrics = AlignmentScores
EvaluatedFact = EntailmentResult
TextBlock = ContextTextBlock
ImageBlock = ContextImageBlock
Image = ContextImageData
PdfReference = TextReference = JsonReference = MarkdownReference = DocxReference = FileReference
