"""Requests a second over our transport and over stock httpx, against the same tiny server.

    python bench/transport.py [--requests 4000] [--rounds 3]

Trust the ratios, which are taken within one run, and not the single figures.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable

import httpx

from pinecone_core._async.executor import AsyncExecutor
from pinecone_core._sync.executor import Executor
from pinecone_core.config import PineconeConfig
from pinecone_core.operation import Operation

ANSWER = json.dumps(
    {"matches": [{"id": f"id-{i}", "score": 0.5} for i in range(10)], "namespace": "n"}
).encode()
QUERY = {"topK": 10, "vector": [0.5] * 16, "namespace": "n"}
HEADERS = {"Api-Key": "key", "X-Pinecone-Api-Version": "2025-10"}
OPERATION = Operation("query", "POST", "/query", dict, QUERY, repeat_safe=True)


class Server(asyncio.Protocol):
    """Gives every request the same answer."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.buffer = b""

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            head = self.buffer[:end].lower()
            size = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
            if len(self.buffer) < end + 4 + size:
                return
            self.buffer = self.buffer[end + 4 + size :]
            self.transport.write(  # type: ignore[attr-defined]
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
                % len(ANSWER)
                + ANSWER
            )


async def serve() -> None:
    server = await asyncio.get_running_loop().create_server(Server, "127.0.0.1", 0, backlog=256)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


async def rate(call: Callable[[], Awaitable[object]], requests: int, in_flight: int) -> float:
    left = requests

    async def work() -> None:
        nonlocal left
        while left > 0:
            left -= 1
            await call()

    began = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(in_flight)))
    return requests / (time.perf_counter() - began)


async def measure_tasks(origin: str, requests: int, rounds: int) -> None:
    ours = AsyncExecutor(PineconeConfig(api_key="key"), origin)
    stock = httpx.AsyncClient(limits=httpx.Limits(max_connections=64, max_keepalive_connections=32))

    async def send_ours() -> object:
        return await ours.send(OPERATION)

    async def send_stock() -> object:
        return (await stock.post(f"{origin}/query", json=QUERY, headers=HEADERS)).json()

    for in_flight in (1, 32):
        await rate(send_ours, 64, in_flight)
        await rate(send_stock, 64, in_flight)
        pairs = [
            (await rate(send_ours, requests, in_flight), await rate(send_stock, requests // 8, in_flight))
            for _ in range(rounds)
        ]
        report(f"tasks, {in_flight} in flight", "requests/s", pairs)
    await ours.aclose()
    await stock.aclose()


def cpu(call: Callable[[], object], requests: int) -> float:
    began = time.process_time()
    for _ in range(requests):
        call()
    return requests / (time.process_time() - began)


def measure_threads(origin: str, requests: int, rounds: int) -> None:
    ours = Executor(PineconeConfig(api_key="key"), origin)
    with httpx.Client() as stock:

        def send_stock() -> object:
            return stock.post(f"{origin}/query", json=QUERY, headers=HEADERS).json()

        cpu(lambda: ours.send(OPERATION), 64)
        cpu(send_stock, 64)
        pairs = [
            (cpu(lambda: ours.send(OPERATION), requests), cpu(send_stock, requests // 4))
            for _ in range(rounds)
        ]
    ours.close()
    report("one thread", "requests/CPU s", pairs)


def report(what: str, unit: str, pairs: list[tuple[float, float]]) -> None:
    ours, stock = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(mine / theirs for mine, theirs in pairs)
    print(f"{what:22} ours {ours:8,.0f}  httpx {stock:8,.0f}  {unit:14}  ratio {ratio:.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--requests", type=int, default=4000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        asyncio.run(serve())
        return
    with subprocess.Popen([sys.executable, __file__, "--serve"], stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            origin = f"http://127.0.0.1:{int(server.stdout.readline())}"
            asyncio.run(measure_tasks(origin, options.requests, options.rounds))
            measure_threads(origin, options.requests, options.rounds)
        finally:
            server.terminate()


if __name__ == "__main__":
    main()
