from __future__ import annotations

from collections.abc import Iterator

import pytest
from anyio.from_thread import start_blocking_portal

from .wire import FLAVOURS, Bench


@pytest.fixture(params=[(way, flavour) for way in ("in process", "over a socket") for flavour in FLAVOURS])
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    """Give a client of each flavour over the embedded engine, in process and over a socket."""
    local = pytest.importorskip("pinecone_local")
    way, flavour = request.param
    with local.LocalEngine() as engine:
        if way == "in process":
            yield Bench(flavour, engine.transport())
            return
        backend = "asyncio" if flavour == "sync" else flavour
        with local.LocalServer(engine) as server, start_blocking_portal(backend) as portal:
            bench = Bench(flavour, None, host=server.url, portal=portal)
            yield bench
            bench.run(bench.pc.close())
