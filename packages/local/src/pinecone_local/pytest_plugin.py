"""Fixtures for tests: an engine of its own for every test, and clients and a server on it.

Loaded by pytest when the package is installed. The fixtures are ``pinecone_engine``,
``pinecone_client``, ``async_pinecone_client`` and ``pinecone_server``. A mark steers them::

    @pytest.mark.pinecone(faults=[Fault("POST /query", status=503, times=1)], ready_after=5, clock=clock)
    def test_something(pinecone_client): ...

``faults`` (a script or a ``Faults``), ``clock``, ``ready_after``, ``visible_after``, ``buckets``,
``writer``, ``account`` and ``quotas`` go to ``LocalEngine``; ``durable=True`` puts the engine on a
temporary folder; ``api_keys`` goes to the server.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .engine import LocalEngine
    from .server.running import LocalServer

_ENGINE = {"faults", "clock", "ready_after", "visible_after", "buckets", "writer", "account", "quotas"}
_OPTIONS = {*_ENGINE, "durable", "api_keys"}


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known."""
    config.addinivalue_line(
        "markers", "pinecone(faults, clock, ready_after, ...): steer the pinecone_engine of this test"
    )


def _options(request: pytest.FixtureRequest) -> dict[str, Any]:
    options: dict[str, Any] = {}
    for mark in reversed(list(request.node.iter_markers("pinecone"))):
        options.update(mark.kwargs)
    if unknown := sorted(set(options) - _OPTIONS):
        known = ", ".join(sorted(_OPTIONS))
        raise pytest.UsageError(
            f"@pytest.mark.pinecone does not know {', '.join(unknown)}; it takes {known}."
        )
    return options


@pytest.fixture
def pinecone_engine(request: pytest.FixtureRequest) -> Iterator[LocalEngine]:
    """Give an engine that belongs to this test alone."""
    from .engine import LocalEngine
    from .faults import Faults

    options = _options(request)
    options.pop("api_keys", None)
    faults = options.pop("faults", None)
    if faults is not None and not isinstance(faults, Faults):
        faults = Faults(faults)
    path = request.getfixturevalue("tmp_path") / "pinecone" if options.pop("durable", False) else None
    with LocalEngine(path, faults=faults, **options) as engine:
        yield engine


@pytest.fixture
def pinecone_client(pinecone_engine: LocalEngine) -> Iterator[Any]:
    """Give a ``pinecone.Pinecone`` on this test's engine."""
    pinecone = pytest.importorskip("pinecone", reason="the package pinecone is not installed")
    with pinecone.Pinecone(api_key="local", transport=pinecone_engine.transport()) as client:
        yield client


@pytest.fixture
def async_pinecone_client(pinecone_engine: LocalEngine) -> Any:
    """Give a ``pinecone.AsyncPinecone`` on this test's engine; it holds nothing that needs closing."""
    pinecone = pytest.importorskip("pinecone", reason="the package pinecone is not installed")
    return pinecone.AsyncPinecone(api_key="local", transport=pinecone_engine.transport())


@pytest.fixture
def pinecone_server(request: pytest.FixtureRequest, pinecone_engine: LocalEngine) -> Iterator[LocalServer]:
    """Give a running HTTP server on this test's engine, at a free port of this machine."""
    from .server.running import LocalServer

    with LocalServer(pinecone_engine, api_keys=_options(request).get("api_keys", ())) as server:
        yield server
