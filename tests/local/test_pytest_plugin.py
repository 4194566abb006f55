"""The fixtures, as a project that uses them has them."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

TESTS = """
import urllib.request

import pytest

from pinecone_local import Fault

SPEC = {"serverless": {"cloud": "aws", "region": "us-east-1"}}


@pytest.mark.parametrize("turn", range(2))
def test_each_test_has_an_engine_of_its_own(pinecone_engine, turn):
    assert not pinecone_engine.project.indexes
    assert not pinecone_engine.durable


@pytest.mark.pinecone(durable=True, ready_after=3, faults=[Fault("GET /models", status=503)])
def test_the_mark_steers(pinecone_engine, tmp_path):
    assert pinecone_engine.path == tmp_path / "pinecone"
    assert pinecone_engine.project.ready_after == 3
    assert len(pinecone_engine.faults.script) == 1


@pytest.mark.pinecone(api_keys=["k"])
def test_a_server(pinecone_server, pinecone_engine):
    request = urllib.request.Request(pinecone_server.url + "/indexes", headers={"Api-Key": "k"})
    with urllib.request.urlopen(request) as answer:
        assert answer.read() == b'{"indexes":[]}'


@pytest.mark.pinecone(odd=1)
def test_what_the_mark_does_not_know(pinecone_engine):
    pass
"""

CLIENTS = """
import asyncio


def test_clients(pinecone_client, async_pinecone_client):
    spec = {"serverless": {"cloud": "aws", "region": "us-east-1"}}
    pinecone_client.create_index(name="demo", dimension=2, spec=spec)
    assert pinecone_client.has_index("demo")
    assert asyncio.run(async_pinecone_client.has_index("demo"))
"""


def run(folder, text):
    (folder / "test_it.py").write_text(text)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "pinecone_local.pytest_plugin", "--strict-markers"]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
    return subprocess.run(
        [*command, "-p", "no:cacheprovider", str(folder)],
        cwd=folder,
        capture_output=True,
        text=True,
        env=environment,
    ).stdout


def test_the_fixtures_give_what_they_say(tmp_path):
    out = run(tmp_path, TESTS)
    assert "4 passed, 1 error" in out, out
    assert "does not know odd; it takes account, api_keys, buckets" in out


def test_the_clients_speak_to_the_engine(tmp_path):
    pinecone = pytest.importorskip("pinecone")
    pinecone.Pinecone, pinecone.AsyncPinecone  # noqa: B018 - the lazy names exist
    out = run(tmp_path, CLIENTS)
    assert "1 passed" in out, out
