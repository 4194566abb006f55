"""Making, describing, listing, changing and deleting assistants; hosts; legacy spellings."""

from __future__ import annotations

import copy
import pickle
import re
import threading
from typing import Any

import anyio
import pytest

import pinecone_assistant
from pinecone_core.config import PineconeConfig
from pinecone_core.errors import (
    NotFoundError,
    PineconeClosedError,
    PineconeConnectionError,
    PineconeError,
    PineconeTimeoutError,
    PineconeTypeError,
    PineconeValueError,
)

from .wire import HOST, READY, Bench, Wire, headers_of

API = "https://api.pinecone.io/assistant"
GONE = (404, {"error": {"code": "NOT_FOUND", "message": "gone"}, "status": 404})
ALIGNED = {
    "metrics": {"correctness": 1, "completeness": "0.5", "alignment": 0.667},
    "reasoning": {
        "evaluated_facts": [
            {"fact": {"content": "It is high."}, "entailment": "entailed", "reasoning": None},
            {"fact": {"content": "It is old."}, "entailment": "contradicted", "reasoning": "It is new."},
        ]
    },
    "usage": {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3},
}


def assistant(status: str = "Ready", **more: Any) -> dict[str, Any]:
    return {**READY, "status": status, **more}


def call(bench: Any, method: str, *arguments: Any, **named: Any) -> Any:
    return bench.run(getattr(bench.pc, method)(*arguments, **named))


def test_create_waits_until_ready(bench: Any) -> None:
    made = bench((200, assistant("Initializing")), GONE, (200, assistant("Initializing")), (200, READY))
    found = call(made, "create", name="manuals", metadata={}, region="eu")
    assert found.status == "Ready"
    assert found.host == HOST
    assert made.wire.lines == [f"POST {API}/assistants", *[f"GET {API}/assistants/manuals"] * 3]
    assert made.wire.body(0) == {"name": "manuals", "instructions": None, "region": "eu", "metadata": {}}
    assert made.clock.slept == [0.5, 1.0]


def test_create_without_waiting(bench: Any) -> None:
    made = bench((200, assistant("Initializing")))
    found = call(made, "create", name="manuals", environment="dev", timeout=-1)
    assert found.status == "Initializing"
    assert made.wire.body()["environment"] == "dev"


@pytest.mark.parametrize("status", ["Failed", "InitializationFailed", "Terminated", "Terminating"])
def test_create_that_fails(bench: Any, status: str) -> None:
    made = bench((200, assistant("Initializing")), (200, assistant(status)))
    with pytest.raises(PineconeError, match=f"entered terminal state '{status}'"):
        call(made, "create", name="manuals")


def test_create_that_takes_too_long(bench: Any) -> None:
    made = bench(by=lambda request: (200, assistant("Initializing")))
    with pytest.raises(PineconeTimeoutError, match="Assistant 'manuals' not ready after 2s"):
        call(made, "create", name="manuals", timeout=2)
    assert made.clock.slept == [0.5, 1.0, 0.5]
    with pytest.raises(PineconeTimeoutError):
        call(made, "create", name="manuals", timeout=0)
    assert len(made.clock.slept) == 3


def test_update_with_a_whole_answer(bench: Any) -> None:
    made = bench((200, assistant(instructions="Be short.")))
    found = call(made, "update", name="manuals", instructions="Be short.")
    assert found.instructions == "Be short."
    assert made.wire.lines == [f"PATCH {API}/assistants/manuals"]
    assert made.wire.body() == {"instructions": "Be short."}


def test_update_with_the_answer_that_the_service_documents(bench: Any) -> None:
    made = bench((200, {"assistant_name": "manuals", "metadata": {}}), (200, READY))
    assert call(made, "update", assistant_name="manuals", metadata={}).status == "Ready"
    assert made.wire.body(0) == {"metadata": {}}


def test_delete_waits_until_gone(bench: Any) -> None:
    made = bench((200, None), (200, assistant("Failed")), (200, assistant("Terminating")), GONE)
    assert call(made, "delete", name="manuals") is None
    assert made.wire.lines[0] == f"DELETE {API}/assistants/manuals"
    assert made.clock.slept == [0.5, 1.0]


def test_delete_that_fails(bench: Any) -> None:
    made = bench((200, None), (200, assistant("Terminating")), (200, assistant("Failed")))
    with pytest.raises(PineconeError, match="could not be deleted"):
        call(made, "delete", name="manuals")
    late = bench(by=lambda request: (200, assistant("Terminating")))
    with pytest.raises(PineconeTimeoutError, match="Assistant 'manuals' still exists after 4s"):
        call(late, "delete", name="manuals", timeout=4)
    assert call(bench((200, None)), "delete", name="manuals", timeout=-1) is None


def test_listing(bench: Any) -> None:
    pages = [
        {"assistants": [READY, READY], "pagination": {"next": "t1"}},
        {"assistants": [READY], "pagination": None},
    ]
    made = bench((200, pages[0]), (200, pages[1]))
    assert [item.name for item in made.walk(made.pc.list)] == ["manuals"] * 3
    assert made.wire.lines == [f"GET {API}/assistants", f"GET {API}/assistants?pagination_token=t1"]
    assert headers_of(made.wire.requests[0])["x-pinecone-api-version"] == "2026-04"
    limited = bench((200, pages[0]))
    assert len(limited.walk(lambda: limited.pc.list(limit=2))) == 2
    assert limited.wire.lines == [f"GET {API}/assistants"]
    sized = bench((200, pages[1]))
    assert len(sized.walk(lambda: sized.pc.list(page_size=7))) == 1
    assert sized.wire.lines == [f"GET {API}/assistants?limit=7"]
    page = call(bench((200, pages[0])), "list_page", page_size=2)
    assert repr(page) == "ListAssistantsResponse(count=2, next='t1')"


@pytest.mark.parametrize(
    ("method", "arguments", "kind", "message"),
    [
        ("create", {}, PineconeValueError, "missing required argument: 'name'"),
        (
            "describe",
            {"name": "a", "assistant_name": "b"},
            PineconeValueError,
            "received both 'assistant_name'",
        ),
        (
            "describe",
            {"nam": "a"},
            PineconeValueError,
            re.escape("argument(s): 'nam'. Expected one of: 'name'."),
        ),
        ("describe", {"name": ""}, PineconeValueError, "name must be a non-empty string"),
        ("describe", {"name": 3}, PineconeTypeError, "name must be a string, got int"),
        ("list_page", {"limit": 1, "page_size": 1}, PineconeValueError, "received both 'limit'"),
        ("list_page", {"page_size": 0}, PineconeValueError, "page_size must be a positive integer"),
        (
            "create",
            {"name": "a", "region": "US"},
            PineconeValueError,
            r"region must be one of \('us', 'eu'\)",
        ),
        ("create", {"name": "a", "metadata": 1}, PineconeTypeError, "metadata must be a dict"),
        ("create", {"name": "a", "instructions": 1}, PineconeTypeError, "instructions must be a string"),
        ("update", {"name": "a"}, PineconeValueError, "nothing to change"),
        ("chat", {"assistant_name": "a", "messages": []}, PineconeValueError, "messages must not be empty"),
        ("chat", {"assistant_name": "a", "messages": [{}]}, PineconeValueError, r"messages\[0\].*'content'"),
        ("chat", {"assistant_name": "a", "messages": ["a", 3]}, PineconeTypeError, r"messages\[1\]"),
        ("chat", {"assistant_name": "", "messages": "a"}, PineconeValueError, "assistant_name must be"),
        (
            "chat",
            {"assistant_name": "a", "messages": "a", "stream": True, "json_response": True},
            PineconeValueError,
            "json_response cannot be used with stream=True",
        ),
        (
            "chat",
            {"assistant_name": "a", "messages": "a", "context_options": 3},
            PineconeTypeError,
            "context_options",
        ),
        (
            "chat",
            {"assistant_name": "a", "messages": "a", "temperature": "x"},
            PineconeTypeError,
            "temperature",
        ),
        (
            "context",
            {"assistant_name": "a"},
            PineconeValueError,
            "Exactly one of query or messages must be provided.$",
        ),
        ("context", {"assistant_name": "a", "query": "", "messages": []}, PineconeValueError, "provided.$"),
        ("context", {"assistant_name": "a", "query": "q", "messages": "m"}, PineconeValueError, "not both.$"),
        (
            "context",
            {"assistant_name": "a", "query": "q", "top_k": -1},
            PineconeValueError,
            "top_k must be a non-neg",
        ),
        (
            "context",
            {"assistant_name": "a", "query": "q", "snippet_size": -1},
            PineconeValueError,
            "snippet_size must be a non-negative integer.",
        ),
        (
            "evaluate_alignment",
            {"question": "q", "answer": None, "ground_truth_answer": "t"},
            PineconeTypeError,
            "answer must be a string",
        ),
        (
            "evaluate_alignment",
            {"question": "q", "answer": "a", "ground_truth_answer": "t", "region": "moon"},
            PineconeValueError,
            "region must be one of",
        ),
    ],
)
def test_bad_arguments_send_nothing(bench: Any, method: str, arguments: Any, kind: Any, message: str) -> None:
    made = bench()
    with pytest.raises(kind, match=message):
        call(made, method, **arguments)
    assert not made.wire.requests


def test_names_are_encoded(bench: Any) -> None:
    made = bench((200, READY), (200, READY))
    call(made, "describe", name="a/b?c#d")
    call(made, "describe", name="..")
    assert made.wire.lines == [f"GET {API}/assistants/a%2Fb%3Fc%23d", f"GET {API}/assistants/%2E%2E"]


NONE: dict[str, Any] = {"assistants": []}


def test_legacy_methods(bench: Any) -> None:
    made = bench(
        by=lambda request: (200, {"assistants": [READY]} if request.target.endswith("ts") else READY)
    )
    assert [item.name for item in call(made, "list_assistants")] == ["manuals"]
    assert call(made, "describe_assistant", "manuals").name == "manuals"
    assert call(made, "describe_assistant", name="manuals").name == "manuals"
    assert call(made, "update_assistant", "manuals", "Be short.").name == "manuals"
    made.wire.by = lambda request: (200, NONE if "?" in request.target else READY)
    assert len(call(made, "list_assistants_paginated", 5)) == 0
    assert made.wire.lines[-1] == f"GET {API}/assistants?limit=5"
    assert call(made, "create_assistant", "manuals", None, {"a": 1}, "eu", 3).name == "manuals"
    with pytest.raises(PineconeValueError, match="received both"):
        call(made, "describe_assistant", "a", name="b")
    made.wire.by = lambda request: (200, None)
    assert call(made, "delete_assistant", "manuals", -1) is None
    made.wire.by = lambda request: (200, ALIGNED)
    result = made.run(made.pc.evaluation.metrics.alignment("q", "a", "t"))
    assert result.scores.completeness == 0.5
    assert made.pc.evaluation is made.pc.evaluation


def test_evaluation(bench: Any) -> None:
    made = bench((200, ALIGNED), (200, ALIGNED))
    result = call(made, "evaluate_alignment", question="q", answer="a", ground_truth_answer="t")
    assert [fact.entailment for fact in result.facts] == ["entailed", "contradicted"]
    assert [fact.reasoning for fact in result.facts] == ["", "It is new."]
    assert result.usage.total_tokens == 3
    call(made, "evaluate_alignment", question="q", answer="a", ground_truth_answer="t", region="eu")
    assert made.wire.lines == [
        f"POST https://prod-{place}-data.ke.pinecone.io/assistant/evaluation/metrics/alignment"
        for place in ("1", "eu")
    ]
    assert made.wire.body() == {"question": "q", "answer": "a", "ground_truth_answer": "t"}


EVALUATE = {"question": "q", "answer": "a", "ground_truth_answer": "t"}


def test_every_host_can_be_chosen(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(request: Any) -> Any:
        return (
            200,
            ALIGNED if "evaluation" in request.target else READY if "assistants" in request.target else {},
        )

    def hosts(**options: Any) -> list[str]:
        made = bench(by=answer, **options)
        call(made, "describe", name="manuals")
        call(made, "list_files_page", assistant_name="manuals")
        call(made, "evaluate_alignment", **EVALUATE)
        return [request.origin for request in made.wire.requests]

    public, us = "https://api.pinecone.io", "https://prod-1-data.ke.pinecone.io"
    assert hosts() == [public, public, HOST, us]
    assert hosts(host="https://own.example.com") == ["https://own.example.com"] * 2 + [
        HOST,
        "https://own.example.com",
    ]
    assert hosts(data_host="d.example.com", evaluation_host="http://localhost:1") == [
        public,
        "https://d.example.com",
        "http://localhost:1",
    ]
    monkeypatch.setenv("PINECONE_PLUGIN_ASSISTANT_CONTROL_HOST", "https://c.example.com/")
    monkeypatch.setenv("PINECONE_PLUGIN_ASSISTANT_DATA_HOST", "https://d.example.com/")
    assert hosts() == ["https://c.example.com", "https://d.example.com", "https://d.example.com"]
    assert hosts(host="https://own.example.com")[0] == "https://own.example.com"


def test_a_misspelt_argument_is_named(bench: Any) -> None:
    made = bench()
    of_a_file = {"assistant_name": "a"}
    calls: list[tuple[str, dict[str, Any]]] = [
        *((name, {"name": "a"}) for name in ("create", "describe", "update", "delete", "describe_assistant")),
        ("list_page", {}),
        ("list_files_page", of_a_file),
        ("describe_file", {**of_a_file, "file_id": "f"}),
        ("chat", {**of_a_file, "messages": "Hi"}),
    ]
    for name, arguments in calls:
        with pytest.raises(TypeError, match=r"unexpected keyword argument.*'hots'") as caught:
            call(made, name, **arguments, hots="x")
        # Earlier generations raised their own error for some of them.
        assert isinstance(caught.value, PineconeValueError) is (name not in ("describe_file", "chat"))
    assert made.wire.requests == []


def test_a_host_that_cannot_be_reached_is_looked_up_anew(bench: Any) -> None:
    late = PineconeTimeoutError("Timed out connecting", sent=False)
    made = bench((200, READY), late, (200, READY), (200, {}))
    with pytest.raises(PineconeTimeoutError):
        call(made, "list_files_page", assistant_name="manuals")
    call(made, "list_files_page", assistant_name="manuals")
    assert [request.target.startswith("/assistant/assistants") for request in made.wire.requests] == [
        True,
        False,
        True,
        False,
    ]


def test_the_host_is_looked_up_once_and_again_when_it_moved(bench: Any) -> None:
    moved = {**READY, "host": "moved.example.com"}
    made = bench(
        (200, READY),
        (200, {}),
        (200, {}),
        PineconeConnectionError("no such host"),
        (200, moved),
        (200, {}),
        (200, None),
        (200, READY),
        (200, {}),
    )
    for _ in range(2):
        call(made, "list_files_page", assistant_name="manuals")
    with pytest.raises(PineconeConnectionError):
        call(made, "list_files_page", assistant_name="manuals")
    call(made, "list_files_page", assistant_name="manuals")
    call(made, "delete", name="manuals", timeout=-1)
    call(made, "list_files_page", assistant_name="manuals")
    origins = [request.origin for request in made.wire.requests if "/files/" in request.target]
    assert origins == [HOST, HOST, HOST, "https://moved.example.com", HOST]


def test_an_assistant_without_a_host(bench: Any) -> None:
    made = bench((200, {**READY, "host": None, "status": "Initializing"}))
    with pytest.raises(PineconeValueError, match="has no data-plane host"):
        call(made, "describe_file", assistant_name="manuals", file_id="f")


def test_many_at_once_look_the_host_up_once() -> None:
    def answer(request: Any) -> Any:
        return 200, READY if "/assistants/" in request.target else {}

    bench = Bench("sync", Wire(by=answer))
    barrier = threading.Barrier(8)

    def work() -> None:
        barrier.wait()
        bench.pc.list_files_page(assistant_name="manuals")

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum("/assistants/" in line for line in bench.wire.lines) == 1
    tasks = Bench("asyncio", Wire(by=answer))

    async def main() -> None:
        async with anyio.create_task_group() as group:
            for _ in range(8):
                group.start_soon(lambda: tasks.pc.list_files_page(assistant_name="manuals"))

    anyio.run(main)
    assert sum("/assistants/" in line for line in tasks.wire.lines) == 1


def test_methods_of_a_model(bench: Any) -> None:
    def answer(request: Any) -> Any:
        target = request.target
        file: Any = {"id": "f1", "name": "a.txt"}
        empty: Any = {"snippets": []} if "context" in target else {}
        if "/assistants/" in target:
            return 200, READY
        if request.method == "GET":
            return 200, {"files": [file]} if target.endswith("als") or "?" in target else file
        return 200, file if "/files/" in target else empty

    made = bench(by=answer)
    model = call(made, "describe", name="manuals")
    assert made.run(model.describe_file("f1")).id == "f1"
    assert [item.id for item in made.run(model.list_files())] == ["f1"]
    made.run(model.list_files_paginated(limit=7))
    assert made.wire.lines[-1].endswith("?limit=7")
    assert made.run(model.upload_bytes_stream(b"x", "a.txt")).id == "f1"
    made.run(model.chat(["Hi"]))
    assert made.wire.body()["model"] == "gpt-4o"
    made.run(model.chat_completions(["Hi"], model="gpt-5"))
    assert made.wire.body()["model"] == "gpt-5"
    made.run(model.context("q", top_k=3, context_options={"top_k": 1, "multimodal": False}))
    assert made.wire.body() == {"query": "q", "top_k": 3, "multimodal": False}
    with pytest.raises(PineconeValueError, match="unknown keys"):
        model.context("q", context_options={"topk": 1})
    assert made.run(copy.deepcopy(model).describe_file("f1")).id == "f1"
    lone = pickle.loads(pickle.dumps(model))
    assert lone == model
    with pytest.raises(RuntimeError, match="has no client reference"):
        lone.list_files()


def test_a_client_made_from_a_configuration(bench: Any) -> None:
    made = bench((200, READY))
    config = PineconeConfig(api_key="key-5678", host="https://own.example.com")
    other = type(made.pc)(config, transport=made.wire, clock=made.clock)
    assert made.run(other.describe(name="manuals")).name == "manuals"
    assert made.wire.lines == ["GET https://own.example.com/assistant/assistants/manuals"]
    assert headers_of(made.wire.requests[0])["api-key"] == "key-5678"
    with pytest.raises(PineconeTypeError, match="config must be"):
        type(made.pc)(3)


def test_closing(bench: Any) -> None:
    made = bench(by=lambda request: (200, READY))
    shared = type(made.pc).over(made.pc._executor)
    made.run(shared.close())
    made.run(shared.close())
    with pytest.raises(PineconeClosedError):
        call_on(made, shared)
    call_on(made, made.pc)
    made.run(made.pc.close())
    with pytest.raises(PineconeClosedError):
        call_on(made, made.pc)


def call_on(bench: Any, client: Any) -> Any:
    return bench.run(client.describe(name="manuals"))


def test_options_and_copies(bench: Any) -> None:
    made = bench(by=lambda request: (200, {}), data_host="https://d.example.com")
    quick = made.pc.with_options(timeout=5)
    made.run(quick.chat(assistant_name="manuals", messages="Hi"))
    request = made.wire.requests[-1]
    assert request.origin == "https://d.example.com"
    assert request.deadline == made.clock.now() + 5
    made.run(made.pc.chat(assistant_name="manuals", messages="Hi", timeout=2))
    assert made.wire.requests[-1].deadline == made.clock.now() + 2
    made.run(made.pc.chat(assistant_name="manuals", messages="Hi"))
    assert made.wire.requests[-1].deadline == made.clock.now() + 300
    twin = copy.deepcopy(made.pc)
    made.run(twin.chat(assistant_name="manuals", messages="Hi"))
    assert made.wire.requests[-1].origin == "https://d.example.com"


def test_a_client_can_be_pickled() -> None:
    for kind in (pinecone_assistant.Assistants, pinecone_assistant.AsyncAssistants):
        client = kind(api_key="key-1234", data_host="https://d.example.com")
        assert client.evaluation.metrics is not None
        twin = pickle.loads(pickle.dumps(client))
        assert twin.config.api_key == "key-1234"
        assert repr(twin) == f"{kind.__name__}()"


def test_the_proxy(bench: Any) -> None:
    made = bench((200, READY), (200, {"assistants": []}))
    name = "AssistantNamespaceProxy" if made.flavour == "sync" else "AsyncAssistantNamespaceProxy"
    proxy = getattr(pinecone_assistant, name)(made.pc)
    assert made.run(proxy("manuals")).name == "manuals"
    assert made.run(proxy.list_assistants()) == []
    assert repr(proxy) == f"<{name} for {made.pc!r}>"


def test_a_missing_assistant(bench: Any) -> None:
    with pytest.raises(NotFoundError, match="gone") as caught:
        call(bench(GONE), "describe", name="manuals")
    assert caught.value.operation == "describe_assistant"
