"""Memory of a bulk upsert from a generator: it stays flat however many rows there are.

    python bench/bulk_memory.py [ROWS] [DIMENSION]

Requests go to a transport that throws them away, so that what is measured is the client alone.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from array import array
from collections.abc import Iterator
from typing import Any

from pinecone_core.transport import Request, Response
from pinecone_db import Index


class Discard:
    """Counts vectors and bytes, and says that all were stored."""

    def __init__(self) -> None:
        self.bytes = 0
        self.requests = 0

    def send(self, request: Request) -> Response:
        assert isinstance(request.body, bytes)
        self.bytes += len(request.body)
        self.requests += 1
        count = request.body.count(b'{"id":')
        return Response(
            200, {"content-type": "application/json"}, json.dumps({"upsertedCount": count}).encode()
        )

    def stream(self, request: Request) -> Any:
        raise NotImplementedError

    def close(self) -> None:
        pass


def rows(count: int, dimension: int) -> Iterator[tuple[str, list[float], dict[str, int]]]:
    base = array("f", (0.001 * i - 0.5 for i in range(dimension))).tolist()
    for number in range(count):
        yield str(number), base, {"n": number}


def peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    dimension = int(sys.argv[2]) if len(sys.argv) > 2 else 384
    transport = Discard()
    index = Index(host="bench.svc.example.com", api_key="key", transport=transport)
    index.upsert(vectors=rows(1000, dimension), batch_size=200, show_progress=False)
    before, begun = peak_megabytes(), time.perf_counter()
    result = index.upsert(
        vectors=rows(count, dimension), batch_size=200, max_concurrency=8, show_progress=False
    )
    seconds = time.perf_counter() - begun
    assert result.upserted_count == count, result
    print(f"{count:,} rows of {dimension}: {seconds:.1f} s, {count / seconds:,.0f} a second")
    print(f"{transport.requests:,} requests, {transport.bytes / 1e6:,.0f} MB sent")
    print(f"peak memory {peak_megabytes():.0f} MB ({before:.0f} MB after the first 1,000 rows)")


if __name__ == "__main__":
    main()
