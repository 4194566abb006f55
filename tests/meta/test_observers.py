"""Whoever watches the one client is told of the calls of all its rooms."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anyio
import pytest

from pinecone import AsyncPinecone, Pinecone
from pinecone_core.logs import Log
from pinecone_local import LocalEngine


class Names:
    def __init__(self) -> None:
        self.seen: list[str] = []

    def start(self, operation: Any, request: Any) -> None:
        self.seen.append(operation.name)


def test_observers_see_every_room() -> None:
    with LocalEngine() as engine:
        names = Names()
        pc = Pinecone(api_key="local", transport=engine.transport(), observers=(names,))
        pc.list_indexes()
        pc.inference.list_models()
        list(pc.assistants.list())

        async def main() -> list[str]:
            others = Names()
            async with AsyncPinecone(
                api_key="local", transport=engine.transport(), observers=(others,)
            ) as apc:
                await apc.list_indexes()
                await apc.inference.list_models()
                assert [found async for found in apc.assistants.list()] == []
            return others.seen

        assert names.seen == anyio.run(main) == ["list_indexes", "list_models", "list_assistants"]


def test_a_line_of_the_log_leads_to_where_it_was_said(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", "pinecone.tests")
    log = Log("pinecone.tests")
    for say in (log.debug, log.info, log.warning, log.exception):
        say("here")
    assert [record.filename for record in caplog.records] == [Path(__file__).name] * 4
