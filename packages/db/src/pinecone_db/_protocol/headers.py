"""The headers of an answer whose body says nothing. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pinecone_core.errors import PineconeError
    from pinecone_core.operation import Operation
    from pinecone_core.transport import Request

__all__ = ["HeadersSeen"]


class HeadersSeen:
    """Keeps the headers of the answer to one call, as an observer of it.

    Attributes:
        headers: The headers of the last answer, empty before.
    """

    __slots__ = ("headers",)

    def __init__(self) -> None:
        self.headers: dict[str, str] = {}

    def start(self, operation: Operation[object], request: Request) -> HeadersSeen:
        """Watch a call."""
        return self

    def retrying(self, error: PineconeError, attempt: int, delay: float) -> None:
        """Do nothing: the answer is still to come."""

    def finished(self, status: int, headers: dict[str, str]) -> None:
        """Keep the headers."""
        self.headers = headers

    def failed(self, error: BaseException) -> None:
        """Do nothing: the call raises."""
