"""The floor: plain sockets, prepared bytes and the bare JSON library, for what has one.

python bench/floor.py URL
"""

from __future__ import annotations

import asyncio
import json
import socket
import sys
import time
from typing import Any
from urllib.parse import urlsplit

import msgspec
import numpy as np

HOST, PORT = urlsplit(sys.argv[1]).hostname or "", urlsplit(sys.argv[1]).port or 0


class Match(msgspec.Struct):
    id: str
    score: float
    values: msgspec.Raw = msgspec.Raw()


class Answer(msgspec.Struct):
    matches: list[Match]
    namespace: str = ""


decoder = msgspec.json.Decoder(Answer)


def request(body: bytes, path: str = "/query") -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: {HOST}:{PORT}\r\nContent-Type: application/json\r\n"
    return f"{head}Api-Key: key\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


def exchange(connection: socket.socket, message: bytes) -> bytes:
    connection.sendall(message)
    data = connection.recv(1 << 18)
    end = data.index(b"\r\n\r\n") + 4
    size = int(data[:end].lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    pieces, left = [data[end:]], size - (len(data) - end)
    while left > 0:
        piece = connection.recv(1 << 18)
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces)


QUERY = np.random.default_rng(7).random(1536, dtype=np.float32).tolist()


def cpu_of(top_k: int, values: bool, times: int) -> float:
    with socket.create_connection((HOST, PORT)) as connection:
        began = time.process_time()
        for _ in range(times):
            body = msgspec.json.encode({"topK": top_k, "vector": QUERY, "includeValues": values})
            decoder.decode(exchange(connection, request(body)))
        return (time.process_time() - began) / times


async def rate(in_flight: int, requests: int) -> float:
    message = request(msgspec.json.encode({"topK": 10, "vector": QUERY[:16]}))
    left = requests

    async def work() -> None:
        nonlocal left
        reader, writer = await asyncio.open_connection(HOST, PORT)
        while left > 0:
            left -= 1
            writer.write(message)
            head = await reader.readuntil(b"\r\n\r\n")
            size = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
            decoder.decode(await reader.readexactly(size))
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(in_flight)))
    return (time.perf_counter() - began) / requests


def measure(name: str, times: int, **more: Any) -> dict[str, float] | None:
    if name == "query":
        return {"seconds": cpu_of(more.get("top_k", 10), more.get("values", False), times)}
    if name == "unread":
        return {"seconds": cpu_of(1000, True, times)}
    if name == "async":
        return {"seconds": asyncio.run(rate(more.get("in_flight", 32), times))}
    return None


def main() -> None:
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        print(json.dumps(measure(**json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
