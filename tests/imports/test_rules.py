"""The import rules hold, and the check that says so finds what it should."""

from __future__ import annotations

import pytest

import check_imports


def test_the_rules_hold(capsys: pytest.CaptureFixture[str]) -> None:
    assert check_imports.main() == 0, capsys.readouterr().err


def test_every_package_is_known() -> None:
    folders = {path.name for path in (check_imports.ROOT / "packages").iterdir() if path.is_dir()}
    assert folders == set(check_imports.PACKAGES.values())


@pytest.mark.parametrize(
    ("package", "path", "source"),
    [
        ("core", "retry.py", "import httpx"),
        ("core", "retry.py", "import time"),
        ("core", "retry.py", "from time import monotonic"),
        ("core", "retry.py", "import concurrent.futures"),
        ("core", "retry.py", "from datetime import datetime\nnow = datetime.now()"),
        ("core", "retry.py", "def wait():\n    import random"),
        ("core", "retry.py", "import importlib\nimportlib.import_module('asyncio')"),
        ("core", "retry.py", "from ._async.executor import AsyncExecutor"),
        ("core", "hosts.py", "import os\nos.environ.get('X')"),
        ("core", "hosts.py", "from os import environ"),
        ("core", "hosts.py", "from os import getenv"),
        ("core", "_async/executor.py", "import httpx"),
        ("core", "_async/transport.py", "import httpx"),
        ("core", "_async/transport.py", "import httpcore"),
        ("core", "_async/executor.py", "import asyncio"),
        ("core", "_async/executor.py", "import pinecone_core._sync.executor"),
        ("core", "_sync/executor.py", "from .._async import executor"),
        ("core", "_sync/executor.py", "from pinecone_core import _async"),
        ("core", "_sync/concurrency.py", "import anyio"),
        ("core", "codec.py", "import pinecone_db"),
        ("db", "models/index.py", "from pinecone_db._protocol import vectors"),
        ("db", "models/index.py", "from .._sync.index import Index"),
        ("db", "_protocol/vectors.py", "import msgspec"),
        ("db", "_protocol/vectors.py", "from pinecone_core._sync.executor import Executor"),
        ("db", "_protocol/vectors.py", "import socket"),
        ("db", "_async/index.py", "import msgspec"),
        ("db", "_async/index.py", "import threading"),
        ("db", "_async/index.py", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import httpx"),
        ("db", "_sync/index.py", "from pinecone_db._async.index import AsyncIndex"),
        ("db", "_sync/index.py", "from pinecone_inference import Inference"),
        ("db", "__init__.py", "from pinecone import Pinecone"),
        ("db", "client.py", "import os\nkey = os.environ['PINECONE_API_KEY']"),
        ("local", "engine.py", "import httpx"),
        ("local", "engine.py", "from pinecone_core._sync.executor import Executor"),
        ("local", "engine.py", "import pinecone_db"),
        ("meta", "__init__.py", "import httpx"),
    ],
)
def test_what_is_forbidden_is_found(package: str, path: str, source: str) -> None:
    assert check_imports.check_source(source, package, path)


@pytest.mark.parametrize(
    ("package", "path", "source"),
    [
        ("core", "codec.py", "import json\nimport msgspec\nfrom .errors import PineconeError"),
        ("core", "config.py", "import os\nkey = os.environ.get('PINECONE_API_KEY')"),
        ("core", "config.py", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import ssl"),
        ("core", "_async/transport.py", "import certifi\nimport ssl\nimport time"),
        ("core", "_async/library.py", "import httpcore"),
        ("core", "_async/concurrency.py", "import time\nimport anyio"),
        ("core", "_sync/concurrency.py", "import threading\nfrom concurrent.futures import wait"),
        ("db", "models/index.py", "import msgspec\nfrom pinecone_core.structs import Struct"),
        ("db", "_protocol/vectors.py", "from ..models.vector import Vector\nfrom pinecone_core import codec"),
        ("db", "_async/index.py", "from pinecone_core._async.executor import AsyncExecutor"),
        ("db", "_async/index.py", "from .._protocol import vectors\nfrom .._version import __version__"),
        ("local", "engine.py", "import asyncio\nimport numpy\nfrom pinecone_core.transport import Request"),
        ("meta", "client.py", "from pinecone_db import PineconeDB"),
    ],
)
def test_what_is_allowed_passes(package: str, path: str, source: str) -> None:
    assert check_imports.check_source(source, package, path) == []
