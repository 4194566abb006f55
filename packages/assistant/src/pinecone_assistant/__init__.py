"""Pinecone assistant client: assistants, files, chat, context and evaluation."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ._version import __version__

if TYPE_CHECKING:
    from pinecone_core.unknown import UnknownItem as UnknownItem

    from ._async.client import AsyncAssistantNamespaceProxy as AsyncAssistantNamespaceProxy
    from ._async.client import AsyncAssistants as AsyncAssistants
    from ._async.streams import AsyncChatCompletionStream as AsyncChatCompletionStream
    from ._async.streams import AsyncChatStream as AsyncChatStream
    from ._sync.client import AssistantNamespaceProxy as AssistantNamespaceProxy
    from ._sync.client import Assistants as Assistants
    from ._sync.streams import ChatCompletionStream as ChatCompletionStream
    from ._sync.streams import ChatStream as ChatStream
    from .models.assistant import AssistantModel as AssistantModel
    from .models.chat import ChatCitation as ChatCitation
    from .models.chat import ChatCompletionChoice as ChatCompletionChoice
    from .models.chat import ChatCompletionMessage as ChatCompletionMessage
    from .models.chat import ChatCompletionResponse as ChatCompletionResponse
    from .models.chat import ChatHighlight as ChatHighlight
    from .models.chat import ChatMessage as ChatMessage
    from .models.chat import ChatReference as ChatReference
    from .models.chat import ChatResponse as ChatResponse
    from .models.chat import ChatUsage as ChatUsage
    from .models.context import ContextContentBlock as ContextContentBlock
    from .models.context import ContextImageBlock as ContextImageBlock
    from .models.context import ContextImageData as ContextImageData
    from .models.context import ContextReference as ContextReference
    from .models.context import ContextResponse as ContextResponse
    from .models.context import ContextSnippet as ContextSnippet
    from .models.context import ContextTextBlock as ContextTextBlock
    from .models.context import FileReference as FileReference
    from .models.context import MultimodalSnippet as MultimodalSnippet
    from .models.context import PageReference as PageReference
    from .models.context import TextSnippet as TextSnippet
    from .models.evaluation import AlignmentResult as AlignmentResult
    from .models.evaluation import AlignmentScores as AlignmentScores
    from .models.evaluation import EntailmentResult as EntailmentResult
    from .models.evaluation import EntailmentType as EntailmentType
    from .models.file import AssistantFileModel as AssistantFileModel
    from .models.lists import ListAssistantsResponse as ListAssistantsResponse
    from .models.lists import ListFilesResponse as ListFilesResponse
    from .models.lists import ListOperationsResponse as ListOperationsResponse
    from .models.message import Message as Message
    from .models.operation import OperationModel as OperationModel
    from .models.options import ContextOptions as ContextOptions
    from .models.streaming import ChatCompletionStreamChoice as ChatCompletionStreamChoice
    from .models.streaming import ChatCompletionStreamChunk as ChatCompletionStreamChunk
    from .models.streaming import ChatCompletionStreamDelta as ChatCompletionStreamDelta
    from .models.streaming import ChatStreamChunk as ChatStreamChunk
    from .models.streaming import StreamCitationChunk as StreamCitationChunk
    from .models.streaming import StreamContentChunk as StreamContentChunk
    from .models.streaming import StreamContentDelta as StreamContentDelta
    from .models.streaming import StreamMessageEnd as StreamMessageEnd
    from .models.streaming import StreamMessageStart as StreamMessageStart

# Names come from their modules when they are first asked for, so that importing this package loads
# nothing that the caller does not use.
_HOMES: dict[str, tuple[str, ...]] = {
    "._async.client": (
        "AsyncAssistantNamespaceProxy",
        "AsyncAssistants",
    ),
    "._async.streams": (
        "AsyncChatCompletionStream",
        "AsyncChatStream",
    ),
    "._sync.client": (
        "AssistantNamespaceProxy",
        "Assistants",
    ),
    "._sync.streams": (
        "ChatCompletionStream",
        "ChatStream",
    ),
    ".models.assistant": ("AssistantModel",),
    ".models.chat": (
        "ChatCitation",
        "ChatCompletionChoice",
        "ChatCompletionMessage",
        "ChatCompletionResponse",
        "ChatHighlight",
        "ChatMessage",
        "ChatReference",
        "ChatResponse",
        "ChatUsage",
    ),
    ".models.context": (
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
    ),
    ".models.evaluation": (
        "AlignmentResult",
        "AlignmentScores",
        "EntailmentResult",
        "EntailmentType",
    ),
    ".models.file": ("AssistantFileModel",),
    ".models.lists": (
        "ListAssistantsResponse",
        "ListFilesResponse",
        "ListOperationsResponse",
    ),
    ".models.message": ("Message",),
    ".models.operation": ("OperationModel",),
    ".models.options": ("ContextOptions",),
    ".models.streaming": (
        "ChatCompletionStreamChoice",
        "ChatCompletionStreamChunk",
        "ChatCompletionStreamDelta",
        "ChatStreamChunk",
        "StreamCitationChunk",
        "StreamContentChunk",
        "StreamContentDelta",
        "StreamMessageEnd",
        "StreamMessageStart",
    ),
    "pinecone_core.unknown": ("UnknownItem",),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = ["__version__", *_HOME_OF]


def __getattr__(name: str) -> Any:
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(home, __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
