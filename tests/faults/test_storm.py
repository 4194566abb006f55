"""Bulk writes through faults: all is stored or reported, a killed load goes on, throttling slows it."""

from __future__ import annotations

import itertools
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest

from pinecone import AsyncPinecone, Pinecone, RetryConfig, ServerlessSpec
from pinecone_local import Fault, Faults, LocalEngine, LocalServer
from pinecone_local.http import ApiFault, Call

SPEC = ServerlessSpec(cloud="aws", region="us-east-1")
AT_ONCE: dict[str, Any] = {"retry_config": RetryConfig(max_wait=0)}
RATES = (0.01, 0.1, 0.5)


def vectors(count: int) -> Iterator[tuple[str, list[float]]]:
    for number in range(count):
        yield f"v{number}", [1.0, float(number), 0.5, -1.0]


def honest(rate: float) -> list[Fault]:
    """Return faults after which nothing was done: together they hit this share of the calls."""
    return [
        Fault("POST /vectors/upsert", status=503, rate=rate / 3),
        Fault("POST /vectors/upsert", status=500, rate=rate / 3),
        Fault("POST /vectors/upsert", drop="before", rate=rate / 3),
    ]


def lossy(rate: float) -> list[Fault]:
    return [*honest(rate / 2), Fault("POST /vectors/upsert", drop="after", rate=rate / 2)]


def stored_ids(engine: LocalEngine) -> set[str]:
    entry = engine.project.indexes["storm"].data.records("")
    return set() if entry is None else set(entry.ids_after("", None, 10**9))


def loaded(engine: LocalEngine, flavour: str, count: int, **options: Any) -> Any:
    how: dict[str, Any] = {"batch_size": 100, "max_concurrency": 8, "show_progress": False}
    if flavour == "sync":
        pc = Pinecone(api_key="local", transport=engine.transport(), **options)
        return pc.index("storm").upsert(vectors=vectors(count), **how)

    async def load() -> Any:
        async with AsyncPinecone(api_key="local", transport=engine.transport(), **options) as pc:
            return await (await pc.index("storm")).upsert(vectors=vectors(count), **how)

    return anyio.run(load, backend=flavour)


def weather(flavour: str, rate: float, count: int, faults: Callable[[float], list[Fault]]) -> None:
    with LocalEngine(faults=Faults(seed=int(rate * 100))) as engine:
        assert engine.faults is not None
        pc = Pinecone(api_key="local", transport=engine.transport())
        pc.create_index(name="storm", dimension=4, spec=SPEC)
        engine.faults.replace(faults(rate))
        done = loaded(engine, flavour, count, **AT_ONCE)
        stored, reported = stored_ids(engine), {item[0] for item in done.failed_items}
        every = {id_ for id_, _ in vectors(count)}
        assert stored | reported == every
        assert done.total_item_count == count
        assert done.upserted_count + done.failed_item_count == count
        if faults is honest:
            assert not stored & reported
            assert done.upserted_count == len(stored)
        # What is reported can be sent again as it is.
        engine.faults.replace([])
        assert not pc.index("storm").upsert(vectors=done.failed_items, batch_size=100).errors
        assert stored_ids(engine) == every


@pytest.mark.parametrize("flavour", ["sync", "asyncio", "trio"])
@pytest.mark.parametrize("faults", [honest, lossy])
def test_a_small_storm(flavour: str, faults: Any) -> None:
    weather(flavour, 0.5, 5_000, faults)


@pytest.mark.torture
@pytest.mark.parametrize("flavour", ["sync", "asyncio", "trio"])
@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("faults", [honest, lossy])
def test_a_storm(flavour: str, rate: float, faults: Any) -> None:
    weather(flavour, rate, 50_000, faults)


LOADER = """
import sys
from pinecone import Pinecone
url, host, checkpoint, count = sys.argv[1:]
source = ((f"v{number}", [1.0, float(number), 0.5, -1.0]) for number in range(int(count)))
done = Pinecone(api_key="local", host=url).index(host=host).upsert(
    vectors=source, batch_size=50, max_concurrency=4, checkpoint=checkpoint, show_progress=False
)
assert not done.errors, done.errors
"""


@pytest.mark.parametrize("kills", [pytest.param((0.2, 0.6), id="twice")])
def test_a_killed_load_goes_on(
    kills: tuple[float, ...], tmp_path: Path, wait_until: Callable[..., None]
) -> None:
    count = 10_000
    with LocalEngine() as engine, LocalServer(engine) as server:
        pc = Pinecone(api_key="local", host=server.url)
        pc.create_index(name="storm", dimension=4, spec=SPEC)
        data = engine.project.indexes["storm"].data
        arguments = [server.url, pc.describe_index("storm").host, str(tmp_path / "checkpoint"), str(count)]
        command = [sys.executable, "-c", LOADER, *arguments]
        for share in kills:
            with subprocess.Popen(command) as loader:
                wait_until(lambda share=share: data.count > share * count, seconds=60)
                loader.kill()
        before = data.lsn
        assert data.count < count
        subprocess.run(command, check=True)
        assert stored_ids(engine) == {id_ for id_, _ in vectors(count)}
        # It went on and did not begin again.
        assert data.lsn - before <= (1 - kills[-1]) * count / 50 + 8


class Throttle:
    """Lets so many writes a second pass, a few at once, and refuses the others with 429."""

    def __init__(self, rate: float, burst: float) -> None:
        self.rate, self.burst = rate, burst
        self.allowed, self.refused = 0, 0
        self._tokens, self._then = burst, time.monotonic()
        self._lock = threading.Lock()

    def __call__(self, call: Call) -> None:
        if call.segments[-1:] != ("upsert",):
            return
        with self._lock:
            now = time.monotonic()
            self._tokens = min(self.burst, self._tokens + (now - self._then) * self.rate)
            self._then = now
            if self._tokens >= 1:
                self._tokens -= 1
                self.allowed += 1
                return
            self.refused += 1
        raise ApiFault(429, "RESOURCE_EXHAUSTED", "Slow down.", headers={"retry-after": "0.1"})


@pytest.mark.torture
@pytest.mark.parametrize("flavour", ["sync", "asyncio"])
def test_throttling_is_borne(flavour: str, record_property: Callable[[str, object], None]) -> None:
    with LocalEngine() as engine:
        pc = Pinecone(api_key="local", transport=engine.transport())
        pc.create_index(name="storm", dimension=4, spec=SPEC)
        throttle = engine.gate = Throttle(rate=100, burst=10)
        begun = time.monotonic()
        done = loaded(engine, flavour, 100_000)
        took = time.monotonic() - begun
    # Where the machine is busy, a write may be refused as often as it is tried; then it is reported.
    assert len(done.errors) <= 10
    assert throttle.allowed == 1000 - len(done.errors)
    share = (throttle.allowed - throttle.burst) / took / throttle.rate
    print(f"{flavour}: {share:.2f} of the permitted rate, {throttle.refused} refusals for 1,000 writes")
    assert share >= 0.8
    # A refusal is answered by fewer writes at a time, not by more of them.
    assert throttle.refused <= throttle.allowed


def test_the_order_of_a_storm_is_that_of_its_seed() -> None:
    calls = [Call.make("POST", "/vectors/upsert") for _ in range(200)]
    hits = []
    for _ in range(2):
        faults = Faults(lossy(0.5), seed=3)
        hits.append([fault is None for fault in map(faults._next, calls)])
    assert hits[0] == hits[1]
    assert any(itertools.chain(*hits))
