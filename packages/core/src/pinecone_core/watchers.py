"""All that is to be told about one call, at once."""

from __future__ import annotations

from .logs import Log

TYPE_CHECKING: bool = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from .errors import PineconeError
    from .observe import Observation, Observer
    from .operation import Operation
    from .transport import Request

__all__ = ["Watchers"]

_log = Log("pinecone.observe")


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
