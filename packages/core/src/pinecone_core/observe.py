"""Who is told about requests: hooks that logging and tracing hang on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from .errors import PineconeError
    from .operation import Operation
    from .transport import Request

__all__ = ["Observation", "Observer"]


class Observation(Protocol):
    """One call, from its first try to its end. Told about each step, in order."""

    def retrying(self, error: PineconeError, attempt: int, delay: float) -> None:
        """Take note that try number ``attempt`` failed and another follows after ``delay`` seconds."""
        ...

    def finished(self, status: int, headers: dict[str, str]) -> None:
        """Take note that the call succeeded."""
        ...

    def failed(self, error: BaseException) -> None:
        """Take note that the call ended with an error, or was cancelled."""
        ...


class Observer(Protocol):
    """Something that wants to be told about calls."""

    def start(self, operation: Operation[object], request: Request) -> Observation | None:
        """Return what is to be told about this call, or None for nothing."""
        ...
