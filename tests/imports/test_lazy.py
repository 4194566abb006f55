"""What is loaded by importing a package, by making a client and a handle, and by the first query: little."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys

import pytest

HEAVY = {"anyio", "asyncio", "httpcore", "httpx", "numpy", "ssl", "trio"}
INDEX_HOST = "docs-abc1234.svc.aped-1234-ab12.pinecone.io"
CLIENTS = [
    ("pinecone_db", "PineconeDB", f"PineconeDB(api_key='k').index(host={INDEX_HOST!r})"),
    ("pinecone_db", "AsyncPineconeDB", f"AsyncPineconeDB(api_key='k').index(host={INDEX_HOST!r})"),
    ("pinecone_inference", "Inference", "Inference(api_key='k')"),
    ("pinecone_inference", "AsyncInference", "AsyncInference(api_key='k')"),
    ("pinecone_assistant", "Assistants", "Assistants(api_key='k')"),
    ("pinecone_assistant", "AsyncAssistants", "AsyncAssistants(api_key='k')"),
    ("pinecone_admin", "Admin", "Admin(client_id='i', client_secret='s')"),
    ("pinecone_admin", "AsyncAdmin", "AsyncAdmin(client_id='i', client_secret='s')"),
    ("pinecone", "Pinecone", f"Pinecone(api_key='k').index(host={INDEX_HOST!r})"),
    ("pinecone", "AsyncPinecone", f"AsyncPinecone(api_key='k').index(host={INDEX_HOST!r})"),
]


def heavy_modules_after(code: str) -> set[str]:
    code += "\nimport json, sys\nprint(json.dumps(list(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return HEAVY & set(json.loads(done.stdout))


def test_a_heavy_module_would_be_seen() -> None:
    assert heavy_modules_after("import asyncio") >= {"asyncio"}


@pytest.mark.parametrize(
    "module",
    [
        "pinecone_core",
        "pinecone_db",
        "pinecone_inference",
        "pinecone_assistant",
        "pinecone_admin",
        "pinecone",
    ],
)
def test_importing(module: str) -> None:
    assert heavy_modules_after(f"import {module}") == set()


@pytest.mark.parametrize("prefix", ["", "Async"])
def test_building_an_executor(prefix: str) -> None:
    side = "_async" if prefix else "_sync"
    code = (
        f"from pinecone_core.{side}.executor import {prefix}Executor\n"
        "from pinecone_core.config import PineconeConfig\n"
        f"{prefix}Executor(PineconeConfig(api_key='k'), 'https://{INDEX_HOST}')"
    )
    assert heavy_modules_after(code) == set()


@pytest.mark.parametrize(("module", "name", "build"), CLIENTS, ids=[case[1] for case in CLIENTS])
def test_building_a_client_and_a_handle(module: str, name: str, build: str) -> None:
    if not hasattr(importlib.import_module(module), name):
        pytest.skip(f"{module} has no {name} yet")
    assert heavy_modules_after(f"from {module} import {name}\n{build}") == set()


OWN = ("pinecone", "pinecone_core", "pinecone_db")
HANDLES = {
    "Pinecone": f"from pinecone import Pinecone\nPinecone(api_key='k').Index(host={INDEX_HOST!r})",
    "PineconeDB": f"from pinecone_db import PineconeDB\nPineconeDB(api_key='k').index(host={INDEX_HOST!r})",
    "Index": f"from pinecone import Index\nIndex(api_key='k', host={INDEX_HOST!r})",
    "AsyncIndex": f"from pinecone import AsyncIndex\nAsyncIndex(api_key='k', host={INDEX_HOST!r})",
    "plain": "from pinecone import Pinecone\nPinecone(api_key='k').index(host='http://127.0.0.1:5080')",
    "AsyncPinecone": (
        "from pinecone import AsyncPinecone\n"
        f"made = AsyncPinecone(api_key='k').index(host={INDEX_HOST!r})\n"
        "try:\n    made.send(None)\nexcept StopIteration:\n    pass"
    ),
}
QUERY = """
import {first}
before = set(sys.modules)
from pinecone import Pinecone
index = Pinecone(api_key="k", retry_config=None).index(host="https://127.0.0.1:1").with_options(max_retries=0)
try:
    index.query(vector=[0.5], top_k=1)
except Exception as error:
    assert type(error).__name__ == "PineconeConnectionError", repr(error)
"""


def loaded_by(code: str) -> set[str]:
    """Return the modules that are there after some code and were not before; it may move the start itself."""
    code = f"import sys\nbefore = set(sys.modules)\n{code}\nprint(*set(sys.modules) - before)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


@pytest.mark.parametrize("code", HANDLES.values(), ids=HANDLES)
def test_a_handle_takes_nothing_but_a_few_files_of_ours(code: str) -> None:
    loaded = loaded_by(code)
    own = {name for name in loaded if name.partition(".")[0] in OWN}
    # No typing, re, enum, dataclasses, collections, threading, socket, and no JSON library.
    assert loaded - own <= {"__future__"}
    assert len(own) <= 23
    assert not {name for name in own if name.startswith("pinecone_db.models")}
    protocol = {name for name in own if name.startswith("pinecone_db._protocol.")}
    assert protocol <= {"pinecone_db._protocol.hosts"}
    assert not [
        name for name in own if name.endswith((".indexes", ".backups", ".operation", ".later", ".errors"))
    ]


def test_the_first_query_loads_what_it_needs() -> None:
    # What the JSON library and TLS bring is theirs; orjson, where it is installed, brings much.
    loaded = loaded_by(QUERY.format(first="msgspec, ssl, encodings.idna; sys.modules['orjson'] = None"))
    assert "pinecone_core._sync.http1" in loaded
    needless = {"dataclasses", "inspect", "ipaddress", "json", "logging", "random", "urllib.parse", "zlib"}
    assert not needless & loaded
    own = {name.rpartition(".")[2] for name in loaded if name.partition(".")[0] in OWN}
    assert not {"batching", "bulk", "frames", "inflate", "lenient", "observe", "progress", "search"} & own
    assert not {"imports", "indexes", "backups", "collections", "namespaces", "specs", "listing"} & own
    assert not HEAVY - {"ssl"} & loaded


def test_other_rooms_are_loaded_when_they_are_asked_for() -> None:
    code = "from pinecone import Pinecone\npc = Pinecone(api_key='k')\npc.{room}"
    rooms = {"pinecone_inference", "pinecone_assistant", "pinecone_admin"}
    for room, name in (("inference", "pinecone_inference"), ("assistants", "pinecone_assistant")):
        assert loaded_by(code.format(room=room)) & rooms == {name}
    assert not loaded_by(code.format(room="indexes")) & rooms
