"""The standard ``logging`` tree, loaded once there is something to say or somebody who may listen."""

from __future__ import annotations

import sys

TYPE_CHECKING: bool = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["DEBUG", "INFO", "Log"]

DEBUG, INFO = 10, 20


class Log:
    """A logger that loads ``logging`` when it is needed, which takes longer than all else of a first import.

    Args:
        name: The logger's name.
    """

    __slots__ = ("_logger", "name")

    def __init__(self, name: str) -> None:
        self.name = name
        self._logger: Any = None

    @property
    def logger(self) -> Any:
        """The standard library's logger."""
        if self._logger is None:
            import logging

            self._logger = logging.getLogger(self.name)
        return self._logger

    def listens(self, level: int) -> bool:
        """Say whether anybody hears of this level. Below WARNING, that takes somebody who set it so."""
        return "logging" in sys.modules and self.logger.isEnabledFor(level)

    def debug(self, message: str, *values: object) -> None:
        """Log at DEBUG."""
        if self.listens(DEBUG):
            self.logger.debug(message, *values, stacklevel=2)

    def info(self, message: str, *values: object) -> None:
        """Log at INFO."""
        if self.listens(INFO):
            self.logger.info(message, *values, stacklevel=2)

    def warning(self, message: str, *values: object) -> None:
        """Log at WARNING."""
        self.logger.warning(message, *values, stacklevel=2)

    def exception(self, message: str, *values: object) -> None:
        """Log at ERROR, with the exception that is being handled."""
        self.logger.error(message, *values, exc_info=True, stacklevel=2)
