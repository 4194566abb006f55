from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Generator
from typing import Any

import pytest
from hypothesis import settings

# A slow machine is no failure. In CI the library has a profile of its own, without a deadline too.
settings.register_profile("unhurried", deadline=None)
if "CI" not in os.environ:
    settings.load_profile("unhurried")

#: Keys and secrets that tests hand to clients; none may be in anything that a test has written.
PLANTED = (
    "key-of-the-tests",
    "key-1234",
    "planted-key",
    "planted-secret",
    "planted-password",
    "fault-secret",
)


def pytest_configure() -> None:
    """Have what other processes print looked through too, where a test reads it itself."""
    communicate = subprocess.Popen.communicate

    def checked(process: Any, *args: Any, **options: Any) -> Any:
        written = communicate(process, *args, **options)
        for stream in written:
            text = stream.decode("utf-8", "replace") if isinstance(stream, bytes) else stream or ""
            told = [planted for planted in PLANTED if planted in text]
            assert not told, f"{told} is in the output of {process.args}"
        return written

    subprocess.Popen.communicate = checked  # type: ignore[assignment, method-assign]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: Any) -> Generator[None, Any, Any]:
    """Fail a test whose captured output or log tells a planted secret."""
    report = yield
    for name, written in report.sections:
        for planted in PLANTED:
            if planted in written:
                report.outcome = "failed"
                report.longrepr = f"{planted!r} is in the {name.lower()} of {item.nodeid}"
    return report


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


@pytest.fixture(params=["compiled", "orjson", "without"])
def writer(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Write numbers by what was compiled, with the extra library, and with neither."""
    if request.param == "compiled":
        pytest.importorskip("pinecone_core._floats")
    else:
        monkeypatch.setattr("pinecone_core.vectors.floats", lambda: None)
    if request.param == "orjson":
        pytest.importorskip("orjson")
    else:
        monkeypatch.setattr("pinecone_core.vectors._quicker", lambda: None)
    return str(request.param)
