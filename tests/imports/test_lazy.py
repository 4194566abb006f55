"""Importing a package, and building a client and an index handle, loads nothing of the network."""

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
