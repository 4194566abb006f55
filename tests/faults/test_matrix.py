"""Every operation under every fault, in threads, on asyncio and on trio.

What is expected is the documented policy: which errors there are, what is repeated and how often, and that
nothing is left open. A slice of it runs always, all of it with ``hatch run torture``.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sniffio
import trio
from anyio.from_thread import BlockingPortal, start_blocking_portal

from pinecone_core.config import Timeout
from pinecone_core.errors import (
    ApiError,
    PineconeConnectionError,
    PineconeError,
    PineconeTimeoutError,
    ResponseParsingError,
    error_class,
)

from ..core.conftest import AsyncFakeClock, FakeClock
from .calls import ADMINISTERED, PLAIN, Ends, Trial, World, operation_names
from .server import Proxy

FLAVOURS = ("sync", "asyncio", "trio")
RETRIES = 2
LONGEST_WAIT = 75.0  # max_wait and the quarter that is added to it

BROKEN = ("reset", "close", "lost", "cut_in_head", "cut_in_body", "cut_in_chunk", "half_closed")
PASSING = ("408", "500", "502", "504")
REFUSED = ("503", "429", "429 2", "429 -5", "429 1e300", "429 soon", "429 Wed, 21 Oct 2099 07:28:00 GMT")
FINAL = ("302", "307", "400", "409", "412", "413", "422")
NOT_HTTP = ("garbage", "endless_head")
NOT_THE_ANSWER = ("page", "nothing", "list", "deep", "huge_page")
HARMLESS = ("interim_first", "good_then_close", "longer_than_said", "wrong_type")
SLOW = ("hang", "slowly")
FAULTS = (*BROKEN, *PASSING, *REFUSED, *FINAL, *NOT_HTTP, *NOT_THE_ANSWER, *HARMLESS, *SLOW)

#: Threads that event loops keep for the next look-up or blocking call.
OF_EVENT_LOOPS = ("AnyIO worker thread", "Trio thread", "asyncio_")


class Noter:
    """An observer that keeps every operation."""

    def __init__(self) -> None:
        self.operations: list[Any] = []

    def start(self, operation: Any, request: Any) -> None:
        self.operations.append(operation)


@pytest.fixture(scope="module", params=FLAVOURS)
def flavour(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def portal(flavour: str) -> Iterator[BlockingPortal]:
    with start_blocking_portal("asyncio" if flavour == "sync" else flavour) as running:
        yield running


def tasks() -> int:
    """Return how many tasks the running event loop has."""
    if sniffio.current_async_library() == "trio":
        return trio.lowlevel.current_statistics().tasks_living
    return len(asyncio.all_tasks())


@contextmanager
def nothing_left(portal: BlockingPortal) -> Iterator[None]:
    """Expect as many descriptors, threads and tasks afterwards as before, or fewer."""

    def left() -> list[int]:
        descriptors = len(list(Path("/proc/self/fd").iterdir()))
        threads = [one for one in threading.enumerate() if not one.name.startswith(OF_EVENT_LOOPS)]
        return [descriptors, len(threads), portal.call(tasks)]

    def more() -> bool:
        return any(now > then for now, then in zip(left(), before, strict=True))

    before = left()
    yield
    # Threads of a pool that ended may take a moment to be gone.
    end = time.monotonic() + 5
    while more() and time.monotonic() < end:
        time.sleep(0.001)  # noqa: TID251
    assert not more(), (before, left())


class Scene:
    """One call in a world of its own."""

    def __init__(self, trial: Trial, flavour: str, portal: BlockingPortal, **options: Any) -> None:
        self.trial = trial
        self.world = World.administered() if trial in ADMINISTERED else World.plain()
        self.server = Proxy(self.world.engine)
        self.noter = Noter()
        self.clock: Any = FakeClock() if flavour == "sync" else AsyncFakeClock()
        options.setdefault("clock", self.clock)
        self.ends = Ends(flavour, self.server.origin, portal, self.world, observers=(self.noter,), **options)

    def close(self) -> None:
        self.ends.close()
        self.server.stop()
        self.world.engine.close()

    def act(self) -> PineconeError | None:
        try:
            self.ends.run(self.trial.call(self.ends))
        except PineconeError as error:
            return error
        return None

    @property
    def operation(self) -> Any:
        return next(one for one in self.noter.operations if one.name == self.trial.name)

    @property
    def sent(self) -> int:
        return self.server.counts.total()


@contextmanager
def scene(trial: Trial, flavour: str, portal: BlockingPortal, **options: Any) -> Iterator[Scene]:
    with nothing_left(portal):
        made = Scene(trial, flavour, portal, **options)
        try:
            yield made
        finally:
            made.close()


def place(trial: Trial, flavour: str, portal: BlockingPortal) -> tuple[int, int, Any]:
    """Return how many requests come before the operation's own, how many come after, and the operation."""
    with scene(trial, flavour, portal) as clean:
        assert clean.act() is None
        names = [one.name for one in clean.noter.operations]
        assert clean.sent == len(names)
        before = names.index(trial.name)
        return before, len(names) - before - 1, clean.operation


def expected(fault: str, trial: Trial, operation: Any) -> tuple[type[PineconeError] | None, bool]:
    """Return the error that a fault without end ends in, and whether it is repeated before."""
    if fault in BROKEN:
        return PineconeConnectionError, trial.safe
    if fault in PASSING or fault in REFUSED:
        return error_class(int(fault[:3])), trial.safe or fault in REFUSED
    if fault in FINAL:
        return error_class(int(fault)), False
    if fault in NOT_HTTP or (fault in NOT_THE_ANSWER and operation.returns is not None):
        return ResponseParsingError, False
    return None, False


def check(
    trial: Trial, fault: str, flavour: str, portal: BlockingPortal, found: tuple[int, int, Any]
) -> None:
    before, after, operation = found
    if fault in SLOW:
        check_slow(trial, fault, flavour, portal, before)
        return
    kind, repeated = expected(fault, trial, operation)
    # A kept connection that ends is replaced without that counting as a try, twice at the most.
    stale = 2 if before and trial.safe and fault in BROKEN else 0
    with scene(trial, flavour, portal) as once:
        once.server.script = [None] * before + [fault]
        error = once.act()
        if kind is None or repeated:
            assert error is None, f"once {fault}: {error!r}"
            assert once.sent == before + after + (2 if repeated else 1)
        else:
            judge(error, kind, fault, trial)
            assert once.sent == before + 1
        assert all(0 <= wait <= LONGEST_WAIT for wait in once.clock.slept)
    if not repeated:
        return
    with scene(trial, flavour, portal) as always:
        always.server.script = [None] * before
        always.server.always = fault
        judge(always.act(), kind, fault, trial)
        tries = always.sent - before
        assert 1 + RETRIES <= tries <= 1 + RETRIES + stale
        assert len(always.clock.slept) == RETRIES


def check_slow(trial: Trial, fault: str, flavour: str, portal: BlockingPortal, before: int) -> None:
    # An upload may take its time as a whole, but not for a piece.
    if trial.name in ("upload_file", "upsert_file") and fault == "slowly":
        return
    with scene(trial, flavour, portal, timeout=Timeout(0.3, read=0.3), clock=None) as slow:
        slow.server.script = [None] * before + [fault]
        begun = time.monotonic()
        error = slow.act()
        assert time.monotonic() - begun < 5
        while isinstance(error, PineconeTimeoutError) and not error.sent and time.monotonic() - begun < 60:
            error = slow.act()  # the machine was busy elsewhere before anything was sent
        judge(error, PineconeTimeoutError, fault, trial)
        assert slow.sent == before + 1


def judge(error: PineconeError | None, kind: Any, fault: str, trial: Trial) -> None:
    assert isinstance(error, kind), f"{fault}: {error!r}"
    assert error.operation == trial.name
    assert "127.0.0.1" in (error.host or "")
    assert "\n" not in str(error)
    assert "local" not in str(error).split()  # the key
    if isinstance(error, ApiError):
        assert error.status_code == int(fault[:3])


def trials(function: Callable[..., None]) -> Callable[..., None]:
    named = [
        pytest.param(trial, id=f"{number}-{trial.name}")
        for number, trial in enumerate([*PLAIN, *ADMINISTERED])
    ]
    marked: Callable[..., None] = pytest.mark.parametrize("trial", named)(function)
    return marked


def test_no_operation_is_missing() -> None:
    assert {trial.name for trial in [*PLAIN, *ADMINISTERED]} == set(operation_names())


@trials
def test_a_slice(trial: Trial, flavour: str, portal: BlockingPortal) -> None:
    found = place(trial, flavour, portal)
    assert found[2].may_be_repeated == trial.safe
    first = [*PLAIN, *ADMINISTERED].index(trial) + FLAVOURS.index(flavour) * 5
    fast = [fault for fault in FAULTS if fault not in SLOW]
    for step in range(5):
        check(trial, fast[(first + 7 * step) % len(fast)], flavour, portal, found)


@pytest.mark.parametrize("fault", SLOW)
@pytest.mark.parametrize("number", [0, 2, 17, 22])
def test_slow_answers(number: int, fault: str, flavour: str, portal: BlockingPortal) -> None:
    check(PLAIN[number], fault, flavour, portal, place(PLAIN[number], flavour, portal))


@pytest.mark.torture
@trials
def test_every_fault(trial: Trial, flavour: str, portal: BlockingPortal) -> None:
    found = place(trial, flavour, portal)
    for fault in FAULTS:
        check(trial, fault, flavour, portal, found)
