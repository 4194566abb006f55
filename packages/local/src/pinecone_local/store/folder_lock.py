"""One writer a folder: a lock that the operating system drops when the process dies."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path
from typing import IO

from ..errors import EngineError, FolderInUseError

__all__ = ["FolderLock"]


class FolderLock:
    """Hold a folder for this engine alone.

    Args:
        folder: The folder; it must exist.

    Raises:
        FolderInUseError: Another engine holds it.
        EngineError: The file system offers no locks.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / "pinecone.lock"
        self._file: IO[str] | None = self.path.open("a+", encoding="ascii")
        try:
            _acquire(self._file)
        except OSError as error:
            holder = self._holder()
            self._file.close()
            self._file = None
            if error.errno in {errno.EACCES, errno.EAGAIN, errno.EDEADLK, errno.EWOULDBLOCK}:
                raise FolderInUseError(
                    f"The folder {str(folder)!r} is already open in another engine{holder}. "
                    "Close that engine, or run `pinecone-local serve --data-dir` on the folder and let "
                    "every program connect to that server."
                ) from error
            raise EngineError(
                f"The folder {str(folder)!r} cannot be locked ({error}); "
                "choose a folder on a local file system."
            ) from error
        self._file.seek(0)
        self._file.truncate()
        self._file.write(f"{os.getpid()}\n")
        self._file.flush()

    def _holder(self) -> str:
        try:
            pid = self.path.read_text("ascii").strip()
        except (OSError, ValueError):
            return ""
        return f" (process {pid})" if pid.isdigit() else ""

    def release(self) -> None:
        """Let the folder go. May be called twice."""
        if self._file is not None:
            self._file.close()  # closing the file drops the lock
            self._file = None


if sys.platform == "win32":  # pragma: no cover - runs on Windows only
    import msvcrt

    def _acquire(file: IO[str]) -> None:
        # A byte far behind the process id, so that others can still read that.
        file.seek(1 << 20)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _acquire(file: IO[str]) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
