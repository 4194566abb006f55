"""Type checkers see the names of the built wheel, on new and old paths, and refuse wrong ones."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import release
import wheels

RIGHT = """
from pinecone import AsyncPinecone, Field, Pinecone, ServerlessSpec, Vector
from pinecone.db_data.dataclasses import Vector as OldVector
from pinecone.exceptions import NotFoundException
from pinecone.grpc import GRPCIndex, PineconeGRPC
from pinecone.models.indexes.index import IndexModel
from pinecone.models.vectors.responses import QueryResponse

pc = Pinecone(api_key="k")
model: IndexModel = pc.describe_index("films")
found: QueryResponse = pc.index("films").query(vector=[0.1], top_k=1, filter=Field("year") > 1979)
score: float = found.matches[0].score
old: OldVector = Vector("a", [0.1])
handle: GRPCIndex = PineconeGRPC(api_key="k").Index("films")
spec = ServerlessSpec(cloud="aws", region="us-east-1")
try:
    pc.create_index("films", spec, dimension=2)
except NotFoundException as error:
    print(error.status_code)


async def main() -> None:
    async with AsyncPinecone(api_key="k") as apc:
        index = await apc.index("films")
        answer: QueryResponse = await index.query(vector=[0.1], top_k=1)
        print(answer)
"""
WRONG = """
from pinecone import NoSuchName
from pinecone.exceptions import NoSuchException
from pinecone import Pinecone

pc = Pinecone(api_key="k")
pc.index("films").query(vector=[0.1])
name: int = pc.describe_index("films").name
"""


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheels")
    for package in release.TABLE:
        release.build(release.ROOT / "packages" / package, folder)
    packages = [name for name in release.TABLE if name != "local"]
    return wheels.environment(tmp_path_factory.mktemp("stubs") / "env", folder, packages)


def check(python: Path, folder: Path, text: str) -> str:
    (folder / "program.py").write_text(text)
    command = [sys.executable, "-m", "mypy", "--strict", "--python-executable", str(python), "program.py"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    return done.stdout


def test_right_names_are_accepted(python: Path, tmp_path: Path) -> None:
    assert check(python, tmp_path, RIGHT).startswith("Success")


def test_wrong_ones_are_refused(python: Path, tmp_path: Path) -> None:
    shown = check(python, tmp_path, WRONG)
    for fault in (
        '"NoSuchName"',
        '"NoSuchException"',
        'Missing named argument "top_k"',
        "Incompatible types",
    ):
        assert fault in shown, shown


def test_the_paths_are_made_by_the_finder_all_the_same(python: Path, tmp_path: Path) -> None:
    code = (
        "import pinecone.models.indexes.index as m, pinecone.exceptions as e, pinecone\n"
        "assert m.IndexModel is pinecone.IndexModel and e.NotFoundException is pinecone.NotFoundError"
    )
    subprocess.run([python, "-W", "error", "-c", code], cwd=tmp_path, check=True)
