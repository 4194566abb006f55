"""The files of approximate indexes, one a namespace, beside the store. What is lost is only built again."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["GraphDamagedError", "graph_faults", "graph_path", "read_graph", "tidy_graphs", "write_graph"]

_FOLDER = "graphs"
_NAMES = ("about", "metric", "ceiling", "positions", "marks", "graph")


class GraphDamagedError(Exception):
    """A file does not hold a graph of this format."""


def graph_path(folder: Path, number: int) -> Path:
    """Return where the graph of a namespace is kept in an engine's folder."""
    return folder / _FOLDER / f"{number}.npz"


def write_graph(path: Path, arrays: dict[str, npt.NDArray[Any]]) -> None:
    """Write a graph's arrays, whole or not at all."""
    path.parent.mkdir(exist_ok=True)
    partial = path.with_suffix(".partial")
    with partial.open("wb") as file:
        np.savez(file, **arrays)  # type: ignore[arg-type]
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def read_graph(path: Path) -> dict[str, npt.NDArray[Any]]:
    """Read a graph's arrays, checked against their checksums.

    Raises:
        FileNotFoundError: There is no such file.
        GraphDamagedError: It is torn.
    """
    try:
        # Opened here, for the library leaves a torn file open.
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in _NAMES}
    except FileNotFoundError:
        raise
    except Exception as error:  # a changed byte makes of a zip archive whatever zip knows
        raise GraphDamagedError(f"{path.name} is torn: {error}.") from error
    if not all(isinstance(array, np.ndarray) for array in arrays.values()):
        raise GraphDamagedError(f"{path.name} is torn: it holds something else than arrays.")
    return arrays


def graph_faults(folder: Path) -> list[str]:
    """Return a sentence for each graph of an engine's folder that is torn."""
    faults = []
    for path in sorted((folder / _FOLDER).glob("*.npz")):
        try:
            read_graph(path)
        except GraphDamagedError:
            faults.append(f"The search graph {path} is torn; no record is lost, it will be built anew.")
    return faults


def tidy_graphs(folder: Path, numbers: set[int]) -> None:
    """Remove what belongs to no namespace of these numbers, or was never finished."""
    for path in (folder / _FOLDER).glob("*.*"):
        if path.suffix != ".npz" or not path.stem.isdigit() or int(path.stem) not in numbers:
            path.unlink(missing_ok=True)
