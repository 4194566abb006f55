"""Every request against the API descriptions, their examples against the models, and the names of old."""

from __future__ import annotations

import importlib.util
import inspect
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import pinecone_assistant
from pinecone_assistant.models import legacy
from pinecone_assistant.models.options import ContextOptions
from pinecone_core.codec import decode

from .wire import READY, Bench, Stream, Wire, headers_of

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
FILE = {"id": "f1", "name": "a.txt", "status": "Available"}
WORK = {"id": "op1", "status": "Completed", "operation_type": "upsert_file", "created_on": "now"}


def load(path: Path, name: str) -> ModuleType:
    if not path.exists():
        pytest.skip(f"{path.name} is not beside this checkout")
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def described(kind: str, version: str) -> Any:
    return load(ROOT / "tests/db/openapi.py", "assistant_openapi").described(
        f"assistant_{kind}_{version}.oas.yaml"
    )


NAME = {"assistant_name": "manuals"}
CALLS: list[tuple[str, str, dict[str, Any]]] = [
    ("control", "create", {"name": "manuals", "metadata": {"a": 1}, "region": "eu", "timeout": -1}),
    ("control", "create", {"name": "manuals", "instructions": "x", "timeout": -1}),
    ("control", "describe", {"name": "manuals"}),
    ("control", "list_page", {"page_size": 3, "pagination_token": "t"}),
    ("control", "update", {"name": "manuals", "instructions": "x", "metadata": {}}),
    ("control", "delete", {"name": "manuals", "timeout": -1}),
    (
        "data",
        "upload_file",
        {**NAME, "file_stream": b"x", "file_name": "a.txt", "metadata": {}, "multimodal": True},
    ),
    (
        "data",
        "upload_file",
        {**NAME, "file_stream": b"x", "file_name": "a.txt", "file_id": "f", "metadata": {}},
    ),
    ("data", "describe_file", {**NAME, "file_id": "f", "include_url": True}),
    ("data", "list_files_page", {**NAME, "filter": {"a": 1}, "page_size": 3, "pagination_token": "t"}),
    ("data", "delete_file", {**NAME, "file_id": "f", "timeout": -1}),
    ("data", "describe_operation", {**NAME, "operation_id": "o"}),
    (
        "data",
        "list_operations_page",
        {**NAME, "operation_type": "delete_file", "status": "Failed", "page_size": 1},
    ),
    (
        "data",
        "chat",
        {
            **NAME,
            "messages": ["Hi", {"role": "assistant", "content": "Yes?"}, {"content": "So"}],
            "temperature": 0.5,
            "filter": {"a": {"$eq": 1}},
            "json_response": True,
            "include_highlights": True,
            "context_options": ContextOptions(top_k=3, multimodal=False),
        },
    ),
    ("data", "chat_completions", {**NAME, "messages": "Hi", "temperature": 0, "filter": {"a": 1}}),
    ("data", "context", {**NAME, "query": "q", "top_k": 3, "snippet_size": 512, "multimodal": True}),
    ("data", "context", {**NAME, "messages": ["q"], "filter": {"a": 1}, "include_binary_content": False}),
    ("evaluation", "evaluate_alignment", {"question": "q", "answer": "a", "ground_truth_answer": "t"}),
]


def answer(request: Any) -> Any:
    target = request.target
    if "evaluation" in target:
        scores = {"correctness": 1, "completeness": 1, "alignment": 1}
        usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
        return 200, {"metrics": scores, "reasoning": {"evaluated_facts": []}, "usage": usage}
    if target.startswith("/assistant/assistants"):
        return 200, READY
    if "/operations/" in target or request.method == "PUT":
        return 200, WORK
    return 200, FILE if "/files/" in target else {}


@pytest.mark.parametrize(("kind", "method", "arguments"), CALLS)
def test_requests_are_as_described(bench: Any, kind: str, method: str, arguments: dict[str, Any]) -> None:
    made = bench(by=answer)
    made.run(getattr(made.pc, method)(**arguments))
    checked = 0
    for request, content in zip(made.wire.requests, made.wire.contents, strict=True):
        headers = headers_of(request)
        target = request.target.removeprefix("/assistant")
        place = "control" if target.startswith("/assistants") else kind
        api = described(place, headers["x-pinecone-api-version"])
        assert headers["x-pinecone-api-version"] == api.version
        if headers.get("content-type", "").startswith("multipart/form-data"):
            operation = api.operation(request.method, target.partition("?")[0])
            assert "multipart/form-data" in operation["requestBody"]["content"]
            assert b'name="file"; filename="a.txt"' in content
            assert (b'name="metadata"' in content) == (request.method == "PUT")
        else:
            body = json.loads(content) if content else None
            if body and body.get("instructions", "") is None:
                del body["instructions"]  # may be null
            api.check_request(request.method, target, headers, body)
        checked += 1
    assert checked


def test_streamed_requests_are_as_described() -> None:
    for method in ("chat", "chat_completions"):
        bench = Bench("sync", Wire((200, READY), Stream([b"data: [DONE]\n\n"])))
        list(getattr(bench.pc, method)(**NAME, messages="Hi", stream=True))
        request = bench.wire.requests[-1]
        api = described("data", "2025-10")
        target = request.target.removeprefix("/assistant")
        api.check_request("POST", target, headers_of(request), bench.wire.body())


@pytest.mark.parametrize("version", ["2025-10", "2026-04"])
@pytest.mark.parametrize("kind", ["control", "data"])
def test_examples_are_read_without_loss(kind: str, version: str, caplog: Any) -> None:
    models = {
        "list_assistants": pinecone_assistant.ListAssistantsResponse,
        "create_assistant": pinecone_assistant.AssistantModel,
        "get_assistant": pinecone_assistant.AssistantModel,
        "list_files": pinecone_assistant.ListFilesResponse,
        "upload_file": pinecone_assistant.AssistantFileModel
        if version == "2025-10"
        else pinecone_assistant.OperationModel,
        "describe_file": pinecone_assistant.AssistantFileModel,
        "list_operations": pinecone_assistant.ListOperationsResponse,
        "describe_operation": pinecone_assistant.OperationModel,
        "chat_assistant": pinecone_assistant.ChatResponse,
        "chat_completion_assistant": pinecone_assistant.ChatCompletionResponse,
        "context_assistant": pinecone_assistant.ContextResponse,
    }
    for operation, example in described(kind, version).answers():
        if operation in models:
            decode(json.dumps(example).encode(), models[operation])  # type: ignore[arg-type]
    assert not caplog.records


def test_names_and_signatures_of_old() -> None:
    tool = load(SHARED / "tools/api_surface.py", "assistant_api_surface")
    surface = json.loads((SHARED / "api/surface-9.0.json").read_text("utf-8"))
    problems = []
    for key, wanted in surface["definitions"].items():
        module, _, name = key.partition(":")
        if "assistant" not in module or name.startswith("_"):
            continue
        value = getattr(pinecone_assistant, name, None)
        if value is None:
            if wanted["kind"] != "value" or name != "BaseStreamChatResponseChunk":
                problems.append(f"{key} is missing")
            continue
        problems += [f"{key} {line}" for line in tool.differences(wanted, value)]
        if wanted.get("fields"):
            got = tool.describe(value)
            for field, wire in wanted["wire_names"].items():
                if got["wire_names"].get(field) != wire:
                    problems.append(
                        f"{key}.{field} is {got['wire_names'].get(field)!r} on the wire, not {wire!r}"
                    )
            if got["struct"]["tag"] != wanted["struct"]["tag"]:
                problems.append(f"{key} has the tag {got['struct']['tag']!r}")
            if got["fields"][: len(wanted["fields"])] != wanted["fields"]:
                problems.append(f"{key} orders its fields {got['fields']}")
    assert not problems


def test_every_name_of_the_models_of_old_is_there() -> None:
    tool = SHARED / "api/surface-9.0.json"
    if not tool.exists():
        pytest.skip(f"{tool.name} is not beside this checkout")
    surface = json.loads(tool.read_text("utf-8"))
    names = surface["modules"]["pinecone.models.assistant"]
    for name, key in names.items():
        value = getattr(legacy, name, None) or getattr(pinecone_assistant, name)
        target = key.rpartition(":")[2]
        if hasattr(pinecone_assistant, target):
            assert value is getattr(pinecone_assistant, target), name


def test_both_flavours_offer_the_same() -> None:
    sync, other = pinecone_assistant.Assistants, pinecone_assistant.AsyncAssistants
    names = {name for name in dir(sync) if not name.startswith("_")}
    assert names == {name for name in dir(other) if not name.startswith("_")}
    for name in names - {"config", "evaluation", "over"}:
        assert list(inspect.signature(getattr(sync, name)).parameters) == list(
            inspect.signature(getattr(other, name)).parameters
        )
