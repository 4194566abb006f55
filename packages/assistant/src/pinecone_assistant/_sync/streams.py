# Made from ../_async/streams.py by tools/make_sync.py; do not edit.
"""Answers that are read while they are written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from pinecone_core.errors import PineconeClosedError, PineconeError
from pinecone_core.hosts import split_base_url

from .._protocol.display import stream_line, stream_table
from .._protocol.gathering import GatheredChat, GatheredCompletion, chat_text, completion_text
from ..models.chat import ChatCompletionResponse, ChatResponse
from ..models.streaming import ChatCompletionStreamChunk, ChatStreamChunk

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from types import TracebackType

    from typing_extensions import Self

    from pinecone_core.transport import ResponseStream

    from .._protocol.reading import Reader

__all__ = ["AnswerStream", "ChatCompletionStream", "ChatStream", "read_chunks"]

C = TypeVar("C")
R = TypeVar("R")


def read_chunks(
    begin: Callable[[], ResponseStream], reader: Reader[C], operation: str, url: str
) -> Generator[C, None]:
    """Send a request when the first chunk is asked for, and yield what comes.

    Args:
        begin: Sends the request.
        reader: What the bytes mean.
        operation: What it is called in errors.
        url: Where it goes, for errors.
    """
    stream = begin()
    pieces = stream.chunks()
    try:
        for piece in pieces:
            for chunk in reader.feed(piece):
                yield chunk
            if reader.done:
                return
        for chunk in reader.end():
            yield chunk
    except PineconeError as error:
        error.operation = error.operation or operation
        error.host = error.host or split_base_url(url)[0]
        raise
    finally:
        close_source(pieces)  # of a foreign transport, it may be a generator
        stream.close()


def close_source(source: Any) -> bool:
    """Close an iterator that can be closed, and say whether it could."""
    close = getattr(source, "close", None)
    if close is None:
        return False
    try:
        close()
    except (RuntimeError, ValueError) as error:
        # It is being read elsewhere at this moment; whoever reads it closes it with the next chunk.
        if "already" not in str(error):
            raise
    return True


class AnswerStream(Generic[C, R]):
    """An answer that is read while it is written, once.

    The request is sent when the first chunk is asked for. The connection is given back at the end,
    after an error, by ``close()``, at the end of a ``with`` block, and when a loop over the stream is
    left early; what has not been read by then is lost.
    """

    def __init__(self, stream: Iterator[C]) -> None:
        self._source = stream
        self._closed = False
        self._ended = False
        self._gathered: Any = self._gatherer()

    def _gatherer(self) -> Any:
        raise NotImplementedError

    def _text(self, chunk: C) -> str | None:
        raise NotImplementedError

    def __iter__(self) -> Iterator[C]:
        return self._walk()

    def _walk(self) -> Generator[C, None]:
        if self._closed and not self._ended:
            raise PineconeClosedError("The stream was closed before its end; ask again to get another one.")
        try:
            for chunk in self._source:
                if self._closed:
                    return
                self._gathered.add(chunk)
                yield chunk
            self._ended = True
        except PineconeError as error:
            error.response = self.so_far
            raise
        finally:
            if not self._ended:
                self.close()

    def text(self) -> Generator[str, None]:
        """Yield the text of the answer, piece by piece.

        Raises:
            PineconeError: The service reports an error, or the connection broke; its ``response`` is
                the answer as far as it came.
        """
        for chunk in self:
            piece = self._text(chunk)
            if piece is not None:
                yield piece

    def collect(self) -> str:
        """Read to the end and return the text of the answer.

        Raises:
            PineconeError: The service reports an error, or the connection broke; its ``response`` is
                the answer as far as it came.
        """
        return "".join([piece for piece in self.text()])

    def final(self) -> R:
        """Read to the end and return the whole answer, as a call that does not stream returns it.

        Raises:
            PineconeError: The service reports an error, or the connection broke; its ``response`` is
                the answer as far as it came.
        """
        for _ in self:
            pass
        return self.so_far

    @property
    def so_far(self) -> R:
        """The answer as far as it came; its ``finish_reason`` is empty before the end."""
        result: R = self._gathered.result()
        return result

    def close(self) -> None:
        """Give the connection back. May be called twice; reading on raises ``PineconeClosedError``."""
        self._closed = close_source(self._source)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


class ChatStream(AnswerStream[ChatStreamChunk, ChatResponse]):
    """A chat's answer that is read while it is written.

    Iterating yields ``StreamMessageStart``, ``StreamContentChunk``, ``StreamCitationChunk`` and
    ``StreamMessageEnd``, and an ``UnknownItem`` for a chunk that this version has no model for.

    Args:
        stream: Where the chunks come from.

    Example:
        >>> def main(stream):
        ...     with stream:
        ...         for piece in stream.text():
        ...             print(piece, end="")
    """

    def _gatherer(self) -> Any:
        return GatheredChat()

    def _text(self, chunk: ChatStreamChunk) -> str | None:
        return chat_text(chunk)

    def __repr__(self) -> str:
        return stream_line(type(self).__name__, "Pinecone-native chat stream")

    def _repr_html_(self) -> str:
        return stream_table(type(self).__name__, "Pinecone-native chat stream")


class ChatCompletionStream(AnswerStream[ChatCompletionStreamChunk, ChatCompletionResponse]):
    """A completion's answer that is read while it is written.

    Iterating yields ``ChatCompletionStreamChunk``, and an ``UnknownItem`` for a chunk that this
    version has no model for.

    Args:
        stream: Where the chunks come from.

    Example:
        >>> def main(stream):
        ...     with stream:
        ...         for piece in stream.text():
        ...             print(piece, end="")
    """

    def _gatherer(self) -> Any:
        return GatheredCompletion()

    def _text(self, chunk: ChatCompletionStreamChunk) -> str | None:
        return completion_text(chunk)

    def __repr__(self) -> str:
        return stream_line(type(self).__name__, "OpenAI-compatible")

    def _repr_html_(self) -> str:
        return stream_table(type(self).__name__, "OpenAI-compatible")
