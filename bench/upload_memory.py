"""Measure how much memory an upload takes, and how fast it is.

    python bench/upload_memory.py [megabytes]

Sends a file (1024 MB unless told otherwise) to a server in another process that throws it away, with
both flavours of the client, and prints the growth of the peak of resident memory. Exits 1 when that is
more than 64 MB.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import resource
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

LIMIT_MB = 64.0


def serve(listener: socket.socket, answers: int, received: object) -> None:
    """Answer uploads with a file, and everything else with the same; add up the bytes of the bodies."""
    body = json.dumps({"id": "f1", "name": "a.txt", "status": "Available"}).encode()
    lines = (
        b"HTTP/1.1 200 OK",
        b"content-type: application/json",
        b"connection: close",
        b"content-length: %d",
    )
    head = b"\r\n".join((*lines, b"", b""))
    for _ in range(answers):
        connection, _ = listener.accept()
        with connection:
            data = b""
            while b"\r\n\r\n" not in data:
                data += connection.recv(1 << 16)
            start, _, rest = data.partition(b"\r\n\r\n")
            lengths = [line for line in start.lower().split(b"\r\n") if line.startswith(b"content-length:")]
            left = (int(lengths[0].split(b":")[1]) if lengths else 0) - len(rest)
            while left > 0:
                left -= len(connection.recv(1 << 20))
            received.value += int(lengths[0].split(b":")[1]) if lengths else 0  # type: ignore[attr-defined]
            connection.sendall(head % len(body) + body)


def peak_mb() -> float:
    """Return the peak of this process's resident memory."""
    status = Path("/proc/self/status")
    if status.exists():  # unlike the other, it begins anew with each program
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def upload(path: Path, host: str) -> None:
    from pinecone_assistant import Assistants

    with Assistants(api_key="local", host=host, data_host=host) as client:
        client.upload_file(assistant_name="a", file_path=path, timeout=-1)


def upload_async(path: Path, host: str) -> None:
    from pinecone_assistant import AsyncAssistants

    async def main() -> None:
        async with AsyncAssistants(api_key="local", host=host, data_host=host) as client:
            await client.upload_file(assistant_name="a", file_path=path, timeout=-1)

    asyncio.run(main())


def measured(send: Callable[[Path, str], None], small: Path, large: Path, host: str, result: object) -> None:
    send(small, host)  # loads everything that is loaded once
    before, began = peak_mb(), time.perf_counter()
    send(large, host)
    result.put((peak_mb() - before, time.perf_counter() - began))  # type: ignore[attr-defined]


def main() -> int:
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 1024
    context = multiprocessing.get_context("spawn")
    worst = 0.0
    with tempfile.TemporaryDirectory() as folder:
        small, large = Path(folder, "small.txt"), Path(folder, "large.txt")
        small.write_bytes(b"x" * 1000)
        with large.open("wb") as file:
            for _ in range(megabytes):
                file.write(os.urandom(1 << 20))
        for name, send in (("sync", upload), ("async", upload_async)):
            with socket.create_server(("127.0.0.1", 0)) as listener:
                received = context.Value("q", 0)
                host = f"http://127.0.0.1:{listener.getsockname()[1]}"
                server = context.Process(target=serve, args=(listener, 4, received))
                server.start()
                result = context.Queue()
                client = context.Process(target=measured, args=(send, small, large, host, result))
                client.start()
                growth, seconds = result.get()
                client.join()
                server.join()
            assert received.value > megabytes << 20, "the server has not got all of it"
            worst = max(worst, growth)
            speed = f"{megabytes} MB in {seconds:.1f} s, {megabytes / seconds:.0f} MB/s"
            print(f"{name}: {speed}, +{growth:.1f} MB of memory")
    return int(worst > LIMIT_MB)


if __name__ == "__main__":
    sys.exit(main())
