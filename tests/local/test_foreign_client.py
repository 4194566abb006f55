"""The official SDKs, unchanged and each in an environment of its own, against the server."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pinecone_local import LocalServer

HERE = Path(__file__).parent
PATIENCE = {**os.environ, "UV_HTTP_TIMEOUT": "15", "npm_config_fetch_timeout": "15000"}


def build(what: str, *commands: list[str], cwd: Path | None = None) -> None:
    """Run the commands that make an environment, or skip when they cannot be run here."""
    try:
        for command in commands:
            subprocess.run(command, check=True, timeout=90, env=PATIENCE, capture_output=True, cwd=cwd)
    except (OSError, subprocess.SubprocessError) as error:
        pytest.skip(f"{what} cannot be installed here: {error}")


@pytest.fixture(scope="session")
def python_with(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    def make(version: str) -> str:
        folder = tmp_path_factory.mktemp("foreign") / "venv"
        python = str(folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
        uv = shutil.which("uv") or str(Path(sys.executable).parent / "uv")
        build(
            f"pinecone {version}",
            [uv, "venv", "-q", str(folder), "--python", sys.executable],
            [uv, "pip", "install", "-q", "--python", python, f"pinecone=={version}"],
        )
        return python

    return make


def run(server: LocalServer, *command: str, cwd: Path | None = None, **environment: str) -> None:
    full = {**os.environ, "PINECONE_CONTROLLER_HOST": server.url, **environment}
    done = subprocess.run(command, capture_output=True, text=True, env=full, timeout=120, cwd=cwd)
    assert done.stdout.strip().endswith("all done"), done.stdout + done.stderr


def test_a_whole_session_of_the_python_sdk(engine, python_with):
    python = python_with("9.0.1")
    with LocalServer(engine) as server:
        run(server, python, str(HERE / "foreign_session.py"))


INDEX_ONLY = """
import os
from pinecone import Pinecone

index = Pinecone(api_key="k").Index(host=os.environ["INDEX_HOST"])
index.upsert(vectors=[("a", [1.0, 0.0, 0.0], {"g": "x"}), ("b", [0.0, 1.0, 0.0])], namespace="n")
found = index.query(vector=[1.0, 0.2, 0.0], top_k=2, namespace="n", include_metadata=True)
assert [match.id for match in found.matches] == ["a", "b"]
assert found.response_info.lsn_reconciled == 1
assert set(index.fetch(ids=["a"], namespace="n").vectors) == {"a"}
index.delete(ids=["a"], namespace="n")
assert index.describe_index_stats().total_vector_count == 1
print("all done")
"""


def test_the_data_plane_of_the_newest_python_sdk(engine, wire, python_with):
    """Its control plane speaks a later version of the API."""
    python = python_with("10.2.0")
    prefix = wire.index().prefix
    with LocalServer(engine) as server:
        run(server, python, "-c", INDEX_ONLY, INDEX_HOST=server.url + prefix)


def test_a_whole_session_of_the_typescript_sdk(engine, tmp_path):
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        pytest.skip("node is not installed")
    (tmp_path / "package.json").write_text("{}")
    install = [npm, "install", "--silent", "--no-audit", "--no-fund", "@pinecone-database/pinecone@7.2.0"]
    build("the TypeScript SDK", install, cwd=tmp_path)
    with LocalServer(engine) as server:
        run(server, node, str(HERE / "foreign_session.mjs"), cwd=tmp_path)
