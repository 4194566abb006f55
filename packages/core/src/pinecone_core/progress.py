"""A progress bar for bulk calls: shown on a terminal only, unless asked for."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from typing_extensions import Self

    from .batching import Progress

__all__ = ["ProgressBar"]


class ProgressBar:
    """Shows how far a bulk call has come, with tqdm where it is installed; pass it as ``on_progress``.

    Args:
        show: True shows it anywhere, False nowhere, None on a terminal only.
        description: What stands before the bar.
        total: How many items there are, or None when that is not known.
        then: Called with every progress too.

    Example:
        >>> with ProgressBar(False) as bar:
        ...     bar.is_shown
        False
    """

    def __init__(
        self,
        show: bool | None = None,
        *,
        description: str = "Upserting",
        total: int | None = None,
        then: Callable[[Progress], None] | None = None,
    ) -> None:
        self._then = then
        self._bar = _bar(description, total) if _is_wanted(show) else None

    @property
    def is_shown(self) -> bool:
        """Whether there is anything to see."""
        return self._bar is not None

    def __call__(self, progress: Progress) -> None:
        """Take note of a step."""
        if self._bar is not None:
            self._show(self._bar, progress)
        if self._then is not None:
            self._then(progress)

    def _show(self, bar: Any, progress: Progress) -> None:
        if progress.total is not None and bar.total != progress.total:
            bar.total = progress.total
        if progress.failed:
            bar.set_postfix(failed=progress.failed, refresh=False)
        # Reports of several threads may overtake each other; a bar never goes back.
        bar.update(max(0, progress.items - bar.n))

    def close(self) -> None:
        """End the bar. May be called twice."""
        if self._bar is not None:
            self._bar.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


def _is_wanted(show: bool | None) -> bool:
    if show is not None:
        return show
    try:
        return sys.stderr.isatty()
    except (AttributeError, ValueError):  # there is none, or it is closed
        return False


def _bar(description: str, total: int | None) -> Any:
    try:
        tqdm = import_module("tqdm.auto").tqdm
    except ImportError:
        return None
    return tqdm(desc=description, total=total, unit="item")
