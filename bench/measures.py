"""What is measured, and what is to be reached."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

REFERENCES = ("9.0.1", "10.2.0")
CONTENDERS = ("ours", *REFERENCES, "floor")


@dataclass(frozen=True)
class Measure:
    """One row of the table.

    Attributes:
        name: What it is called on the command line; rows of one name are figures of the same rounds.
        title: What it is called in the table.
        unit: How a figure is shown.
        figure: What is taken of a round: ``cpu``, ``wall``, ``rate``, ``kept``, ``peak``, ``bytes`` or
            ``opened``; the first two for each call.
        scale: What the figure is multiplied by to be shown.
        limit: The most (of a rate, the least) that ours may be of the reference, as a ratio, or None.
        floor_limit: The same of the floor.
        do: What the worker does; None for whole processes.
        args: Its arguments.
        way: How the worker does it: ``timed``, ``counting``, ``kept`` or ``peaking``.
        rounds: How often each contender has its turn.
        anew: Whether each turn is a new process's: memory is not given back, and two processes of one
            program differ by some hundredths.
        contenders: Who takes part.
    """

    name: str
    title: str
    unit: str = "ms CPU"
    figure: str = "cpu"
    scale: float = 1e3
    limit: float | None = None
    floor_limit: float | None = None
    do: str | None = None
    args: dict[str, Any] = field(default_factory=dict)
    way: str = "timed"
    rounds: int = 9
    anew: bool = False
    contenders: tuple[str, ...] = CONTENDERS

    @property
    def more_is_better(self) -> bool:
        """Whether a larger figure is a better one."""
        return self.figure == "rate"

    def of(self, sample: dict[str, float]) -> float:
        """Return the figure of a round."""
        if self.figure == "rate":
            return self.scale * sample["calls"] / sample["wall"]
        value = sample[self.figure]
        return self.scale * (value / sample["calls"] if self.figure in ("cpu", "wall") else value)

    def reached(self, ratio: float) -> bool:
        """Say whether a ratio to a reference is good enough."""
        if self.limit is None:
            return True
        return ratio >= self.limit if self.more_is_better else ratio <= self.limit


WITH_VALUES = {"top_k": 1000, "values": True}
NUMPY, LISTS = {"form": "numpy"}, {"form": "lists"}
QUICKER = (*CONTENDERS, "ours+orjson")
SDKS = ("ours", *REFERENCES)
MEGABYTES: dict[str, Any] = {"unit": "MB", "scale": 1e-6}
BULK: dict[str, Any] = {"do": "bulk", "args": {"rows": 100_000}, "way": "peaking", "rounds": 3, "anew": True}

MEASURES = [
    Measure("start", "process start to an index handle", limit=0.10, rounds=21),
    Measure("start-tls", "process start to the first answer over TLS", limit=0.5, rounds=9),
    Measure("handle", "a further index handle", "us CPU", "cpu", 1e6, 0.02, do="handle", contenders=SDKS),
    Measure(
        "pools",
        "connections opened by querying through 10 more handles",
        "connections",
        "opened",
        1,
        do="pools",
        way="counting",
        rounds=1,
        contenders=SDKS,
    ),
    Measure(
        "query",
        "query, top 10, no values",
        "us CPU",
        "cpu",
        1e6,
        0.5,
        3.0,
        do="query",
        contenders=(*QUICKER, "httpx"),
    ),
    Measure(
        "async",
        "queries of tasks, 32 in flight",
        "a second",
        "rate",
        1,
        12,
        do="concurrent",
        args={"in_flight": 32},
        rounds=21,
        anew=True,
        contenders=(*CONTENDERS, "ours+aiohttp", "ours+uvloop", "ours+orjson", "httpx"),
    ),
    Measure("unread", "query, top 1000 with values, not read", limit=0.45, do="query", args=WITH_VALUES),
    Measure(
        "arrays", "the same, read as arrays", limit=0.9, do="query", args={**WITH_VALUES, "read": "array"}
    ),
    Measure("lists", "the same, read as lists", limit=1.05, do="query", args={**WITH_VALUES, "read": "list"}),
    Measure(
        "kept",
        "memory that answer keeps, not read",
        figure="kept",
        limit=0.3,
        do="answer",
        args={"read": None},
        way="kept",
        rounds=1,
        contenders=SDKS,
        **MEGABYTES,
    ),
    Measure(
        "kept-arrays",
        "memory kept by it as arrays alone",
        figure="kept",
        limit=0.3,
        do="answer",
        args={"read": "array"},
        way="kept",
        rounds=1,
        contenders=SDKS,
        **MEGABYTES,
    ),
    Measure(
        "upsert-numpy", "upsert of 100 x 1536, numpy", limit=0.7, do="upsert", args=NUMPY, contenders=QUICKER
    ),
    Measure(
        "bytes-numpy",
        "bytes sent for it",
        "kB",
        "bytes",
        1e-3,
        0.65,
        do="upsert_bytes",
        args=NUMPY,
        way="counting",
        rounds=1,
        contenders=QUICKER,
    ),
    Measure(
        "upsert-lists", "upsert of 100 x 1536, lists", limit=1.0, do="upsert", args=LISTS, contenders=QUICKER
    ),
    Measure(
        "bytes-lists",
        "bytes sent for it",
        "kB",
        "bytes",
        1e-3,
        0.65,
        do="upsert_bytes",
        args=LISTS,
        way="counting",
        rounds=1,
        contenders=QUICKER,
    ),
    Measure("bulk", "bulk load, 384 numbers a vector", "a second", "rate", 1, 2, contenders=QUICKER, **BULK),
    Measure(
        "bulk",
        "memory it adds at the peak",
        figure="peak",
        limit=0.5,
        contenders=QUICKER,
        **BULK,
        **MEGABYTES,
    ),
    Measure("fetch", "fetch of 1,000 vectors", limit=1.0, do="fetch"),
    Measure("fetch-lists", "the same, read as lists", limit=1.0, do="fetch_lists"),
    Measure("list", "list of 100,000 ids", limit=0.7, do="list", rounds=5),
    Measure("embed", "embed of 96 texts", limit=1.0, do="embed"),
    Measure("embed-lists", "the same, read as lists", limit=1.0, do="embed_lists"),
    Measure("chat", "chat stream of 10,000 chunks", limit=0.5, do="chat"),
]


@dataclass(frozen=True)
class Growth:
    """How cost grows with one number: a picture.

    Attributes:
        name: The picture's name.
        axis: What grows.
        values: Where it is measured.
        measure: What is measured; its argument ``along`` takes the value.
        along: The name of that argument.
    """

    name: str
    axis: str
    values: tuple[int, ...]
    measure: Measure
    along: str


GROWTHS = [
    Growth(
        "concurrency",
        "queries in flight",
        (1, 2, 4, 8, 16, 32, 64, 128, 256),
        Measure(
            "",
            "queries a second",
            figure="rate",
            scale=1,
            do="concurrent",
            contenders=(*CONTENDERS, "ours+aiohttp", "ours+uvloop"),
        ),
        "in_flight",
    ),
    Growth(
        "batch",
        "vectors of 384 numbers in an upsert",
        (1, 3, 10, 30, 100, 200),
        Measure("", "ms of client CPU", do="upsert", args={"form": "lists", "dimension": 384}),
        "batch",
    ),
    Growth(
        "dimension",
        "numbers in a query's vector",
        (8, 32, 128, 512, 1536, 4096),
        Measure("", "ms of client CPU", do="query"),
        "dimension",
    ),
    Growth(
        "answers",
        "matches in an answer, no values",
        (10, 100, 1000, 10_000),
        Measure("", "ms of client CPU", do="query"),
        "top_k",
    ),
]
