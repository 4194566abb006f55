"""What is measured, and what is to be reached."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Measure:
    """One line of the table.

    Attributes:
        key: Its name on the command line.
        title: Its name in the table.
        figure: Which figure of a round counts: ``seconds``, ``megabytes`` or ``bytes``.
        unit: How the figure is shown.
        scale: By what it is multiplied to be shown.
        most: The most that ours may be of the reference's, as a ratio; None where nothing is to be reached.
        of_floor: The most that ours may be of the floor's.
        name: What the worker calls it; None for what starts processes.
        times: How many calls a round makes.
        rounds: How many rounds, as the work is small or large.
        more: Further arguments of the worker.
    """

    key: str
    title: str
    figure: str
    unit: str
    scale: float
    most: float | None
    of_floor: float | None = None
    name: str | None = None
    times: int = 1
    rounds: int = 7
    more: dict[str, Any] = field(default_factory=dict)


MS, US = 1e3, 1e6

MEASURES = [
    Measure("start", "process start to an index handle", "seconds", "ms CPU", MS, 0.10, rounds=7),
    Measure(
        "start-tls", "process start to the first answer over TLS", "seconds", "ms CPU", MS, 0.5, rounds=5
    ),
    Measure("handle", "a further index handle", "seconds", "us", US, 0.02, name="handle", times=20),
    Measure("query", "query, top 10, no values", "seconds", "us CPU", US, 0.5, 3.0, "query", 100, 9),
    Measure(
        "async", "queries of tasks, 32 in flight, each", "seconds", "us", US, 1 / 12, None, "async", 400, 5
    ),
    Measure(
        "unread", "query, top 1000 with values, not read", "seconds", "ms CPU", MS, 0.45, None, "unread", 2
    ),
    Measure("arrays", "the same, read as arrays", "seconds", "ms CPU", MS, 0.9, None, "arrays", 2),
    Measure("lists", "the same, read as lists", "seconds", "ms CPU", MS, 1.05, None, "lists", 2),
    Measure("kept", "memory kept by that answer", "megabytes", "MB", 1, 0.3, None, "kept", 1, 2),
    Measure(
        "upsert-numpy",
        "upsert of 100 x 1536, numpy float32",
        "seconds",
        "ms CPU",
        MS,
        0.7,
        None,
        "upsert numpy",
        5,
    ),
    Measure("bytes-numpy", "bytes sent for it", "bytes", "kB", 1e-3, 0.65, None, "bytes numpy", 1, 1),
    Measure(
        "upsert-lists", "upsert of 100 x 1536, lists", "seconds", "ms CPU", MS, 1.0, None, "upsert lists", 5
    ),
    Measure("bytes-lists", "bytes sent for it", "bytes", "kB", 1e-3, 0.65, None, "bytes lists", 1, 1),
    Measure(
        "bulk",
        "bulk load of 384 dimensions, 8 in flight, each",
        "seconds",
        "us",
        US,
        0.5,
        None,
        "bulk",
        100_000,
        3,
    ),
    Measure("bulk-memory", "memory it adds at the peak", "megabytes", "MB", 1, 0.5, None, "bulk", 100_000, 1),
    Measure("fetch", "fetch of 1,000 vectors", "seconds", "ms CPU", MS, 1.0, None, "fetch", 2),
    Measure("list", "list of 100,000 ids", "seconds", "ms CPU", MS, 0.7, None, "list", 1, 5),
    Measure("embed", "embed of 96 texts, read as lists", "seconds", "ms CPU", MS, 1.0, None, "embed", 5),
    Measure("chat", "chat stream of 10,000 chunks", "seconds", "ms CPU", MS, 0.5, None, "chat", 1, 5),
]

HANDLE = """
from pinecone import Pinecone
Pinecone(api_key="bench-key").Index(host="https://a.svc.pinecone.io")
"""
FIRST_ANSWER = """
from pinecone import Pinecone
Pinecone(api_key="bench-key").Index(host={url!r}).query(vector=[0.5] * 16, top_k=10)
"""

# How cost grows: title of the axis, its values, and the measure at each of them.
GROWTH: dict[str, tuple[str, list[int], Any]] = {
    "concurrency": (
        "tasks in flight",
        [1, 2, 4, 8, 16, 32, 64, 128, 256],
        lambda n: {"name": "async", "times": 512, "in_flight": n},
    ),
    "batch": (
        "vectors of 384 dimensions in an upsert",
        [1, 10, 100, 500],
        lambda n: {"name": "upsert", "times": 5, "count": n, "dimension": 384},
    ),
    "dimension": (
        "dimension of 100 vectors in an upsert",
        [8, 64, 384, 1536],
        lambda n: {"name": "upsert", "times": 5, "count": 100, "dimension": n},
    ),
    "answers": (
        "matches in an answer, without values",
        [10, 100, 1000, 10_000],
        lambda n: {"name": "query", "times": max(2, 500 // n), "top_k": n},
    ),
}
