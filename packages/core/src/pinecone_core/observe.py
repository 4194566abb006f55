"""Who is told about requests: hooks that logging and tracing hang on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from .logs import Log

if TYPE_CHECKING:
    from collections.abc import Callable

    from .errors import PineconeError
    from .operation import Operation
    from .transport import Request

__all__ = ["Observation", "Observer", "Watchers"]

_log = Log("pinecone.observe")


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


class Watchers:
    """All that is to be told about one call. What one of them raises is logged and goes no further."""

    __slots__ = ("_told",)

    def __init__(
        self, observers: tuple[Observer, ...], operation: Operation[object], request: Request
    ) -> None:
        self._told: list[Observation] = []
        for observer in observers:
            try:
                observation = observer.start(operation, request)
            except Exception:
                _log.exception("An observer failed")
                continue
            if observation is not None:
                self._told.append(observation)

    def _tell(self, say: Callable[[Observation], None]) -> None:
        for observation in self._told:
            try:
                say(observation)
            except Exception:
                _log.exception("An observer failed")

    def retrying(self, error: PineconeError, attempt: int, delay: float) -> None:
        """Tell that another try follows."""
        self._tell(lambda observation: observation.retrying(error, attempt, delay))

    def finished(self, status: int, headers: dict[str, str]) -> None:
        """Tell that the call succeeded."""
        self._tell(lambda observation: observation.finished(status, headers))

    def failed(self, error: BaseException) -> None:
        """Tell that the call ended with an error."""
        self._tell(lambda observation: observation.failed(error))
