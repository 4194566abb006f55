"""What type checkers, editors (jedi), `help` and notebooks (IPython) see of the built wheels' names."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import jedi  # type: ignore[import-untyped]
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
    return wheels.environment(
        tmp_path_factory.mktemp("names") / "env", folder, packages, others=["ipython>=8"]
    )


CHECKERS = {
    "mypy": ["mypy", "--strict", "--python-executable"],
    "pyright": ["pyright", "--project", "pyrightconfig.json", "--pythonpath"],
}
FAULTS = {
    "mypy": ['"NoSuchName"', '"NoSuchException"', 'Missing named argument "top_k"', "Incompatible types"],
    "pyright": [
        '"NoSuchName"',
        '"NoSuchException"',
        'Argument missing for parameter "top_k"',
        "not assignable",
    ],
}


def check(checker: str, python: Path, folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    (folder / "program.py").write_text(text)
    (folder / "pyrightconfig.json").write_text('{"typeCheckingMode": "strict", "include": ["program.py"]}')
    command = [sys.executable, "-m", *CHECKERS[checker], str(python)]
    command += ["program.py"] if checker == "mypy" else []
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if checker == "pyright" and not re.search(r"\d+ errors?, ", done.stdout):
        pytest.skip(f"pyright needs node and its npm package: {done.stdout[-200:]}{done.stderr[-200:]}")
    return done


@pytest.mark.parametrize("checker", CHECKERS)
def test_right_names_are_accepted(checker: str, python: Path, tmp_path: Path) -> None:
    done = check(checker, python, tmp_path, RIGHT)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("checker", CHECKERS)
def test_wrong_ones_are_refused(checker: str, python: Path, tmp_path: Path) -> None:
    done = check(checker, python, tmp_path, WRONG)
    assert done.returncode == 1
    for fault in FAULTS[checker]:
        assert fault in done.stdout, done.stdout


CLIENT = "from pinecone import AsyncPinecone, Pinecone\npc = Pinecone(api_key='k')\n"


@pytest.mark.parametrize(
    ("code", "name", "shown"),
    [
        ("import pinecone\npinecone.Pinec", "Pinecone", "Pinecone(api_key: str | None=None"),
        ("import pinecone\npinecone.Index.que", "query", "query(self, *, top_k: int"),
        (CLIENT + "pc.create_ind", "create_index", "create_index(name: str"),
        (CLIENT + "pc.index('films').que", "query", "POST /query"),
        (CLIENT + "pc.index('films').query(vector=[1], top_k=1).mat", "matches", ""),
        (CLIENT + "pc.inference.emb", "embed", "embed(model: "),
        (CLIENT + "pc.assistants.cha", "chat", "chat(*, assistant_name: str"),
        ("import pinecone_db\npinecone_db.AsyncIndex.ups", "upsert", "vectors: Iterable["),
        ("from pinecone.models.vectors.vector import ScoredV", "ScoredVector", "ScoredVector(id: str"),
        ("from pinecone.db_data.index import Ind", "Index", "Index("),
    ],
)
def test_an_editor_completes(python: Path, code: str, name: str, shown: str) -> None:
    environment = jedi.create_environment(python.parent.parent, safe=False)
    found = {one.name: one.docstring() for one in jedi.Script(code, environment=environment).complete()}
    assert name in found
    assert shown in found[name]


def test_an_editor_shows_the_arguments(python: Path) -> None:
    environment = jedi.create_environment(python.parent.parent, safe=False)
    found = jedi.Script(CLIENT + "pc.index('films').query(", environment=environment).get_signatures()
    names = {parameter.name for parameter in found[0].params}
    assert {"top_k", "vector", "filter", "namespace"} <= names


HELP = """
import pinecone, pydoc
names = "Index.query AsyncIndex.upsert Pinecone.create_index Admin inference.Inference.embed"
for name in names.split():
    shown = pydoc.plain(pydoc.render_doc(pydoc.locate("pinecone." + name)))
    print(*"".join(line.strip() + " " for line in shown.split(chr(10))[2:40]).split())
"""
NOTEBOOK = """
from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
shell.run_cell("import pinecone; match = pinecone.ScoredVector(id='a', score=0.5)")
shell.run_cell("pc = pinecone.Pinecone(api_key='k'); handle = pc.index(host='a.svc.pinecone.io')")
shell.run_cell("from pinecone_inference import EmbeddingsList, EmbedUsage")
shell.run_cell("vectors = EmbeddingsList(model='m', vector_type='dense', data=[], usage=EmbedUsage())")
for name in ("pinecone.Index.query", "handle.upsert", "pc.inference.embed"):
    seen = shell.object_inspect(name)
    print("definition", *seen["definition"].split())
    print("docstring", seen["docstring"].split(chr(10))[0])
for typed in ("pinecone.Index.que", "pinecone.Pinec", "handle.up"):
    with provisionalcompleter():
        print("completed", *(one.text for one in shell.Completer.completions(typed, len(typed))))
print("shown", shell.display_formatter.format(shell.user_ns["match"])[0]["text/plain"])
print("html", shell.display_formatter.format(shell.user_ns["vectors"])[0]["text/html"])
"""


def printed(python: Path, folder: Path, code: str) -> str:
    done = subprocess.run([python, "-c", code], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_help_shows_signatures(python: Path, tmp_path: Path) -> None:
    # Python 3.13 prints a long signature one argument a line.
    shown = printed(python, tmp_path, HELP).replace("( self", "(self").splitlines()
    query, upsert, create, admin, embed = shown
    assert query.startswith("query(self, *, top_k: 'int', vector: 'Sequence[float] | None' = None")
    assert upsert.startswith("async upsert(self, *, vectors: 'Iterable[Vector")
    assert create.startswith("create_index(self, name: 'str', spec:")
    assert admin.startswith("class Admin(")
    assert embed.startswith("embed(self, model:")


def test_a_notebook_shows_signatures_docstrings_and_tables(python: Path, tmp_path: Path) -> None:
    shown = printed(python, tmp_path, NOTEBOOK)
    for part in (
        "definition pinecone.Index.query( self, *, top_k: 'int',",
        "docstring Find the vectors nearest to a vector, or to the one with an id.",
        "definition handle.upsert( *, vectors:",
        "definition pc.inference.embed( model:",
        "shown ScoredVector(id='a', score=0.5, values=[])",
        "html <div",
    ):
        assert part in shown, shown
    completed = " ".join(line for line in shown.splitlines() if line.startswith("completed"))
    for name in ("query", "query_namespaces", "Pinecone", "upsert_records"):
        assert name in completed


def test_the_paths_are_made_by_the_finder_all_the_same(python: Path, tmp_path: Path) -> None:
    code = (
        "import pinecone.models.indexes.index as m, pinecone.exceptions as e, pinecone\n"
        "assert m.IndexModel is pinecone.IndexModel and e.NotFoundException is pinecone.NotFoundError"
    )
    subprocess.run([python, "-W", "error", "-c", code], cwd=tmp_path, check=True)
