"""Counters of the server, in the text form that Prometheus reads."""

from __future__ import annotations

import threading
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..engine import LocalEngine

__all__ = ["Metrics"]


class Metrics:
    """Count requests and the time they took."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: Counter[tuple[str, int]] = Counter()
        self._seconds = 0.0

    def add(self, method: str, status: int, seconds: float) -> None:
        """Count one request."""
        with self._lock:
            self._requests[method, status] += 1
            self._seconds += seconds

    def render(self, engine: LocalEngine) -> str:
        """Return all figures as text."""
        with self._lock:
            requests, seconds = self._requests.copy(), self._seconds
        lines = ["# TYPE pinecone_local_requests_total counter"]
        lines += [
            f'pinecone_local_requests_total{{method="{method}",status="{status}"}} {count}'
            for (method, status), count in sorted(requests.items())
        ]
        lines += [
            "# TYPE pinecone_local_request_seconds_total counter",
            f"pinecone_local_request_seconds_total {seconds:.6f}",
            "# TYPE pinecone_local_index_records gauge",
        ]
        lines += [
            f'pinecone_local_index_records{{index="{index.row.name}"}} {index.data.count}'
            for index in list(engine.project.indexes.values())
        ]
        lines += ["# TYPE pinecone_local_index_bytes gauge"]
        lines += [
            f'pinecone_local_index_bytes{{index="{index.row.name}"}} {index.data.size}'
            for index in list(engine.project.indexes.values())
        ]
        return "\n".join(lines) + "\n"
