"""Many calls in flight on one event loop."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable


async def burst(call: Callable[[], Awaitable[object]], in_flight: int, seconds: float) -> dict[str, float]:
    """Keep so many calls in flight for so long; say how many were answered and what that took."""
    done = 0

    async def work(until: float) -> None:
        nonlocal done
        while True:
            await call()
            done += 1
            if time.perf_counter() >= until:
                return

    await asyncio.gather(*(work(0.0) for _ in range(in_flight)))  # opens the connections
    done = 0
    cpu, wall = time.process_time(), time.perf_counter()
    await asyncio.gather(*(work(wall + seconds) for _ in range(in_flight)))
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return {"calls": done, "cpu": cpu, "wall": wall}
