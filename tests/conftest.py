from __future__ import annotations

import time
from collections.abc import Callable

import pytest


@pytest.fixture
def wait_until() -> Callable[..., None]:
    """Give a function that polls a condition until it holds, and fails the test when time runs out."""

    def wait(condition: Callable[[], object], *, seconds: float = 10.0) -> None:
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                pytest.fail(f"still not so after {seconds:g} s: {condition}")
            time.sleep(0.005)  # noqa: TID251

    return wait
