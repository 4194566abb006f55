"""A whole session on the embedded engine."""

from __future__ import annotations

import io
from typing import Any

import anyio
import pytest

from pinecone_assistant import Assistants, AsyncAssistants
from pinecone_core.errors import NotFoundError

local = pytest.importorskip("pinecone_local")


def test_blocking() -> None:
    client = Assistants(api_key="local", transport=local.LocalEngine().transport())
    made = client.create(name="manuals", instructions="Be short.", metadata={"a": 1})
    assert made.status == "Ready"
    made.upload_bytes_stream(io.BytesIO(b"The pump is changed every six months."), "pump.txt", {"year": 2024})
    client.upload_file(
        assistant_name="manuals", file_stream=b"Everest is 8849 m high.", file_name="everest.md", file_id="ev"
    )
    assert {file.name for file in client.list_files(assistant_name="manuals")} == {"pump.txt", "everest.md"}
    answer = client.chat(assistant_name="manuals", messages="How often is the pump changed?")
    assert "six months" in answer.message.content
    assert answer.citations[0].references[0].file.name == "pump.txt"
    final = client.chat(assistant_name="manuals", messages="How high is Everest?", stream=True).final()
    assert "8849" in final.message.content
    assert final.finish_reason == "stop"
    completion = client.chat_completions(
        assistant_name="manuals", messages="How high is Everest?", stream=True
    )
    assert "8849" in completion.collect()
    found = client.context(assistant_name="manuals", query="pump", filter={"year": 2024})
    assert [snippet.reference.file.name for snippet in found.snippets] == ["pump.txt"]
    scores = client.evaluate_alignment(question="q", answer="8849 m", ground_truth_answer="8849 m").scores
    assert scores.alignment == 1.0
    assert client.update(name="manuals", instructions="Be long.").instructions == "Be long."
    assert len(client.list_operations(assistant_name="manuals").to_list()) == 2
    client.delete_file(assistant_name="manuals", file_id="ev")
    client.delete(name="manuals")
    with pytest.raises(NotFoundError):
        client.describe(name="manuals")


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_tasks(backend: str) -> None:
    engine = local.LocalEngine()

    async def main() -> Any:
        async with AsyncAssistants(api_key="local", transport=engine.transport()) as client:
            made: Any = await client.create(name="manuals")
            await made.upload_bytes_stream(io.BytesIO(b"Everest is 8849 m high."), "everest.txt")
            async with await client.chat(
                assistant_name="manuals", messages="How high is Everest?", stream=True
            ) as stream:
                text = "".join([piece async for piece in stream.text()])
                citations = stream.so_far.citations
            await client.delete(name="manuals")
            return text, citations, [item async for item in client.list()]

    text, citations, left = anyio.run(main, backend=backend)
    assert "8849" in text
    assert citations[0].references[0].file.name == "everest.txt"
    assert left == []
