from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from . import wire


@pytest.fixture(autouse=True)
def no_hosts_from_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONTROL", "DATA"):
        monkeypatch.delenv(f"PINECONE_PLUGIN_ASSISTANT_{name}_HOST", raising=False)
    monkeypatch.delenv("PINECONE_CONTROLLER_HOST", raising=False)


@pytest.fixture(params=wire.FLAVOURS)
def bench(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """Give a function that makes one kind of client over scripted answers."""

    def make(*answers: Any, by: Any = None, **options: Any) -> Any:
        return wire.Bench(request.param, wire.Wire(*answers, by=by), **options)

    return make
