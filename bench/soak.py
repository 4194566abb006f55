"""Mixed load with faults for minutes: memory and descriptors of the client's process must stay flat.

    hatch run soak [--minutes 10] [--json FILE]

The engine's server runs in a process of its own and fails one call in twenty: cut before and after it was
carried out, 429, 500 and 503. Four threads and eight tasks write, query, fetch, list and delete. Every few
seconds the resident memory, descriptors and threads of this process are noted.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import subprocess
import sys
import threading
import time
import urllib.request
from collections import Counter
from pathlib import Path
from typing import Any

from pinecone import AsyncPinecone, Pinecone, PineconeError, ServerlessSpec

DIMENSION = 64
THREADS, TASKS = 4, 8
SAMPLES = 40
FAULTS = [
    {"path": "* *", "drop": "before", "rate": 0.01},
    {"path": "* *", "drop": "after", "rate": 0.01},
    {"path": "* *", "status": 500, "rate": 0.01},
    {"path": "* *", "status": 503, "rate": 0.01},
    {"path": "* *", "status": 429, "retry_after": 0.05, "rate": 0.01},
]


def now_used() -> tuple[float, int, int]:
    """Return this process's resident megabytes, descriptors and threads."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return (
        pages * os.sysconf("SC_PAGE_SIZE") / 1e6,
        len(list(Path("/proc/self/fd").iterdir())),
        threading.active_count(),
    )


def calls(chance: random.Random, index: Any) -> Any:
    """Return one call, chosen by chance."""
    ids = [f"v{chance.randrange(5000)}" for _ in range(50)]
    vector = [chance.random() for _ in range(DIMENSION)]
    return chance.choice(
        [
            lambda: index.upsert(vectors=[(id_, vector, {"n": 1}) for id_ in ids]),
            lambda: index.query(vector=vector, top_k=20, include_values=True, include_metadata=True),
            lambda: index.fetch(ids=ids),
            lambda: index.list_paginated(limit=50),
            lambda: index.delete(ids=ids[:5]),
            lambda: index.describe_index_stats(),
        ]
    )


class Load:
    def __init__(self, url: str, host: str, end: float) -> None:
        self.url, self.host, self.end = url, host, end
        self.outcomes: Counter[str] = Counter()

    def thread(self, seed: int) -> None:
        chance = random.Random(seed)
        with Pinecone(api_key="local", host=self.url) as pc, pc.index(host=self.host) as index:
            while time.monotonic() < self.end:
                try:
                    calls(chance, index)()
                    self.outcomes["succeeded"] += 1
                except PineconeError as error:
                    self.outcomes[type(error).__name__] += 1

    async def task(self, seed: int, index: Any) -> None:
        chance = random.Random(seed)
        while time.monotonic() < self.end:
            try:
                await calls(chance, index)()
                self.outcomes["succeeded"] += 1
            except PineconeError as error:
                self.outcomes[type(error).__name__] += 1

    async def tasks(self) -> None:
        async with AsyncPinecone(api_key="local", host=self.url) as pc:
            index = await pc.index(host=self.host)
            await asyncio.gather(*(self.task(100 + number, index) for number in range(TASKS)))


def serve() -> tuple[subprocess.Popen[str], str]:
    command = [sys.executable, "-m", "pinecone_local", "serve", "--port", "0", "--faults"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    line = server.stdout.readline()
    return server, next(word for word in line.split() if word.startswith("http"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--json", type=Path, help="keep the figures")
    options = parser.parse_args()
    server, url = serve()
    try:
        pc = Pinecone(api_key="local", host=url)
        spec = ServerlessSpec(cloud="aws", region="local")
        host = pc.create_index(name="soak", dimension=DIMENSION, spec=spec).host
        body = json.dumps({"script": FAULTS}).encode()
        urllib.request.urlopen(urllib.request.Request(f"{url}/_local/faults", body, method="PUT")).close()
        seconds = 60 * options.minutes
        load = Load(url, host, time.monotonic() + seconds)
        workers = [threading.Thread(target=load.thread, args=(number,)) for number in range(THREADS)]
        workers.append(threading.Thread(target=lambda: asyncio.run(load.tasks())))
        for worker in workers:
            worker.start()
        rows = []
        print("seconds  resident MB  descriptors  threads   calls")
        for step in range(1, SAMPLES):
            time.sleep(seconds / SAMPLES)  # noqa: TID251 - the load goes on meanwhile
            rows.append((step * seconds / SAMPLES, *now_used(), load.outcomes.total()))
            print("{:7.0f}  {:11.1f}  {:11}  {:7}  {:6}".format(*rows[-1]), flush=True)
        for worker in workers:
            worker.join()
        pc.close()
        print(dict(load.outcomes))
        if options.json is not None:
            options.json.write_text(json.dumps({"rows": rows, "outcomes": load.outcomes}))
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
