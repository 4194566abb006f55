"""What the pieces of a streamed answer mean. Pure: bytes in, models out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Generic, TypeVar

from pinecone_core.codec import decode, encode
from pinecone_core.errors import ApiError, ResponseParsingError
from pinecone_core.logs import Log
from pinecone_core.operation import api_error
from pinecone_core.sse import Event, EventParser
from pinecone_core.unknown import UnknownItem

from ..models.streaming import (
    ChatCompletionStreamChunk,
    ChatStreamChunk,
    StreamCitationChunk,
    StreamContentChunk,
    StreamMessageEnd,
    StreamMessageStart,
)

__all__ = ["ChatReader", "CompletionReader", "Reader"]

C = TypeVar("C")

_log = Log("pinecone.assistant")

_CHUNKS: dict[str, Any] = {
    "message_start": StreamMessageStart,
    "content_chunk": StreamContentChunk,
    "citation": StreamCitationChunk,
    "message_end": StreamMessageEnd,
}


class Reader(Generic[C]):
    """Turns the bytes of an event stream into chunks, however they are cut.

    Attributes:
        done: Whether the service has said that nothing follows.
    """

    #: What most chunks are, and what the text of each of these holds.
    _kind: Any
    _mark: str

    def __init__(self) -> None:
        self._events = EventParser()
        self.done = False

    def feed(self, data: bytes) -> Iterator[C]:
        """Take in what came next, and yield the chunks that it completes.

        Raises:
            ApiError: The service reports an error; the chunks before it have been yielded.
        """
        for event in self._events.feed(data):
            yield from self._read(event)

    def end(self) -> Iterator[C]:
        """Take note that nothing follows, and yield the chunk that was not ended by a blank line."""
        for event in self._events.end():
            yield from self._read(event)

    def _read(self, event: Event) -> Iterator[C]:
        if not self.done and event.name != "error" and self._mark in event.data:
            try:
                yield decode(event.data.encode(), self._kind, lenient=False)
            except ResponseParsingError:
                pass  # of another kind, several at once, or the end
            else:
                return
        yield from self._read_slowly(event)

    def _read_slowly(self, event: Event) -> Iterator[C]:
        for text in _documents(event.data):
            if self.done:
                return
            if text == "[DONE]":
                self.done = True
                return
            try:
                found = json.loads(text)
            except ValueError:
                found = text
            if error := _reported(event.name, found, self._known(found)):
                raise error
            yield self._chunk(found)

    def _known(self, found: Any) -> Any:
        """Return the model of what was found, or None when there is none."""
        raise NotImplementedError

    def _chunk(self, found: Any) -> C:
        kind = self._known(found)
        if kind is not None:
            try:
                return decode(encode(found), kind)  # type: ignore[no-any-return]
            except ResponseParsingError as error:
                _log.warning("A chunk of the stream does not fit its kind and is kept as it is: %s", error)
        if not isinstance(found, dict):
            _log.warning("A chunk of the stream is not a JSON object and is kept as it is")
        return UnknownItem.keep(found, "type")  # type: ignore[return-value]


class ChatReader(Reader[Any]):
    """Reads the stream of a chat."""

    _kind = ChatStreamChunk
    _mark = '"type"'

    def _known(self, found: Any) -> Any:
        tag = found.get("type") if isinstance(found, dict) else None
        return _CHUNKS.get(tag) if isinstance(tag, str) else None


class CompletionReader(Reader[Any]):
    """Reads the stream of a completion."""

    _kind = ChatCompletionStreamChunk
    _mark = '"choices"'

    def _known(self, found: Any) -> Any:
        is_chunk = isinstance(found, dict) and isinstance(found.get("choices"), list)
        return ChatCompletionStreamChunk if is_chunk else None


def _documents(data: str) -> list[str]:
    """Split the data of an event into documents: one as a rule, or one a line."""
    text = data.strip()
    if "\n" not in text:
        return [text] if text else []
    try:
        json.loads(text)
    except ValueError:
        return [line.strip() for line in text.split("\n") if line.strip()]
    return [text]


def _reported(event: str, found: Any, known: Any) -> ApiError | None:
    """Return the error that an event reports, or None when it reports none."""
    if event != "error":
        if known is not None or not isinstance(found, dict):
            return None
        if not found.get("error") and found.get("type") != "error":
            return None
    body = encode(found) if isinstance(found, dict) else str(found).encode()
    return api_error(_status(found), {}, body)


def _status(found: Any) -> int:
    inner = found.get("error") if isinstance(found, dict) else None
    places = [place for place in (found, inner) if isinstance(place, dict)]
    for place in places:
        for key in ("status", "status_code", "code"):
            value = place.get(key)
            if isinstance(value, int) and 400 <= value <= 599:
                return value
    return 500
